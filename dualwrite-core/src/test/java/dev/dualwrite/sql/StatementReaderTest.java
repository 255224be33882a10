package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A corpus of statements, each with what it must be read as. */
class StatementReaderTest {

    /** A line is a statement, two spaces and an arrow, and its shape. */
    private static Stream<Arguments> lines(String corpus) {
        return Arrays.stream(corpus.split("\n", -1))
                .filter(line -> !line.isBlank())
                .map(line -> {
                    int arrow = line.lastIndexOf("  =>");
                    return Arguments.of(
                            line.substring(0, arrow).strip(),
                            line.substring(arrow + 4).strip());
                });
    }

    static Stream<Arguments> simple() {
        return lines("""
                INSERT INTO t VALUES (1, 'a')  => INSERT t[](1,'a')
                INSERT t VALUES (?)  => INSERT t[](?1)
                insert low_priority into t value (1),(2)  => INSERT t[](1)(2)
                INSERT HIGH_PRIORITY t (a, `b`, t.c) VALUES (?, NULL, DEFAULT)  => INSERT t[a, b, c](?1,NULL,DEFAULT)
                INSERT INTO t () VALUES ()  => INSERT t[]()
                INSERT INTO t VALUES ()  => INSERT t[]()
                INSERT INTO t VALUES (),()  => INSERT t[]()()
                INSERT INTO t SET a = 1, b = ?  => INSERT t[a, b](1,?1)
                INSERT INTO `we``ird` (`a b`) VALUES (-5)  => INSERT we`ird[a b](-5)
                INSERT INTO db.t (a) VALUES (+5);  => INSERT t[a](5)
                INSERT INTO t (a) VALUES (1.50), (.5), (-.5), (1.)  => INSERT t[a](1.50d)(.5d)(-.5d)(1.d)
                INSERT INTO t (a) VALUES (1e5), (1.5e-3), (b'01'), (0b01)  => INSERT t[a](~)(~)(~)(~)
                INSERT INTO t (a) VALUES (0x1F), (x'1f'), (X'AB'), (0xF)  => INSERT t[a](x1f)(x1f)(xab)(x0f)
                INSERT INTO t (a) VALUES (0x1G), (0X1F), (x'1'), (x '1F')  => INSERT t[a](0x1G)(0X1F)(~)(~)
                INSERT INTO t (a) VALUES ('it''s'), ('it\\'s'), ('a' 'b'), ('')  => INSERT t[a]('it's')('it's')('ab')('')
                INSERT INTO t (a) VALUES ('\\%\\_\\q\\\\')  => INSERT t[a]('\\%\\_q\\')
                INSERT INTO t (a) VALUES ("x"), ('a' "b"), (N'x'), (_utf8mb4'x'), (_latin1 'x')  => INSERT t[a](~)(~)(~)(~)(~)
                INSERT INTO t (a) VALUES (now()), (a + 1), ((1)), (CURRENT_TIMESTAMP), (TRUE), (@x)  => INSERT t[a](~)(~)(~)(~)(~)(~)
                INSERT INTO t (a) VALUES (INSERT('abc', 1, 1, 'x')), (REPLACE(?, 'a', 'b')), (LEFT(?, 3))  => INSERT t[a](~)(~)(~)
                INSERT INTO t (a, b) VALUES (a, t.b)  => INSERT t[a, b](a,b)
                INSERT INTO t (a) VALUES ((SELECT max(x) FROM u))  => INSERT t[a](~)
                INSERT INTO `select` (`from`) VALUES (1)  => INSERT select[from](1)
                INSERT INTO values_ (value) VALUES (1)  => INSERT values_[value](1)
                INSERT INTO value (value) VALUE (1)  => INSERT value[value](1)
                INSERT INTO 1abc (2b) VALUES (3c)  => INSERT 1abc[2b](3c)
                INSERT INTO t$1 ($a) VALUES (?)  => INSERT t$1[$a](?1)
                /*!40000 INSERT */ INTO t VALUES (1)  => INSERT t[](1)
                INSERT /*+ NO_MERGE(t) */ INTO t VALUES (1)  => INSERT t[](1)
                UPDATE t SET a = 1  => UPDATE t[a=1] all
                UPDATE t SET a = 1 WHERE id = 2  => UPDATE t[a=1] [id=2]
                UPDATE LOW_PRIORITY db.t AS x SET x.a = ?, b = b + 1 WHERE x.id = ?  => UPDATE t[a=?1, b=~] [id=?2]
                UPDATE t x SET a := 1 WHERE id = 2;  => UPDATE t[a=1] [id=2]
                UPDATE db.t SET db.t.a = NULL, t.b = DEFAULT WHERE db.t.id = 2  => UPDATE t[a=NULL, b=DEFAULT] [id=2]
                UPDATE t SET a = (SELECT max(x) FROM u WHERE y = ? LIMIT 1) WHERE id = ?  => UPDATE t[a=~] [id=?2]
                UPDATE t SET a = CASE WHEN b = 1 THEN 2 ELSE 3 END WHERE id = 1  => UPDATE t[a=~] [id=1]
                UPDATE t SET a = IF(b, 1, 2), c = VALUES(d) WHERE id = 1  => UPDATE t[a=~, c=~] [id=1]
                UPDATE t SET a = (SELECT b FROM u FOR UPDATE) WHERE id = 1  => UPDATE t[a=~] [id=1]
                UPDATE t SET a = 2*/* x */3 WHERE id = 1  => UPDATE t[a=~] [id=1]
                UPDATE t SET `set` = 1 WHERE `where` = 2  => UPDATE t[set=1] [where=2]
                UPDATE t SET t.1a = 1 WHERE t.1b = 2  => UPDATE t[1a=1] [1b=2]
                UPDATE t SET a = x->'$.k', b = x->>"$.k" WHERE id = 1  => UPDATE t[a=~, b=~] [id=1]
                DELETE FROM t  => DELETE t all
                DELETE FROM t WHERE id = ?  => DELETE t [id=?1]
                DELETE LOW_PRIORITY QUICK FROM t WHERE id = ?  => DELETE t [id=?1]
                DELETE FROM t AS a WHERE a.id = ?  => DELETE t [id=?1]
                DELETE FROM t a WHERE a.id = ?  => DELETE t [id=?1]
                DELETE FROM quick WHERE id = 1  => DELETE quick [id=1]
                DELETE QUICK FROM quick WHERE id = 1  => DELETE quick [id=1]
                """);
    }

