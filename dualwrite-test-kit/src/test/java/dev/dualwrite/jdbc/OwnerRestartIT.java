package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server is switched to read-only, or dies and comes back, with transactions open on it. */
class OwnerRestartIT {
    private static final Duration CALM = Duration.ofSeconds(60);

    /** The owner first, then the follower. */
    @Scenario({11, 17})
    @Test
    void aServerThatTurnsReadOnlyInTheMiddleOfATransactionCommitsNothingAndIsUsedAgainAfterwards() throws Exception {
        try (Rig rig = Rig.ofItsOwn();
                AppAccount account =
                        new AppAccount(rig, "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP ON *")) {
            Node node = rig.node("app", account::forBoth).start();
            node.write("INSERT INTO account VALUES (1, 'one', 1, 1)");
            Rig.readyToFlip(node.dualWrite());
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET balance = 99 WHERE id = 1");
                statement.executeUpdate("INSERT INTO account VALUES (2, 'two', 2, 2)");
                connection.setSavepoint(); // the intents are written before it, so that nothing is left but COMMIT
                ServerFault readOnly = ServerFault.readOnly(rig.server(Side.SOURCE));
                try (StatementLog said = rig.proxy(Side.SOURCE).record()) {
                    assertThat(code(connection::commit)).isEqualTo(1290);
                    assertThat(said.count(dev.dualwrite.testkit.fault.Statement.isCommit()))
                            .isOne();
                    assertThat(said.count(dev.dualwrite.testkit.fault.Statement.contains("_intent` ("))
                                    + said.count("INSERT INTO account"))
                            .as("it is COMMIT that failed, and no statement before it")
                            .isZero();
                }
                assertThat(code(() -> node.write("INSERT INTO account VALUES (3, 'three', 3, 3)")))
                        .isEqualTo(1290);
                connection.rollback();
                readOnly.close();
                statement.executeUpdate("INSERT INTO account VALUES (4, 'four', 4, 4)");
                connection.commit();
            }
            rig.log().absent("account", "id", 2);
            rig.log().absent("account", "id", 3);
            rig.log().present("account", "id", 4);
            rig.log().claim("unchanged", "SELECT balance FROM account WHERE id = 1", "1.00");
            Eventually.within(CALM).until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);

            ServerFault readOnly = ServerFault.readOnly(rig.server(Side.TARGET));
            node.write("INSERT INTO account VALUES (5, 'five', 5, 5)");
            rig.log().present("account", "id", 5);
            Eventually.within(CALM)
                    .until(
                            "converging fails",
                            () -> !node.dualWrite().status().breaker().equals("CLOSED"));
            assertThat(node.dualWrite().status().parked()).isZero();
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(1);
            readOnly.close();
            Eventually.within(CALM).until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            account.end();
            rig.finish();
        }
    }

    /** Something that must fail. */
    private interface Call {
        void run() throws SQLException;
    }

    private static int code(Call call) {
        try {
            call.run();
        } catch (SQLException e) {
            return e.getErrorCode();
        }
        throw new AssertionError("it did not fail");
    }

    @Scenario(16)
    @Test
    void anOwnerThatDiesUnderLoadKeepsWhatItConfirmedAndNoHalfTransaction() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger told = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            try {
                for (int writer = 1; writer <= 3; writer++) {
                    int first = writer * 1_000_000;
                    writers.add(CompletableFuture.runAsync(
                            () -> {
                                for (int id = first; !stop.get(); id++) {
                                    String row = "INSERT INTO account VALUES (" + id + ", 'someone', 1, NULL)";
                                    try {
                                        if (id % 3 == 0) {
                                            node.write(row);
                                        } else {
                                            node.transaction(
                                                    row, "INSERT INTO entry (account, amount) VALUES (" + id + ", 1)");
                                        }
                                        rig.log().present("account", "id", id);
                                        told.incrementAndGet();
                                    } catch (SQLException e) {
                                        failed.incrementAndGet();
                                    }
                                }
                            },
                            Background.THREADS));
                }
                Eventually.within(CALM).until("some are written", () -> told.get() > 50);
                rig.servers().source().kill();
                Eventually.within(CALM).until("the callers hear of it", () -> failed.get() > 3);
                rig.servers().source().start();
                int before = told.get();
                Eventually.within(CALM).until("they are written again", () -> told.get() > before + 50);
            } finally {
                stop.set(true);
            }
            for (CompletableFuture<Void> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            rig.log()
                    .claim(
                            "no half transaction",
                            "SELECT COUNT(*) FROM account a LEFT JOIN entry e ON e.account = a.id"
                                    + " WHERE a.id % 3 <> 0 AND e.id IS NULL",
                            0);
            rig.finish();
        }
    }
}
