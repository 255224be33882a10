package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.sql.SqlDialect;
import dev.dualwrite.sql.Statement.Selective;
import dev.dualwrite.sql.StatementReader;
import dev.dualwrite.testkit.server.TwoServers;
import dev.dualwrite.testkit.server.User;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the keys which are captured are those of the rows that the server changes; judged as {@link OnStage} says. */
class CapturedKeysIT extends OnStage {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysOfEveryTypeAreWhatTheServerStores(boolean autoCommit) throws Exception {
        open("");
        doing(autoCommit, c -> {
            update(c, "INSERT INTO pair VALUES (1, 'x', 1), (2, 'Ä', 1)");
            update(c, "INSERT INTO code (v, c) VALUES (1, 'Abc'), (2, 'déf')");
            update(c, "INSERT INTO day VALUES ('2024-12-31', 1), ('2025-01-31 23:59:59.7', 2)");
            update(c, "INSERT INTO amount VALUES (1.005, 1), ('2.5', 2), (3, 3)");
            try (PreparedStatement p = c.prepareStatement("INSERT INTO stamp VALUES (?, ?)")) {
                p.setTimestamp(1, Timestamp.valueOf("2024-12-31 23:59:59.9996"));
                p.setInt(2, 1);
                p.executeUpdate();
                p.setString(1, "2023-01-01 00:00:00.1234");
                p.executeUpdate();
            }
            try (PreparedStatement p = c.prepareStatement("INSERT INTO amount VALUES (?, ?)")) {
                p.setBigDecimal(1, new BigDecimal("77.777"));
                p.setInt(2, 1);
                p.executeUpdate();
                p.setDouble(1, 88.885);
                p.executeUpdate();
            }
            try (PreparedStatement p = c.prepareStatement("INSERT INTO code VALUES (CONCAT('k', ?), 1)")) {
                p.setInt(1, 7);
                p.executeUpdate();
            }
        });
        assertThat(doing(autoCommit, c -> update(c, "UPDATE code SET v = 5 WHERE c = 'DÉF'"))
                        .size())
                .isPositive();
        doing(autoCommit, c -> update(c, "UPDATE stamp SET v = 9 WHERE t = '2023-01-01 00:00:00.123'"));
        doing(autoCommit, c -> update(c, "UPDATE pair SET v = 9 WHERE (a, b) IN ((1, 'X'), (2, 'ä'))"));
        doing(autoCommit, c -> update(c, "UPDATE pair SET b = CONCAT(b, '!'), a = a + 1 WHERE v = 9"));
        doing(autoCommit, c -> update(c, "DELETE FROM amount WHERE d > 2"));
    }