    static Stream<Arguments> conditions() {
        return lines("""
                id = ?  => [id=?1]
                ? = id  => [id=?1]
                -1 = id  => [id=-1]
                'a' = t.id  => [id='a']
                (id = ?)  => [id=?1]
                ((id = ?) AND ((b = ?)))  => [id=?1, b=?2]
                a = ? AND b = ? AND c = ?  => [a=?1, b=?2, c=?3]
                a = ? && b = ?  => [a=?1, b=?2]
                id = ? + 1  => [id=~]
                id = abs(?)  => [id=~]
                id = NULL  => [id=NULL]
                id = other  => [id=other]
                id IN (1, 2, ?)  => [id in(1,2,?1)]
                id IN (?)  => [id in(?1)]
                (a, b) = (1, ?)  => [[a, b] in[(1,?1)]]
                (a, b) IN ((1, 2), (?, ?))  => [[a, b] in[(1,2), (?1,?2)]]
                id BETWEEN 1 AND 5  => [~]
                id BETWEEN 1 AND 5 AND b = 2  => [~, b=2]
                b = 2 AND id NOT BETWEEN ? AND ? AND c = 3  => [b=2, ~, c=3]
                a BETWEEN 1 AND b BETWEEN 2 AND 3 AND c = 4  => [~, c=4]
                b BETWEEN 0 AND id = 1  => [~]
                b BETWEEN 0 AND 1 && id = 1  => [~, id=1]
                id = 0 AND 3 XOR id  => [~]
                NOT id = 1  => [~]
                NOT id = 1 AND b = 2  => [~, b=2]
                NOT (id = 1 AND b = 2)  => [~]
                id NOT IN (1, 2)  => [~]
                id IN (SELECT x FROM u)  => [~]
                id IN ((SELECT x FROM u))  => [~]
                id IN (TABLE u)  => [~]
                id = (SELECT x FROM u)  => [~]
                id = ANY (SELECT x FROM u)  => [~]
                id = SOME (SELECT x FROM u)  => [~]
                id = ALL (SELECT x FROM u)  => [~]
                EXISTS (SELECT 1 FROM u WHERE id = 1)  => [~]
                id = 1 OR id = 2  => [~]
                id = 1 AND b = 2 OR c = 3  => [~]
                id = 1 AND (b = 2 OR c = 3)  => [id=1, ~]
                id = 1 || b  => [~]
                id = 1 XOR b = 2  => [~]
                id = 1 AND b = 2 XOR c  => [~]
                @x := id = 1 AND b = 2  => [~]
                a = b = c  => [~]
                id = 5 = 1  => [~]
                5 = id = 1  => [~]
                id <=> 1  => [~]
                id <= 1  => [~]
                id <> 1  => [~]
                id != 1  => [~]
                id = 1 IS TRUE  => [~]
                id = 1 IS NOT TRUE AND b = 2  => [~, b=2]
                id = 'a' COLLATE utf8mb4_bin  => [~]
                id COLLATE utf8mb4_bin = 'a'  => [~]
                BINARY id = 'a'  => [~]
                id = BINARY 'a'  => [~]
                id = 5 > 3  => [~]
                id = 1 LIKE 1  => [~]
                id = 1 MEMBER OF ('[1]')  => [~]
                id = x SOUNDS LIKE y  => [~]
                id LIKE 'a'  => [~]
                !id = 1  => [~]
                -id = 1  => [~]
                ~id = 1  => [~]
                (id) = 1  => [~]
                f(id) = 1  => [~]
                u.id = 1  => [~]
                CASE WHEN a AND id = 5 AND b THEN 1 ELSE 0 END  => [~]
                CASE WHEN end AND id = 5 AND b THEN 1 END  => [~]
                id = CASE WHEN a THEN 1 END AND b = 2  => [~]
                id = 1 AND b IS NULL  => [id=1, ~]
                (a, b) IN (SELECT 1, 2)  => [~]
                (a, b) IN ((1, 2), (SELECT 3, 4))  => [~]
                (a, b) = (1, 2, 3)  => [~]
                (a, b) <> (1, 2)  => [~]
                (a, f(b)) = (1, 2)  => [~]
                (SELECT 1) = id  => [~]
                id = "a"  => [~]
                id = 'it''s ? -- no' AND b = /* ? */ ?  => [id='it's ? -- no', b=?1]
                id = DATE '2020-01-01'  => [id=~]
                id = @x  => [id=~]
                id = ? -- = 5  => [id=?1]
                """);
    }

