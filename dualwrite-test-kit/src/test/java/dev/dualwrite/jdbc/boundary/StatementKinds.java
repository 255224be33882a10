package dev.dualwrite.jdbc.boundary;

import static dev.dualwrite.jdbc.boundary.StatementRow.captured;
import static dev.dualwrite.jdbc.boundary.StatementRow.failing;
import static dev.dualwrite.jdbc.boundary.StatementRow.passed;
import static dev.dualwrite.jdbc.boundary.StatementRow.refused;
import static dev.dualwrite.jdbc.boundary.StatementRow.superset;
import static dev.dualwrite.jdbc.boundary.StatementRow.whatever;

import dev.dualwrite.jdbc.boundary.StatementRow.Form;
import java.util.List;
import java.util.Map;

/**
 * Every kind of statement, and what becomes of it: {@link StatementKindsIT} runs each example, and
 * {@code docs/statements.md} is made of the same rows.
 */
final class StatementKinds {
    static final List<String> MOVED =
            List.of("item", "pair", "code", "raw", "amount", "day", "stamp", "year_of", "veiled", "document");

    /** {@code elsewhere} is made like {@code item}, and does not move. */
    static final String[] DDL = {
        "CREATE TABLE item (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(50) NULL UNIQUE)",
        "CREATE TABLE pair (a INT, b VARCHAR(20), v INT, PRIMARY KEY (a, b))",
        "CREATE TABLE code (c VARCHAR(10) PRIMARY KEY, v INT)",
        "CREATE TABLE raw (id BINARY(4) PRIMARY KEY, v INT)",
        "CREATE TABLE amount (d DECIMAL(10,2) PRIMARY KEY, v INT)",
        "CREATE TABLE day (d DATE PRIMARY KEY, v INT)",
        "CREATE TABLE stamp (t DATETIME(3) PRIMARY KEY, v INT)",
        "CREATE TABLE year_of (y YEAR PRIMARY KEY, v INT)",
        "CREATE TABLE veiled (id INT PRIMARY KEY, v INT, twice INT GENERATED ALWAYS AS (v * 2) STORED,"
                + " unseen INT DEFAULT 7 INVISIBLE, made TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6)"
                + " ON UPDATE CURRENT_TIMESTAMP(6))",
        "CREATE TABLE document (id INT PRIMARY KEY, body LONGTEXT, data LONGBLOB)",
        "CREATE TABLE elsewhere (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(50) NULL UNIQUE)",
        "CREATE TABLE spare (id INT PRIMARY KEY)",
        "CREATE VIEW items AS SELECT * FROM item",
        "CREATE FUNCTION changes() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT IGNORE INTO spare VALUES (1);"
                + " RETURN 1; END",
    };

    /** What every example finds. */
    static final String[] ROWS = {
        "DELETE FROM item",
        "DELETE FROM pair",
        "DELETE FROM code",
        "DELETE FROM raw",
        "DELETE FROM amount",
        "DELETE FROM day",
        "DELETE FROM stamp",
        "DELETE FROM year_of",
        "DELETE FROM veiled",
        "DELETE FROM document",
        "DELETE FROM elsewhere",
        "INSERT INTO item (id, v, name) VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'three')",
        "INSERT INTO pair VALUES (1, 'x', 1), (2, 'y', 2), (3, 'z', 3)",
        "INSERT INTO code VALUES ('a', 1), ('b', 2)",
        "INSERT INTO veiled (id, v, made) VALUES (1, 1, '2024-01-01'), (2, 2, '2024-01-01')",
        "INSERT INTO document VALUES (1, 'text', X'00')",
        "INSERT INTO elsewhere (id, v, name) VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'three')",
    };

