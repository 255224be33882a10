package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Statement;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A row that another session commits between the selection of the keys and the statement itself: at any
 * isolation level, what the statement changes is what was captured.
 */
class IsolationIT {

    /** What another session does while the statement is under way, to the rows from a base on. */
    enum Other {
        INSERTS("INSERT INTO account VALUES (%d + 50, 'other', 500, NULL)"),
        UPDATES_INTO_THE_CONDITION("UPDATE account SET balance = 500 WHERE id = %d + 2"),
        MOVES_A_KEY_INTO_THE_CONDITION("UPDATE account SET id = id + 60, balance = 500 WHERE id = %d + 4");

        private final String sql;

        Other(String sql) {
            this.sql = sql;
        }

        String at(int base) {
            return sql.formatted(base);
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_UNCOMMITTED,
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void nothingIsChangedThatWasNotCaptured(int level) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            Rig.enter(one.dualWrite(), Phase.DUAL_WRITE);
            Eventually.eventually()
                    .until("both know", () -> two.dualWrite().ownership().phase() == Phase.DUAL_WRITE);
            int base = 0;
            for (Other other : Other.values()) {
                for (boolean autocommit : new boolean[] {true, false}) {
                    boolean delete = autocommit == (other == Other.INSERTS);
                    interleave(rig, one, two, level, base, other, autocommit, delete);
                    base += 1000;
                }
            }
            rig.finish();
        }
    }

    private static void interleave(
            Rig rig, Node one, Node two, int level, int base, Other other, boolean autocommit, boolean delete)
            throws Exception {
        String what = other + (autocommit ? ", autocommit" : ", transaction") + (delete ? ", DELETE" : ", UPDATE");
        one.write(
                "INSERT INTO account (id, owner, balance) VALUES (%d, 'a', 200), (%d, 'b', 10), (%d, 'c', 300), (%d, 'd', 20)"
                        .formatted(base + 1, base + 2, base + 3, base + 4));
        Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
        String sql = (delete ? "DELETE FROM account" : "UPDATE account SET owner = 'held'")
                + " WHERE balance > 100 AND id BETWEEN " + base + " AND " + (base + 999);
        try (Hold hold = rig.proxy(Side.SOURCE)
                .holdNext(Statement.startsWith(delete ? "DELETE FROM account" : "UPDATE account SET owner"))) {
            Background<Integer> change = Background.run(() -> run(one, sql, level, autocommit));
            hold.awaitHit(Duration.ofSeconds(20));
            int at = base;
            Background<Integer> between = Background.run(() -> two.write(other.at(at)));
            Eventually.eventually()
                    .until(
                            "the other session is through, or waits",
                            () -> between.done() || InnoDb.waits(rig.schema(Side.SOURCE)));
            if (level <= Connection.TRANSACTION_READ_COMMITTED) {
                between.result();
                Eventually.eventually().until("and it has converged", () -> rig.queued(Side.SOURCE) == 0);
            }
            hold.release();
            assertThat(change.result())
                    .as("%s: the rows that were selected, and no other", what)
                    .isEqualTo(2);
            assertThat(between.result()).as(what).isEqualTo(1);
        }
        rig.log()
                .claim(
                        what + ": the other session's row is as it left it",
                        "SELECT COUNT(*) FROM account WHERE balance = 500 AND owner IN ('other', 'b', 'd') AND id BETWEEN "
                                + base + " AND " + (base + 999),
                        1);
        if (delete) {
            rig.log().absent("account", "id", base + 1);
            rig.log().absent("account", "id", base + 3);
        } else {
            rig.log()
                    .claim(
                            what + ": changed",
                            "SELECT COUNT(*) FROM account WHERE owner = 'held' AND id BETWEEN " + base + " AND "
                                    + (base + 999),
                            2);
        }
    }

    private static int run(Node node, String sql, int level, boolean autocommit) throws Exception {
        try (Connection connection = node.dataSource().getConnection();
                java.sql.Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(level);
            connection.setAutoCommit(autocommit);
            int count = statement.executeUpdate(sql);
            if (!autocommit) {
                connection.commit();
            }
            return count;
        }
    }
}
