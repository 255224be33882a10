package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One statement that changes more rows than the library lists: the owner's server writes their intents. */
class LargeStatementIT {
    private static final int ROWS = 10_500;

    /** The same rows on both sides, as if they had been copied. */
    private static void fill(Rig rig, int from, int to) throws SQLException {
        String digit = IntStream.range(1, 10)
                .mapToObj(n -> " UNION ALL SELECT " + n)
                .collect(Collectors.joining("", "(SELECT 0 n", ")"));
        String number = "a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n";
        for (Side side : Side.values()) {
            rig.schema(side)
                    .execute("INSERT INTO account (id, owner, balance) SELECT " + number + ", 'first', 200 FROM "
                            + digit
                            + " a, " + digit + " b, " + digit + " c, " + digit + " d, " + digit + " e WHERE " + number
                            + " BETWEEN " + from + " AND " + (to - 1));
        }
    }

    private static Node dualWriting(Rig rig, Node node, int rows) throws SQLException {
        node.start();
        fill(rig, 0, rows);
        Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
        return node;
    }

    private static int run(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static void awaitDrained(Rig rig) {
        Eventually.within(Duration.ofSeconds(60)).until("the queue is empty", () -> rig.queued(Side.SOURCE) == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "READ_UNCOMMITTED, false, 10500",
        "READ_COMMITTED, true, 10500",
        "REPEATABLE_READ, true, 50001",
        "REPEATABLE_READ, false, 10500",
        "SERIALIZABLE, false, 10500"
    })
    void whatChangesIsWhatWasCaptured(Level level, boolean autocommit, int rows) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            fill(rig, 0, rows);
            Rig.enter(one.dualWrite(), Phase.DUAL_WRITE);
            Eventually.eventually()
                    .until("both know", () -> two.dualWrite().ownership().phase() == Phase.DUAL_WRITE);
            one.dualWrite().kill(true);
            Eventually.eventually()
                    .until("nobody converges", () -> two.dualWrite().status().killed());
            try (Hold hold = rig.proxy(Side.SOURCE).holdNext(Statement.startsWith("UPDATE account SET owner"))) {
                Background<Integer> change = Background.run(() -> {
                    try (Connection connection = one.dataSource().getConnection()) {
                        connection.setTransactionIsolation(level.code);
                        connection.setAutoCommit(autocommit);
                        int count = run(
                                connection,
                                "UPDATE account SET owner = CONCAT(owner, ?) WHERE balance > ?",
                                ", changed",
                                100);
                        if (!autocommit) {
                            connection.commit();
                        }
                        return count;
                    }
                });
                hold.awaitHit(Duration.ofSeconds(30));
                Background<Integer> between =
                        Background.run(() -> two.write("INSERT INTO account VALUES (900000, 'between', 500, NULL)"));
                Eventually.eventually()
                        .until(
                                "the other session is through, or waits",
                                () -> between.done() || InnoDb.waits(rig.schema(Side.SOURCE)));
                hold.release();
                assertThat(change.result()).isEqualTo(rows);
                assertThat(between.result()).isOne();
            }
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(DISTINCT unit) FROM dualwrite_intent"))
                    .isEqualTo(Integer.toString(rows + 1));
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(DISTINCT LEFT(id, 9)) FROM dualwrite_intent"))
                    .as("the server wrote all intents of the one statement")
                    .isEqualTo("2");
            rig.log().claim("changed", "SELECT COUNT(*) FROM account WHERE owner = 'first, changed'", rows);
            rig.log().present("account", "owner", "between");
            one.dualWrite().kill(false);
            awaitDrained(rig);
            rig.finish();
        }
    }

    @Test
    void aLargeChangeIsUndoneToASavepointAndRolledBackLikeAnyOther() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node node = dualWriting(rig, rig.node("one"), ROWS);
            node.dualWrite().kill(true);
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                run(connection, "UPDATE account SET owner = 'kept' WHERE id = 7");
                Savepoint savepoint = connection.setSavepoint();
                assertThat(run(connection, "DELETE FROM account WHERE balance > 100"))
                        .isEqualTo(ROWS);
                connection.rollback(savepoint);
                connection.commit();
                assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_intent"))
                        .isEqualTo("1");
                run(connection, "DELETE FROM account WHERE balance > 100");
                connection.rollback();
            }
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_intent"))
                    .isEqualTo("1");
            rig.log().claim("kept", "SELECT owner FROM account WHERE id = 7", "kept");
            rig.log().claim("all", "SELECT COUNT(*) FROM account", ROWS);
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    @Scenario(38)
    @Test
    void whatTheServerCannotCaptureIsListedAndRefusedBeyondItsLimit() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, Rig.ENTRY)) {
            Node node = dualWriting(rig, rig.node("one"), ROWS);
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                assertThat(run(connection, "UPDATE account SET id = id + 1000000 WHERE balance > 100"))
                        .as("listed, since the keys change")
                        .isEqualTo(ROWS);
                assertThat(run(connection, "UPDATE account SET id = id - 1000000 WHERE balance > 100"))
                        .isEqualTo(ROWS);
                fill(rig, ROWS, 50_001);
                assertThatThrownBy(() -> run(
                                connection,
                                "DELETE FROM account WHERE id NOT IN (SELECT account FROM entry UNION SELECT -1)"))
                        .hasMessageContaining("DW-2036");
                assertThatThrownBy(() -> run(connection, "UPDATE account SET id = id + 1000000 WHERE balance > 100"))
                        .hasMessageContaining("DW-2036");
                assertThat(run(
                                connection,
                                "DELETE FROM account WHERE id NOT IN (SELECT account FROM entry) AND id > ?",
                                9))
                        .isEqualTo(50_001 - 10);
            }
            rig.log().claim("left", "SELECT COUNT(*) FROM account", 10);
            awaitDrained(rig);
            rig.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallerInSyncModeWaitsForAllOfIt(boolean autocommit) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node node = dualWriting(rig, rig.node("one", b -> b.sync(Duration.ofSeconds(10))), ROWS);
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setAutoCommit(autocommit);
                long began = System.nanoTime();
                run(connection, "UPDATE account SET owner = 'changed' WHERE balance > 100");
                if (!autocommit) {
                    run(connection, "UPDATE account SET balance = 201 WHERE id = 1");
                    connection.commit();
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("it was told, and did not wait for its budget to end")
                        .isLessThan(Duration.ofSeconds(10));
            }
            // at once, without waiting
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account WHERE owner = 'changed'"))
                    .isEqualTo(Integer.toString(ROWS));
            rig.finish();
        }
    }

    /** Between the selection of the keys and the statement the clock goes on, whatever is locked. */
    @ParameterizedTest
    @ValueSource(strings = {"NOW(6)", "CURRENT_TIMESTAMP(6)", "SYSDATE(6)"})
    void aConditionThatAsksTheClockChangesNoMoreThanWasCaptured(String clock) throws Exception {
        String due = "CREATE TABLE due (id BIGINT PRIMARY KEY, at DATETIME(6) NOT NULL, v INT NOT NULL) ENGINE=InnoDB";
        try (Rig rig = Rig.shared(Rig.ACCOUNT, due)) {
            Node node = dualWriting(rig, rig.node("one"), 30_000);
            node.dualWrite().kill(true);
            String base = rig.ask(Side.SOURCE, "SELECT SYSDATE(6) + INTERVAL 1 SECOND");
            for (Side side : Side.values()) {
                rig.schema(side)
                        .execute("INSERT INTO due SELECT id, TIMESTAMP'" + base
                                + "' + INTERVAL (id - 10500) * 100 MICROSECOND, 0 FROM account");
            }
            Eventually.eventually()
                    .until(
                            "some are due",
                            () -> rig.ask(Side.SOURCE, "SELECT SYSDATE(6) > TIMESTAMP'" + base + "'")
                                    .equals("1"));
            int changed;
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                changed = run(connection, "UPDATE due SET v = v + 1 WHERE at < " + clock);
            }
            assertThat(changed).as("some are due, and some are not yet").isBetween(10_001, 29_999);
            rig.log().claim("changed", "SELECT COUNT(*) FROM due WHERE v = 1", changed);
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE FROM account", "UPDATE account SET owner = 'second'"})
    void aLargeChangeBelowRepeatableReadWaitsForNobodysIntents(String change) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, Rig.ENTRY)) {
            Node node = dualWriting(rig, rig.node("one"), ROWS);
            try (Connection open = node.dataSource().getConnection();
                    Connection connection = node.dataSource().getConnection()) {
                open.setAutoCommit(false);
                run(open, "INSERT INTO entry (id, account, amount) VALUES (1, 1, 1)");
                open.setSavepoint(); // writes the intents
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                run(connection, "SET SESSION innodb_lock_wait_timeout = 2");
                assertThat(run(connection, change + " WHERE balance > 100")).isEqualTo(ROWS);
                open.commit();
            }
            rig.log().claim("changed", "SELECT COUNT(*) FROM account WHERE owner = 'first'", 0);
            rig.log().claim("committed", "SELECT COUNT(*) FROM entry", 1);
            rig.finish();
        }
    }

    /** A session's new level counts at once while the server has no transaction, and else not yet. */
    @ParameterizedTest
    @CsvSource({
        "READ_COMMITTED, UPDATE account SET slot = 1 WHERE id = 1, REPEATABLE_READ",
        "REPEATABLE_READ, SELECT 1, READ_COMMITTED"
    })
    void aLevelThatIsSetWithinATransactionIsNotReliedOn(Level first, String between, Level then) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node node = dualWriting(rig, rig.node("one"), ROWS);
            node.dualWrite().kill(true);
            try (Connection connection = node.dataSource().getConnection();
                    Hold hold = rig.proxy(Side.SOURCE).holdNext(Statement.startsWith("UPDATE account SET owner"))) {
                connection.setTransactionIsolation(first.code);
                connection.setAutoCommit(false);
                try (java.sql.Statement statement = connection.createStatement()) {
                    statement.execute(between);
                }
                connection.setTransactionIsolation(then.code);
                Background<Integer> change = Background.run(
                        () -> run(connection, "UPDATE account SET owner = 'changed' WHERE balance > 100"));
                hold.awaitHit(Duration.ofSeconds(30));
                node.write("INSERT INTO account VALUES (900000, 'between', 500, NULL)");
                hold.release();
                assertThat(change.result()).isEqualTo(ROWS);
                connection.commit();
            }
            rig.log().present("account", "owner", "between");
            rig.log().claim("changed", "SELECT COUNT(*) FROM account WHERE owner = 'changed'", ROWS);
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** What the library has rolled back stays so until the application has heard of it. */
    @Test
    void intentsThatCannotBeWrittenWithinABatchLoseTheTransaction() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node node = dualWriting(rig, rig.node("one"), 2_000);
            ServerFault full = rig.refusing(Side.SOURCE, "dualwrite_intent", "@full = 1");
            try (Connection connection = node.dataSource().getConnection();
                    java.sql.Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET owner = 'one' WHERE id = 1");
                statement.execute("SET @full = 1");
                statement.addBatch("UPDATE account SET owner = 'all' WHERE balance > 100");
                statement.addBatch("UPDATE account SET owner = 'all' WHERE balance > 100");
                assertThatThrownBy(statement::executeBatch).hasMessageContaining("refused by the test kit");
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE account SET owner = 'two' WHERE id = 2"))
                        .isInstanceOf(OwnershipException.class);
                assertThatThrownBy(connection::commit).isInstanceOf(OwnershipException.class);
            }
            full.close();
            rig.log().claim("nothing", "SELECT COUNT(*) FROM account WHERE owner = 'first'", 2_000);
            rig.finish();
        }
    }

    enum Level {
        READ_UNCOMMITTED(Connection.TRANSACTION_READ_UNCOMMITTED),
        READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
        REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
        SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

        private final int code;

        Level(int code) {
            this.code = code;
        }
    }
}