    static final List<StatementRow> ALL = List.of(
            captured(Form.INSERT, "One row", "INSERT INTO item (id, v) VALUES (11, 1)")
                    .elsewhere("INSERT INTO elsewhere (id, v) VALUES (11, 1)"),
            captured(Form.INSERT, "Several rows", "INSERT INTO item (id, v) VALUES (11, 1), (12, 2), (13, 3)"),
            captured(Form.INSERT, "Without a list of columns", "INSERT INTO pair VALUES (9, 'z', 1)"),
            captured(Form.INSERT, "With SET", "INSERT INTO item SET id = 11, v = 1"),
            captured(Form.INSERT, "With VALUE", "INSERT INTO item (id) VALUE (11)"),
            captured(Form.INSERT, "With a priority", "INSERT LOW_PRIORITY INTO item (id) VALUES (11)"),
            captured(
                    Form.INSERT,
                    "Another column out of a query",
                    "INSERT INTO item (id, v) VALUES (11, (SELECT MAX(v) FROM pair))"),
            refused(
                    Form.INSERT,
                    "More or fewer values than columns",
                    "INSERT INTO pair VALUES (9, 'z')",
                    Refusal.SHAPE),
            captured(Form.GENERATED, "Of one row", "INSERT INTO item (v) VALUES (1)"),
            captured(Form.GENERATED, "Of several rows", "INSERT INTO item (v) VALUES (1), (2), (3)"),
            captured(Form.GENERATED, "Of no values", "INSERT INTO item () VALUES ()"),
            captured(
                    Form.GENERATED,
                    "Beside keys that are given (and what others insert meanwhile)",
                    "INSERT INTO item (id, v) VALUES (NULL, 1), (50, 2), (DEFAULT, 3), (0, 4)"),
            captured(Form.GENERATED, "With an increment of the session", "INSERT INTO item (v) VALUES (1), (2), (3)")
                    .after("SET SESSION auto_increment_increment = 5"),
            captured(
                    Form.GENERATED,
                    "For an expression that comes to nothing",
                    "INSERT INTO item (id, v) VALUES (2 - 2, 1), ((NULL), 2)"),
            captured(Form.GENERATED, "Not for 0, where the mode says so", "INSERT INTO item (id, v) VALUES (0, 1)")
                    .after("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'"),
            captured(Form.KEY_VALUE, "A text", "INSERT INTO code (c, v) VALUES ('Größe', 1)"),
            captured(Form.KEY_VALUE, "Bytes", "INSERT INTO raw VALUES (X'0f1e2d3c', 1)"),
            captured(Form.KEY_VALUE, "A decimal number, rounded", "INSERT INTO amount VALUES (1.005, 1), ('2.5', 2)"),
            captured(Form.KEY_VALUE, "A date", "INSERT INTO day VALUES ('2024-12-31', 1)"),
            captured(Form.KEY_VALUE, "A date with a time of day", "INSERT INTO day VALUES ('2025-01-31 12:13:14', 2)"),
            captured(Form.KEY_VALUE, "A time, rounded", "INSERT INTO stamp VALUES ('2023-01-01 00:00:00.1236', 1)"),
            captured(Form.KEY_VALUE, "A year", "INSERT INTO year_of VALUES (2024, 1)"),
            captured(Form.KEY_VALUE, "An expression of constants", "INSERT INTO item (id, v) VALUES (40 + 2, 1)"),
            captured(
                    Form.KEY_VALUE,
                    "A plain function of constants",
                    "INSERT INTO code (c, v) VALUES (CONCAT('k', UPPER('x')), 1)"),
            refused(
                    Form.KEY_VALUE,
                    "What the server makes up",
                    "INSERT INTO pair (a, b) VALUES (1, UUID())",
                    Refusal.KEY_EXPRESSION),
            refused(
                    Form.KEY_VALUE,
                    "A query",
                    "INSERT INTO item (id) VALUES ((SELECT MAX(a) + 100 FROM pair))",
                    Refusal.KEY_EXPRESSION),
            refused(Form.KEY_VALUE, "A variable", "INSERT INTO item (id) VALUES (@mine)", Refusal.KEY_EXPRESSION),
            refused(Form.KEY_VALUE, "Its default", "INSERT INTO pair (a) VALUES (1)", Refusal.KEY_DEFAULT),
            refused(
                    Form.KEY_VALUE,
                    "Another type than its own",
                    "INSERT INTO pair (a, b) VALUES ('1.5', 'x')",
                    Refusal.KEY_TYPE),
            refused(
                    Form.KEY_VALUE,
                    "A floating-point number as a text",
                    "INSERT INTO code VALUES (1e15, 1)",
                    Refusal.KEY_TYPE),
            failing(Form.KEY_VALUE, "NULL", "INSERT INTO pair (a, b) VALUES (NULL, 'x')", 1048),
            refused(
                            Form.KEY_VALUE,
                            "NULL outside of strict mode",
                            "INSERT INTO pair (a, b) VALUES (NULL, CONCAT('x', 'y'))",
                            Refusal.KEY_NULL)
                    .after("SET SESSION sql_mode = ''")
                    .otherwise(Verdict.failing(1048)),
            captured(Form.COMPOSITE, "Inserted", "INSERT INTO pair (b, v, a) VALUES ('q', 1, 7), ('r', 2, 7)"),
            captured(Form.COMPOSITE, "Selected by row", "UPDATE pair SET v = 9 WHERE (a, b) IN ((1, 'x'), (2, 'y'))"),
            captured(Form.COMPOSITE, "Selected by column", "DELETE FROM pair WHERE b = 'x' AND a = 1"),
            superset(
                    Form.COMPOSITE, "Selected by lists", "UPDATE pair SET v = 9 WHERE a IN (1, 2) AND b IN ('x', 'y')"),
            captured(Form.COMPOSITE, "Selected by a part", "UPDATE pair SET v = 9 WHERE a < 3"),
            captured(
                    Form.COMPOSITE,
                    "Both columns changed",
                    "UPDATE pair SET b = CONCAT(b, '!'), a = a + 10 WHERE v < 3"),
            refused(
                            Form.INSERT_SELECT,
                            "From a query",
                            "INSERT INTO item (v) SELECT v FROM pair",
                            Refusal.INSERT_SELECT)
                    .elsewhere("INSERT INTO elsewhere (v) SELECT v FROM elsewhere"),
            refused(
                    Form.INSERT_SELECT,
                    "From a table that does not move",
                    "INSERT INTO item (id, v) SELECT id + 10, v FROM elsewhere",
                    Refusal.INSERT_SELECT),
            refused(
                    Form.INSERT_SELECT,
                    "Into another table, from a moved one",
                    "INSERT INTO elsewhere (v) SELECT v FROM item",
                    Refusal.INSERT_SELECT),
            refused(Form.INSERT_SELECT, "From TABLE", "INSERT INTO pair TABLE pair", Refusal.INSERT_SELECT),
            refused(
                    Form.INSERT_SELECT,
                    "From VALUES ROW",
                    "INSERT INTO item (id, v) VALUES ROW(11, 1), ROW(12, 2)",
                    Refusal.INSERT_SELECT),
            refused(
                    Form.INSERT_SELECT,
                    "From WITH",
                    "INSERT INTO item (v) WITH w AS (SELECT v FROM pair) SELECT v FROM w",
                    Refusal.INSERT_SELECT),
            refused(
                            Form.ON_DUPLICATE,
                            "On any unique key",
                            "INSERT INTO item (id, name) VALUES (11, 'one') ON DUPLICATE KEY UPDATE v = 9",
                            Refusal.ON_DUPLICATE)
                    .elsewhere("INSERT INTO elsewhere (id, name) VALUES (11, 'one') ON DUPLICATE KEY UPDATE v = 9"),
            refused(
                    Form.ON_DUPLICATE,
                    "With an alias of the row",
                    "INSERT INTO item (id, v) VALUES (1, 9) AS fresh ON DUPLICATE KEY UPDATE v = fresh.v",
                    Refusal.ON_DUPLICATE),
            refused(Form.IGNORE, "INSERT", "INSERT IGNORE INTO item (id) VALUES (1), (11)", Refusal.IGNORE)
                    .elsewhere("INSERT IGNORE INTO elsewhere (id) VALUES (1), (11)"),
            refused(Form.IGNORE, "UPDATE", "UPDATE IGNORE item SET id = 1", Refusal.IGNORE)
                    .elsewhere("UPDATE IGNORE elsewhere SET id = 1"),
            refused(Form.IGNORE, "DELETE", "DELETE IGNORE FROM item", Refusal.IGNORE)
                    .elsewhere("DELETE IGNORE FROM elsewhere"),
            refused(Form.REPLACE, "By the primary key", "REPLACE INTO item (id, v) VALUES (1, 9)", Refusal.REPLACE)
                    .elsewhere("REPLACE INTO elsewhere (id, v) VALUES (1, 9)"),
            refused(
                    Form.REPLACE,
                    "By another unique key, too",
                    "REPLACE INTO item (id, name) VALUES (1, 'two')",
                    Refusal.REPLACE),
            refused(Form.REPLACE, "With SET", "REPLACE item SET id = 1", Refusal.REPLACE),
            refused(Form.REPLACE, "From a query", "REPLACE INTO item (id) SELECT a FROM pair", Refusal.REPLACE),
            captured(Form.UPDATE, "By key", "UPDATE item SET v = 9 WHERE id = 1")
                    .elsewhere("UPDATE elsewhere SET v = 9 WHERE id = 1"),
            captured(Form.UPDATE, "By several keys", "UPDATE item SET v = v + 1 WHERE id IN (1, 3)"),
            captured(Form.UPDATE, "By key and more", "UPDATE item SET v = 9 WHERE id = 1 AND v < 5"),
            superset(Form.UPDATE, "By a key that is not there", "UPDATE item SET v = 9 WHERE id = 77")
                    .otherwise(Verdict.PASSED),
            superset(Form.UPDATE, "To what is there already", "UPDATE item SET v = 2 WHERE v = 2")
                    .otherwise(Verdict.PASSED),
            captured(Form.UPDATE, "By another unique key", "UPDATE item SET v = 9 WHERE name = 'two'"),
            captured(Form.UPDATE, "Of all rows", "UPDATE item SET v = v + 1"),
            passed(Form.UPDATE, "Of no row", "UPDATE item SET v = 9 WHERE v = 77"),
            captured(Form.UPDATE, "With an alias", "UPDATE item AS i SET i.v = 9 WHERE i.v > 1"),
            captured(Form.UPDATE, "With a priority", "UPDATE LOW_PRIORITY item SET v = 9 WHERE id = 1"),
            captured(Form.UPDATE, "Of a unique column", "UPDATE item SET name = CONCAT(name, '!') WHERE id = 1"),
            captured(
                    Form.UPDATE,
                    "To what a query answers",
                    "UPDATE item SET v = (SELECT COUNT(*) FROM pair) + 10 WHERE v < 3"),
            captured(Form.DELETE, "By key", "DELETE FROM item WHERE id = 1")
                    .elsewhere("DELETE FROM elsewhere WHERE id = 1"),
            superset(Form.DELETE, "By keys of which one is not there", "DELETE FROM item WHERE id IN (1, 77)"),
            captured(Form.DELETE, "By a condition", "DELETE FROM item WHERE v > 1"),
            captured(Form.DELETE, "Of all rows", "DELETE FROM item"),
            captured(Form.DELETE, "QUICK", "DELETE QUICK FROM item WHERE id = 1"),
            captured(Form.KEY_CHANGE, "To a constant", "UPDATE item SET id = 500 WHERE id = 1"),
            captured(Form.KEY_CHANGE, "To an expression of the row", "UPDATE item SET id = id + 100 WHERE v > 1"),
            captured(Form.KEY_CHANGE, "Of a text", "UPDATE code SET c = CONCAT(c, 'x')"),
            superset(Form.KEY_CHANGE, "To itself", "UPDATE item SET id = id WHERE id = 1")
                    .otherwise(Verdict.PASSED),
            refused(
                    Form.KEY_CHANGE,
                    "To what the server makes up",
                    "UPDATE item SET id = RAND() * 100",
                    Refusal.KEY_EXPRESSION),
            refused(
                    Form.KEY_CHANGE,
                    "To its default",
                    "UPDATE item SET id = DEFAULT WHERE id = 1",
                    Refusal.KEY_EXPRESSION),
            refused(
                    Form.KEY_CHANGE,
                    "To what a query answers",
                    "UPDATE item SET id = (SELECT MAX(a) FROM pair) + 100 WHERE id = 1",
                    Refusal.KEY_EXPRESSION),
            refused(Form.JOIN, "UPDATE with a comma", "UPDATE item, pair SET item.v = 9", Refusal.MULTI_TABLE)
                    .elsewhere("UPDATE elsewhere, spare SET elsewhere.v = 9"),
            refused(
                            Form.JOIN,
                            "UPDATE with JOIN",
                            "UPDATE item JOIN pair ON pair.a = item.id SET item.v = 9",
                            Refusal.MULTI_TABLE)
                    .elsewhere("UPDATE elsewhere JOIN spare USING (id) SET elsewhere.v = 9"),
            refused(
                    Form.JOIN,
                    "UPDATE of another table, joined with a moved one",
                    "UPDATE elsewhere JOIN item USING (id) SET elsewhere.v = 9",
                    Refusal.MULTI_TABLE),
            refused(
                            Form.JOIN,
                            "DELETE before FROM",
                            "DELETE item FROM item JOIN pair ON pair.a = item.id",
                            Refusal.MULTI_TABLE)
                    .elsewhere("DELETE elsewhere FROM elsewhere JOIN spare USING (id)"),
            refused(
                            Form.JOIN,
                            "DELETE with USING",
                            "DELETE FROM item USING item JOIN pair ON pair.a = item.id",
                            Refusal.MULTI_TABLE)
                    .elsewhere("DELETE FROM elsewhere USING elsewhere JOIN spare USING (id)"),
            refused(Form.LIMIT, "UPDATE with LIMIT", "UPDATE item SET v = 9 LIMIT 1", Refusal.LIMITED)
                    .elsewhere("UPDATE elsewhere SET v = 9 LIMIT 1"),
            refused(
                            Form.LIMIT,
                            "UPDATE with ORDER BY and LIMIT",
                            "UPDATE item SET v = 9 ORDER BY id LIMIT 1",
                            Refusal.LIMITED)
                    .elsewhere("UPDATE elsewhere SET v = 9 ORDER BY id LIMIT 1"),
            refused(Form.LIMIT, "UPDATE with ORDER BY", "UPDATE item SET id = id + 1 ORDER BY id DESC", Refusal.LIMITED)
                    .elsewhere("UPDATE elsewhere SET id = id + 1 ORDER BY id DESC"),
            refused(Form.LIMIT, "DELETE with LIMIT", "DELETE FROM item LIMIT 1", Refusal.LIMITED)
                    .elsewhere("DELETE FROM elsewhere LIMIT 1"),
            refused(Form.LIMIT, "DELETE with ORDER BY", "DELETE FROM item ORDER BY id", Refusal.LIMITED)
                    .elsewhere("DELETE FROM elsewhere ORDER BY id"),
            refused(
                    Form.CTE,
                    "UPDATE",
                    "WITH w AS (SELECT a FROM pair) UPDATE item SET v = 9 WHERE id IN (SELECT a FROM w)",
                    Refusal.CTE),
            refused(
                    Form.CTE,
                    "DELETE",
                    "WITH w AS (SELECT a FROM pair) DELETE FROM item WHERE id IN (SELECT a FROM w)",
                    Refusal.CTE),
            passed(
                    Form.CTE,
                    "SELECT",
                    "WITH w AS (SELECT a FROM pair) SELECT * FROM item WHERE id IN (SELECT a FROM w)"),
            refused(
                    Form.CLAUSE,
                    "INSERT … RETURNING",
                    "INSERT INTO item (v) VALUES (1) RETURNING id",
                    Refusal.RETURNING),
            refused(Form.CLAUSE, "DELETE … RETURNING", "DELETE FROM item WHERE id = 1 RETURNING id", Refusal.RETURNING),
            refused(
                    Form.CLAUSE,
                    "UPDATE … RETURNING",
                    "UPDATE item SET v = 9 WHERE id = 1 RETURNING id",
                    Refusal.RETURNING),
            refused(
                    Form.CLAUSE,
                    "INSERT … PARTITION",
                    "INSERT INTO item PARTITION (p0) (id) VALUES (11)",
                    Refusal.PARTITION),
            refused(Form.CLAUSE, "UPDATE … PARTITION", "UPDATE item PARTITION (p0) SET v = 9", Refusal.PARTITION),
            refused(Form.CLAUSE, "DELETE … PARTITION", "DELETE FROM item PARTITION (p0)", Refusal.PARTITION),
            refused(Form.CLAUSE, "INSERT DELAYED", "INSERT DELAYED INTO item (id) VALUES (11)", Refusal.FORM),
            refused(
                            Form.CLAUSE,
                            "An index that is to be used",
                            "UPDATE item USE INDEX (PRIMARY) SET v = 9 WHERE id = 1",
                            Refusal.FORM)
                    .elsewhere("UPDATE elsewhere USE INDEX (PRIMARY) SET v = 9 WHERE id = 1"),
            refused(
                    Form.CLAUSE,
                    "A portion of time",
                    "DELETE FROM item FOR PORTION OF time FROM '2024-01-01' TO '2025-01-01'",
                    Refusal.FORM),
            refused(
                            Form.CLAUSE,
                            "A JDBC escape",
                            "INSERT INTO item (id, name) VALUES (11, {d '2024-01-01'})",
                            Refusal.FORM)
                    .elsewhere("INSERT INTO elsewhere (id, name) VALUES (11, {d '2024-01-01'})"),
            captured(
                    Form.SERVER_VALUE,
                    "UUID(), NOW(), RAND() beside the key",
                    "INSERT INTO item (id, v, name) VALUES (11, RAND() * 100, LEFT(CONCAT(NOW(6), UUID()), 50))"),
            captured(
                    Form.SERVER_VALUE,
                    "The same in an UPDATE",
                    "UPDATE item SET v = 1000 + RAND() * 100, name = UUID() WHERE v > 1"),
            captured(Form.SERVER_VALUE, "Columns that are left out", "INSERT INTO veiled (id) VALUES (11)"),
            captured(
                    Form.SERVER_VALUE,
                    "Generated, invisible and changed on update",
                    "UPDATE veiled SET v = v + 1 WHERE id = 1"),
            captured(Form.SERVER_VALUE, "An invisible column", "UPDATE veiled SET unseen = 8 WHERE unseen = 7"),
            captured(
                    Form.SERVER_VALUE,
                    "Selected by a generated column",
                    "UPDATE veiled SET v = v + 10 WHERE twice = 4"),
            captured(
                    Form.SERVER_VALUE,
                    "DEFAULT of another column",
                    "UPDATE veiled SET v = DEFAULT, unseen = DEFAULT WHERE id = 1"),
            captured(Form.CONDITION, "Ranges", "UPDATE item SET v = 9 WHERE id BETWEEN 1 AND 2 OR v IN (3)"),
            captured(Form.CONDITION, "Functions", "UPDATE item SET v = 9 WHERE MOD(id, 2) = 1 AND LENGTH(name) > 3"),
            captured(Form.CONDITION, "The clock", "UPDATE veiled SET v = 9 WHERE made <= NOW(6)"),
            captured(Form.CONDITION, "A variable", "UPDATE item SET v = 9 WHERE id = @mine")
                    .after("SET @mine = 2"),
            captured(
                    Form.CONDITION,
                    "IN with a query",
                    "UPDATE item SET v = 9 WHERE id IN (SELECT a FROM pair WHERE a < 3)"),
            captured(
                    Form.CONDITION,
                    "EXISTS with a query",
                    "DELETE FROM item WHERE EXISTS (SELECT 1 FROM pair WHERE pair.a = item.id AND pair.v > 1)"),
            captured(
                            Form.CONDITION,
                            "With a table that does not move",
                            "UPDATE item SET v = 9 WHERE id IN (SELECT id FROM elsewhere WHERE id < 3)")
                    .whileTargetOwns(Refusal.MIXED),
            passed(
                            Form.CONDITION,
                            "Of another table, with a moved one",
                            "UPDATE elsewhere SET v = 9 WHERE id IN (SELECT id FROM item)")
                    .whileTargetOwns(Refusal.MIXED),
            refused(
                            Form.CONDITION,
                            "A query that cannot lock, behind a read of the same transaction",
                            "UPDATE item SET v = 9 WHERE id IN (SELECT a FROM pair UNION SELECT a FROM pair) AND v > 1",
                            Refusal.OLD_SNAPSHOT)
                    .together("SELECT COUNT(*) FROM code")
                    .otherwise(Verdict.UNCAPTURED),
            refused(Form.CONDITION, "Chance", "UPDATE item SET v = 9 WHERE RAND() < 2", Refusal.UNREPEATABLE)
                    .otherwise(Verdict.UNCAPTURED),
            refused(
                            Form.CONDITION,
                            "A variable that counts",
                            "DELETE FROM item WHERE (@n := COALESCE(@n, 0) + 1) < 2",
                            Refusal.UNREPEATABLE)
                    .otherwise(Verdict.UNCAPTURED)
                    .elsewhere("DELETE FROM elsewhere WHERE (@n := COALESCE(@n, 0) + 1) < 2"),
            refused(
                            Form.CONDITION,
                            "Without a key, under sql_safe_updates",
                            "UPDATE item SET v = 9 WHERE v > 1",
                            Refusal.SAFE_UPDATES)
                    .after("SET SESSION sql_safe_updates = 1")
                    .otherwise(Verdict.failing(1175)),
            captured(Form.SPELLING, "Comments", "UPDATE /* one */ item # two\n SET v = 9 -- three\n WHERE id = 1"),
            captured(Form.SPELLING, "Backquotes", "UPDATE `item` SET `item`.`v` = 9 WHERE `id` = 1"),
            captured(Form.SPELLING, "Words in any case", "uPdAtE item sEt V = 9 wHeRe ID = 1"),
            captured(Form.SPELLING, "Its own schema", "UPDATE {own}.item SET v = 9 WHERE {own}.item.id = 1"),
            captured(Form.SPELLING, "Quotes for names", "UPDATE \"item\" SET \"v\" = 9 WHERE \"id\" = 1")
                    .after("SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES'"),
            captured(Form.SPELLING, "Quotes for texts", "UPDATE code SET v = 9 WHERE c = \"a\" 'b' OR c = \"b\""),
            captured(Form.SPELLING, "A backslash that is a letter", "INSERT INTO code VALUES ('a\\', 1)")
                    .after("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'"),
            captured(
                    Form.SPELLING,
                    "Keywords as names",
                    "UPDATE item AS `select` SET `select`.v = 9 WHERE `select`.id = 1"),
            captured(Form.SPELLING, "A semicolon at the end", "DELETE FROM item WHERE id = 1;"),
            captured(
                    Form.SPELLING, "A hint of the optimizer", "UPDATE /*+ NO_ICP(item) */ item SET v = 9 WHERE id = 1"),
            refused(
                    Form.SPELLING,
                    "A hint that sets a variable",
                    "UPDATE /*+ SET_VAR(sql_mode = '') */ item SET v = 9 WHERE id = 1",
                    Refusal.UNKNOWN),
            refused(
                            Form.SPELLING,
                            "A character set of the client in which a quote may be part of a letter",
                            "UPDATE item SET v = 9 WHERE id = 1",
                            Refusal.CHARSET)
                    .after("SET character_set_client = gbk"),
            refused(
                            Form.SPELLING,
                            "A character set of results that lacks letters, with a key that is a text",
                            "UPDATE code SET v = 9 WHERE v = 1",
                            Refusal.RESULTS)
                    .after("SET character_set_results = latin1"),
            refused(Form.VIEW, "A change through a view", "UPDATE items SET v = 9", Refusal.VIEW),
            passed(Form.VIEW, "A query of a view", "SELECT * FROM items"),
            refused(Form.VIEW, "The other side's schema", "DELETE FROM {other}.item", Refusal.OTHER_SIDE),
            refused(Form.VIEW, "A control table", "DELETE FROM dualwrite_intent", Refusal.CONTROL_TABLE),
            passed(Form.VIEW, "A query of a control table", "SELECT COUNT(*) FROM dualwrite_intent"),
            passed(Form.SELECT, "Plain", "SELECT * FROM item WHERE v > 1").elsewhere("SELECT * FROM elsewhere"),
            passed(Form.SELECT, "FOR UPDATE", "SELECT * FROM item WHERE v > 1 FOR UPDATE")
                    .elsewhere("SELECT * FROM elsewhere FOR UPDATE"),
            passed(Form.SELECT, "SKIP LOCKED", "SELECT * FROM item FOR UPDATE SKIP LOCKED"),
            passed(Form.SELECT, "LOCK IN SHARE MODE", "SELECT * FROM item LOCK IN SHARE MODE"),
            passed(Form.SELECT, "UNION", "(SELECT id FROM item) UNION ALL (SELECT a FROM pair)"),
            passed(Form.SELECT, "INTO a variable", "SELECT v INTO @mine FROM item WHERE id = 1"),
            passed(Form.SELECT, "With a table that does not move", "SELECT * FROM item JOIN elsewhere USING (id)")
                    .whileTargetOwns(Refusal.MIXED),
            refused(Form.ROUTINE, "A stored function", "SELECT changes()", Refusal.FUNCTION),
            refused(
                    Form.ROUTINE,
                    "A stored function in a change",
                    "UPDATE item SET v = changes() WHERE id = 1",
                    Refusal.FUNCTION),
            refused(Form.ROUTINE, "CALL", "CALL p()", Refusal.CALL),
            refused(Form.ROUTINE, "A JDBC escape that calls", "{call p()}", Refusal.CALL),
            refused(Form.ROUTINE, "PREPARE", "PREPARE x FROM 'DELETE FROM item'", Refusal.PREPARED_TEXT),
            refused(Form.ROUTINE, "EXECUTE", "EXECUTE x", Refusal.PREPARED_TEXT),
            refused(Form.ROUTINE, "EXECUTE IMMEDIATE", "EXECUTE IMMEDIATE 'DELETE FROM item'", Refusal.PREPARED_TEXT),
            refused(Form.ROUTINE, "DO with a moved table", "DO (SELECT COUNT(*) FROM item)", Refusal.FORM)
                    .elsewhere("DO 1"),
            refused(Form.LOAD, "LOAD DATA", "LOAD DATA LOCAL INFILE 'x' INTO TABLE item", Refusal.LOAD_DATA),
            refused(Form.LOAD, "LOAD XML", "LOAD XML LOCAL INFILE 'x' INTO TABLE item", Refusal.LOAD_DATA),
            refused(Form.LOAD, "IMPORT TABLE", "IMPORT TABLE FROM 'x.sdi'", Refusal.DEFINITION),
            refused(Form.DEFINITION, "TRUNCATE", "TRUNCATE TABLE item", Refusal.TRUNCATE)
                    .elsewhere("TRUNCATE TABLE spare"),
            refused(Form.DEFINITION, "CREATE INDEX", "CREATE INDEX more ON item (v)", Refusal.DEFINITION),
            refused(
                            Form.DEFINITION,
                            "CREATE TRIGGER",
                            "CREATE TRIGGER tr BEFORE INSERT ON elsewhere FOR EACH ROW DELETE FROM item",
                            Refusal.DEFINITION)
                    .elsewhere("CREATE OR REPLACE VIEW fresh AS SELECT * FROM elsewhere"),
            refused(
                            Form.DEFINITION,
                            "CREATE TEMPORARY TABLE, in front of a moved one",
                            "CREATE TEMPORARY TABLE item (id INT)",
                            Refusal.DEFINITION)
                    .elsewhere("CREATE TEMPORARY TABLE IF NOT EXISTS passing (id INT)"),
            refused(Form.DEFINITION, "ALTER", "ALTER TABLE item ADD more INT", Refusal.DEFINITION)
                    .elsewhere("ALTER TABLE spare COMMENT = 'more'"),
            refused(
                    Form.DEFINITION,
                    "ALTER of the schema",
                    "ALTER DATABASE {own} COLLATE utf8mb4_bin",
                    Refusal.DEFINITION),
            refused(Form.DEFINITION, "DROP", "DROP TABLE item", Refusal.DEFINITION)
                    .elsewhere("DROP TABLE IF EXISTS nothing"),
            refused(Form.DEFINITION, "DROP of the schema", "DROP DATABASE {own}", Refusal.DEFINITION),
            refused(Form.DEFINITION, "DROP TEMPORARY TABLE", "DROP TEMPORARY TABLE IF EXISTS item", Refusal.DEFINITION)
                    .elsewhere("DROP TEMPORARY TABLE IF EXISTS passing"),
            refused(Form.DEFINITION, "RENAME", "RENAME TABLE item TO gone", Refusal.DEFINITION)
                    .elsewhere("RENAME TABLE spare TO spares, spares TO spare"),
            refused(Form.DEFINITION, "ANALYZE TABLE and its like", "ANALYZE TABLE item", Refusal.MAINTENANCE)
                    .elsewhere("ANALYZE TABLE elsewhere"),
            refused(Form.DEFINITION, "FLUSH of a table", "FLUSH TABLES item", Refusal.MAINTENANCE)
                    .elsewhere("FLUSH STATUS"),
            passed(Form.DEFINITION, "Accounts and grants", "DROP USER IF EXISTS 'dualwrite_nobody'@'%'"),
            refused(Form.TRANSACTION, "BEGIN", "BEGIN", Refusal.TRANSACTION_TEXT),
            refused(
                    Form.TRANSACTION,
                    "START TRANSACTION",
                    "/* c */ start transaction read only",
                    Refusal.TRANSACTION_TEXT),
            refused(Form.TRANSACTION, "COMMIT", "COMMIT", Refusal.TRANSACTION_TEXT),
            refused(Form.TRANSACTION, "ROLLBACK", "ROLLBACK", Refusal.TRANSACTION_TEXT),
            refused(Form.TRANSACTION, "SAVEPOINT", "SAVEPOINT one", Refusal.TRANSACTION_TEXT),
            refused(Form.TRANSACTION, "SET autocommit", "SET autocommit = 0", Refusal.TRANSACTION_TEXT),
            refused(
                    Form.TRANSACTION,
                    "SET TRANSACTION",
                    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                    Refusal.TRANSACTION_TEXT),
            refused(Form.TRANSACTION, "XA", "XA START 'x'", Refusal.XA),
            refused(Form.TRANSACTION, "LOCK TABLES", "LOCK TABLES item WRITE", Refusal.LOCK_TABLES)
                    .elsewhere("UNLOCK TABLES"),
            refused(Form.TRANSACTION, "HANDLER", "HANDLER item OPEN", Refusal.HANDLER)
                    .elsewhere("HANDLER elsewhere OPEN"),
            passed(Form.SESSION, "SET SESSION", "SET SESSION sort_buffer_size = 300000"),
            passed(Form.SESSION, "SET NAMES", "SET NAMES utf8mb4"),
            passed(Form.SESSION, "SET of a user variable", "SET @mine = 1"),
            passed(Form.SESSION, "SET GLOBAL", "SET GLOBAL max_connect_errors = @@GLOBAL.max_connect_errors"),
            refused(
                    Form.SESSION,
                    "SET of both",
                    "SET GLOBAL max_connect_errors = 100, SESSION sort_buffer_size = 300000",
                    Refusal.SET_MIXED),
            refused(Form.SESSION, "USE", "USE mysql", Refusal.USE),
            passed(Form.SESSION, "SHOW", "SHOW CREATE TABLE item"),
            passed(Form.SESSION, "DESCRIBE", "DESCRIBE item"),
            passed(Form.SESSION, "EXPLAIN", "EXPLAIN UPDATE item SET v = 9 WHERE id = 1"),
            refused(Form.SESSION, "EXPLAIN ANALYZE", "EXPLAIN ANALYZE SELECT * FROM item", Refusal.FORM),
            failing(Form.SESSION, "KILL", "KILL QUERY 999999999", 1094),
            passed(Form.SESSION, "Administration", "PURGE BINARY LOGS BEFORE '2000-01-01'"),
            refused(Form.TEXT, "Several statements", "SELECT 1; DELETE FROM item", Refusal.MULTI_STATEMENT),
            whatever(Form.TEXT, "None", "/* nothing */"),
            refused(Form.TEXT, "Not understood, with a moved table", "SALVAGE item", Refusal.UNKNOWN)
                    .elsewhere("SALVAGE elsewhere", Verdict.failing(1064)),
            refused(
                    Form.TEXT,
                    "A block of statements",
                    "BEGIN NOT ATOMIC DELETE FROM item; END",
                    Refusal.MULTI_STATEMENT));

