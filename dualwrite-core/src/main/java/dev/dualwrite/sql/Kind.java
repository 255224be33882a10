package dev.dualwrite.sql;

/**
 * Why a statement is {@link Statement.Other}. If several reasons hold, the one that stands first in the text is given,
 * except that {@link #MULTI_STATEMENT} and {@link #UNKNOWN} for an unsafe text hide all others.
 */
public enum Kind {
    /** Comments, whitespace, semicolons. */
    EMPTY,
    /** More than one statement, whatever they are. */
    MULTI_STATEMENT,
    /** Not understood, or a text that the server, the driver and this reader may cut differently. */
    UNKNOWN,

    INSERT_SELECT,
    INSERT_ON_DUPLICATE,
    INSERT_IGNORE,
    INSERT_DELAYED,
    /** {@code INSERT ... VALUES ROW(...)}: a query expression. */
    INSERT_VALUES_ROW,
    /** {@code INSERT ... VALUES (...) AS new}. */
    INSERT_ROW_ALIAS,
    REPLACE,
    UPDATE_IGNORE,
    UPDATE_LIMIT,
    /** {@code UPDATE ... ORDER BY} without LIMIT. */
    ORDERED_UPDATE,
    MULTI_TABLE_UPDATE,
    DELETE_IGNORE,
    DELETE_LIMIT,
    /** {@code DELETE ... ORDER BY} without LIMIT. */
    ORDERED_DELETE,
    DELETE_USING,
    /** Also any DELETE whose FROM does not come first. */
    MULTI_TABLE_DELETE,
    /** {@code WITH ... UPDATE} or {@code WITH ... DELETE}. */
    CTE_DML,
    RETURNING,
    /** A PARTITION clause. */
    PARTITION,
    /** {@code USE INDEX} and the like in an UPDATE or DELETE. */
    INDEX_HINT,
    /** {@code FOR PORTION OF} (MariaDB). */
    PORTION,
    /** A brace in an INSERT, UPDATE or DELETE: the driver would rewrite the text. */
    JDBC_ESCAPE,

    /** BEGIN, START TRANSACTION, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, SET autocommit, SET TRANSACTION. */
    TRANSACTION_CONTROL,
    XA,
    /** LOCK or UNLOCK TABLES, LOCK or UNLOCK INSTANCE. */
    LOCK_TABLES,
    CREATE,
    CREATE_TEMPORARY_TABLE,
    ALTER,
    DROP,
    DROP_TEMPORARY_TABLE,
    RENAME,
    TRUNCATE,
    CALL,
    LOAD_DATA,
    IMPORT,
    HANDLER,
    /** PREPARE, EXECUTE, DEALLOCATE, BINLOG: what is executed stands elsewhere; nothing is known about its tables. */
    PREPARED_TEXT,
    /** SET of session variables, NAMES, CHARACTER SET, ROLE; the names are given. */
    SET_SESSION,
    /** SET GLOBAL or PERSIST of any variable; the names are given, those of session variables too. */
    SET_GLOBAL,
    /** One SET of both global and session variables; the names are given. */
    SET_MIXED,
    /** SET of nothing but user variables. */
    SET_USER_VARIABLE,
    /** {@code USE schema}; the name is given. */
    USE,
    SHOW,
    /** {@code DESCRIBE t}. */
    DESCRIBE,
    /** EXPLAIN of a statement, which is not executed. */
    EXPLAIN,
    /** EXPLAIN ANALYZE, or MariaDB's ANALYZE of a statement: it is executed. */
    EXPLAIN_ANALYZE,
    DO,
    KILL,
    FLUSH,
    /** ANALYZE, OPTIMIZE, CHECK, REPAIR or CHECKSUM TABLE. */
    TABLE_MAINTENANCE,
    /** GRANT, REVOKE, users, roles and passwords. */
    ACCOUNT,
    /** Replication, plugins, caches, shutdown, help. */
    ADMIN
}
