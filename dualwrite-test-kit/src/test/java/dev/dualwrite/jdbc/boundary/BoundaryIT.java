package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.server.TwoServers;
import dev.dualwrite.testkit.server.User;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the boundary captures, refuses and passes on. On a {@link Stage} nothing converges, so that the intents stay to be
 * looked at: the oracle, which waits for an empty queue and compares both sides, cannot judge here. In its place each
 * change is held against the rows that it changed, and every test ends with no connection kept.
 */
class BoundaryIT {
    private static final List<String> MOVED = List.of("item", "pair", "code", "stamp", "amount", "day");
    private static final String[] DDL = {
        "CREATE TABLE item (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(50) NULL UNIQUE)",
        "CREATE TABLE pair (a INT, b VARCHAR(20), v INT, PRIMARY KEY (a, b))",
        "CREATE TABLE code (c VARCHAR(10) PRIMARY KEY, v INT)",
        "CREATE TABLE stamp (t DATETIME(3) PRIMARY KEY, v INT)",
        "CREATE TABLE amount (d DECIMAL(10,2) PRIMARY KEY, v INT)",
        "CREATE TABLE day (d DATE PRIMARY KEY, v INT)",
        "CREATE TABLE elsewhere (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "CREATE VIEW items AS SELECT * FROM item",
    };

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    private void open(String options) throws Exception {
        stage = new Stage(options, MOVED, DDL);
    }

    @AfterEach
    void close() {
        if (stage == null) {
            return;
        }
        try (Stage ended = stage) {
            assertThat(ended.busy()).as("connections that were not given back").isZero();
        }
    }

    /** Something that a host does. */
    private interface Work {
        void on(Connection connection) throws Exception;
    }

    /** Every key whose row changed has an intent, and the connection went back. */
    private Set<String> doing(boolean autoCommit, Work work) throws Exception {
        Map<String, String> before = stage.rows(Side.SOURCE);
        stage.execute(Side.SOURCE, "DELETE FROM dualwrite_intent");
        try (Connection connection = stage.connect()) {
            connection.setAutoCommit(autoCommit);
            work.on(connection);
            if (!autoCommit) {
                connection.commit();
            }
        }
        Set<String> captured = stage.captured(Side.SOURCE);
        Set<String> changed = Stage.changed(before, stage.rows(Side.SOURCE));
        // the collations here have no case, and an intent is of a unit
        assertThat(folded(captured)).containsAll(folded(changed));
        assertThat(stage.busy()).isZero();
        return captured;
    }

