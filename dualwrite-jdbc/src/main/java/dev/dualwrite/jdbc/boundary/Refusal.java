package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.StatementRefusedException;

/**
 * Why a statement is refused before it reaches a server: each with its stable code, its reason and what to
 * do instead. The source of the list in {@code docs/codes.md}.
 */
enum Refusal {
    REPLACE("DW-2001", "REPLACE deletes rows that it does not name", "use INSERT, or UPDATE by key"),
    INSERT_SELECT(
            "DW-2002", "INSERT … SELECT does not name the keys that it inserts", "read the rows, then INSERT … VALUES"),
    ON_DUPLICATE(
            "DW-2003",
            "ON DUPLICATE KEY UPDATE may change the row of any unique key",
            "SELECT … FOR UPDATE by key, then INSERT or UPDATE"),
    IGNORE("DW-2004", "IGNORE turns errors into other changes", "leave IGNORE out and handle the error"),
    LIMITED("DW-2005", "ORDER BY or LIMIT selects rows by an order", "select the keys first, then change by key"),
    MULTI_TABLE("DW-2006", "a statement on several tables is not taken apart", "write one statement for each table"),
    CTE("DW-2007", "a change with a WITH clause is not taken apart", "use a subquery in WHERE"),
    RETURNING("DW-2008", "RETURNING is not supported", "read the rows by key, in the same transaction"),
    PARTITION("DW-2009", "a PARTITION clause is not supported", "select by columns in WHERE"),
    LOAD_DATA("DW-2010", "LOAD DATA does not name the keys that it inserts", "use batches of INSERT"),
    TRUNCATE("DW-2011", "TRUNCATE removes rows without naming them", "use DELETE"),
    DEFINITION(
            "DW-2012",
            "a definition of a moved table, or of what depends on it, must not change underneath the migration",
            "change it through another DataSource on both sides, and restart"),
    CALL("DW-2013", "a procedure may change moved tables unseen", "issue its statements from the application"),
    MULTI_STATEMENT("DW-2014", "several statements in one text are not taken apart", "issue them one by one"),
    PREPARED_TEXT("DW-2015", "what PREPARE or EXECUTE runs cannot be seen", "use a PreparedStatement"),
    HANDLER("DW-2016", "HANDLER reads past transactions", "use SELECT"),
    LOCK_TABLES("DW-2017", "LOCK TABLES commits and keeps others out", "use SELECT … FOR UPDATE"),
    XA("DW-2018", "XA transactions are not supported", "use local transactions"),
    TRANSACTION_TEXT(
            "DW-2019",
            "transaction control as SQL text passes the driver by",
            "use setAutoCommit, commit, rollback, setSavepoint, setTransactionIsolation and setReadOnly of the Connection"),
    USE("DW-2020", "USE changes what names mean", "use Connection.setCatalog"),
    UNKNOWN("DW-2021", "the text is not understood, and could change a moved table", "write it in a plainer form"),
    VIEW("DW-2022", "a change through a view is not traced to its tables", "name the base table"),
    FUNCTION(
            "DW-2023",
            "a stored function that may change tables is called",
            "change the table by a statement of its own; what a function is declared as, the server does not enforce"),
    CONTROL_TABLE("DW-2024", "this is one of the library's own tables", "leave it to the library"),
    OTHER_SIDE(
            "DW-2025",
            "the other side's schema is named",
            "leave the schema out: the library knows where the table is"),
    MIXED(
            "DW-2026",
            "while the target owns, tables that moved and tables that did not are in two databases",
            "use them in separate transactions, or move both"),
    MIXED_BATCH(
            "DW-2027",
            "a batch that changes moved tables may hold nothing but INSERT, UPDATE and DELETE",
            "issue the other statements before or after"),
    UPDATABLE("DW-2028", "an updatable result set writes unseen", "ask for CONCUR_READ_ONLY, and UPDATE by key"),
    KEY_EXPRESSION(
            "DW-2029",
            "a key column is given a value that cannot be known beforehand",
            "compute the key in the application and pass it as a parameter"),
    KEY_DEFAULT("DW-2030", "a key column is left to its default", "give the key, or make the column AUTO_INCREMENT"),
    KEY_TYPE(
            "DW-2031",
            "a key column is given a value of a type that the server would convert",
            "pass whole numbers by setLong, texts by setString, bytes by setBytes"),
    KEY_NULL("DW-2032", "a key column is given NULL outside of strict mode", "give the key, or set a strict sql_mode"),
    SHAPE("DW-2033", "the columns and the values of the INSERT do not match", "give one value for each column"),
    UNREPEATABLE(
            "DW-2034",
            "the condition answers something else each time it is asked",
            "select the keys first, then change by key"),
    STREAM(
            "DW-2035",
            "a parameter of the condition or of a key is a stream, which can be read only once",
            "pass it by setString or setBytes"),
    TOO_MANY_KEYS(
            "DW-2036",
            "more than 50,000 rows would change in one statement, of which the server cannot write the intents itself: it"
                    + " changes keys, or its condition is more than columns, constants and plain functions of them, or it"
                    + " is a DELETE below REPEATABLE READ",
            "split the statement"),
    SAFE_UPDATES("DW-2037", "sql_safe_updates is on and the condition does not name the keys", "change by key"),
    CHARSET("DW-2038", "in this connection's character set a part of a letter may be a quote", "connect with utf8mb4"),
    SET_MIXED(
            "DW-2045",
            "a part of this SET would have to move with the connection to the other side, and a part not",
            "set session variables by a SET of their own"),
    FORM("DW-2039", "this form of the statement is not supported", "use the plain form"),
    MAINTENANCE("DW-2040", "maintenance of a moved table commits or locks", "run it through another DataSource"),
    CALLABLE("DW-2041", "a CallableStatement may change moved tables unseen", "use a PreparedStatement"),
    CATALOG("DW-2042", "the other side's schema is selected", "leave the catalog to the library"),
    RESULTS(
            "DW-2043",
            "this connection reads texts padded, or in a character set that lacks letters, so keys are not read as they"
                    + " are",
            "connect without padCharsWithSpace and characterSetResults, and leave PAD_CHAR_TO_FULL_LENGTH and"
                    + " character_set_results alone"),
    NO_LEDGER(
            "DW-2046",
            "this migration keeps no idempotency keys",
            "configure it with idempotencyKeys(...) in all instances"),
    IDEMPOTENCY_KEY(
            "DW-2047",
            "an idempotency key belongs to a whole transaction",
            "switch autocommit off and give the key before the first statement; a result needs a key"),
    ACROSS(
            "DW-2048",
            "each migration behind this DataSource has an owner of its own",
            "use their tables in separate statements and transactions, or move them in one migration"),
    UNWRAP(
            "DW-2049",
            "what is behind the boundary would be given away, and what is written by it is lost to the migration",
            "use the connection as it is, or configure without refuseUnwrap()"),
    READER(
            "DW-2050",
            "the transaction was declared to do nothing but read, and reads from a side that may be behind",
            "declare it with setReadOnly(false) before its first statement; then all of it is on the owner"),
    APPEND_ONLY(
            "DW-2051",
            "the table was declared to be appended to only, and rows that the target lacks are read from the source",
            "do not remove rows, or configure without appendOnly(...)"),
    OLD_SNAPSHOT(
            "DW-2044",
            "under REPEATABLE READ a query in the condition that cannot be made to lock what it reads would answer as of the"
                    + " transaction's first read when the keys are selected, and as of now when the statement runs",
            "use READ COMMITTED, or select the keys FOR UPDATE and change by key");

    private final String code;
    private final String reason;
    private final String advice;

    Refusal(String code, String reason, String advice) {
        this.code = code;
        this.reason = reason;
        this.advice = advice;
    }

    String code() {
        return code;
    }

    /** One line for the list of codes. */
    String meaning() {
        return reason + "; " + advice;
    }

    /** @param what the statement, in a few words: its kind and its tables */
    StatementRefusedException exception(String what) {
        return new StatementRefusedException(code, what + " refused: " + reason + ". Instead: " + advice + ".");
    }
}
