package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the library cannot know, it does not guess: what could be lost unseen is refused or rolled back. */
class FailClosedIT {

    /** The probe after an error meets the same streaming result: that says nothing about the transaction. */
    @Test
    void aTransactionWhoseFateCannotBeAskedIsNotCommittedWithoutItsIntents() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            node.transaction(
                    "INSERT INTO account VALUES (1, 'a', 1, 1)",
                    "INSERT INTO account VALUES (2, 'b', 1, 2)",
                    "INSERT INTO account VALUES (3, 'c', 1, 3)");
            Rig.readyToFlip(node.dualWrite());
            boolean committed;
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                try (Statement change = connection.createStatement();
                        Statement stream = connection.createStatement()) {
                    change.executeUpdate("UPDATE account SET balance = 50 WHERE id = 1");
                    stream.setFetchSize(Integer.MIN_VALUE);
                    try (ResultSet rows = stream.executeQuery("SELECT id FROM account")) {
                        assertThat(rows.next()).isTrue();
                        assertThatThrownBy(() -> change.executeUpdate("UPDATE account SET balance = 51 WHERE id = 2"))
                                .isInstanceOf(SQLException.class);
                    } catch (SQLException broken) {
                        rig.log().claim("the connection may have been ended", "SELECT 1", 1);
                    }
                    committed = commits(connection);
                } catch (SQLException broken) {
                    committed = false;
                }
            }
            rig.log()
                    .claim(
                            "as the caller was told",
                            "SELECT balance FROM account WHERE id = 1",
                            committed ? "50.00" : "1.00");
            rig.finish();
        }
    }

    private static boolean commits(Connection connection) {
        try {
            connection.commit();
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }

    /** A converger that comes late takes no parking back that it has not seen. */
    @Test
    void aUnitThatWasParkedMeanwhileStaysParked() throws Exception {
        try (Rig rig = Rig.shared()) {
            Stops stops = new Stops();
            Node late = rig.node("late", b -> b.seams(stops).workers(1)).start();
            late.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(late.dualWrite());
            rig.schema(Side.TARGET).execute("ALTER TABLE account MODIFY owner VARCHAR(3) NOT NULL");
            Stops.Stop committed = stops.at("afterFollowerCommit");
            late.write("UPDATE account SET balance = 2 WHERE id = 1");
            committed.awaitReached();
            Node other = rig.node("other", b -> b.workers(1)).start();
            other.write("UPDATE account SET owner = 'longer than three' WHERE id = 1");
            Eventually.eventually()
                    .until("parked", () -> other.dualWrite().parked(10).size() == 1);
            long peeks = stops.passed("afterPeek");
            committed.release();
            Deadline deadline = Deadline.in(Duration.ofSeconds(60));
            for (int i = 2; stops.passed("afterPeek") == peeks; i++) { // until the late one has ended that round
                deadline.check("the late one takes up work again");
                other.write("INSERT INTO account VALUES (" + i + ", 'b', 1, " + i + ")");
                Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            }
            assertThat(other.dualWrite().parked(10)).hasSize(1);
            assertThat(failed(other, Phase.REVERSE_WINDOW)).contains("nothing-parked");
            rig.schema(Side.TARGET).execute("ALTER TABLE account MODIFY owner VARCHAR(40) NOT NULL");
            assertThat(other.dualWrite().unpark()).isEqualTo(1);
            rig.finish();
        }
    }

    private static List<String> failed(Node node, Phase to) {
        return node.dualWrite().gate(to).failed().stream()
                .map(GateReport.Check::name)
                .toList();
    }

    /** The server enforces nothing of what a function is declared as. */
    @Test
    void aFunctionThatChangesTablesIsRefusedWhateverItIsDeclaredAs() throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.both("CREATE FUNCTION touch(x INT) RETURNS INT READS SQL DATA"
                    + " BEGIN UPDATE account SET balance = 9 WHERE id = x; RETURN 1; END");
            rig.both("CREATE FUNCTION twice(x INT) RETURNS INT DETERMINISTIC NO SQL RETURN x * 2");
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(node.dualWrite());
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT touch(1)"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2023");
                try (ResultSet row = statement.executeQuery("SELECT twice(4)")) {
                    row.next();
                    assertThat(row.getInt(1)).isEqualTo(8);
                }
            }
            rig.log().claim("untouched", "SELECT balance FROM account WHERE id = 1", "1.00");
            rig.finish();
        }
    }

    /** No statement names the key that such a column gets. */
    @Test
    void aKeyThatTheServerChangesByItselfIsRefusedAtTheStart() throws Exception {
        try (Rig rig = Rig.shared(
                "CREATE TABLE reading (id BIGINT NOT NULL, at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)"
                        + " ON UPDATE CURRENT_TIMESTAMP(6), v INT, PRIMARY KEY (id, at))")) {
            assertThatThrownBy(() -> rig.node("one").start())
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-1003")
                    .hasMessageContaining("reading.at");
        }
    }

    /** An instance that read the tables before they were changed would copy and compare without the new column. */
    @Scenario({74, 83})
    @Requirement(185)
    @Test
    void tablesThatWereChangedSinceTheStartCloseTheGateUntilTheInstanceIsStartedAnew() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node old = rig.node("old").start();
            old.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(old.dualWrite());
            rig.both("ALTER TABLE account ADD COLUMN note VARCHAR(20) NULL");
            assertThat(failed(old, Phase.REVERSE_WINDOW)).contains("schemas-as-known");
            assertThatThrownBy(() -> old.dualWrite().verify())
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5012");
            Node fresh = rig.node("fresh").start();
            assertThat(failed(fresh, Phase.REVERSE_WINDOW)).contains("instances-agree");
            old.close();
            fresh.write("UPDATE account SET note = 'new' WHERE id = 1");
            rig.log().claim("the new column", "SELECT note FROM account WHERE id = 1", "new");
            assertThat(fresh.dualWrite().backfill().complete()).isTrue();
            Rig.verify(fresh.dualWrite());
            Rig.flipInSomeTries(fresh.dualWrite()::flip);
            rig.finish();
        }
    }

    /** What is copied out of the domain must be the owner's: it is read behind the fence. */
    @Test
    void aChangeOutsideThatReadsTheDomainHoldsTheFenceInAutocommitToo() throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.both("CREATE TABLE report (id BIGINT PRIMARY KEY, balance DECIMAL(12,2))");
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'a', 7, 1)");
            Rig.readyToFlip(node.dualWrite());
            node.write("INSERT INTO report VALUES (1, 0)");
            StatementLog said = rig.proxy(Side.SOURCE).record();
            node.write("UPDATE report SET balance = (SELECT balance FROM account WHERE id = 1) WHERE id = 1");
            assertThat(said.statements().stream().map(s -> s.sql()))
                    .anyMatch(sql -> sql.contains("dualwrite_fence") && sql.contains("SHARE"));
            assertThat(rig.ask(Side.SOURCE, "SELECT balance FROM report WHERE id = 1"))
                    .isEqualTo("7.00");
            rig.finish();
        }
    }
}