    /** What other tests show. */
    static final Map<Form, List<Proved>> PROVED = Map.of(
            Form.GENERATED,
            List.of(Proved.by(
                    "In batches, with all options of the driver",
                    "captured",
                    "BoundaryIT#everyChangeLeavesItsKeys",
                    "BoundaryIT#batchesLeaveTheirKeys")),
            Form.UPDATE,
            List.of(
                    Proved.by(
                            "Of more than 10,000 rows: the server writes the intents",
                            "captured",
                            "LargeStatementIT#whatChangesIsWhatWasCaptured"),
                    Proved.by(
                            "Of many rows in one transaction: keys are written as they come",
                            "captured",
                            "LargeTransactionIT#allRowsOfALargeTransactionArriveAndLittleIsKeptOfThem"),
                    Proved.refused(
                            "Of more than 50,000 rows, where it cannot",
                            Refusal.TOO_MANY_KEYS,
                            "LargeStatementIT#whatTheServerCannotCaptureIsListedAndRefusedBeyondItsLimit")),
            Form.CONDITION,
            List.of(
                    Proved.by(
                            "A row that another transaction commits between the selection of the keys and the statement",
                            "not changed, or captured",
                            "CapturedKeysIT#aRowCommittedBetweenKeySelectAndStatementIsNotChanged",
                            "IsolationIT#nothingIsChangedThatWasNotCaptured"),
                    Proved.by(
                            "A query behind a read of the same transaction, made to lock",
                            "captured",
                            "CapturedKeysIT#aQueryInTheConditionReadsTheNewestLikeTheStatementDoes")),
            Form.SPELLING,
            List.of(
                    Proved.by(
                            "Another case, where the server tells names apart by it",
                            "passed on, answered by error 1146",
                            "CaseOfNamesIT#whereTheServerTellsThemApartAnotherSpellingIsNoTable"),
                    Proved.by(
                            "Another case, where it does not",
                            "captured",
                            "CaseOfNamesIT#whereItDoesNotEverySpellingIsTheTable"),
                    Proved.by(
                            "Two tables, or a view and a table, that differ by case only",
                            "refused at the start (DW-1003)",
                            "CaseOfNamesIT#twoNamesThatDifferByCaseOnlyAreAFault"),
                    Proved.by(
                            "Time zones, character sets and modes of the session",
                            "captured, and converged as it is stored",
                            "HostConnectionIT#theFollowersRowsAreTheSameWhateverTheSessionIsSetTo")),
            Form.VIEW,
            List.of(Proved.refused(
                    "A view of another schema that reaches a moved table",
                    Refusal.VIEW,
                    "ElsewhereIT#viewsAndFunctionsOfAnotherSchemaDoNotChangeMovedTables")),
            Form.SELECT,
            List.of(Proved.by(
                    "With locks: holds the fence until its end",
                    "passed on",
                    "BoundaryIT#whateverLocksTheDomainHoldsTheFence")),
            Form.TRIGGER,
            List.of(
                    Proved.by(
                            "On a moved table",
                            "refused at the start (DW-1003)",
                            "RefusedTablesIT#withATriggerOnEitherSide"),
                    Proved.by(
                            "Elsewhere, that writes a moved table",
                            "refused at the start (DW-1003)",
                            "RefusedTablesIT#withATriggerElsewhereThatWritesThem",
                            "ElsewhereIT#aTriggerOfAnotherSchemaThatChangesAMovedTableIsAFault")),
            Form.CASCADE,
            List.of(Proved.by(
                    "That delete, update or set NULL by themselves",
                    "refused at the start (DW-1003)",
                    "RefusedTablesIT#withAForeignKeyThatActsByItself")),
            Form.NO_KEY,
            List.of(Proved.by(
                    "No primary key, whatever unique keys there are",
                    "refused at the start (DW-1003)",
                    "RefusedTablesIT#withoutAPrimaryKey")));

    private StatementKinds() {}
}