    static Stream<Arguments> others() {
        return lines("""
                INSERT INTO t SELECT * FROM u  => INSERT_SELECT
                INSERT INTO t (a) SELECT 1  => INSERT_SELECT
                INSERT INTO t (a) (SELECT 1)  => INSERT_SELECT
                INSERT INTO t (SELECT 1)  => INSERT_SELECT
                INSERT INTO t ((SELECT 1))  => INSERT_SELECT
                INSERT INTO t TABLE u  => INSERT_SELECT
                INSERT INTO t WITH c AS (SELECT 1) SELECT * FROM c  => INSERT_SELECT
                INSERT INTO t VALUES ROW(1), ROW(2)  => INSERT_VALUES_ROW
                INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2  => INSERT_ON_DUPLICATE
                INSERT INTO t SET a = 1 ON DUPLICATE KEY UPDATE a = 2  => INSERT_ON_DUPLICATE
                INSERT INTO t (a) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a  => INSERT_ROW_ALIAS
                INSERT INTO t (a) VALUES (1) AS new(x)  => INSERT_ROW_ALIAS
                INSERT IGNORE INTO t VALUES (1)  => INSERT_IGNORE
                INSERT LOW_PRIORITY IGNORE t VALUES (1)  => INSERT_IGNORE
                INSERT DELAYED INTO t VALUES (1)  => INSERT_DELAYED
                INSERT INTO t PARTITION (p0) VALUES (1)  => PARTITION
                INSERT INTO t VALUES (1) RETURNING id  => RETURNING
                INSERT INTO t (a, b) VALUES (1)  => UNKNOWN
                INSERT INTO t (a, A) VALUES (1, 2)  => UNKNOWN
                INSERT INTO t VALUES (1),  => UNKNOWN
                INSERT INTO t VALUES (1,)  => UNKNOWN
                INSERT INTO t VALUES (,1)  => UNKNOWN
                INSERT INTO t VALUES (1) (2)  => UNKNOWN
                INSERT INTO t VALUES (1) UNION SELECT 2  => UNKNOWN
                INSERT INTO t vlaues (1)  => UNKNOWN
                INSERT INTO t  => UNKNOWN
                INSERT INTO t (a) SET a = 1  => UNKNOWN
                INSERT INTO t VALUES (SELECT 1)  => UNKNOWN
                INSERT INTO a.b.c VALUES (1)  => UNKNOWN
                INSERT INTO t (u.a) VALUES (1)  => UNKNOWN
                INSERT INTO t VALUES ({d '2020-01-01'})  => JDBC_ESCAPE
                INSERT INTO select VALUES (1)  => UNKNOWN
                INSERT /*+ SET_VAR(sql_mode='NO_AUTO_VALUE_ON_ZERO') */ INTO t VALUES (0)  => UNKNOWN
                REPLACE INTO t VALUES (1)  => REPLACE
                UPDATE IGNORE t SET a = 1  => UPDATE_IGNORE
                UPDATE LOW_PRIORITY IGNORE t SET a = 1  => UPDATE_IGNORE
                UPDATE t SET a = 1 LIMIT 1  => UPDATE_LIMIT
                UPDATE t SET a = 1 WHERE b = 1 ORDER BY c LIMIT 1  => UPDATE_LIMIT
                UPDATE t SET a = 1 WHERE b = 1 ORDER BY c  => ORDERED_UPDATE
                UPDATE t, u SET t.a = 1  => MULTI_TABLE_UPDATE
                UPDATE t x, u SET x.a = 1  => MULTI_TABLE_UPDATE
                UPDATE t JOIN u ON t.id = u.id SET t.a = 1  => MULTI_TABLE_UPDATE
                UPDATE t AS x LEFT JOIN u ON x.id = u.id SET x.a = 1  => MULTI_TABLE_UPDATE
                UPDATE t INNER JOIN u SET t.a = 1  => MULTI_TABLE_UPDATE
                UPDATE t NATURAL JOIN u SET t.a = 1  => MULTI_TABLE_UPDATE
                UPDATE t STRAIGHT_JOIN u SET t.a = 1  => MULTI_TABLE_UPDATE
                UPDATE (t) SET a = 1  => UNKNOWN
                UPDATE (SELECT 1) x, t SET t.a = 1  => UNKNOWN
                UPDATE t PARTITION (p0) SET a = 1  => PARTITION
                UPDATE t USE INDEX (i) SET a = 1  => INDEX_HINT
                UPDATE t x FORCE INDEX (i) SET a = 1  => INDEX_HINT
                UPDATE t FOR PORTION OF p FROM '1' TO '2' SET a = 1  => PORTION
                UPDATE t SET a = 1, a = 2  => UNKNOWN
                UPDATE t SET u.a = 1  => UNKNOWN
                UPDATE t x SET t.a = 1  => UNKNOWN
                UPDATE t SET a  => UNKNOWN
                UPDATE t SET a =  => UNKNOWN
                UPDATE t SET a = 1,  => UNKNOWN
                UPDATE t SET  => UNKNOWN
                UPDATE t SET a = 1 WHERE  => UNKNOWN
                UPDATE t SET a = 1 SET b = 2  => UNKNOWN
                UPDATE t SET a = 1 FROM u WHERE id = 1  => UNKNOWN
                UPDATE t SET a = 1 WHERE id = 1 WHERE id = 2  => UNKNOWN
                UPDATE t SET a = 1 WHERE id = 1, b = 2  => UNKNOWN
                UPDATE t SET a = 1 WHERE id = 1 RETURNING id  => RETURNING
                UPDATE t SET a = 1 WHERE CURRENT OF c  => UNKNOWN
                UPDATE t SET a = {fn now()}  => JDBC_ESCAPE
                UPDATE t SET a = 1 /*! WHERE id = 1 */  => UNKNOWN
                UPDATE t SET a = 1 WHERE id = 1 /*! OR b = 1 */  => UNKNOWN
                UPDATE t SET a = 1 WHERE /*! id = */ 1  => UNKNOWN
                DELETE t FROM t JOIN u  => MULTI_TABLE_DELETE
                DELETE t.* FROM t  => MULTI_TABLE_DELETE
                DELETE t, u FROM t JOIN u  => MULTI_TABLE_DELETE
                DELETE quick, t FROM quick JOIN t  => MULTI_TABLE_DELETE
                DELETE FROM t, u USING t JOIN u  => MULTI_TABLE_DELETE
                DELETE FROM t.* USING t JOIN u  => MULTI_TABLE_DELETE
                DELETE FROM t JOIN u  => MULTI_TABLE_DELETE
                DELETE HISTORY FROM t  => MULTI_TABLE_DELETE
                DELETE FROM t USING t JOIN u  => DELETE_USING
                DELETE FROM x USING t AS x WHERE x.id = 1  => DELETE_USING
                DELETE IGNORE FROM t  => DELETE_IGNORE
                DELETE QUICK IGNORE FROM t  => DELETE_IGNORE
                DELETE FROM t LIMIT 1  => DELETE_LIMIT
                DELETE FROM t WHERE a = 1 ORDER BY b LIMIT 1  => DELETE_LIMIT
                DELETE FROM t WHERE a = 1 ORDER BY b  => ORDERED_DELETE
                DELETE FROM t PARTITION (p0) WHERE a = 1  => PARTITION
                DELETE FROM t WHERE id = 1 RETURNING id  => RETURNING
                DELETE FROM t RETURNING id  => RETURNING
                DELETE FROM t FOR PORTION OF p FROM '1' TO '2'  => PORTION
                DELETE FROM t WHERE id = 1 garbage FROM u  => UNKNOWN
                DELETE t  => MULTI_TABLE_DELETE
                DELETE FROM  => UNKNOWN
                WITH c AS (SELECT 1) UPDATE t SET a = 1  => CTE_DML
                WITH RECURSIVE c (n) AS (SELECT 1), d AS (SELECT 2) DELETE FROM t  => CTE_DML
                WITH c AS SELECT 1  => UNKNOWN
                BEGIN  => TRANSACTION_CONTROL
                BEGIN WORK  => TRANSACTION_CONTROL
                BEGIN NOT ATOMIC DELETE FROM t END  => UNKNOWN
                START TRANSACTION READ ONLY  => TRANSACTION_CONTROL
                /* x */ start /* y */ transaction  => TRANSACTION_CONTROL
                COMMIT AND CHAIN  => TRANSACTION_CONTROL
                ROLLBACK TO SAVEPOINT a  => TRANSACTION_CONTROL
                SAVEPOINT a  => TRANSACTION_CONTROL
                RELEASE SAVEPOINT a  => TRANSACTION_CONTROL
                SET autocommit = 0  => TRANSACTION_CONTROL[autocommit]
                SET @@session.autocommit = 0  => TRANSACTION_CONTROL[autocommit]
                SET @@Autocommit := 0  => TRANSACTION_CONTROL[autocommit]
                SET LOCAL `autocommit` = 0  => TRANSACTION_CONTROL[autocommit]
                SET @a = 1, autocommit = 1  => TRANSACTION_CONTROL[autocommit]
                SET TRANSACTION ISOLATION LEVEL READ COMMITTED  => TRANSACTION_CONTROL[transaction]
                SET SESSION TRANSACTION READ ONLY  => TRANSACTION_CONTROL[transaction]
                SET GLOBAL TRANSACTION READ ONLY  => SET_GLOBAL[transaction]
                SET sql_mode = '', time_zone = '+00:00'  => SET_SESSION[sql_mode, time_zone]
                SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')  => SET_SESSION[sql_mode]
                SET @@sql_mode = ''  => SET_SESSION[sql_mode]
                SET NAMES utf8mb4 COLLATE utf8mb4_bin  => SET_SESSION[names]
                SET CHARACTER SET utf8mb4  => SET_SESSION[charset]
                SET ROLE r  => SET_SESSION[role]
                SET GLOBAL read_only = 1  => SET_GLOBAL[read_only]
                SET @@global.read_only = 1, sql_mode = ''  => SET_MIXED[sql_mode, read_only]
                SET GLOBAL read_only = 1, SESSION sql_mode = ''  => SET_MIXED[sql_mode, read_only]
                SET GLOBAL read_only = 1, @@session.sql_mode = ''  => SET_MIXED[sql_mode, read_only]
                SET sql_mode = '', PERSIST max_connections = 1  => SET_MIXED[sql_mode, max_connections]
                SET GLOBAL read_only = 1, super_read_only = 1  => SET_GLOBAL[super_read_only, read_only]
                SET PERSIST max_connections = 1  => SET_GLOBAL[max_connections]
                SET @x = (SELECT 1), @y := 2  => SET_USER_VARIABLE
                SET @@`autocommit` = 0  => UNKNOWN
                SET PASSWORD = 'x'  => ACCOUNT
                SET STATEMENT max_statement_time = 1 FOR DELETE FROM t  => UNKNOWN
                SET  => UNKNOWN
                USE other  => USE[other]
                USE `o``ther`  => USE[o`ther]
                XA START 'x'  => XA
                LOCK TABLES t WRITE  => LOCK_TABLES
                UNLOCK TABLES  => LOCK_TABLES
                CREATE TABLE t (id INT)  => CREATE
                CREATE OR REPLACE VIEW v AS SELECT 1  => CREATE
                CREATE TEMPORARY TABLE t (id INT)  => CREATE_TEMPORARY_TABLE
                CREATE OR REPLACE TEMPORARY TABLE t (id INT)  => CREATE_TEMPORARY_TABLE
                CREATE USER u  => ACCOUNT
                ALTER TABLE t ADD a INT  => ALTER
                DROP TABLE t  => DROP
                DROP TEMPORARY TABLE t  => DROP_TEMPORARY_TABLE
                DROP PREPARE s  => PREPARED_TEXT
                RENAME TABLE t TO u  => RENAME
                TRUNCATE t  => TRUNCATE
                CALL p(?)  => CALL
                {call p(?)}  => CALL
                { ? = CALL p(?) }  => CALL
                {fn now()}  => UNKNOWN
                LOAD DATA INFILE 'x' INTO TABLE t  => LOAD_DATA
                LOAD XML INFILE 'x' INTO TABLE t  => LOAD_DATA
                IMPORT TABLE FROM 'x'  => IMPORT
                HANDLER t OPEN  => HANDLER
                PREPARE s FROM 'DELETE FROM t'  => PREPARED_TEXT
                EXECUTE IMMEDIATE 'DELETE FROM t'  => PREPARED_TEXT
                DEALLOCATE PREPARE s  => PREPARED_TEXT
                BINLOG 'abc'  => PREPARED_TEXT
                SHOW TABLES  => SHOW
                DESC t  => DESCRIBE
                DESCRIBE db.t  => DESCRIBE
                EXPLAIN SELECT 1  => EXPLAIN
                EXPLAIN FORMAT=JSON UPDATE t SET a = 1  => EXPLAIN
                EXPLAIN ANALYZE SELECT 1  => EXPLAIN_ANALYZE
                EXPLAIN FORMAT=TREE ANALYZE DELETE t FROM t JOIN u  => EXPLAIN_ANALYZE
                ANALYZE UPDATE t SET a = 1  => EXPLAIN_ANALYZE
                ANALYZE FORMAT=JSON DELETE FROM t  => EXPLAIN_ANALYZE
                ANALYZE TABLE t  => TABLE_MAINTENANCE
                ANALYZE LOCAL TABLE t  => TABLE_MAINTENANCE
                CHECKSUM TABLE t  => TABLE_MAINTENANCE
                DO SLEEP(1)  => DO
                KILL 5  => KILL
                FLUSH TABLES  => FLUSH
                GRANT ALL ON *.* TO u  => ACCOUNT
                START REPLICA  => ADMIN
                DELIMITER //  => UNKNOWN
                SELECT 1; DELETE FROM t  => MULTI_STATEMENT
                SELECT 1;;  => MULTI_STATEMENT
                ;  => EMPTY
                /* x */ -- y  => EMPTY
                # DELETE FROM t  => EMPTY
                DELETE FROM t WHERE id = 'a  => UNKNOWN
                DELETE FROM t WHERE id = `a  => UNKNOWN
                DELETE FROM t /* x  => UNKNOWN
                DELETE FROM t /*! x  => UNKNOWN
                DELETE FROM t WHERE id = 1 */  => UNKNOWN
                DELETE FROM t WHERE (id = 1  => UNKNOWN
                DELETE FROM t WHERE id = 1)  => UNKNOWN
                DELETE FROM t WHERE id =! 1  => UNKNOWN
                DELETE FROM t WHERE id == 1  => UNKNOWN
                DELETE FROM t WHERE id = 1.5e  => UNKNOWN
                DELETE FROM t /*!99999 WHERE id = 1 */  => UNKNOWN
                DELETE FROM t /*!800000 WHERE id = 1 */  => UNKNOWN
                DELETE FROM t /*!4000 WHERE id = 1 */  => UNKNOWN
                DELETE FROM t /*M! WHERE id = 1 */  => UNKNOWN
                DELETE FROM t WHERE id = /*! ? */  => UNKNOWN
                DELETE FROM t WHERE id = 1 /*! /*! AND b = 1 */ */  => UNKNOWN
                DELETE FROM t WHERE id = 1 --; AND b = 1  => UNKNOWN
                DELETE FROM t WHERE id = 1 --\001 ?  => UNKNOWN
                DELETE FROM t WHERE id = 1 --\177 ?  => UNKNOWN
                DELETE FROM t WHERE id = 1 --\f ?  => DELETE t [id=1]
                SELECT 1 UPDATE t SET a = 1  => UNKNOWN
                UPDATE t SET a = (UPDATE u SET b = 1) WHERE id = 1  => UNKNOWN
                DELETE FROM t WHERE (id = 1 REPLACE)  => UNKNOWN
                (DELETE FROM t)  => UNKNOWN
                garbage  => UNKNOWN
                ?  => UNKNOWN
                """);
    }

