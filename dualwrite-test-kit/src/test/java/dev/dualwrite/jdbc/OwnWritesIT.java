package dev.dualwrite.jdbc;

import static dev.dualwrite.jdbc.Readers.FIRST;
import static dev.dualwrite.jdbc.Readers.answers;
import static dev.dualwrite.jdbc.Readers.awaitAnswers;
import static dev.dualwrite.jdbc.Readers.awaitNoRound;
import static dev.dualwrite.jdbc.Readers.awaitPhase;
import static dev.dualwrite.jdbc.Readers.figure;
import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Moment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever has written, reads it: in TARGET_READ from the owner, until the target has it. */
class OwnWritesIT {
    private final Readers readers = new Readers();
    private final AtomicReference<Reader> who = readers.who();

    @Test
    @Scenario(94)
    void whoHasWrittenReadsFromTheOwnerUntilTheTargetHasIt() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b.readLag(Duration.ofMinutes(10)));
            Node other = rig.node("two", b -> readers.known(b).readLag(Duration.ofMinutes(10)))
                    .start();
            awaitPhase(other, Phase.TARGET_READ);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            awaitAnswers(other, Side.TARGET);
            node.dualWrite().kill(true);
            other.dualWrite().kill(true);
            awaitNoRound(rig, node, "entry");

            who.set(Reader.of("berta"));
            String token;
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE account SET owner = 'changed' WHERE id = 1");
                token = connection
                        .unwrap(DualWriteConnection.class)
                        .writeToken()
                        .orElseThrow();
            }
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            who.set(Reader.of("carla"));
            assertThat(answers(node, FIRST)).as("of somebody else").isEqualTo(Side.TARGET);
            who.set(Reader.of("berta"));
            assertThat(answers(other, FIRST)).as("elsewhere, without a token").isEqualTo(Side.TARGET);
            assertThat(answersAfter(other, token)).isEqualTo(Side.SOURCE);
            assertThatThrownBy(() -> answersAfter(other, "rubbish"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-1000");

            node.dualWrite().kill(false);
            awaitAnswers(node, Side.TARGET);
            assertThat(rig.ask(Side.TARGET, FIRST)).isEqualTo("changed");
            eventually()
                    .until("the token is fulfilled elsewhere, too", () -> answersAfter(other, token) == Side.TARGET);
            rig.finish();
        }
    }

    private static Side answersAfter(Node node, String token) throws SQLException {
        try (Connection connection = node.dataSource().getConnection()) {
            connection.unwrap(DualWriteConnection.class).readAfter(token);
            connection.setReadOnly(true);
            eventually().until("what was seen before the token came does not count", new Readers.Looks(node)::more);
            connection.setAutoCommit(false);
            return answers(connection, FIRST);
        }
    }

    @Test
    void aTransactionThatBeginsWithAnotherTableDoesNotMissWhatItsReaderHasWritten() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            node.dualWrite().kill(true);
            awaitNoRound(rig, node, "entry");
            who.set(Reader.of("berta"));
            node.write("UPDATE account SET owner = 'changed' WHERE id = 1");

            try (Connection connection = node.dataSource().getConnection()) {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM entry")) {
                        assertThat(row.next()).isTrue();
                    }
                    try (ResultSet row = statement.executeQuery(FIRST)) {
                        assertThat(row.next()).isTrue();
                        assertThat(row.getString(1)).isEqualTo("changed");
                    }
                }
                connection.rollback();
            }
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    @Test
    void aWriteWhoseOutcomeIsNotKnownKeepsReadsOnTheOwner() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            try (Cut cut = rig.proxy(Side.SOURCE).cutNextCommit(Moment.AFTER)) {
                assertThatThrownBy(() -> node.transaction("UPDATE account SET owner = 'perhaps' WHERE id = 1"))
                        .isInstanceOf(SQLException.class);
                assertThat(cut).isNotNull();
            }
            who.set(Reader.of("somebody"));
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            assertThat(figure(node, "reads.owner.uncertain")).isEqualTo(1);
            rig.finish();
        }
    }

    @Test
    void whoIsSaidToHaveWrittenElsewhereReadsFromTheOwnerForAWhile() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b.readLag(Duration.ofSeconds(30)));
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            who.set(Reader.of("berta").wroteAt(Instant.now().minusSeconds(20)));
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            assertThat(figure(node, "reads.owner.own-write")).isEqualTo(1);
            who.set(Reader.of("berta").wroteAt(Instant.now().minusSeconds(60)));
            assertThat(answers(node, FIRST)).isEqualTo(Side.TARGET);
            rig.finish();
        }
    }

    @Test
    void whatSomebodyUnknownHasWrittenEverybodyWaitsFor() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = reading(rig);
            stop(rig, node);
            who.set(Reader.UNKNOWN);
            node.write("UPDATE account SET owner = 'changed' WHERE id = 1");
            who.set(Reader.of("carla"));
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            assertThat(figure(node, "reads.owner.anybodys-write")).isEqualTo(1);
            assertThat(figure(node, "reads.owner.own-write")).isZero();
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** A statement that may commit, and does not. */
    @Test
    void aWriteIsNotForgottenBeforeItIsCommitted() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = reading(rig);
            who.set(Reader.of("berta"));
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET owner = 'changed' WHERE id = 1");
                statement.execute("CREATE TEMPORARY TABLE scratch (id INT PRIMARY KEY)");
                stop(rig, node);
                eventually().until("the queue was looked at", new Readers.Looks(node)::more);
                connection.commit();
            }
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** A statement that has committed before it could fail. */
    @Test
    void aWriteThatAFailedDefinitionHasCommittedIsSeen() throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.schema(Side.SOURCE).execute("CREATE TABLE other (id INT PRIMARY KEY)");
            Node node = reading(rig);
            stop(rig, node);
            who.set(Reader.of("berta"));
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET owner = 'changed' WHERE id = 1");
                assertThatThrownBy(() -> statement.execute("CREATE TABLE other (id INT PRIMARY KEY)"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getErrorCode()).isEqualTo(1050));
                assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
                connection.rollback();
            }
            assertThat(rig.ask(Side.SOURCE, FIRST)).isEqualTo("changed");
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ})
    void aTransactionThatReadsSeesWhatItsReaderWritesMeanwhileWhereTheOwnerWouldShowIt(int level) throws Exception {
        boolean shown = level == Connection.TRANSACTION_READ_COMMITTED;
        try (Rig rig = Rig.shared()) {
            Node node = reading(rig);
            stop(rig, node);
            who.set(Reader.of("berta"));
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setTransactionIsolation(level);
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
                who.set(Reader.of("carla"));
                node.write("UPDATE account SET owner = 'another' WHERE id = 1");
                who.set(Reader.of("berta"));
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);

                node.write("UPDATE account SET owner = 'changed' WHERE id = 1");
                if (shown) {
                    assertThatThrownBy(() -> answers(connection, FIRST))
                            .isInstanceOf(OwnershipException.class)
                            .hasMessageContaining("DW-3016");
                } else {
                    assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
                }
                connection.rollback();
                assertThat(answers(connection, FIRST)).isEqualTo(Side.SOURCE);
            }
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** It commits, and where autocommit is off another transaction is open behind it, which is rolled back. */
    @Test
    void aWriteThatLockTablesHasCommittedIsSeen() throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.schema(Side.SOURCE).execute("CREATE TABLE other (id INT PRIMARY KEY) ENGINE=InnoDB");
            Node node = reading(rig);
            stop(rig, node);
            who.set(Reader.of("berta"));
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET owner = 'changed' WHERE id = 1");
                statement.execute("LOCK TABLES other WRITE");
                connection.rollback();
                assertThat(connection.unwrap(DualWriteConnection.class).writeToken())
                        .isPresent();
                statement.execute("UNLOCK TABLES");
                assertThat(rig.ask(Side.SOURCE, FIRST)).isEqualTo("changed");
                assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            }
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** Below REPEATABLE READ, when what it has read so far was on the target. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsSaidOfAWriteElsewhereCountsFromTheNextStatementOn(boolean byToken) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = reading(rig);
            Node other = rig.node("two", b -> readers.known(b).readLag(Duration.ofMinutes(10)))
                    .start();
            awaitPhase(other, Phase.TARGET_READ);
            other.dualWrite().kill(true);
            stop(rig, node);
            who.set(Reader.of("berta"));
            try (Connection reads = node.dataSource().getConnection();
                    Connection writes = other.dataSource().getConnection();
                    Statement write = writes.createStatement()) {
                reads.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                reads.setReadOnly(true);
                reads.setAutoCommit(false);
                assertThat(answers(reads, FIRST)).isEqualTo(Side.TARGET);
                write.executeUpdate("UPDATE account SET owner = 'changed' WHERE id = 1");
                if (byToken) {
                    reads.unwrap(DualWriteConnection.class)
                            .readAfter(writes.unwrap(DualWriteConnection.class)
                                    .writeToken()
                                    .orElseThrow());
                } else {
                    who.set(Reader.of("berta").wroteAt(Instant.now()));
                }
                assertThatThrownBy(() -> answers(reads, FIRST))
                        .isInstanceOf(OwnershipException.class)
                        .hasMessageContaining("DW-3016");
                reads.rollback();
                assertThat(answers(reads, FIRST)).isEqualTo(Side.SOURCE);
            }
            node.dualWrite().kill(false);
            other.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** As above, of a write that nobody can tell, or that is not on its way any more and never arrived. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsParkedOrNotKnownEndsATransactionThatReadsOnTheTarget(boolean parked) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = reading(rig);
            who.set(Reader.of("berta"));
            try (Connection reads = node.dataSource().getConnection();
                    AutoCloseable refusing = rig.refusing(Side.TARGET, "account", "NEW.owner = 'poison'")) {
                assertThat(refusing).isNotNull();
                reads.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                reads.setReadOnly(true);
                reads.setAutoCommit(false);
                assertThat(answers(reads, FIRST)).isEqualTo(Side.TARGET);
                if (parked) {
                    node.write("UPDATE account SET owner = 'poison' WHERE id = 1");
                    eventually()
                            .until(
                                    "it is parked",
                                    () -> !node.dualWrite().parked(10).isEmpty());
                    eventually().until("the queue was looked at", new Readers.Looks(node)::more);
                } else {
                    try (Cut cut = rig.proxy(Side.SOURCE).cutNextCommit(Moment.AFTER)) {
                        assertThatThrownBy(() -> node.transaction("UPDATE account SET owner = 'perhaps' WHERE id = 1"))
                                .isInstanceOf(SQLException.class);
                        assertThat(cut).isNotNull();
                    }
                    eventually().until("it has arrived", () -> rig.queued(Side.SOURCE) == 0);
                    eventually().until("the queue was looked at", new Readers.Looks(node)::more);
                }
                assertThatThrownBy(() -> answers(reads, FIRST))
                        .isInstanceOf(OwnershipException.class)
                        .hasMessageContaining("DW-3016");
                reads.rollback();
            }
            node.dualWrite().unpark();
            eventually().until("nothing is queued", () -> rig.queued(Side.SOURCE) == 0);
            rig.finish();
        }
    }

    /** Everybody belongs to the cohort. */
    private Node reading(Rig rig) throws SQLException {
        Node node = readers.reading(rig, b -> b.readLag(Duration.ofMinutes(10)));
        node.dualWrite().growCohort(100);
        awaitAnswers(node, Side.TARGET);
        return node;
    }

    /** Nothing converges any more; somebody's write is on its way. */
    private void stop(Rig rig, Node node) throws SQLException {
        Reader reader = who.getAndSet(Reader.of("somebody"));
        node.dualWrite().kill(true);
        awaitNoRound(rig, node, "entry");
        who.set(reader);
    }
}