    @Test
    void aKeyIsTakenFromAnotherColumnOfARowThatIsNamed() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 50)");
        for (boolean autoCommit : new boolean[] {true, false}) {
            assertThat(doing(autoCommit, c -> update(c, "UPDATE item SET id = v, v = id WHERE id = 1")))
                    .containsExactly("item:1", "item:50");
            assertThat(doing(autoCommit, c -> update(c, "UPDATE item SET id = 1, v = 50 WHERE id = 50")))
                    .containsExactly("item:1", "item:50");
        }
    }

    @Test
    void aRowCommittedBetweenKeySelectAndStatementIsNotChanged() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 1)");
        try (Connection c = stage.connect();
                Connection other = stage.direct(Side.SOURCE)) {
            c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            c.setAutoCommit(false);
            update(c, "UPDATE item SET v = 2 WHERE v = 1");
            update(other, "INSERT INTO item (id, v) VALUES (3, 1)");
            update(c, "UPDATE item SET v = 2 WHERE v = 1");
            c.commit();
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1", "item:2", "item:3");
    }

    @Scenario(38)
    @Test
    void manyKeysAreWrittenEarly() throws Exception {
        open("&rewriteBatchedStatements=true");
        Set<String> captured = doing(false, c -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO item (v) VALUES (?)")) {
                for (int i = 0; i < 3_000; i++) {
                    p.setInt(1, i);
                    p.addBatch();
                    if (i % 500 == 499) {
                        p.executeBatch();
                    }
                }
            }
            update(c, "UPDATE item SET v = 0");
        });
        assertThat(captured).hasSize(3_000);
        doing(false, c -> {
            update(c, "DELETE FROM item");
            c.rollback();
        });
        assertThat(stage.captured(Side.SOURCE)).isEmpty();
    }

    @Test
    void aShortenedSelectLimitDoesNotShortenTheKeys() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 1), (3, 1)");
        doing(true, c -> {
            update(c, "SET SESSION sql_select_limit = 1");
            assertThat(update(c, "UPDATE item SET v = 2 WHERE v = 1")).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @CsvSource({"false, ''", "true, ''", "false, &useServerPrepStmts=true"})
    void aKeyExpressionThatComesToNothingGeneratesAKey(boolean autoCommit, String options) throws Exception {
        open(options);
        doing(autoCommit, c -> update(c, "INSERT INTO item (id, v) VALUES ((0), 1)"));
        doing(autoCommit, c -> update(c, "INSERT INTO item (id, v) VALUES ((NULL), 1)"));
        doing(autoCommit, c -> update(c, "INSERT INTO item (id, v) VALUES (1-1, 1), (2-2, 2), (3-3, 3)"));
        doing(autoCommit, c -> update(c, "INSERT INTO item (id, v) VALUES (50+50, 1), (2-2, 2), (100+100, 3)"));
        doing(autoCommit, c -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO item (id, v) VALUES (?+0, 1)")) {
                p.setLong(1, 0);
                p.executeUpdate();
                p.setLong(1, 300);
                p.executeUpdate();
            }
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("10");
        doing(autoCommit, c -> {
            update(c, "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'");
            update(c, "INSERT INTO item (id, v) VALUES (1-1, 1)");
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item WHERE id = 0"))
                .isEqualTo("1");
    }

    /** Connector/J throws after the statement when it could not open the connection by which it cancels. */
    @Test
    void anInsertOfWhichTheDriverSaysThatItFailedThoughItRanIsNotCommitted() throws Exception {
        String grants = "SELECT, INSERT, UPDATE, DELETE ON *.*";
        User user = TwoServers.get().source().createUser(grants);
        String account = "'" + user.name() + "'@'%'";
        String create = "CREATE USER " + account + " IDENTIFIED BY '" + user.password() + "'";
        try {
            if (!TwoServers.get()
                    .source()
                    .toString()
                    .equals(TwoServers.get().target().toString())) {
                TwoServers.get().target().execute(create, "GRANT " + grants + " TO " + account);
            }
            TwoServers.get().source().execute("ALTER USER " + account + " WITH MAX_USER_CONNECTIONS 1");
            open("&user=" + user.name() + "&password=" + user.password());
            try (Connection c = stage.connect()) {
                c.setAutoCommit(false);
                try (Statement s = c.createStatement()) {
                    s.setQueryTimeout(1);
                    assertThatThrownBy(() -> s.executeUpdate("INSERT INTO item (v) VALUES (SLEEP(3))"))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("max_user_connections");
                }
                assertThatThrownBy(c::commit)
                        .isInstanceOf(OwnershipException.class)
                        .hasMessageContaining("DW-3004");
                update(c, "INSERT INTO item (id, v) VALUES (900, 1)");
                c.commit();
            }
            assertThat(stage.rows(Side.SOURCE)).containsOnlyKeys("item:900");
            assertThat(stage.captured(Side.SOURCE)).containsExactly("item:900");
        } finally {
            TwoServers.get().source().execute("DROP USER IF EXISTS " + account);
            TwoServers.get().target().execute("DROP USER IF EXISTS " + account);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&padCharsWithSpace=true", "&characterSetResults=latin1", "&maxRows=1"})
    void keysAreReadAsTheyAreOrTheChangeIsRefused(String options) throws Exception {
        open(options);
        stage.put("INSERT INTO code VALUES ('a', 1), ('b', 1), ('\u20ac', 1)");
        if (options.contains("maxRows")) {
            // the server's sql_select_limit, by which the driver does that, is not for UPDATE
            doing(
                    true,
                    c -> assertThat(update(c, "UPDATE code SET v = 2 WHERE v = 1"))
                            .isEqualTo(3));
        } else {
            try (Connection c = stage.connect()) {
                assertThatThrownBy(() -> update(c, "UPDATE code SET v = 2 WHERE v = 1"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2043");
            }
        }
    }

    @Scenario(37)
    @ParameterizedTest
    @CsvSource({"true, ''", "false, ''", "true, &useServerPrepStmts=true"})
    void textsAreCapturedAsTheyArriveWhenABackslashIsALetter(boolean autoCommit, String options) throws Exception {
        open(options);
        doing(autoCommit, c -> {
            update(c, "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'");
            try (PreparedStatement p = c.prepareStatement("INSERT INTO code (c, v) VALUES (?, 1)")) {
                for (String key : List.of("a\nb", "c\\d", "e\tf", "plain")) {
                    p.setString(1, key);
                    p.executeUpdate();
                }
            }
            try (PreparedStatement p = c.prepareStatement("UPDATE code SET v = 2 WHERE c = ?")) {
                for (String key : List.of("a\nb", "c\\d", "e\tf", "plain")) {
                    p.setString(1, key);
                    assertThat(p.executeUpdate()).isEqualTo(1);
                }
            }
        });
    }

    private static final String BY_SUBQUERY =
            "UPDATE item SET v = 9 WHERE id IN (SELECT a FROM pair) AND v IS NOT NULL";

    private static final String BY_UNION =
            "UPDATE item SET v = 9 WHERE id IN (SELECT a FROM pair UNION SELECT a FROM pair) AND v IS NOT NULL";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*) FROM code",
                "UPDATE item SET v = 1 WHERE id IN (SELECT v FROM code UNION SELECT 7)"
            })
    void aSubqueryDoesNotAnswerFromASnapshotThatIsOlderThanTheStatement(String before) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 1)", "INSERT INTO pair VALUES (1, 'x', 1)");
        try (Connection c = stage.connect()) {
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.execute(before);
            }
            stage.put("INSERT INTO pair VALUES (2, 'x', 1)");
            assertThatThrownBy(() -> update(c, BY_UNION))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("DW-2044");
            assertThat(update(c, BY_SUBQUERY))
                    .as("its query locks, and so reads the newest")
                    .isEqualTo(2);
            c.rollback();
            assertThat(update(c, BY_UNION)).as("the first of its transaction").isEqualTo(2);
            c.rollback();
            c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            try (Statement s = c.createStatement()) {
                s.execute(before);
            }
            stage.put("INSERT INTO item (id, v) VALUES (3, 1)", "INSERT INTO pair VALUES (3, 'x', 1)");
            assertThat(update(c, BY_SUBQUERY)).isEqualTo(3);
            c.commit();
        }
        assertThat(stage.captured(Side.SOURCE)).contains("item:1", "item:2", "item:3");
    }

    /** @param texts what the session takes texts for */
    @ParameterizedTest
    @ValueSource(strings = {"utf8mb4_general_ci", "utf16_general_ci"})
    void whatTheServerCapturesByItselfGoesThroughTheFenceAndIsWhatWouldBeCapturedHere(String texts) throws Exception {
        open("");
        stage.put("INSERT INTO pair VALUES (1, 'x', 1), (2, 'Ä b', 1), (3, '', 1), (4, 'other', 2)");
        IntentWriter writer = stage.intents(Side.SOURCE);
        KeySpec key = stage.schema(Side.SOURCE).require("pair").key();
        Selective change =
                (Selective) new StatementReader(SqlDialect.mysql(80022)).read("UPDATE pair p SET v = 3 WHERE p.v = 1");
        try (Connection c = stage.direct(Side.SOURCE)) {
            update(c, "SET collation_connection = " + texts);
            long epoch = writer.fence().read(c).orElseThrow().epoch();
            Bulk bulk = new Bulk(key, change, false, Parameters.NONE, 0);
            assertThat(bulk.write(writer, c, epoch + 1)).isFalse();
            assertThat(stage.captured(Side.SOURCE)).isEmpty();
            assertThat(bulk.write(writer, c, epoch)).isTrue();
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("pair:(1, x)", "pair:(2, Ä b)", "pair:(3, )");
        try (Connection c = stage.connect()) {
            assertThat(update(c, "UPDATE pair SET v = 3 WHERE v = 1")).isEqualTo(3);
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(DISTINCT unit, key_values, lane) FROM dualwrite_intent"))
                .as("each twice")
                .isEqualTo("3");
    }

    /** Each selects item 2 by a row of pair that was committed after the transaction's first read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "id IN (SELECT a FROM pair WHERE b = 'x')",
                "id = (SELECT MAX(a) FROM pair)",
                "EXISTS (SELECT 1 FROM pair p WHERE p.a = item.id AND p.v > 1)",
                "NOT (id < ALL (SELECT p.a FROM pair p JOIN pair q ON q.a = p.a WHERE q.a > 1))",
                "id IN (SELECT a FROM (SELECT DISTINCT a FROM pair) d WHERE a IN (SELECT a FROM pair))",
                "id IN (SELECT a FROM pair GROUP BY a HAVING COUNT(*) = 1)",
                "(id, 2) IN (SELECT a, v FROM pair ORDER BY a)",
                "v < (SELECT COUNT(*) FROM pair) AND id > 1",
            })
    void aQueryInTheConditionReadsTheNewestLikeTheStatementDoes(String condition) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 1)");
        try (Connection c = stage.connect()) {
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.execute("SELECT COUNT(*) FROM pair");
            }
            stage.put("INSERT INTO pair VALUES (2, 'x', 2), (0, 'y', 1)");
            assertThat(update(c, "UPDATE item SET v = v + 5 WHERE " + condition))
                    .isEqualTo(1);
            c.commit();
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:2");
        assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item WHERE id = 2")).isEqualTo("6");
    }

    @Test
    void wholeNumbersBeyondLongAreCaptured() throws Exception {
        stage = new Stage("", List.of("big"), "CREATE TABLE big (id BIGINT UNSIGNED PRIMARY KEY, v INT)");
        List<BigInteger> ids = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            ids.add(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.valueOf(i)));
        }
        doing(true, c -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO big VALUES (?, 1)")) {
                for (BigInteger id : ids) {
                    p.setObject(1, id);
                    p.executeUpdate();
                }
            }
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM big WHERE id > 0"))
                .isEqualTo("3");
        doing(true, c -> {
            try (PreparedStatement p = c.prepareStatement("UPDATE big SET v = v + 1 WHERE id = ?")) {
                p.setObject(1, ids.get(0));
                p.executeUpdate();
            }
        });
    }

    @Test
    void aFloatingPointNumberIsNoTextKey() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO code (c, v) VALUES (?, 1)")) {
                p.setDouble(1, 1e15);
                assertThatThrownBy(p::executeUpdate).hasMessageContaining("DW-2031");
                p.setObject(1, 1.5f);
                assertThatThrownBy(p::executeUpdate).hasMessageContaining("DW-2031");
            }
            assertThatThrownBy(() -> update(c, "INSERT INTO code (c, v) VALUES (1e15, 1)"))
                    .hasMessageContaining("DW-2031");
            assertThat(update(c, "INSERT INTO code (c, v) VALUES (1.5, 1)")).isEqualTo(1);
            for (String floating : List.of("SQRT(2)", "ROUND(SQRT(2), 2)", "'1.5' + 1", "COALESCE(NULL, PI())")) {
                assertThatThrownBy(() -> update(c, "INSERT INTO code (c, v) VALUES (" + floating + ", 1)"))
                        .as(floating)
                        .hasMessageContaining(floating.contains("(") ? "DW-2029" : "DW-2031");
                assertThatThrownBy(() -> update(c, "UPDATE code SET c = " + floating + " WHERE c = '1.5'"))
                        .as(floating)
                        .hasMessageContaining(floating.contains("(") ? "DW-2029" : "DW-2031");
            }
            try (PreparedStatement p = c.prepareStatement("INSERT INTO code (c, v) VALUES (? + 1, 1)")) {
                p.setString(1, "1.5");
                assertThatThrownBy(p::executeUpdate).hasMessageContaining("DW-2031");
                p.setInt(1, 1);
                assertThat(p.executeUpdate()).isEqualTo(1);
            }
            assertThat(update(c, "INSERT INTO code (c, v) VALUES (CONCAT('a', '1.5' + 1), 1)"))
                    .isEqualTo(1);
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactlyInAnyOrder("code:1.5", "code:2", "code:a2.5");
    }

    /** The library's own reads of generated keys open the snapshot, and so does a locking join. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsOfTheLibraryAndOfLockingQueriesCountToo(boolean byLibrary) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 1)", "INSERT INTO pair VALUES (1, 'x', 1)");
        try (Connection c = stage.connect()) {
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                if (byLibrary) {
                    s.addBatch("INSERT INTO item (v) VALUES (5)");
                    s.addBatch("INSERT INTO item (v) VALUES (6)");
                    s.executeBatch();
                } else {
                    s.execute("SELECT * FROM item i JOIN pair p ON p.a = i.id WHERE i.id = 1 FOR UPDATE");
                }
            }
            assertThatThrownBy(() -> update(c, BY_UNION))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("DW-2044");
            assertThat(update(c, "UPDATE item SET v = (SELECT COUNT(*) FROM pair) WHERE v = 1"))
                    .as("its keys are not selected by the subquery")
                    .isEqualTo(2);
            c.rollback();
        }
    }

    @Test
    void whatLooksLikeAnExponentWithinALiteralIsNone() throws Exception {
        stage = new Stage("", List.of("raw"), "CREATE TABLE raw (id BINARY(4) PRIMARY KEY, v INT)");
        assertThat(doing(true, c -> update(c, "INSERT INTO raw VALUES (UNHEX('0f1e2d3c'), 1)")))
                .containsExactly("raw:0f1e2d3c");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysAreCapturedInASessionOfWideCharacters(boolean autoCommit) throws Exception {
        open("");
        stage.put(
                "INSERT INTO code (c, v) VALUES ('Ä b', 1), ('c', 1)",
                "INSERT INTO item (id, v) VALUES (1, 1), (2, 1)");
        try (Connection c = stage.connect()) {
            update(c, "SET collation_connection = utf16_general_ci");
            c.setAutoCommit(autoCommit);
            for (int i = 2; i < 5; i++) { // a statement is prepared from its second time on
                update(c, "UPDATE item SET v = " + i + " WHERE id = 1");
                update(c, "UPDATE code SET v = " + i + " WHERE c = 'Ä b'");
            }
            update(c, "UPDATE code SET v = 7 WHERE c IN (SELECT 'c')");
            if (!autoCommit) {
                c.commit();
            }
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("code:c", "code:Ä b", "item:1");
    }

    @Test
    void keysThatAreNoTextsAreReadInAnyCharacterSet() throws Exception {
        open("&padCharsWithSpace=true");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)");
        doing(true, c -> {
            update(c, "SET NAMES latin1");
            assertThat(update(c, "UPDATE item SET v = 2 WHERE v = 1")).isEqualTo(1);
        });
    }

    /** Which learns late that a backslash is a letter, and takes the first question mark for a parameter. */
    @Scenario(37)
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aParameterThatOnlyTheDriverSeesShiftsNoKey(boolean autoCommit) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (3, 1), (4, 1)");
        doing(autoCommit, c -> {
            update(c, "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'");
            try (PreparedStatement p =
                    c.prepareStatement("UPDATE item SET v = LENGTH('\\') + LENGTH('?\\') /* ' */ WHERE id = ?")) {
                p.setInt(1, 3);
                p.setInt(2, 4);
                assertThatThrownBy(p::executeUpdate).hasMessageContaining("DW-2021");
                p.addBatch();
                assertThatThrownBy(p::executeBatch).hasMessageContaining("DW-2021");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void outOfStrictModeAComputedKeyIsTheNearestThatTheColumnTakes(boolean autoCommit) throws Exception {
        stage = new Stage(
                "",
                List.of("tiny", "big"),
                "CREATE TABLE tiny (id TINYINT PRIMARY KEY, v INT)",
                "CREATE TABLE big (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, v INT)");
        stage.put("INSERT INTO tiny VALUES (1, 1)", "INSERT INTO big VALUES (1, 1), (2, 2)");
        Set<String> captured = doing(autoCommit, c -> {
            update(c, "SET SESSION sql_mode = ''");
            update(c, "UPDATE tiny SET id = ~0 - 5 WHERE v = 1");
            update(c, "INSERT INTO tiny VALUES (0 - 200, 2)");
            update(c, "DELETE FROM tiny WHERE v = 1");
            update(c, "INSERT INTO tiny VALUES (~0, 1)");
            update(c, "INSERT INTO big VALUES (1 - 4, 1)");
            update(c, "UPDATE big SET id = 0 - 9 WHERE v = 2");
        });
        assertThat(captured).contains("tiny:127", "tiny:-128", "big:3", "big:0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereZeroIsAValueItIsTheDefaultOfAGeneratedKey(boolean autoCommit) throws Exception {
        open("");
        Set<String> captured = doing(autoCommit, c -> {
            update(c, "INSERT INTO item (id, v) VALUES (DEFAULT, 1), (NULL, 2)");
            update(c, "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'");
            update(c, "INSERT INTO item (id, v) VALUES (DEFAULT, 3)");
            update(c, "INSERT INTO item VALUES ()");
            update(c, "UPDATE item SET id = 9 WHERE id = 0");
            update(c, "INSERT INTO item (id, v) VALUES (NULL, 4), (DEFAULT, 5)");
        });
        assertThat(captured).contains("item:0", "item:1", "item:2", "item:9");
    }

    /** A key can be made of another column, unless the server reads that column in another spelling than it stores it in. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyIsMadeOfAColumnThatHasOneSpelling(boolean autoCommit) throws Exception {
        stage = new Stage(
                "",
                List.of("spelt"),
                "CREATE TABLE spelt (c VARCHAR(10) PRIMARY KEY, v INT, filled INT(5) ZEROFILL DEFAULT 42, bits BIT(8)"
                        + " DEFAULT 65)");
        stage.put("INSERT INTO spelt (c, v) VALUES ('x', 7), ('y', 8), ('z', 9)");
        doing(autoCommit, c -> {
            for (String made : List.of("filled", "bits", "COALESCE(filled, '1')", "spelt.bits")) {
                for (String condition : List.of("c = 'x'", "v = 7")) {
                    assertThatThrownBy(() -> update(c, "UPDATE spelt SET c = " + made + " WHERE " + condition))
                            .as(made)
                            .hasMessageContaining("DW-2029");
                }
            }
            assertThat(update(c, "UPDATE spelt SET c = v WHERE c = 'x'")).isEqualTo(1);
            assertThat(update(c, "UPDATE spelt SET c = v WHERE v = 8")).isEqualTo(1);
        });
        assertThat(stage.rows(Side.SOURCE)).containsOnlyKeys("spelt:7", "spelt:8", "spelt:z");
    }
}
