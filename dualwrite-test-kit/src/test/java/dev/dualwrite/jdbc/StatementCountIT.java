package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the boundary costs, by the server's own count of the statements in a session: no clock is involved. */
class StatementCountIT {

    /** Something that an application does on a connection; the same with and without the boundary. */
    @FunctionalInterface
    private interface Work {
        void on(Connection connection, long id) throws SQLException;
    }

    private static final Work UPDATE_BY_KEY = (connection, id) -> {
        connection.setAutoCommit(false);
        try (PreparedStatement update = connection.prepareStatement("UPDATE account SET balance = ? WHERE id = ?")) {
            update.setBigDecimal(1, BigDecimal.valueOf(id));
            update.setLong(2, id);
            update.executeUpdate();
        }
        connection.commit();
        connection.setAutoCommit(true);
    };

    private static final Work TWO_STATEMENTS = (connection, id) -> {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id = " + id);
            statement.executeUpdate("INSERT INTO entry (account, amount) VALUES (" + id + ", 1)");
        }
        connection.commit();
        connection.setAutoCommit(true);
    };

    private static final Work UPDATE_BY_PREDICATE = (connection, id) -> {
        connection.setAutoCommit(false);
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE account SET balance = balance + 1 WHERE owner = ? AND slot < ?")) {
            update.setString(1, "someone");
            update.setLong(2, id);
            update.executeUpdate();
        }
        connection.commit();
        connection.setAutoCommit(true);
    };

    private static final Work AUTOCOMMIT_KNOWN = (connection, id) -> {
        try (PreparedStatement update = connection.prepareStatement("UPDATE account SET balance = ? WHERE id = ?")) {
            update.setBigDecimal(1, BigDecimal.valueOf(id));
            update.setLong(2, id);
            update.executeUpdate();
        }
    };

    private static final Work AUTOCOMMIT_GENERATED = (connection, id) -> {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO entry (account, amount) VALUES (" + id + ", 1)");
        }
    };

    @Test
    void anExplicitTransactionCostsOneStatementMoreThanBareAndNoneIfItsOnlyKeysAreKnown() throws Exception {
        compare(UPDATE_BY_KEY, 0, Phase.DUAL_WRITE);
        compare(TWO_STATEMENTS, 1, Phase.DUAL_WRITE);
    }

    @Test
    void aPredicateThatIsNotTheKeyCostsOneKeySelectMore() throws Exception {
        compare(UPDATE_BY_PREDICATE, 2, Phase.DUAL_WRITE);
    }

    @Test
    void anAutocommitWriteWithKnownKeysTakesFourStatementsInAll() throws Exception {
        compare(AUTOCOMMIT_KNOWN, 3, Phase.DUAL_WRITE);
        compare(AUTOCOMMIT_GENERATED, 4, Phase.DUAL_WRITE);
    }

    @Test
    void outsideOfTheCapturingPhasesOnlyTheFenceIsRead() throws Exception {
        compare(UPDATE_BY_KEY, 0, Phase.SOURCE_ONLY);
        compare(AUTOCOMMIT_KNOWN, 3, Phase.SOURCE_ONLY);
    }

    /** Each in its own rig, on one physical connection; the first rounds are not counted. */
    private static void compare(Work work, int more, Phase phase) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            for (int i = 1; i <= 9; i++) {
                node.write("INSERT INTO account VALUES (" + i + ", 'someone', 10.00, " + i + ")");
            }
            if (phase == Phase.DUAL_WRITE) {
                Rig.readyToFlip(node.dualWrite());
            }
            long bare;
            try (Rig other = Rig.shared()) { // elsewhere: nothing may write past the boundary here
                other.both("INSERT INTO account SELECT n, 'someone', 10, n FROM"
                        + " (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) k");
                try (HikariDataSource pool = other.pool(Side.SOURCE, "bare", 1)) {
                    bare = count(pool, work);
                }
            }
            long through = count(node.dataSource(), work);
            assertThat(through - bare)
                    .as("statements beyond the %d of the bare pool, in %s", bare, phase)
                    .isEqualTo(more);
            rig.finish(phase == Phase.SOURCE_ONLY ? rig.oracle().withoutFollower() : rig.oracle());
        }
    }

    private static long count(DataSource dataSource, Work work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            for (int i = 1; i <= 3; i++) {
                work.on(connection, i);
            }
            long before = questions(connection);
            work.on(connection, 4);
            return questions(connection) - before;
        }
    }

    /** The server's count for this session, of this question too: the same on both ways. */
    private static long questions(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Questions'")) {
            row.next();
            return row.getLong(2);
        }
    }
}