    private static Set<String> folded(Set<String> keys) {
        return keys.stream().map(key -> key.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, ''",
        "true, ''",
        "false, &rewriteBatchedStatements=true",
        "true, &rewriteBatchedStatements=true",
        "false, &useServerPrepStmts=true",
        "true, &useServerPrepStmts=true",
        "true, &continueBatchOnError=false"
    })
    void everyChangeLeavesItsKeys(boolean autoCommit, String options) throws Exception {
        open(options);
        assertThat(doing(autoCommit, c -> update(c, "INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3)")))
                .containsExactly("item:1", "item:2", "item:3");
        assertThat(doing(autoCommit, c -> {
                    try (Statement s = c.createStatement()) {
                        assertThat(s.executeUpdate("INSERT INTO item (v) VALUES (4)", Statement.RETURN_GENERATED_KEYS))
                                .isEqualTo(1);
                        try (ResultSet keys = s.getGeneratedKeys()) {
                            assertThat(keys.next()).isTrue();
                            assertThat(keys.getLong(1)).isEqualTo(4);
                        }
                    }
                }))
                .containsExactly("item:4");
        assertThat(doing(autoCommit, c -> update(c, "INSERT INTO item (v) VALUES (5), (6), (7)")))
                .containsExactly("item:5", "item:6", "item:7");
        doing(
                autoCommit,
                c -> update(c, "INSERT INTO item (id, v) VALUES (NULL, 8), (100, 9), (DEFAULT, 10), (0, 11)"));
        assertThat(doing(autoCommit, c -> {
                    try (PreparedStatement p = c.prepareStatement("UPDATE item SET v = v + ? WHERE id = ?")) {
                        p.setInt(1, 10);
                        p.setLong(2, 1);
                        assertThat(p.executeUpdate()).isEqualTo(1);
                        p.setLong(2, 2);
                        assertThat(p.executeUpdate()).isEqualTo(1);
                        p.setString(2, "3");
                        assertThat(p.executeLargeUpdate()).isEqualTo(1);
                    }
                }))
                .containsExactly("item:1", "item:2", "item:3");
        assertThat(doing(autoCommit, c -> {
                    try (PreparedStatement p =
                            c.prepareStatement("UPDATE item i SET v = v + 1 WHERE i.v > ? AND v < ? -- why not")) {
                        p.setInt(1, 3);
                        p.setInt(2, 6);
                        assertThat(p.executeUpdate()).isEqualTo(2);
                        assertThat(p.getUpdateCount()).isIn(2, -1);
                    }
                }))
                .containsExactly("item:4", "item:5");
        assertThat(doing(
                        autoCommit,
                        c -> assertThat(update(c, "UPDATE item SET v = 0 WHERE v = 12345"))
                                .isZero()))
                .isEmpty();
        assertThat(doing(
                        autoCommit,
                        c -> assertThat(update(c, "UPDATE item SET id = id + 1000 WHERE v = 6"))
                                .isEqualTo(2)))
                .contains("item:5", "item:6");
        assertThat(doing(autoCommit, c -> update(c, "UPDATE item SET id = 5000 WHERE id = 7")))
                .containsExactly("item:5000", "item:7");
        assertThat(doing(autoCommit, c -> update(c, "DELETE FROM item WHERE id IN (1, 2, 77)")))
                .containsExactly("item:1", "item:2", "item:77");
        doing(autoCommit, c -> update(c, "DELETE FROM item"));
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("0");
    }

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

    @ParameterizedTest
    @CsvSource({
        "false, ''",
        "true, ''",
        "false, &rewriteBatchedStatements=true",
        "true, &rewriteBatchedStatements=true",
        "false, &useServerPrepStmts=true&rewriteBatchedStatements=true"
    })
    void batchesLeaveTheirKeys(boolean autoCommit, String options) throws Exception {
        open(options);
        doing(autoCommit, c -> {
            try (PreparedStatement p =
                    c.prepareStatement("INSERT INTO item (v, name) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
                p.setString(2, null);
                for (int i = 0; i < 20; i++) {
                    p.setInt(1, i);
                    p.addBatch();
                }
                assertThat(p.executeBatch()).hasSize(20);
                int keys = 0;
                try (ResultSet generated = p.getGeneratedKeys()) {
                    while (generated.next()) {
                        keys++;
                    }
                }
                assertThat(keys).isEqualTo(20);
            }
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("20");
        doing(autoCommit, c -> {
            try (PreparedStatement p = c.prepareStatement("UPDATE item SET v = v + ? WHERE id = ?")) {
                p.setInt(1, 100);
                for (int i = 1; i <= 10; i++) {
                    p.setInt(2, i);
                    p.addBatch();
                }
                assertThat(p.executeLargeBatch()).hasSize(10);
            }
        });
        doing(autoCommit, c -> {
            try (PreparedStatement p = c.prepareStatement("UPDATE item SET v = v + 1 WHERE v = ?")) {
                for (int i = 100; i <= 103; i++) {
                    p.setInt(1, i);
                    p.addBatch();
                }
                assertThat(p.executeBatch()).containsExactly(1, 2, 3, 4);
            }
        });
        doing(autoCommit, c -> {
            try (Statement s = c.createStatement()) {
                s.addBatch("INSERT INTO item (v) VALUES (1)");
                s.addBatch("UPDATE item SET v = v + 1 WHERE v < 200");
                s.addBatch("DELETE FROM item WHERE id = 2");
                s.addBatch("INSERT INTO elsewhere (v) VALUES (1)");
                assertThat(s.executeBatch()).hasSize(4);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "false, ''",
        "true, ''",
        "true, &rewriteBatchedStatements=true",
        "true, &continueBatchOnError=false",
        "false, &continueBatchOnError=false"
    })
    void whatIsLeftOfABatchThatFailedIsCaptured(boolean autoCommit, String options) throws Exception {
        open(options);
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v, name) VALUES (1, 1, 'taken')");
        doing(autoCommit, c -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO item (v, name) VALUES (?, ?)")) {
                for (String name : List.of("a", "b", "taken", "c", "d")) {
                    p.setInt(1, 1);
                    p.setString(2, name);
                    p.addBatch();
                }
                assertThatThrownBy(p::executeBatch)
                        .isInstanceOf(BatchUpdateException.class)
                        .satisfies(e ->
                                assertThat(((SQLException) e).getErrorCode()).isEqualTo(1062));
            }
        });
        String expected = options.contains("rewrite") ? "1" : options.contains("false") ? "3" : "5";
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo(expected);
        doing(autoCommit, c -> {
            try (PreparedStatement p = c.prepareStatement("UPDATE item SET name = ? WHERE name = ?")) {
                for (String name : List.of("a", "b")) {
                    p.setString(1, name.equals("b") ? "taken" : "z");
                    p.setString(2, name);
                    p.addBatch();
                }
                try {
                    p.executeBatch();
                } catch (BatchUpdateException e) {
                    assertThat(e.getUpdateCounts()[0]).isEqualTo(1);
                }
            }
        });
    }

    @Test
    void anAutocommitWriteWithKnownKeysTakesFourStatements() throws Exception {
        open("");
        try (Connection c = stage.connect();
                PreparedStatement p = c.prepareStatement("INSERT INTO item (id, v) VALUES (?, ?)")) {
            for (int i = 1; i <= 2; i++) {
                p.setInt(1, i);
                p.setInt(2, 1);
                p.executeUpdate();
            }
            try (StatementLog log = stage.record()) {
                p.setInt(1, 3);
                p.executeUpdate();
                assertThat(log.roundTrips()).isEqualTo(4);
            }
        }
    }

    @Test
    void aTransactionCostsTwoStatementsMore() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (id, v) VALUES (1, 1)");
            c.commit();
            try (StatementLog log = stage.record()) {
                update(c, "UPDATE item SET v = 2 WHERE id = 1");
                update(c, "UPDATE item SET v = 3 WHERE id = 1");
                update(c, "INSERT INTO item (v) VALUES (3)");
                c.commit();
                assertThat(log.roundTrips()).isEqualTo(4 + 2);
                log.clear();
                update(c, "UPDATE item SET v = 2 WHERE v = 3");
                c.commit();
                assertThat(log.roundTrips()).isEqualTo(2 + 2 + 1);
            }
        }
    }

