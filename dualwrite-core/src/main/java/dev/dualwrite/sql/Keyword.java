package dev.dualwrite.sql;

/**
 * The words that matter. A word that is reserved can be a name only in quotes or after a dot; what neither server reserves
 * may be both, and its meaning depends on its place.
 */
enum Keyword {
    /** Not a keyword: a name. */
    NONE(false),
    /** Reserved by MySQL or MariaDB, and of no other interest. */
    RESERVED(true),

    // reserved
    ALL(true),
    ALTER(true),
    ANALYZE(true),
    AND(true),
    AS(true),
    BETWEEN(true),
    BINARY(true),
    BY(true),
    CALL(true),
    CASE(true),
    CHANGE(true),
    CHARACTER(true),
    CHECK(true),
    COLLATE(true),
    CREATE(true),
    CROSS(true),
    CURRENT_DATE(true),
    CURRENT_ROLE(true),
    CURRENT_TIME(true),
    CURRENT_TIMESTAMP(true),
    CURRENT_USER(true),
    DEFAULT(true),
    DELAYED(true),
    DELETE(true),
    DESC(true),
    DESCRIBE(true),
    DIV(true),
    DROP(true),
    DUAL(true),
    ELSE(true),
    EXCEPT(true),
    EXISTS(true),
    EXPLAIN(true),
    FOR(true),
    FORCE(true),
    FROM(true),
    FUNCTION(true),
    GRANT(true),
    GROUP(true),
    HAVING(true),
    HIGH_PRIORITY(true),
    IF(true),
    IGNORE(true),
    IN(true),
    INDEX(true),
    INNER(true),
    INSERT(true),
    INTERSECT(true),
    INTERVAL(true),
    INTO(true),
    IS(true),
    JOIN(true),
    KEY(true),
    KILL(true),
    LATERAL(true),
    LEFT(true),
    LIKE(true),
    LIMIT(true),
    LOAD(true),
    LOCALTIME(true),
    LOCALTIMESTAMP(true),
    LOCK(true),
    LOW_PRIORITY(true),
    MOD(true),
    NATURAL(true),
    NOT(true),
    NULL(true),
    OF(true),
    ON(true),
    OPTIMIZE(true),
    OPTION(true),
    OR(true),
    ORDER(true),
    OUTFILE(true),
    PARTITION(true),
    PROCEDURE(true),
    PURGE(true),
    RECURSIVE(true),
    REFERENCES(true),
    REGEXP(true),
    RELEASE(true),
    RENAME(true),
    REPLACE(true),
    REVOKE(true),
    RIGHT(true),
    RLIKE(true),
    ROW(true),
    SELECT(true),
    SET(true),
    SHOW(true),
    STRAIGHT_JOIN(true),
    TABLE(true),
    THEN(true),
    TO(true),
    TRIGGER(true),
    UNION(true),
    UNLOCK(true),
    UPDATE(true),
    USE(true),
    USING(true),
    UTC_DATE(true),
    UTC_TIME(true),
    UTC_TIMESTAMP(true),
    VALUES(true),
    WHEN(true),
    WHERE(true),
    WINDOW(true),
    WITH(true),
    XOR(true),

    // not reserved
    ANY(false),
    AUTOCOMMIT(false),
    BEGIN(false),
    BINLOG(false),
    CACHE(false),
    CHARSET(false),
    CHECKSUM(false),
    CLONE(false),
    COMMIT(false),
    CURRENT(false),
    DEALLOCATE(false),
    DO(false),
    DUMPFILE(false),
    DUPLICATE(false),
    END(false),
    ESCAPE(false),
    EXECUTE(false),
    EXTRACT(false),
    FLUSH(false),
    FN(false),
    GLOBAL(false),
    HANDLER(false),
    HELP(false),
    IMPORT(false),
    INSTALL(false),
    LASTVAL(false),
    LOCAL(false),
    MEMBER(false),
    MID(false),
    MODE(false),
    NAMES(false),
    NEXT(false),
    NEXTVAL(false),
    OJ(false),
    PASSWORD(false),
    PERSIST(false),
    PERSIST_ONLY(false),
    PORTION(false),
    PREPARE(false),
    PREVIOUS(false),
    QUICK(false),
    REPAIR(false),
    RESET(false),
    RESOURCE(false),
    RESTART(false),
    RETURNING(false),
    ROLE(false),
    ROLLBACK(false),
    SAVEPOINT(false),
    SESSION(false),
    SETVAL(false),
    SHARE(false),
    SHUTDOWN(false),
    SOME(false),
    SOUNDS(false),
    START(false),
    STATEMENT(false),
    STOP(false),
    SUBSTR(false),
    SUBSTRING(false),
    TABLES(false),
    TEMPORARY(false),
    TRANSACTION(false),
    TRIM(false),
    TRUNCATE(false),
    UNINSTALL(false),
    USER(false),
    VALUE(false),
    VIEW(false),
    WORK(false),
    XA(false);