    static Stream<Arguments> queries() {
        return lines("""
                SELECT 1  => SELECT NONE
                (SELECT 1) UNION (SELECT 2)  => SELECT NONE
                ((SELECT 1))  => SELECT NONE
                TABLE t  => SELECT NONE
                VALUES ROW(1), ROW(2)  => SELECT NONE
                WITH c AS (SELECT 1) SELECT * FROM c  => SELECT NONE
                WITH c AS (SELECT 1) (SELECT * FROM c)  => SELECT NONE
                SELECT * FROM t FOR UPDATE  => SELECT UPDATE
                SELECT * FROM t FOR SHARE SKIP LOCKED  => SELECT SHARE
                SELECT * FROM t LOCK IN SHARE MODE  => SELECT SHARE
                SELECT * FROM t FOR UPDATE OF t NOWAIT  => SELECT UPDATE
                SELECT * FROM t FOR SHARE OF t FOR UPDATE OF u  => SELECT UPDATE
                SELECT * FROM (SELECT * FROM t FOR UPDATE) x  => SELECT UPDATE
                SELECT * FROM t USE INDEX FOR JOIN (i)  => SELECT NONE
                SELECT SUBSTRING(a FROM 1 FOR 2), 'FOR UPDATE' FROM t -- FOR UPDATE  => SELECT NONE
                SELECT a INTO @x FROM t  => SELECT NONE INTO
                SELECT a FROM t INTO OUTFILE 'x'  => SELECT NONE INTO
                SELECT INSERT('a', 1, 1, 'b'), REPLACE('a', 'b', 'c')  => SELECT NONE
                SELECT {fn now()}, {d '2020-01-01'} FROM t  => SELECT NONE
                """);
    }

