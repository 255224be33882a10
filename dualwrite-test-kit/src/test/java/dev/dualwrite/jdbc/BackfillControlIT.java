package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an operator can do with a backfill, and what becomes of it when its process dies. */
class BackfillControlIT {

    private static void fill(Rig rig, int from, int to) throws Exception {
        try (Bypass writer = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            writer.write("INSERT INTO account (id, owner, balance, slot) VALUES "
                    + IntStream.range(from, to)
                            .mapToObj(i -> "(" + i + ", 'before', " + i + ", NULL)")
                            .collect(Collectors.joining(", ")));
        }
    }

    private static Seams halting(Halt halt) {
        return new Seams() {
            @Override
            public void afterChunk() {
                halt.here();
            }
        };
    }

    @Scenario(55)
    @Test
    @DisplayName("a backfill stands still when it is told to, by any instance, and goes on; progress says so")
    void aBackfillIsPausedAndResumedFromAnotherInstance() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 1, 1001);
            Halt halt = new Halt();
            Node copier = rig.node(
                            "copier", b -> b.chunkRows(10).backfillWorkers(1).seams(halting(halt)))
                    .start();
            Node operator = rig.node("operator").start();
            Rig.enter(copier.dualWrite(), Phase.DUAL_WRITE);
            assertThat(operator.dualWrite().backfillProgress().chunks()).isZero();
            halt.arm();
            Background<DualWrite.BackfillReport> backfill =
                    Background.run(() -> copier.dualWrite().backfill());
            halt.awaitReached();
            operator.dualWrite().pauseBackfill(true);
            Eventually.eventually()
                    .until(
                            "it is heard",
                            () -> copier.dualWrite().backfillProgress().paused());
            halt.release();
            DualWrite.BackfillProgress paused = operator.dualWrite().backfillProgress();
            assertThat(paused.paused()).isTrue();
            assertThat(paused.complete()).isFalse();
            assertThat(paused.rows()).as("the step that was under way").isBetween(1L, 30L);
            assertThat(paused.estimatedRows()).isEqualTo(1000);
            // what the application writes meanwhile arrives
            copier.write("UPDATE account SET owner = 'while it stands still' WHERE id = 500");
            Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 500"))
                    .isEqualTo("while it stands still");
            assertThat(operator.dualWrite().backfillProgress().rows()).isEqualTo(paused.rows());
            operator.dualWrite().pauseBackfill(false);
            assertThat(backfill.result().complete()).isTrue();
            assertThat(operator.dualWrite().backfillProgress().rows()).isGreaterThanOrEqualTo(1000);
            assertThat(operator.dualWrite().backfillProgress().eta()).contains(Duration.ZERO);
            Rig.verify(copier.dualWrite());
            rig.finish();
        }
    }

    @Scenario(55)
    @Test
    @DisplayName("a backfill is cancelled from another instance, and the next one goes on where it was")
    void aCancelledBackfillKeepsWhatItHasDone() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 1, 1001);
            Halt halt = new Halt();
            Node copier = rig.node(
                            "copier", b -> b.chunkRows(10).backfillWorkers(1).seams(halting(halt)))
                    .start();
            Node operator = rig.node("operator").start();
            Rig.enter(copier.dualWrite(), Phase.DUAL_WRITE);
            halt.arm();
            Background<DualWrite.BackfillReport> backfill =
                    Background.run(() -> copier.dualWrite().backfill());
            halt.awaitReached();
            operator.dualWrite().cancelBackfill();
            // the copier hears it with the flags: it says that it was paused after it was cancelled
            operator.dualWrite().pauseBackfill(true);
            Eventually.eventually()
                    .until(
                            "it is heard",
                            () -> copier.dualWrite().backfillProgress().paused());
            halt.release();
            DualWrite.BackfillReport report = backfill.result();
            assertThat(report.complete()).isFalse();
            assertThat(report.done()).isBetween(1L, 99L);
            operator.dualWrite().pauseBackfill(false);
            DualWrite.BackfillReport next = operator.dualWrite().backfill();
            assertThat(next.complete()).isTrue();
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(DISTINCT run) FROM dualwrite_backfill_chunk"))
                    .isEqualTo("1");
            Rig.verify(copier.dualWrite());
            rig.finish();
        }
    }

    @Test
    @DisplayName("a chunk is copied in several steps, whose place is durable; rows of one statement go together")
    void aLargeChunkIsCopiedInSteps() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 1, 2001);
            AtomicInteger steps = new AtomicInteger();
            Halt halt = new Halt();
            Node first = rig.node(
                            "first",
                            b -> b.chunkRows(100_000).backfillWorkers(1).seams(new Seams() {
                                @Override
                                public void afterChunk() {
                                    if (steps.incrementAndGet() == 2) {
                                        throw new IllegalStateException("dies between two steps of a chunk");
                                    }
                                }
                            }))
                    .start();
            Rig.enter(first.dualWrite(), Phase.DUAL_WRITE);
            try {
                first.dualWrite().backfill();
                throw new AssertionError("it should have died");
            } catch (IllegalStateException expected) {
                first.close();
            }
            int copied = Integer.parseInt(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account"));
            assertThat(copied).isBetween(21, 1999);
            assertThat(
                            rig.ask(
                                    Side.TARGET,
                                    "SELECT CONCAT(state, ' ', row_count) FROM dualwrite_backfill_chunk WHERE table_name = 'account'"))
                    .isEqualTo("PENDING " + copied);
            Node second = rig.node("second", b -> b.seams(halting(halt))).start();
            // behind what is copied, and before it
            second.write("UPDATE account SET owner = 'behind' WHERE id = 1999");
            second.write("DELETE FROM account WHERE id = 1");
            rig.log().claim("behind", "SELECT owner FROM account WHERE id = 1999", "behind");
            rig.log().absent("account", "id", 1);
            try (StatementLog asked = rig.proxy(Side.TARGET).record()) {
                assertThat(second.dualWrite().backfill().complete()).isTrue();
                assertThat(asked.count(Statement.startsWith("INSERT INTO `dst")
                                .and(Statement.contains("dualwrite_").negate())))
                        .as("multi-row inserts for %d rows", 2000 - copied)
                        .isBetween(1L, 60L);
            }
            assertThat(rig.ask(Side.TARGET, "SELECT SUM(row_count) FROM dualwrite_backfill_chunk"))
                    .as("no row was copied twice")
                    .isIn("2000", "1999");
            Rig.verify(second.dualWrite());
            rig.finish();
        }
    }

    @Test
    @DisplayName("rows that are larger than a packet of either server together are sent in several statements")
    void statementsKeepToThePacketsOfBothServers() throws Exception {
        try (Rig rig = Rig.ofItsOwn(
                "CREATE TABLE wide (id INT PRIMARY KEY, data MEDIUMTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4")) {
            for (int i = 1; i <= 40; i++) {
                rig.schema(Side.SOURCE)
                        .execute(
                                "INSERT INTO wide VALUES (" + i + ", REPEAT('" + (char) ('a' + i % 26) + "', 200000))");
                rig.log().present("wide", "id", i);
            }
            // never taken back: the servers are this test's own
            ServerFault.packetsOf(rig.server(Side.TARGET), 1 << 20);
            ServerFault.packetsOf(rig.server(Side.SOURCE), 1 << 19);
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            assertThat(rig.ask(Side.TARGET, "SELECT SUM(LENGTH(data)) FROM wide"))
                    .isEqualTo("8000000");
            assertThat(node.dualWrite().parked(1)).isEmpty();
            rig.finish();
        }
    }

    @Scenario(55)
    @Test
    @DisplayName("a backfill holds back while the queue is older than its ceiling, and never stands still")
    void aCeilingThatCannotBeKeptMakesItSlowAndNotStandStill() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 1, 61);
            Node node = rig.node(
                            "one", b -> b.chunkRows(10).backfillCeilings(Duration.ofMillis(1), Duration.ofMillis(1)))
                    .start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            // an intent that nobody takes out: the queue is never young
            try (Connection connection = rig.direct(Side.SOURCE);
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO dualwrite_intent (migration, side, lane, id, table_name, unit, key_values,"
                                    + " created_at) VALUES (?, 'SOURCE', 1, REPEAT('x', 16), 'stranger',"
                                    + " REPEAT('y', 16), ?, UTC_TIMESTAMP(6) - INTERVAL 1 HOUR)")) {
                insert.setString(1, rig.migration());
                insert.setBytes(2, Key.of(1).encode());
                insert.executeUpdate();
            }
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            rig.schema(Side.SOURCE).execute("DELETE FROM dualwrite_intent WHERE table_name = 'stranger'");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Scenario({53, 56})
    @Requirement(48)
    @Test
    @DisplayName("the process that copies is killed in the middle of a step; another goes on, nothing is missing")
    void aKilledBackfillIsResumedByAnotherInstance() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 1, 501);
            // what the step deletes and what it inserts belong together
            rig.schema(Side.TARGET)
                    .execute("INSERT INTO account VALUES (5, 'wrong', 0, 77), (9999, 'too many', 0, 78)");
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (ChildJvm child = ChildJvm.of(Copier.class)
                    .arguments(
                            rig.migration(),
                            rig.proxy(Side.SOURCE)
                                    .jdbcUrl(rig.schema(Side.SOURCE).name()),
                            rig.proxy(Side.TARGET)
                                    .jdbcUrl(rig.schema(Side.TARGET).name()),
                            String.join(",", rig.tables()))
                    .start()) {
                child.awaitLine("IN A STEP", Duration.ofSeconds(60));
                node.write("UPDATE account SET owner = 'beside the step' WHERE id = 499");
                rig.log().claim("499", "SELECT owner FROM account WHERE id = 499", "beside the step");
                child.kill();
            }
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(DISTINCT run) FROM dualwrite_backfill_chunk"))
                    .as("it went on")
                    .isEqualTo("1");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    /** A process that begins to copy and stops in its third step, with rows read and locks held. */
    static final class Copier {
        private Copier() {}

        public static void main(String[] arguments) throws Exception {
            AtomicInteger steps = new AtomicInteger();
            try (HikariDataSource source = pool(arguments[1]);
                    HikariDataSource target = pool(arguments[2]);
                    DualWrite dualWrite = DualWrite.named(arguments[0])
                            .source(source)
                            .target(target)
                            .tables(arguments[3].split(",", -1))
                            .instance("copier")
                            .chunkRows(50)
                            .backfillWorkers(1)
                            .seams(new Seams() {
                                @Override
                                public void afterChunkRead() {
                                    if (steps.incrementAndGet() == 3) {
                                        System.out.println("IN A STEP");
                                        new Halt().arm().here(); // for ever: it is killed
                                    }
                                }
                            })
                            .build()) {
                dualWrite.backfill();
            }
        }

        private static HikariDataSource pool(String url) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(3);
            return new HikariDataSource(config);
        }
    }
}
