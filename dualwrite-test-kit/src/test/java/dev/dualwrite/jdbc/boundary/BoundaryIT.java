package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.jdbc.DualWriteConnection;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the boundary captures, refuses and passes on, and what becomes of transactions; judged as {@link OnStage} says. */
class BoundaryIT extends OnStage {
    @Scenario(25)
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

    @Scenario(25)
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

    @Scenario(32)
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
        stage.put("INSERT INTO item (id, v, name) VALUES (1, 1, 'taken')");
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
    void whereAutocommitStaysOffATransactionCostsTwoStatementsMoreAndOneIfItsOnlyKeyIsKnown() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (id, v) VALUES (1, 1)");
            c.commit();
            update(c, "UPDATE item SET v = 1 WHERE id = 1");
            c.commit();
            try (StatementLog log = stage.record()) {
                update(c, "UPDATE item SET v = 2 WHERE id = 1");
                c.commit();
                assertThat(log.roundTrips()).isEqualTo(2 + 1);
                log.clear();
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

    /** Another instance has written on the next owner, and here nobody has heard of the flip. */
    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "false, true"})
    @Scenario(94)
    void whoHasATokenReadsOnTheNewOwnerAlsoWhereTheFlipIsNotKnownYet(boolean autocommit, boolean readOnly)
            throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)");
        stage.flip(Side.TARGET);
        stage.believe(Side.TARGET);
        try (Connection writer = stage.connect();
                Connection c = stage.connect()) {
            update(writer, "UPDATE item SET v = 2 WHERE id = 1");
            stage.believe(Side.SOURCE);
            c.setReadOnly(readOnly);
            c.setAutoCommit(autocommit);
            assertThat(ask(c, "SELECT v FROM item WHERE id = 1"))
                    .as("without a token")
                    .isEqualTo("1");
            c.unwrap(DualWriteConnection.class)
                    .readAfter(writer.unwrap(DualWriteConnection.class)
                            .writeToken()
                            .orElseThrow());
            if (!autocommit) {
                c.rollback();
            }
            assertThat(ask(c, "SELECT v FROM item WHERE id = 1")).isEqualTo("2");
        }
        stage.execute(Side.SOURCE, "UPDATE item SET v = 2 WHERE id = 1");
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
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

    @Scenario(40)
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

    @Scenario(12)
    @Test
    void aDeadlockVictimLeavesOnlyWhatCommits() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3), (4, 4)");
        doing(false, c -> {
            try (Connection other = stage.direct(Side.SOURCE)) {
                other.setAutoCommit(false);
                update(other, "UPDATE item SET v = v + 1 WHERE id IN (2, 3, 4)");
                update(other, "INSERT INTO item (v) VALUES (1), (2), (3), (4), (5), (6)");
                update(c, "UPDATE item SET v = 70 WHERE id = 1");
                CompletableFuture<Void> waits = CompletableFuture.runAsync(
                        () -> {
                            try {
                                update(other, "UPDATE item SET v = 71 WHERE id = 1");
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Background.THREADS);
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

    @Scenario(14)
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

    @ParameterizedTest
    @CsvSource({
        "false, UPDATE item SET v = 9 WHERE id = 1",
        "true, UPDATE item SET v = 9 WHERE id = 1",
        "true, SELECT v FROM item WHERE id = 1",
        "true, UPDATE item SET v = v + 9"
    })
    void savepointsMoveWithATransactionThatHasDoneNothingElse(boolean noticed, String first) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)", "INSERT INTO elsewhere (id, v) VALUES (1, 1)");
        doing(false, c -> update(c, "UPDATE item SET v = 2 WHERE id = 1"));
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            Savepoint one = c.setSavepoint();
            Savepoint two = c.setSavepoint("two");
            Savepoint three = c.setSavepoint("three");
            c.releaseSavepoint(three);
            stage.flip(Side.TARGET);
            if (noticed) {
                stage.believe(Side.TARGET);
            }
            try (Statement statement = c.createStatement()) {
                statement.execute(first);
            }
            assertThatThrownBy(() -> c.rollback(three))
                    .as("it was released")
                    .satisfies(
                            e -> assertThat(((SQLException) e).getErrorCode()).isEqualTo(1305));
            c.rollback(two);
            update(c, "INSERT INTO item (id, v) VALUES (3, 3)");
            c.rollback(one);
            assertThatThrownBy(() -> c.rollback(two))
                    .as("it was set after one")
                    .satisfies(
                            e -> assertThat(((SQLException) e).getErrorCode()).isEqualTo(1305));
            update(c, "INSERT INTO item (id, v) VALUES (4, 4)");
            c.commit();
        }
        for (Side side : Side.values()) {
            assertThat(stage.ask(side, "SELECT v FROM elsewhere")).isEqualTo("1");
        }
        assertThat(stage.ask(Side.TARGET, "SELECT GROUP_CONCAT(id, ':', v ORDER BY id) FROM item"))
                .isEqualTo("1:1,4:4");
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id, ':', v ORDER BY id) FROM item"))
                .isEqualTo("1:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SELECT 1", "SELECT COUNT(*) FROM elsewhere"})
    void theFenceIsTakenAnewAfterGoingBackToBeforeIt(String first) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2)");
        stage.execute(Side.SOURCE, "UPDATE dualwrite_fence SET phase = 'SOURCE_ONLY'");
        try (Connection c = stage.connect();
                Connection other = stage.direct(Side.SOURCE)) {
            c.setAutoCommit(false);
            try (Statement statement = c.createStatement()) {
                if (!first.isEmpty()) {
                    statement.execute(first);
                }
            }
            Savepoint before = c.setSavepoint();
            update(c, "UPDATE item SET v = 3 WHERE id = 1");
            c.rollback(before);
            // where the server has kept the lock, the phase stays
            update(other, "SET innodb_lock_wait_timeout = 1");
            boolean changed = true;
            try {
                update(other, "UPDATE dualwrite_fence SET phase = 'DUAL_WRITE'");
            } catch (SQLException e) {
                assertThat(e.getErrorCode()).isEqualTo(1205);
                changed = false;
            }
            update(c, "UPDATE item SET v = 4 WHERE id = 2");
            c.commit();
            assertThat(stage.captured(Side.SOURCE)).isEqualTo(changed ? Set.of("item:2") : Set.of());
            assertThat(changed).isEqualTo(!first.contains("elsewhere"));
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(v ORDER BY id) FROM item"))
                .isEqualTo("1,4");
        stage.execute(Side.SOURCE, "UPDATE dualwrite_fence SET phase = 'DUAL_WRITE'");
        doing(true, c -> update(c, "UPDATE item SET v = v WHERE id = 2")); // for the oracle
    }

    @Test
    void whoGoesBackToBeforeTheFenceAndIsOvertakenIsTold() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2)");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            Savepoint before = c.setSavepoint();
            update(c, "UPDATE item SET v = 3 WHERE id = 1");
            c.rollback(before);
            stage.flip(Side.TARGET);
            assertThatThrownBy(() -> update(c, "UPDATE item SET v = 4 WHERE id = 2"))
                    .isInstanceOf(OwnershipException.class);
            c.rollback();
            update(c, "UPDATE item SET v = 4 WHERE id = 2");
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT SUM(v) FROM item")).isEqualTo("3");
        assertThat(stage.captured(Side.TARGET)).containsExactly("item:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SELECT nothing FROM item"})
    void aSavepointIsThereForTablesThatDoNotMove(String failing) throws Exception {
        open("");
        stage.put("INSERT INTO elsewhere (id, v) VALUES (1, 1)");
        stage.flip(Side.TARGET);
        stage.believe(Side.TARGET);
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            Savepoint before = c.setSavepoint();
            if (!failing.isEmpty()) {
                assertThatThrownBy(() -> update(c, failing)).isInstanceOf(SQLException.class);
            }
            update(c, "UPDATE elsewhere SET v = 9 WHERE id = 1");
            c.rollback(before);
            update(c, "INSERT INTO elsewhere (id, v) VALUES (2, 2)");
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(v ORDER BY id) FROM elsewhere"))
                .isEqualTo("1,2");
    }

    @Scenario(19)
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
            stage.execute(Side.SOURCE, "RENAME TABLE dualwrite_intent TO away");
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
        stage.execute(Side.SOURCE, "RENAME TABLE away TO dualwrite_intent");
    }

    @Scenario({24, 30, 31, 83})
    @Requirement(185)
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
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)");
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

    @Scenario({25, 31})
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBatchIsRefusedAsAWhole(boolean autoCommit) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)");
        doing(autoCommit, c -> {
            try (Statement s = c.createStatement()) {
                s.addBatch("INSERT INTO item (id, v) VALUES (2, 2)");
                s.addBatch("UPDATE item SET v = 3 WHERE v = 1");
                s.addBatch("UPDATE item SET v = 4 WHERE RAND() < 2");
                assertThatThrownBy(s::executeBatch)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2034");
            }
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id, v) FROM item"))
                .isEqualTo("11");
    }

    @Scenario(95)
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
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)");
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
        stage.forget(Side.SOURCE);
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
    void anElementThatADeadlockUndoesIsNotToldToHaveRun() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)");
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
            CompletableFuture<BatchUpdateException> batch = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            p.executeBatch();
                            return null;
                        } catch (BatchUpdateException e) {
                            return e;
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Background.THREADS);
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
}