    static Stream<Arguments> named() {
        return lines("""
                SELECT 1  =>
                SELECT 1 FROM DUAL  =>
                SELECT * FROM a, b c, `d e`.`f.g` JOIN h USING (x, y), i  => a b d e.f.g h i
                SELECT * FROM (a, (b CROSS JOIN c)), d  => a b c d
                SELECT * FROM a LEFT JOIN b ON a.x = b.x AND f(a.y, b.y), c WHERE d = e  => a b c
                SELECT (SELECT 1 FROM a), x FROM (SELECT y, z FROM b) c, d  => a b d
                SELECT STRAIGHT_JOIN x, y FROM a STRAIGHT_JOIN b  => a b
                SELECT EXTRACT(YEAR FROM x), TRIM(BOTH ' ' FROM y), SUBSTRING(z FROM 2) FROM a  => a
                SELECT TRIM((SELECT x FROM b)) FROM a  => b a
                SELECT * FROM a WHERE x IN (SELECT y FROM b WHERE EXISTS (TABLE c))  => a b c
                SELECT * FROM a USE INDEX FOR JOIN (i, j), b FORCE INDEX FOR ORDER BY (k), c  => a b c
                SELECT * FROM a x FOR UPDATE OF x, y  => a
                SELECT * FROM a PARTITION (p, q) AS x, b  => a b
                SELECT * FROM a, LATERAL (SELECT * FROM b) x, JSON_TABLE(a.j, '$' COLUMNS (z INT PATH '$')) y, c  => a b c
                SELECT * FROM {oj a LEFT OUTER JOIN b ON a.x = b.x}, c  => a b c
                SELECT x.y FROM a GROUP BY x, y HAVING z ORDER BY p, q LIMIT 1, 2  => a
                SELECT 1 FROM a UNION SELECT 2 FROM b  => a b
                SELECT * FROM a.select, .b  => a.select b
                WITH c AS (SELECT * FROM a) SELECT * FROM c, b  => a b
                WITH c AS (SELECT * FROM c) SELECT * FROM c  => c
                WITH RECURSIVE c AS (SELECT 1 UNION SELECT * FROM c) SELECT * FROM C  =>
                WITH c AS (SELECT 1), d AS (SELECT * FROM c, e) SELECT * FROM d, x.c  => e x.c
                WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a, b  => b
                SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c) x, c  => c
                TABLE a  => a
                INSERT INTO a (x, y) VALUES ((SELECT 1 FROM b), 2)  => a b
                INSERT INTO a SELECT * FROM b, c ON DUPLICATE KEY UPDATE x = y  => a b c
                REPLACE a VALUES (1)  => a
                UPDATE a SET x = (SELECT y FROM b) WHERE z IN (SELECT 1 FROM c)  => a b c
                UPDATE a JOIN b ON a.x = b.x, c SET a.y = 1, b.z = 2  => a b c
                DELETE FROM a WHERE x = (SELECT 1 FROM b)  => a b
                DELETE a, b.* FROM c, d  => a b c d
                DELETE FROM a USING b, c  => a b c
                EXPLAIN DELETE FROM a  => a
                DESC a  => a
                DROP TABLE IF EXISTS a, b  => a b
                LOCK TABLES a READ, b WRITE  => a b
                RENAME TABLE a TO b, c TO d  => a b c d
                TRUNCATE TABLE a  => a
                CREATE TABLE IF NOT EXISTS a LIKE b  => a b
                LOAD DATA INFILE 'x' INTO TABLE a (x, y)  => a
                """);
    }