    @Test
    void theHostSeesItsOwnLastInsertIdAndItsOwnWarnings() throws Exception {
        open("&jdbcCompliantTruncation=false&sessionVariables=sql_mode=''");
        try (Connection c = stage.connect();
                Statement s = c.createStatement()) {
            update(c, "INSERT INTO item (v) VALUES (1)");
            update(c, "UPDATE item SET v = 2 WHERE v = 1");
            try (ResultSet row = s.executeQuery("SELECT LAST_INSERT_ID()")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(1);
            }
            assertThat(s.executeUpdate("UPDATE item SET v = 'no number' WHERE id = 1"))
                    .isEqualTo(1);
            assertThat(s.getWarnings() == null).isFalse();
        }
    }

    @Test
    void aFlipBeforeAnythingWasDoneIsNotSeen() throws Exception {
        open("");
        try (Connection c = stage.connect();
                PreparedStatement p = c.prepareStatement("INSERT INTO item (id, v) VALUES (?, 1)")) {
            p.setInt(1, 1);
            p.executeUpdate();
            c.setAutoCommit(false);
            p.setInt(1, 2);
            p.executeUpdate();
            c.commit();
            stage.flip(Side.TARGET);
            p.setInt(1, 3);
            p.executeUpdate();
            c.commit();
            stage.flip(Side.SOURCE);
            c.setAutoCommit(true);
            p.setInt(1, 4);
            p.executeUpdate();
            stage.flip(Side.TARGET);
            p.setInt(1, 5);
            p.executeUpdate();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id ORDER BY id) FROM item"))
                .isEqualTo("1,2,4");
        assertThat(stage.ask(Side.TARGET, "SELECT GROUP_CONCAT(id ORDER BY id) FROM item"))
                .isEqualTo("3,5");
        assertThat(stage.captured(Side.TARGET)).containsExactly("item:3", "item:5");
        assertThat(stage.busy()).isZero();
    }

