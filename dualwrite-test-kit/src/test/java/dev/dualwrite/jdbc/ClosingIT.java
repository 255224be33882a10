package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The end of an instance, wished for or not, loses nothing. */
class ClosingIT {
    /**
     * What an instance waits for its threads at most, one after the other: upkeep 15 s and a wish that it grants 15 s,
     * workers 10 s, two watches 10 s each, doubts 10 s, audit 5 s; and room for a machine that is busy with other things.
     */
    private static final Duration BOUND = Duration.ofSeconds(75 + 15);

    private static void fill(Rig rig, int rows) throws Exception {
        try (Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            source.write("INSERT INTO account (id, owner, balance, slot) VALUES "
                    + IntStream.rangeClosed(1, rows)
                            .mapToObj(i -> "(" + i + ", 'before', " + i + ", " + i + ")")
                            .collect(Collectors.joining(", ")));
        }
    }

    private static void closesInTime(Node node) throws Exception {
        DualWrite dualWrite = node.dualWrite();
        long began = System.nanoTime();
        Background.run(() -> {
                    dualWrite.close();
                    return dualWrite;
                })
                .result(BOUND.plusSeconds(15));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUND);
        dualWrite.close();
        dualWrite.close();
    }

    @Scenario(104)
    @Test
    @DisplayName(
            "closed while the follower hangs with rounds in flight: bounded, the intents survive, a restart drains them")
    void closingWhileTheFollowerHangsIsBounded() throws Exception {
        try (Rig rig = Rig.shared()) {
            Halt halt = new Halt();
            Node node = rig.node(
                            "one",
                            b -> b.seams(new Seams() {
                                @Override
                                public void afterLanesLocked() {
                                    halt.here();
                                }
                            }))
                    .start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            halt.arm();
            node.write("INSERT INTO account VALUES (1, 'in flight', 1, NULL)");
            halt.awaitReached();
            rig.proxy(Side.TARGET).blackHole();
            halt.release();
            for (int i = 2; i < 30; i++) {
                node.write("INSERT INTO account VALUES (" + i + ", 'queued', 1, NULL)");
            }
            for (int i = 1; i < 30; i++) {
                rig.log().present("account", "id", i);
            }
            closesInTime(node);
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(29);
            rig.proxy(Side.TARGET).pass();
            rig.node("again").start();
            rig.finish();
        }
    }

    @Scenario(104)
    @Test
    @DisplayName("closed while threads write: each write succeeds or fails, and what was acknowledged is not lost")
    void closingUnderLoadLosesNothingThatWasAcknowledged() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger told = new AtomicInteger();
            AtomicInteger after = new AtomicInteger();
            List<Background<Integer>> writers = new ArrayList<>();
            try {
                for (int writer = 1; writer <= 4; writer++) {
                    int first = writer * 1_000_000;
                    writers.add(Background.run(() -> {
                        int failed = 0;
                        for (int id = first; !stop.get(); id++) {
                            String row = "INSERT INTO account VALUES (" + id + ", 'someone', 1, NULL)";
                            try {
                                if (id % 2 == 0) {
                                    node.write(row);
                                } else {
                                    node.transaction(row, "INSERT INTO entry (account, amount) VALUES (" + id + ", 1)");
                                    rig.log().present("entry", "account", id);
                                }
                                rig.log().present("account", "id", id);
                                told.incrementAndGet();
                            } catch (SQLException e) {
                                failed++;
                            }
                            after.incrementAndGet();
                        }
                        return failed;
                    }));
                }
                Eventually.eventually().until("some are written", () -> told.get() > 100);
                closesInTime(node);
                int ended = after.get();
                Eventually.eventually().until("they have tried again", () -> after.get() > ended + 20);
            } finally {
                stop.set(true);
            }
            for (Background<Integer> writer : writers) {
                writer.result();
            }
            node.close();
            rig.node("again").start();
            rig.finish();
        }
    }

    @Scenario(104)
    @Test
    @DisplayName("closed while the owner hangs: bounded too")
    void closingWhileTheOwnerHangsIsBounded() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'before', 1, NULL)");
            rig.log().present("account", "id", 1);
            rig.proxy(Side.SOURCE).blackHole();
            closesInTime(node);
            rig.proxy(Side.SOURCE).pass();
            rig.node("again").start();
            rig.finish();
        }
    }

    @Scenario(104)
    @Test
    @DisplayName("a transaction that is open while the instance closes commits, with its intents")
    void aTransactionThatOutlivesItsInstanceLeavesItsIntents() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            DualWrite dualWrite = node.dualWrite();
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO account VALUES (1, 'open', 1, NULL)");
                dualWrite.close();
                statement.executeUpdate("INSERT INTO account VALUES (2, 'open', 1, NULL)");
                connection.commit();
            }
            rig.log().present("account", "id", 1);
            rig.log().present("account", "id", 2);
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(2);
            node.close();
            rig.node("again").start();
            rig.finish();
        }
    }

    @Scenario({53, 104})
    @Test
    @DisplayName("closed in the middle of a backfill: it returns what is done, and another instance goes on")
    void aBackfillEndsWithItsInstanceAndGoesOnInAnother() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 100);
            Halt halt = new Halt();
            AtomicInteger chunks = new AtomicInteger();
            Node node = rig.node(
                            "one",
                            b -> b.chunkRows(10).seams(new Seams() {
                                @Override
                                public void afterChunkRead() {
                                    if (chunks.incrementAndGet() == 4) {
                                        halt.arm();
                                        halt.here();
                                    }
                                }
                            }))
                    .start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            DualWrite dualWrite = node.dualWrite();
            Background<Object> backfill = Background.run(() -> {
                try {
                    return dualWrite.backfill();
                } catch (RuntimeException e) {
                    return e;
                }
            });
            halt.awaitReached();
            Background<Boolean> closing = Background.run(() -> {
                dualWrite.close();
                return true;
            });
            halt.release();
            closing.result();
            if (backfill.result() instanceof DualWrite.BackfillReport report) {
                assertThat(report.complete()).isFalse();
            }
            Node next = rig.node("next", b -> b.chunkRows(10)).start();
            assertThat(next.dualWrite().backfill().complete()).isTrue();
            assertThat(rig.ask(Side.TARGET, "SELECT MAX(run) % 1000 FROM dualwrite_backfill_chunk"))
                    .isEqualTo("0");
            node.close();
            Rig.verify(next.dualWrite());
            rig.finish();
        }
    }

    @Scenario({53, 56})
    @Requirement(48)
    @Test
    @DisplayName("killed between reading a chunk and writing it: another instance goes on at that chunk")
    void aProcessKilledInAChunkLeavesItToAnother() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, 100);
            Node node = rig.node("survivor", b -> b.chunkRows(10)).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (ChildJvm child = ChildJvm.start(
                    Copier.class,
                    rig.migration(),
                    rig.schema(Side.SOURCE).jdbcUrl(),
                    rig.schema(Side.TARGET).jdbcUrl())) {
                child.awaitLine("IN CHUNK 5", Duration.ofSeconds(60));
                node.write("UPDATE account SET owner = 'live' WHERE id IN (1, 45, 99)");
                node.write("DELETE FROM account WHERE id IN (2, 46, 100)");
                child.kill();
            }
            rig.log().absent("account", "id", 46);
            assertThat(Integer.parseInt(
                            rig.ask(Side.TARGET, "SELECT COUNT(*) FROM dualwrite_backfill_chunk WHERE state = 'DONE'")))
                    .as("chunks of ten that are done; the one in which it stood is not")
                    .isBetween(1, 9);
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            assertThat(rig.ask(Side.TARGET, "SELECT MAX(run) % 1000 FROM dualwrite_backfill_chunk"))
                    .isEqualTo("0");
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    /** A process that copies, and stands still within its fifth chunk. */
    static final class Copier {
        private Copier() {}

        public static void main(String[] arguments) {
            AtomicInteger chunks = new AtomicInteger();
            DualWrite.named(arguments[0])
                    .source(pool(arguments[1]))
                    .target(pool(arguments[2]))
                    .tables("account")
                    .instance("copier")
                    .chunkRows(10)
                    .seams(new Seams() {
                        @Override
                        public void afterChunkRead() {
                            if (chunks.incrementAndGet() == 5) {
                                System.out.println("IN CHUNK 5");
                                new Halt().arm().here();
                            }
                        }
                    })
                    .build()
                    .backfill();
        }

        private static HikariDataSource pool(String url) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(4);
            return new HikariDataSource(config);
        }
    }
}