    private static final String OTHER_RESERVED = """
            ACCESSIBLE ADD ASC ASENSITIVE BEFORE BIGINT BLOB BOTH CASCADE CHAR COLUMN CONDITION
            CONSTRAINT CONTINUE CONVERT CUBE CUME_DIST CURSOR DATABASE DATABASES DAY_HOUR
            DAY_MICROSECOND DAY_MINUTE DAY_SECOND DEC DECIMAL DECLARE DENSE_RANK DETERMINISTIC
            DISTINCT DISTINCTROW DOUBLE EACH ELSEIF EMPTY ENCLOSED ESCAPED EXIT FALSE FETCH
            FIRST_VALUE FLOAT FLOAT4 FLOAT8 FOREIGN FULLTEXT GENERATED GET GROUPING GROUPS
            HOUR_MICROSECOND HOUR_MINUTE HOUR_SECOND INFILE INOUT INSENSITIVE INT INT1 INT2 INT3
            INT4 INT8 INTEGER IO_AFTER_GTIDS IO_BEFORE_GTIDS ITERATE JSON_TABLE KEYS LAG LAST_VALUE
            LEAD LEADING LEAVE LINEAR LINES LONG LONGBLOB LONGTEXT LOOP MATCH MAXVALUE MEDIUMBLOB
            MEDIUMINT MEDIUMTEXT MIDDLEINT MINUTE_MICROSECOND MINUTE_SECOND MODIFIES
            NO_WRITE_TO_BINLOG NTH_VALUE NTILE NUMERIC OPTIMIZER_COSTS OPTIONALLY OUT OUTER OVER
            PERCENT_RANK PRECISION PRIMARY RANGE RANK READ READS READ_WRITE REAL REPEAT REQUIRE
            RESIGNAL RESTRICT RETURN ROWS ROW_NUMBER SCHEMA SCHEMAS SECOND_MICROSECOND SENSITIVE
            SEPARATOR SIGNAL SMALLINT SPATIAL SPECIFIC SQL SQLEXCEPTION SQLSTATE SQLWARNING
            SQL_BIG_RESULT SQL_CALC_FOUND_ROWS SQL_SMALL_RESULT SSL STARTING STORED SYSTEM
            TERMINATED TINYBLOB TINYINT TINYTEXT TRAILING TRUE UNDO UNIQUE UNSIGNED USAGE VARBINARY
            VARCHAR VARCHARACTER VARYING VIRTUAL WHILE WRITE YEAR_MONTH ZEROFILL""";

    private static final int SIZE = 2048;
    private static final String[] WORDS = new String[SIZE];
    private static final Keyword[] MEANINGS = new Keyword[SIZE];
    private static final int LONGEST;

    static {
        int longest = 0;
        for (Keyword keyword : values()) {
            if (keyword != NONE && keyword != RESERVED) {
                longest = Math.max(longest, enter(keyword.name(), keyword));
            }
        }
        for (String word : OTHER_RESERVED.split("\\s+", -1)) {
            longest = Math.max(longest, enter(word, RESERVED));
        }
        LONGEST = longest;
    }

    private final boolean reserved;

    Keyword(boolean reserved) {
        this.reserved = reserved;
    }

    /** Whether the word cannot be an unquoted name. */
    boolean reserved() {
        return reserved;
    }

    /** What the word at this place means; in constant time, without allocation. */
    static Keyword of(String sql, int start, int end) {
        int length = end - start;
        if (length < 2 || length > LONGEST) {
            return NONE;
        }
        int slot = hash(sql, start, end);
        for (String word = WORDS[slot]; word != null; word = WORDS[slot]) {
            if (word.length() == length && matches(word, sql, start)) {
                return MEANINGS[slot];
            }
            slot = (slot + 1) & (SIZE - 1);
        }
        return NONE;
    }

    private static boolean matches(String word, String sql, int start) {
        for (int i = 0; i < word.length(); i++) {
            if (upper(sql.charAt(start + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int enter(String word, Keyword meaning) {
        int slot = hash(word, 0, word.length());
        while (WORDS[slot] != null) {
            slot = (slot + 1) & (SIZE - 1);
        }
        WORDS[slot] = word;
        MEANINGS[slot] = meaning;
        return word.length();
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + upper(text.charAt(i));
        }
        return (hash ^ (hash >>> 11)) & (SIZE - 1);
    }

    /** Folds ASCII only, as the servers do when they look up a keyword. */
    private static char upper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }
}