    @Test
    void aFlipAfterAReadEndsTheTransactionUntilItIsRolledBack() throws Exception {
        open("");
        try (Connection c = stage.connect();
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            s.executeQuery("SELECT * FROM item").close();
            stage.flip(Side.TARGET);
            assertThatThrownBy(() -> s.executeUpdate("INSERT INTO item (id) VALUES (1)"))
                    .isInstanceOf(OwnershipException.class)
                    .hasMessageContaining("DW-3002");
            assertThatThrownBy(() -> s.executeQuery("SELECT 1")).isInstanceOf(OwnershipException.class);
            assertThatThrownBy(c::commit).isInstanceOf(OwnershipException.class);
            stage.believe(Side.TARGET);
            s.executeUpdate("INSERT INTO item (id) VALUES (1)");
            c.commit();
        }
        assertThat(stage.ask(Side.TARGET, "SELECT COUNT(*) FROM item")).isEqualTo("1");
    }

    @Test
    void aTransactionNeverWaitsForTheFenceWithRowsLocked() throws Exception {
        open("");
        try (Connection c = stage.connect();
                Connection flip = stage.direct(Side.SOURCE)) {
            c.setAutoCommit(false);
            update(c, "INSERT INTO elsewhere (v) VALUES (1)");
            flip.setAutoCommit(false);
            update(flip, "UPDATE dualwrite_fence SET state = 'FROZEN'");
            assertThatThrownBy(() -> update(c, "INSERT INTO item (id) VALUES (1)"))
                    .isInstanceOf(OwnershipException.class);
            assertThatThrownBy(() -> update(c, "INSERT INTO elsewhere (v) VALUES (2)"))
                    .isInstanceOf(OwnershipException.class);
            c.rollback();
            flip.rollback();
            update(c, "INSERT INTO elsewhere (v) VALUES (1)");
            update(c, "INSERT INTO item (id) VALUES (1)");
            c.commit();
        }
        assertThat(stage.mixed()).isPositive();
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM elsewhere")).isEqualTo("1");
    }