    @ParameterizedTest
    @MethodSource({"simple", "others", "queries"})
    void aStatementIsReadAs(String sql, String shape) {
        assertThat(Shape.of(sql)).isEqualTo(shape);
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void aConditionIsCutInto(String condition, String terms) {
        String sql = "DELETE FROM t WHERE " + condition;

        Statement statement = Shape.MYSQL.read(sql);

        assertThat(statement).isInstanceOf(Statement.Delete.class);
        assertThat(Shape.where(((Statement.Delete) statement).where()).strip()).isEqualTo(terms);
    }

    @ParameterizedTest
    @MethodSource("named")
    void theTablesAre(String sql, String tables) {
        assertThat(Shape.tables(sql)).isEqualTo(tables);
    }

    @Test
    void aCommentThatOnlyAnotherServerRunsIsUnknown() {
        StatementReader maria = new StatementReader(SqlDialect.mariadb(110405));

        assertThat(Shape.of(maria.read("DELETE /*M!100100 QUICK */ FROM t"))).isEqualTo("DELETE t all");
        assertThat(Shape.of(maria.read("DELETE /*!50101 QUICK */ FROM t"))).isEqualTo("DELETE t all");
        assertThat(Shape.of(maria.read("DELETE /*!100100 QUICK */ FROM t"))).isEqualTo("DELETE t all");
        assertThat(Shape.of(maria.read("DELETE /*!80000 QUICK */ FROM t"))).isEqualTo("UNKNOWN");
        assertThat(Shape.of(maria.read("DELETE /*!120000 QUICK */ FROM t"))).isEqualTo("UNKNOWN");
    }

    @Test
    void theModesOfTheSessionDecideAboutQuotes() {
        StatementReader ansi = new StatementReader(SqlDialect.mysql(80403).withModes(true, false));
        StatementReader plain = new StatementReader(SqlDialect.mysql(80403).withModes(false, true));

        assertThat(Shape.of(ansi.read("DELETE FROM \"t\"\"x\" WHERE \"id\" = 'a'")))
                .isEqualTo("DELETE t\"x [id='a']");
        assertThat(Shape.of("DELETE FROM \"t\" WHERE id = 'a'")).isEqualTo("UNKNOWN");
        assertThat(Shape.of(plain.read("DELETE FROM t WHERE id = 'a\\' AND b = '\\n'")))
                .isEqualTo("DELETE t [id='a\\', b='\\n']");
        assertThat(Shape.of("DELETE FROM t WHERE id = 'a\\' AND b = '")).isEqualTo("DELETE t [id='a' AND b = ']");
    }

    @Test
    void commentsEndWhereTheServerEndsThem() {
        assertThat(Shape.of("DELETE FROM t -- x\n WHERE id = 1")).isEqualTo("DELETE t [id=1]");
        assertThat(Shape.of("DELETE FROM t --x\n WHERE id = 1")).isEqualTo("UNKNOWN");
        assertThat(Shape.of("DELETE FROM t # x\n WHERE id = 1")).isEqualTo("DELETE t [id=1]");
        assertThat(Shape.of("DELETE FROM t -- x\r\n WHERE id = 1")).isEqualTo("DELETE t [id=1]");
        assertThat(Shape.of("DELETE FROM t -- x\r WHERE id = 1")).isEqualTo("UNKNOWN");
        assertThat(Shape.of("DELETE FROM t # x\0 WHERE id = 1")).isEqualTo("UNKNOWN");
        assertThat(Shape.of("DELETE FROM t WHERE id = 5--1")).isEqualTo("DELETE t [id=~]");
        assertThat(Shape.of("DELETE FROM t --")).isEqualTo("DELETE t all");
    }

    @Test
    void aNameIsMentionedWhereverItStands() {
        assertThat(Shape.MYSQL.read("CALL p(`Orders`)").mentions("orders")).isTrue();
        assertThat(Shape.MYSQL.read("FOO /*! ORDERS */").mentions("orders")).isTrue();
        assertThat(Shape.MYSQL.read("FOO /*!99999 ORDERS */").mentions("orders"))
                .isTrue();
        assertThat(Shape.MYSQL.read("FOO 'x /* orders").mentions("ORDERS")).isTrue();
        assertThat(Shape.MYSQL.read("FOO \"orders\"").mentions("orders")).isTrue();
        assertThat(Shape.MYSQL.read("PREPARE s FROM 'DELETE FROM orders'").mentions("orders"))
                .isTrue();
        assertThat(Shape.MYSQL.read("CALL p('orders') -- orders").mentions("orders"))
                .isFalse();
        assertThat(Shape.MYSQL.read("CALL p(order_line)").mentions("orders")).isFalse();
    }

    @Test
    void functionsAndVariablesAreSeen() {
        Features features = Shape.MYSQL
                .read(
                        "INSERT INTO t (a) VALUES (db.f(NOW(6))), (CURRENT_TIMESTAMP), (`g`(@x)), (@@sql_mode), (left (a, 1))")
                .features();

        assertThat(features.functions().stream().map(FunctionRef::name))
                .containsExactlyInAnyOrder("f", "NOW", "CURRENT_TIMESTAMP", "g", "left");
        assertThat(features.functions()).contains(new FunctionRef("db", "f"));
        assertThat(features.calls("now")).isTrue();
        assertThat(features.userVariables()).isTrue();
        assertThat(features.systemVariables()).isTrue();
        assertThat(features.assignments()).isFalse();
    }

    @Test
    void parametersAreCountedOutsideOfStringsAndCommentsOnly() {
        assertThat(Shape.MYSQL
                        .read("SELECT ?, '?', \"?\", `?` /* ? */ FROM t # ?\n WHERE a = ? -- ?")
                        .paramCount())
                .isEqualTo(2);
    }
}
