package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
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
        "READ_UNCOMMITTED, false",
        "READ_COMMITTED, true",
        "REPEATABLE_READ, true",
        "REPEATABLE_READ, false",
        "SERIALIZABLE, false"
    })
    void whatChangesIsWhatWasCaptured(Level level, boolean autocommit) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            fill(rig, 0, ROWS);
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
                assertThat(change.result()).isEqualTo(ROWS);
                assertThat(between.result()).isOne();
            }
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(DISTINCT unit) FROM dualwrite_intent"))
                    .isEqualTo(Integer.toString(ROWS + 1));
            rig.log().claim("changed", "SELECT COUNT(*) FROM account WHERE owner = 'first, changed'", ROWS);
            rig.log().present("account", "owner", "between");
            one.dualWrite().kill(false);
            awaitDrained(rig);
            rig.finish();
        }
    }

    @Test
    void aLargeChangeIsUndoneToASavepointAndRolledBackLikeAnyOther() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node node = rig.node("one").start();
            fill(rig, 0, ROWS);
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
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

    @Test
    void whatTheServerCannotCaptureIsListedAndRefusedBeyondItsLimit() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, Rig.ENTRY)) {
            Node node = rig.node("one").start();
            fill(rig, 0, ROWS);
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
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
