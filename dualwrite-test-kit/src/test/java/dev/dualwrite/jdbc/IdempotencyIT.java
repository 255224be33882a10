package dev.dualwrite.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.Resolution.Outcome;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Moment;
import dev.dualwrite.testkit.oracle.Oracle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions with a key are applied once, and what became of one can be found out whatever was heard of its COMMIT. */
class IdempotencyIT {
    private static final String INSERT = "INSERT INTO account VALUES (%d, 'someone', %d, NULL)";

    private static DualWriteBuilder keys(DualWriteBuilder builder) {
        return builder.idempotencyKeys(Duration.ofDays(7));
    }

    private static DualWriteConnection begin(Node node, String key) throws SQLException {
        Connection connection = node.dataSource().getConnection();
        connection.setAutoCommit(false);
        DualWriteConnection own = connection.unwrap(DualWriteConnection.class);
        own.idempotencyKey(key);
        return own;
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** One transaction; true if it was applied now. */
    private static boolean apply(Node node, String key, String sql) throws SQLException {
        try (DualWriteConnection connection = begin(node, key)) {
            update(connection, sql);
            connection.storeResult(key.toUpperCase(Locale.ROOT).getBytes(UTF_8));
            connection.commit();
            return true;
        } catch (AlreadyAppliedException e) {
            assertThat(e.key()).isEqualTo(key);
            assertThat(e.result())
                    .contains(new StoredResult(key.toUpperCase(Locale.ROOT).getBytes(UTF_8)));
            return false;
        }
    }

    /** Of two transactions in a deadlock the server rolls the lighter one back. */
    private static void makeHeavy(Connection connection) throws SQLException {
        update(
                connection,
                "INSERT INTO entry (id, account, amount) VALUES "
                        + IntStream.range(1, 200)
                                .mapToObj(i -> "(" + i + ", 1, 1)")
                                .collect(Collectors.joining(", ")));
    }

    private static String ledger(Rig rig) throws SQLException {
        return rig.ask(
                Side.SOURCE,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE"
                        + " 'dualwrite\\_ledger\\_%'");
    }

    private static void finish(Rig rig) throws SQLException {
        List<String> tables = new ArrayList<>(rig.tables());
        tables.add(ledger(rig));
        rig.finish(new Oracle(
                () -> rig.direct(Side.SOURCE), () -> rig.direct(Side.TARGET), rig.migration(), tables, rig.log()));
    }

    @Requirement(259)
    @Test
    void aKeyIsAppliedOnceOnAnyInstanceAndSideInEveryPhase() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", IdempotencyIT::keys).start();
            Node two = rig.node("two", IdempotencyIT::keys).start();
            assertThat(apply(one, "before", INSERT.formatted(1, 10))).isTrue();
            assertThat(apply(two, "before", INSERT.formatted(101, 10))).isFalse();
            Rig.readyToFlip(one.dualWrite());
            assertThat(apply(two, "before", INSERT.formatted(102, 10))).isFalse();
            assertThat(apply(two, "captured", INSERT.formatted(2, 10))).isTrue();
            Rig.flipInSomeTries(one.dualWrite()::flip);
            for (Node node : List.of(one, two)) {
                assertThat(apply(node, "before", INSERT.formatted(103, 10))).isFalse();
                assertThat(apply(node, "captured", INSERT.formatted(104, 10))).isFalse();
                assertThat(node.dualWrite().resolve("captured").outcome()).isEqualTo(Outcome.COMMITTED);
                assertThat(node.dualWrite().resolve("captured").result())
                        .contains(new StoredResult("CAPTURED".getBytes(UTF_8)));
                assertThat(node.dualWrite().resolve("never").outcome()).isEqualTo(Outcome.NOT_COMMITTED);
            }
            assertThat(apply(one, "on the target", INSERT.formatted(3, 10))).isTrue();
            Rig.flipInSomeTries(two.dualWrite()::rollBack);
            assertThat(apply(one, "on the target", INSERT.formatted(105, 10))).isFalse();
            assertThat(apply(two, "on the target", INSERT.formatted(106, 10))).isFalse();
            assertThat(one.dualWrite().resolve("on the target").outcome()).isEqualTo(Outcome.COMMITTED);
            rig.log().claim("applied", "SELECT GROUP_CONCAT(id ORDER BY id) FROM account", "1,2,3");
            finish(rig);
        }
    }

    /** The first statement is of any kind: a read is not answered either, and nothing goes on until the caller rolls back. */
    @Test
    void whoComesLateHearsSoUntilItsTransactionEnds() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            apply(node, "k", INSERT.formatted(1, 10));
            try (DualWriteConnection late = begin(node, "k")) {
                try (Statement statement = late.createStatement()) {
                    assertThatThrownBy(() -> statement.executeQuery("SELECT 1"))
                            .isInstanceOf(AlreadyAppliedException.class)
                            .hasMessageStartingWith("DW-3012");
                }
                assertThatThrownBy(() -> update(late, INSERT.formatted(2, 10)))
                        .isInstanceOf(AlreadyAppliedException.class);
                assertThatThrownBy(late::setSavepoint).isInstanceOf(AlreadyAppliedException.class);
                assertThatThrownBy(late::commit).isInstanceOf(AlreadyAppliedException.class);
                update(late, INSERT.formatted(3, 10)); // another transaction, without a key
                late.commit();
            }
            rig.log().absent("account", "id", 2);
            rig.log().present("account", "id", 3);
            finish(rig);
        }
    }

    @Test
    void ofTwoAtOnceOneIsAppliedAndTheOtherWaitsForIt() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", IdempotencyIT::keys).start();
            Node two = rig.node("two", IdempotencyIT::keys).start();
            Rig.enter(one.dualWrite(), Phase.DUAL_WRITE);
            for (boolean commits : new boolean[] {false, true}) {
                String key = "commits " + commits;
                try (DualWriteConnection first = begin(one, key)) {
                    update(first, INSERT.formatted(commits ? 1 : 2, 10));
                    first.storeResult(key.toUpperCase(Locale.ROOT).getBytes(UTF_8));
                    Background<Boolean> second =
                            Background.run(() -> apply(two, key, INSERT.formatted(commits ? 11 : 12, 10)));
                    Eventually.eventually().until("the second one waits", () -> InnoDb.waits(rig.schema(Side.SOURCE)));
                    assertThat(two.dualWrite().resolve(key).outcome()).isEqualTo(Outcome.UNDECIDED);
                    if (commits) {
                        first.commit();
                    } else {
                        first.rollback();
                    }
                    assertThat(second.result()).isEqualTo(!commits);
                }
            }
            rig.log().claim("applied", "SELECT GROUP_CONCAT(id ORDER BY id) FROM account", "1,12");
            finish(rig);
        }
    }

    @Scenario(8)
    @ParameterizedTest
    @EnumSource(Moment.class)
    void whatBecameOfACommitThatWasCutIsFoundOut(Moment moment) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", IdempotencyIT::keys).start();
            Node two = rig.node("two", IdempotencyIT::keys).start();
            Rig.enter(one.dualWrite(), Phase.DUAL_WRITE);
            try (DualWriteConnection connection = begin(one, "cut");
                    Cut cut = rig.proxy(Side.SOURCE).cutNextCommit(moment)) {
                update(connection, INSERT.formatted(1, 10));
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                assertThat(cut.hits()).isEqualTo(1);
            }
            Outcome expected = moment == Moment.AFTER ? Outcome.COMMITTED : Outcome.NOT_COMMITTED;
            for (Node node : List.of(one, two)) {
                Eventually.eventually()
                        .until(
                                "it is decided",
                                () -> node.dualWrite().resolve("cut").outcome() != Outcome.UNDECIDED);
                assertThat(node.dualWrite().resolve("cut").outcome()).isEqualTo(expected);
            }
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM account"))
                    .isEqualTo(moment == Moment.AFTER ? "1" : "0");
            finish(rig);
        }
    }

    /** While a result is read row by row the driver sends nothing: neither what proves the key, nor a rollback. */
    @Test
    void whoCommitsWhileAResultIsReadIsToldAndNothingOfItIsStored() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'someone', 10, NULL), (2, 'someone', 10, NULL)");
            try (DualWriteConnection connection = begin(node, "k");
                    Statement reader = connection.createStatement()) {
                update(connection, INSERT.formatted(3, 10));
                reader.setFetchSize(Integer.MIN_VALUE);
                ResultSet rows = reader.executeQuery("SELECT id FROM account ORDER BY id");
                assertThat(rows.next()).isTrue();
                assertLost(connection::commit);
            }
            Eventually.eventually()
                    .until(
                            "the server has noticed",
                            () -> node.dualWrite().resolve("k").outcome() == Outcome.NOT_COMMITTED);
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM account")).isEqualTo("2");
            assertThat(apply(node, "k", INSERT.formatted(4, 10))).isTrue();
            rig.log().present("account", "id", 4);
            finish(rig);
        }
    }

    /** Whose row it would be, a second try could not tell. */
    @Test
    void whoCannotTakeItsKeyDoesNothingUntilItHasRolledBack() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (DualWriteConnection first = begin(node, "k");
                    DualWriteConnection second =
                            node.dataSource().getConnection().unwrap(DualWriteConnection.class)) {
                update(second, "SET SESSION innodb_lock_wait_timeout = 1");
                second.setAutoCommit(false);
                second.idempotencyKey("k");
                update(first, INSERT.formatted(1, 10));
                assertThatThrownBy(() -> update(second, INSERT.formatted(2, 10)))
                        .satisfies(e ->
                                assertThat(((SQLException) e).getErrorCode()).isEqualTo(1205));
                first.rollback();
                assertLost(() -> update(second, INSERT.formatted(2, 10)));
                assertLost(second::commit);
            }
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM account")).isEqualTo("0");
            assertThat(apply(node, "k", INSERT.formatted(3, 10))).isTrue();
            rig.log().present("account", "id", 3);
            finish(rig);
        }
    }

    /** What is cut before the COMMIT was sent is not in doubt. */
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aConnectionThatIsCutRightBeforeTheCommitHasCommittedNothing(Moment moment) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (DualWriteConnection connection = begin(node, "cut")) {
                update(connection, INSERT.formatted(1, 10));
                try (Cut cut = rig.proxy(Side.SOURCE)
                        .cutNext(moment, dev.dualwrite.testkit.fault.Statement.startsWith("RELEASE SAVEPOINT"))) {
                    assertLost(connection::commit);
                    assertThat(cut.hits()).isEqualTo(1);
                }
            }
            Eventually.eventually()
                    .until(
                            "the server has noticed",
                            () -> node.dualWrite().resolve("cut").outcome() == Outcome.NOT_COMMITTED);
            assertThat(apply(node, "cut", INSERT.formatted(2, 10))).isTrue();
            rig.log().claim("applied", "SELECT GROUP_CONCAT(id ORDER BY id) FROM account", "2");
            finish(rig);
        }
    }

    @Scenario(8)
    @Test
    void aCommitThatIsStillUnderWayIsUndecidedUntilItLands() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", IdempotencyIT::keys).start();
            Node two = rig.node("two", IdempotencyIT::keys).start();
            Rig.enter(one.dualWrite(), Phase.DUAL_WRITE);
            try (DualWriteConnection connection = begin(one, "late");
                    Hold hold = rig.proxy(Side.SOURCE).holdNextCommit()) {
                update(connection, INSERT.formatted(1, 10));
                connection.setNetworkTimeout(Runnable::run, 500);
                assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                hold.awaitHit(Duration.ofSeconds(5));
                Resolution undecided = two.dualWrite().resolve("late");
                assertThat(undecided.outcome()).isEqualTo(Outcome.UNDECIDED);
                assertThat(undecided.why()).contains("not over on its server");
            }
            Eventually.eventually()
                    .until(
                            "it has landed",
                            () -> two.dualWrite().resolve("late").outcome() == Outcome.COMMITTED);
            rig.log().present("account", "id", 1);
            finish(rig);
        }
    }

    /** A batch with which the driver goes on after the server has rolled everything back, as some are configured to. */
    @Test
    void aRollbackThatNobodyToldOfDoesNotCommitTheRestWithoutTheKey() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write(
                    "INSERT INTO account VALUES (1, 'someone', 10, NULL), (2, 'someone', 10, NULL), (3, 'someone', 10, NULL)");
            try (DualWriteConnection connection = begin(node, "k");
                    Connection other = rig.direct(Side.SOURCE);
                    Statement batch = connection.createStatement()) {
                update(connection, INSERT.formatted(9, 10));
                other.setAutoCommit(false);
                makeHeavy(other);
                update(other, "UPDATE account SET balance = 5 WHERE id = 2");
                batch.addBatch("UPDATE account SET balance = 11 WHERE id = 1");
                batch.addBatch("UPDATE account SET balance = 12 WHERE id = 2"); // waits, and is rolled back
                batch.addBatch("UPDATE account SET balance = 13 WHERE id = 3"); // the driver goes on with it
                Background<Void> ran = Background.run(() -> {
                    assertThatThrownBy(batch::executeBatch).isInstanceOf(SQLException.class);
                    return null;
                });
                Eventually.eventually().until("the batch waits", () -> InnoDb.waits(rig.schema(Side.SOURCE)));
                Background<Void> waits = Background.run(() -> {
                    update(other, "UPDATE account SET balance = 6 WHERE id = 1");
                    return null;
                });
                ran.result();
                waits.result();
                other.rollback();
                assertLost(connection::commit);
            }
            assertThat(node.dualWrite().resolve("k").outcome()).isEqualTo(Outcome.NOT_COMMITTED);
            rig.log().claim("nothing", "SELECT GROUP_CONCAT(balance ORDER BY id) FROM account", "10.00,10.00,10.00");
            finish(rig);
        }
    }

    @Test
    void aDeadlockWhileAResultIsReadEndsTheKeyToo() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'someone', 10, NULL), (2, 'someone', 10, NULL)");
            try (DualWriteConnection connection = begin(node, "k");
                    Connection other = rig.direct(Side.SOURCE);
                    Statement reader = connection.createStatement()) {
                other.setAutoCommit(false);
                makeHeavy(other);
                update(other, "UPDATE account SET balance = 5 WHERE id = 2");
                update(connection, INSERT.formatted(9, 10));
                reader.setFetchSize(Integer.MIN_VALUE);
                Background<Void> read = Background.run(() -> {
                    assertThatThrownBy(() -> {
                                try (ResultSet rows = reader.executeQuery(
                                        "SELECT id FROM account WHERE id < 3 ORDER BY id FOR UPDATE")) {
                                    while (rows.next()) {
                                        assertThat(rows.getInt(1)).isLessThan(3);
                                    }
                                }
                            })
                            .isInstanceOf(SQLException.class);
                    return null;
                });
                Eventually.eventually().until("the reader waits", () -> InnoDb.waits(rig.schema(Side.SOURCE)));
                Background<Void> waits = Background.run(() -> {
                    update(other, "UPDATE account SET balance = 6 WHERE id = 1");
                    return null;
                });
                read.result();
                waits.result();
                other.rollback();
                try {
                    update(connection, INSERT.formatted(10, 10)); // whether it is noticed here depends on the driver
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("40001");
                }
                assertLost(connection::commit);
            }
            assertThat(node.dualWrite().resolve("k").outcome()).isEqualTo(Outcome.NOT_COMMITTED);
            rig.log().absent("account", "id", 9);
            rig.log().absent("account", "id", 10);
            finish(rig);
        }
    }

    @Test
    void aTransactionThatFindsNothingToDoHasItsKey() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (DualWriteConnection connection = begin(node, "nothing")) {
                connection.commit();
            }
            assertThat(node.dualWrite().resolve("nothing").outcome()).isEqualTo(Outcome.COMMITTED);
            try (DualWriteConnection again = begin(node, "nothing")) {
                assertThatThrownBy(again::commit).isInstanceOf(AlreadyAppliedException.class);
            }
            finish(rig);
        }
    }

    /** A key goes with its transaction, whoever ends it. */
    @Test
    void aKeyEndsWithItsTransactionAndNothingGoesOnWithoutIt() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (DualWriteConnection connection = begin(node, "k")) {
                update(connection, INSERT.formatted(1, 10));
                connection.rollback();
                assertThat(node.dualWrite().resolve("k").outcome()).isEqualTo(Outcome.NOT_COMMITTED);

                connection.idempotencyKey("k");
                Savepoint before = connection.setSavepoint();
                update(connection, INSERT.formatted(2, 10));
                connection.rollback(before);
                update(connection, INSERT.formatted(3, 10));
                connection.commit();
                assertThat(node.dualWrite().resolve("k").outcome()).isEqualTo(Outcome.COMMITTED);

                connection.idempotencyKey("deadlock");
                update(connection, "UPDATE account SET balance = 1 WHERE id = 3");
                try (Connection other = rig.direct(Side.SOURCE)) {
                    other.setAutoCommit(false);
                    makeHeavy(other);
                    Background<Void> waits = Background.run(() -> {
                        update(other, "UPDATE account SET balance = 2 WHERE id = 3");
                        return null;
                    });
                    Eventually.eventually().until("the other one waits", () -> InnoDb.waits(rig.schema(Side.SOURCE)));
                    assertThatThrownBy(() ->
                                    update(connection, "INSERT INTO entry (id, account, amount) VALUES (1, 2, 2)"))
                            .satisfies(e -> assertThat(((SQLException) e).getErrorCode())
                                    .isEqualTo(1213));
                    waits.result();
                    other.rollback();
                }
                // an application that goes on without rolling back goes nowhere
                assertLost(() -> update(connection, INSERT.formatted(4, 10)));
                assertLost(connection::setSavepoint);
                assertLost(connection::commit);
                assertThat(node.dualWrite().resolve("deadlock").outcome()).isEqualTo(Outcome.NOT_COMMITTED);
                connection.idempotencyKey("deadlock");
                update(connection, INSERT.formatted(4, 10));
                connection.commit();
                assertThat(node.dualWrite().resolve("deadlock").outcome()).isEqualTo(Outcome.COMMITTED);
            }
            rig.log().claim("applied", "SELECT GROUP_CONCAT(id ORDER BY id) FROM account", "3,4");
            finish(rig);
        }
    }

    @Test
    void whatIsNoKeyOfATransactionIsRefused() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (Connection connection = node.dataSource().getConnection()) {
                DualWriteConnection own = connection.unwrap(DualWriteConnection.class);
                assertRefused(() -> own.idempotencyKey("autocommit is on"), "DW-2047");
                own.setAutoCommit(false);
                assertRefused(() -> own.idempotencyKey(""), "DW-2047");
                assertRefused(() -> own.idempotencyKey("ü".repeat(128)), "DW-2047");
                assertRefused(() -> own.storeResult(new byte[1]), "DW-2047");
                assertRefused(() -> own.idempotencyKey("\ud83d"), "DW-2047");
                own.setCatalog("information_schema");
                assertRefused(() -> own.idempotencyKey("elsewhere"), "DW-2047");
                own.setCatalog(null);
                own.idempotencyKey("ddl");
                assertRefused(() -> update(own, "TRUNCATE TABLE nowhere"), "DW-2047");
                own.rollback();
                own.idempotencyKey("ü".repeat(127));
                assertRefused(() -> own.storeResult(new byte[4097]), "DW-2047");
                own.storeResult(new byte[4096]);
                assertRefused(() -> own.idempotencyKey("too late"), "DW-2047");
                own.commit();
                own.setSavepoint();
                assertRefused(() -> own.idempotencyKey("too late"), "DW-2047");
                own.rollback();
            }
            assertThat(node.dualWrite().resolve("ü".repeat(127)).result()).contains(new StoredResult(new byte[4096]));
            finish(rig);
        }
    }

    @Test
    void withoutALedgerThereAreNoKeys() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            try (DualWriteConnection own = node.dataSource().getConnection().unwrap(DualWriteConnection.class)) {
                own.setAutoCommit(false);
                assertRefused(() -> own.idempotencyKey("k"), "DW-2046");
            }
            assertThatThrownBy(() -> node.dualWrite().resolve("k"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("idempotencyKeys");
            assertThatThrownBy(() -> rig.node("two", b -> keys(b).createControlTables(false))
                            .start())
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageStartingWith("DW-1011")
                    .hasMessageContaining("CREATE TABLE IF NOT EXISTS")
                    .hasMessageContaining("idempotency_key");
            rig.finish();
        }
    }

    @Test
    void oldKeysAreForgottenOnBothSides() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", IdempotencyIT::keys).start();
            Rig.readyToFlip(node.dualWrite());
            apply(node, "old", INSERT.formatted(1, 10));
            apply(node, "young", INSERT.formatted(2, 10));
            String ledger = ledger(rig);
            node.write("UPDATE " + ledger
                    + " SET applied_at = UTC_TIMESTAMP(6) - INTERVAL 8 DAY WHERE idempotency_key =" + " 'old'");
            rig.node("two", IdempotencyIT::keys).start(); // looks for old ones at once
            for (Side side : Side.values()) {
                Eventually.eventually()
                        .until(
                                "the old one is forgotten on " + side,
                                () -> rig.ask(side, "SELECT GROUP_CONCAT(idempotency_key) FROM " + ledger)
                                        .equals("young"));
            }
            assertThat(node.dualWrite().resolve("old").outcome()).isEqualTo(Outcome.NOT_COMMITTED);
            Rig.verify(node.dualWrite());
            finish(rig);
        }
    }

    /** Something that a test expects to fail. */
    private interface Action {
        void run() throws SQLException;
    }

    private static void assertLost(Action action) {
        assertThatThrownBy(action::run)
                .isInstanceOf(OwnershipException.class)
                .hasMessageStartingWith("DW-3013")
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("40001"));
    }

    private static void assertRefused(Action action, String code) {
        assertThatThrownBy(action::run)
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageStartingWith(code);
    }
}