    @Test
    void whileTheTargetOwnsBothKindsOfTableAreNotMixed() throws Exception {
        open("");
        stage.flip(Side.TARGET);
        stage.believe(Side.TARGET);
        try (Connection c = stage.connect();
                Statement s = c.createStatement()) {
            s.executeUpdate("INSERT INTO elsewhere (v) VALUES (7)");
            s.executeUpdate("INSERT INTO item (id) VALUES (1)");
            assertThatThrownBy(() -> s.executeQuery("SELECT * FROM item JOIN elsewhere USING (id)"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("DW-2026")
                    .hasMessageContaining("elsewhere");
            c.setAutoCommit(false);
            s.executeUpdate("INSERT INTO item (id) VALUES (2)");
            assertThatThrownBy(() -> s.executeUpdate("INSERT INTO elsewhere (v) VALUES (8)"))
                    .hasMessageContaining("DW-2026");
            c.commit();
            s.executeUpdate("INSERT INTO elsewhere (v) VALUES (9)");
            assertThatThrownBy(() -> s.executeUpdate("INSERT INTO item (id) VALUES (3)"))
                    .hasMessageContaining("DW-2026");
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(v ORDER BY id) FROM elsewhere"))
                .isEqualTo("7,9");
        assertThat(stage.ask(Side.TARGET, "SELECT GROUP_CONCAT(id ORDER BY id) FROM item"))
                .isEqualTo("1,2");
    }

    @Test
    void aDeadlockVictimLeavesOnlyWhatCommits() throws Exception {
        open("");
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3), (4, 4)");
        doing(false, c -> {
            try (Connection other = stage.direct(Side.SOURCE)) {
                other.setAutoCommit(false);
                update(other, "UPDATE item SET v = v + 1 WHERE id IN (2, 3, 4)");
                update(other, "INSERT INTO item (v) VALUES (1), (2), (3), (4), (5), (6)");
                update(c, "UPDATE item SET v = 70 WHERE id = 1");
                CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> {
                    try {
                        update(other, "UPDATE item SET v = 71 WHERE id = 1");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Eventually.eventually().until("the other one waits", () -> stage.waits(Side.SOURCE));
                assertThatThrownBy(() -> update(c, "UPDATE item SET v = 70 WHERE id = 2"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                deadlock -> assertThat(deadlock.getErrorCode()).isEqualTo(1213));
                waits.get(20, TimeUnit.SECONDS);
                other.rollback();
                update(c, "INSERT INTO item (id, v) VALUES (50, 1)");
            }
        });
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:50");
    }

    @Test
    void aRowCommittedBetweenKeySelectAndStatementIsNotChanged() throws Exception {
        open("");
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1), (2, 1)");
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

    @Test
    void savepointsUndoRowsAndKeepKeys() throws Exception {
        open("");
        Set<String> captured = doing(false, c -> {
            update(c, "INSERT INTO item (id) VALUES (1)");
            Savepoint one = c.setSavepoint();
            update(c, "INSERT INTO item (id) VALUES (2)");
            Savepoint two = c.setSavepoint("two");
            update(c, "INSERT INTO item (id) VALUES (3)");
            c.rollback(two);
            c.rollback(one);
            update(c, "INSERT INTO item (id) VALUES (2)");
            c.releaseSavepoint(one);
        });
        assertThat(captured).contains("item:1", "item:2");
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id ORDER BY id) FROM item"))
                .isEqualTo("1,2");
    }

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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutTheIntentTableMovedTablesAreNotChanged(boolean autoCommit) throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(autoCommit);
            update(c, "INSERT INTO item (id) VALUES (1)");
            if (!autoCommit) {
                c.commit();
            }
            stage.execute(Side.SOURCE, "DROP TABLE dualwrite_intent");
            assertThatThrownBy(() -> {
                        update(c, "INSERT INTO item (id) VALUES (2)");
                        c.commit();
                    })
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("dualwrite_intent")
                    .satisfies(
                            e -> assertThat(((SQLException) e).getErrorCode()).isEqualTo(1146));
            update(c, "INSERT INTO elsewhere (v) VALUES (1)");
            if (!autoCommit) {
                c.commit();
            }
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("1");
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM elsewhere")).isEqualTo("1");
        stage.execute(Side.SOURCE, "CREATE TABLE dualwrite_intent (id INT)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REPLACE INTO item (id) VALUES (1)",
                "INSERT INTO item (v) SELECT v FROM elsewhere",
                "INSERT INTO item (id) VALUES (1) ON DUPLICATE KEY UPDATE v = 1",
                "INSERT IGNORE INTO item (id) VALUES (1)",
                "UPDATE item SET v = 1 ORDER BY id LIMIT 1",
                "UPDATE item, elsewhere SET item.v = 1",
                "DELETE item FROM item JOIN elsewhere USING (id)",
                "TRUNCATE item",
                "/* c */ TrUnCaTe TABLE `item`",
                "ALTER TABLE item ADD x INT",
                "DROP TABLE item",
                "CREATE TRIGGER tr BEFORE INSERT ON elsewhere FOR EACH ROW DELETE FROM item",
                "LOAD DATA LOCAL INFILE 'x' INTO TABLE item",
                "CALL p()",
                "SELECT 1; DELETE FROM item",
                "PREPARE x FROM 'DELETE FROM item'",
                "HANDLER item OPEN",
                "LOCK TABLES item WRITE",
                "XA START 'x'",
                "BEGIN",
                "commit",
                "SET autocommit = 0",
                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                "USE mysql",
                "UPDATE items SET v = 1",
                "DELETE FROM dualwrite_intent",
                "INSERT INTO pair (a, b) VALUES (1, UUID())",
                "INSERT INTO pair (a) VALUES (1)",
                "INSERT INTO pair (a, b) VALUES ('1.5', 'x')",
                "INSERT INTO item (id) VALUES (1.5)",
                "UPDATE item SET v = 1 WHERE RAND() < 0.5",
                "UPDATE item SET id = RAND() * 100",
                "{call p()}"
            })
    void whatCannotBeCapturedIsRefusedAndNothingIsSent(String sql) throws Exception {
        open("&allowMultiQueries=true");
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1)");
        for (boolean autoCommit : new boolean[] {true, false}) {
            try (Connection c = stage.connect();
                    Statement s = c.createStatement()) {
                c.setAutoCommit(autoCommit);
                s.executeQuery("SELECT 1").close();
                assertThatThrownBy(() -> s.execute(sql))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageStartingWith("DW-20");
                assertThatThrownBy(() -> c.prepareStatement(sql).execute())
                        .isInstanceOf(StatementRefusedException.class);
                s.executeQuery("SELECT * FROM item").close();
            }
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("1");
    }

    @Test
    void aStatementSurvivesErrorsAndReuse() throws Exception {
        open("");
        doing(false, c -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO item (id, v) VALUES (?, ?)")) {
                p.setInt(1, 1);
                p.setInt(2, 1);
                p.execute();
                assertThat(p.getUpdateCount()).isEqualTo(1);
                assertThat(p.getMoreResults()).isFalse();
                assertThatThrownBy(p::executeUpdate)
                        .isInstanceOf(SQLException.class)
                        .satisfies(e ->
                                assertThat(((SQLException) e).getErrorCode()).isEqualTo(1062));
                p.setInt(1, 2);
                p.executeUpdate();
                p.clearParameters();
                p.setInt(1, 3);
                assertThatThrownBy(p::executeUpdate).isInstanceOf(SQLException.class);
            }
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("2");
    }

    @Test
    void aShortenedSelectLimitDoesNotShortenTheKeys() throws Exception {
        open("");
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1), (2, 1), (3, 1)");
        doing(true, c -> {
            update(c, "SET SESSION sql_select_limit = 1");
            assertThat(update(c, "UPDATE item SET v = 2 WHERE v = 1")).isEqualTo(3);
        });
    }

    @Test
    void anIncrementOfTheSessionIsFollowed() throws Exception {
        open("");
        doing(false, c -> {
            update(c, "SET SESSION auto_increment_increment = 5");
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)");
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

    @Test
    void whatABatchOrAMixedSetSetsIsHeard() throws Exception {
        open("");
        doing(false, c -> {
            update(c, "INSERT INTO item (v) VALUES (1)"); // so that the session is known
            try (Statement s = c.createStatement()) {
                s.addBatch("SET SESSION auto_increment_increment = 7");
                s.executeBatch();
            }
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)");
            update(
                    c,
                    "SET GLOBAL max_connect_errors = @@global.max_connect_errors, SESSION auto_increment_increment = 3");
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)");
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("7");
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

    @Test
    void anAbortedConnectionGoesBackToItsPoolWhenItIsClosed() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (id, v) VALUES (1, 1)");
            c.abort(Runnable::run);
            assertThat(c.isClosed()).isTrue();
            assertThat(c.isValid(1)).isFalse();
            assertThatThrownBy(c::createStatement)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("closed");
        }
        assertThat(stage.busy()).isZero();
        Eventually.eventually()
                .until("the server has undone it", () -> stage.rows(Side.SOURCE).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"&padCharsWithSpace=true", "&characterSetResults=latin1", "&maxRows=1"})
    void keysAreReadAsTheyAreOrTheChangeIsRefused(String options) throws Exception {
        open(options);
        stage.execute(Side.SOURCE, "INSERT INTO code VALUES ('a', 1), ('b', 1), ('\u20ac', 1)");
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

    @ParameterizedTest
    @ValueSource(strings = {"SELECT COUNT(*) FROM code", "UPDATE item SET v = 1 WHERE id IN (SELECT a FROM pair)"})
    void aSubqueryDoesNotAnswerFromASnapshotThatIsOlderThanTheStatement(String before) throws Exception {
        open("");
        stage.execute(
                Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1), (2, 1)", "INSERT INTO pair VALUES (1, 'x', 1)");
        try (Connection c = stage.connect()) {
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.execute(before);
            }
            stage.execute(Side.SOURCE, "INSERT INTO pair VALUES (2, 'x', 1)");
            assertThatThrownBy(() -> update(c, BY_SUBQUERY))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("DW-2044");
            c.rollback();
            assertThat(update(c, BY_SUBQUERY)).isEqualTo(2);
            c.rollback();
            c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            try (Statement s = c.createStatement()) {
                s.execute(before);
            }
            stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (3, 1)", "INSERT INTO pair VALUES (3, 'x', 1)");
            assertThat(update(c, BY_SUBQUERY)).isEqualTo(3);
            c.commit();
        }
        assertThat(stage.captured(Side.SOURCE)).contains("item:1", "item:2", "item:3");
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
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("code:1.5");
    }

    @Test
    void whatSqlHasSetMovesWithTheConnection() throws Exception {
        open("");
        try (Connection c = stage.connect();
                PreparedStatement set = c.prepareStatement("SET SESSION group_concat_max_len = ?");
                PreparedStatement read = c.prepareStatement(
                        "SELECT CONCAT_WS(' ', @@group_concat_max_len, @@auto_increment_increment, @mine, COUNT(*)) FROM"
                                + " code")) {
            set.setInt(1, 4_321);
            set.execute();
            update(c, "SET SESSION auto_increment_increment = 3");
            update(c, "SET SESSION auto_increment_increment = 2");
            update(c, "SET SESSION auto_increment_increment = 3");
            update(c, "SET @mine = 'here'");
            stage.flip(Side.TARGET);
            stage.believe(Side.TARGET);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("4321 3 here 0");
            }
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)"); // the increment is known on this side too
            c.commit();
            update(c, "SET @mine = @other");
            c.commit();
            stage.flip(Side.SOURCE);
            stage.believe(Side.SOURCE);
            assertThatThrownBy(() -> update(c, "INSERT INTO code VALUES ('a', 1)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("DW-3008");
        }
        assertThat(stage.captured(Side.TARGET))
                .containsExactlyElementsOf(
                        stage.rows(Side.TARGET).keySet().stream().sorted().toList());
        assertThat(stage.rows(Side.SOURCE)).isEmpty();
    }

    @Test
    void namesMeanWhatTheServerTakesThemFor() throws Exception {
        open("");
        String own = stage.schemaName(Side.SOURCE);
        doing(false, c -> {
            update(c, "INSERT INTO `ITEM` (ID, v) VALUES (1, 1)".replace("ITEM", "item"));
            update(c, "UPDATE " + own + ".item SET v = 2");
            update(c, "UPDATE `" + own + "` . `item` AS x SET x.v = 3 WHERE x.v = 2");
            assertThatThrownBy(() -> update(c, "DELETE FROM " + stage.schemaName(Side.TARGET) + ".item"))
                    .hasMessageContaining("DW-2025");
            assertThatThrownBy(() -> c.setCatalog(stage.schemaName(Side.TARGET)))
                    .hasMessageContaining("DW-2042");
            c.setCatalog("information_schema");
            update(c, "UPDATE " + own + ".item SET v = 4 WHERE v = 3");
            assertThatThrownBy(() -> update(c, "DELETE FROM item")).isInstanceOf(SQLException.class);
            c.setCatalog(own);
            update(c, "UPDATE item SET v = v + 1 WHERE v = 4");
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item")).isEqualTo("5");
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT * FROM item FOR UPDATE, 4, true",
        "SELECT * FROM item LOCK IN SHARE MODE, 4, true",
        "SELECT * FROM items FOR UPDATE, 4, true",
        "SELECT * FROM item, 4, false",
        "SELECT * FROM item, 8, true",
        "UPDATE elsewhere SET v = 1 WHERE id IN (SELECT id FROM item), 4, true",
        "SELECT * FROM elsewhere FOR UPDATE, 4, false"
    })
    void whateverLocksTheDomainHoldsTheFence(String sql, int isolation, boolean holds) throws Exception {
        open("");
        try (Connection c = stage.connect();
                Connection flip = stage.direct(Side.SOURCE);
                Statement s = c.createStatement()) {
            c.setTransactionIsolation(isolation);
            c.setAutoCommit(false);
            s.execute(sql);
            update(flip, "SET SESSION innodb_lock_wait_timeout = 1");
            if (holds) {
                assertThatThrownBy(() -> update(flip, "UPDATE dualwrite_fence SET epoch = epoch + 1"))
                        .satisfies(e ->
                                assertThat(((SQLException) e).getErrorCode()).isEqualTo(1205));
            } else {
                update(flip, "UPDATE dualwrite_fence SET epoch = epoch + 1");
            }
            c.rollback();
        }
    }

    @Test
    void aTransactionThatASwallowedErrorLeftHalfDoneKeepsItsKeys() throws Exception {
        open("&sessionVariables=innodb_lock_wait_timeout=1");
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1)");
        Set<String> captured = doing(false, c -> {
            try (Connection other = stage.direct(Side.SOURCE)) {
                other.setAutoCommit(false);
                update(other, "UPDATE item SET v = 5 WHERE id = 1");
                update(c, "INSERT INTO item (id, v) VALUES (9, 9)");
                assertThatThrownBy(() -> update(c, "UPDATE item SET v = 2 WHERE id = 1"))
                        .satisfies(e ->
                                assertThat(((SQLException) e).getErrorCode()).isEqualTo(1205));
                other.rollback();
            }
        });
        assertThat(captured).contains("item:9");
    }

    @Test
    void aDefinitionElsewhereCommitsWithItsIntents() throws Exception {
        open("");
        stage.execute(Side.SOURCE, "DELETE FROM dualwrite_intent");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (id) VALUES (1)");
            update(c, "CREATE TABLE fresh (id INT PRIMARY KEY)");
            update(c, "INSERT INTO item (id) VALUES (2)");
            c.rollback();
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1");
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id) FROM item")).isEqualTo("1");
    }

    @Test
    void anUpdatableResultSetOfTheDomainIsRefused() throws Exception {
        open("");
        try (Connection c = stage.connect();
                Statement s = c.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE)) {
            assertThatThrownBy(() -> s.executeQuery("SELECT * FROM item")).hasMessageContaining("DW-2028");
            s.executeQuery("SELECT * FROM elsewhere").close();
            assertThatThrownBy(() -> c.prepareCall("{call p()}")).hasMessageContaining("DW-2041");
        }
    }

    @Test
    void anElementThatADeadlockUndoesIsNotToldToHaveRun() throws Exception {
        open("");
        stage.execute(Side.SOURCE, "INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)");
        Map<String, String> before = stage.rows(Side.SOURCE);
        try (Connection c = stage.connect();
                Connection other = stage.direct(Side.SOURCE);
                PreparedStatement p = c.prepareStatement("UPDATE item SET v = ? WHERE id = ?")) {
            other.setAutoCommit(false);
            update(other, "UPDATE item SET v = v + 1 WHERE id IN (2, 3, 4)");
            update(other, "INSERT INTO item (v) VALUES (1), (2), (3), (4), (5), (6)");
            for (int id : new int[] {1, 2, 5}) {
                p.setInt(1, 70 + id);
                p.setInt(2, id);
                p.addBatch();
            }
            CompletableFuture<BatchUpdateException> batch = CompletableFuture.supplyAsync(() -> {
                try {
                    p.executeBatch();
                    return null;
                } catch (BatchUpdateException e) {
                    return e;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Eventually.eventually().until("the batch waits", () -> stage.waits(Side.SOURCE));
            update(other, "UPDATE item SET v = 71 WHERE id = 1");
            BatchUpdateException failed = batch.get(20, TimeUnit.SECONDS);
            other.rollback();
            assertThat(failed.getErrorCode()).isEqualTo(1213);
            assertThat(failed.getUpdateCounts())
                    .containsExactly(Statement.EXECUTE_FAILED, Statement.EXECUTE_FAILED, Statement.EXECUTE_FAILED);
            assertThat(c.getAutoCommit()).isTrue();
        }
        assertThat(Stage.changed(before, stage.rows(Side.SOURCE))).isEmpty();
        assertThat(stage.busy()).isZero();
    }

    @Test
    void anEscapeIsCounted() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            assertThat(c.unwrap(Connection.class)).isSameAs(c);
            assertThat(stage.dataSource().escapes()).isZero();
            c.unwrap(com.mysql.cj.jdbc.JdbcConnection.class);
            assertThat(stage.dataSource().escapes()).isEqualTo(1);
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("SELECT 1")) {
                assertThat(s.getConnection()).isSameAs(c);
                assertThat(r.getStatement()).isSameAs(s);
                assertThat(c.getMetaData().getConnection()).isSameAs(c);
            }
        }
    }
}
