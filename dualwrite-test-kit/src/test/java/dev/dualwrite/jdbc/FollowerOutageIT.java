package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Moment;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The follower is down, slow, hanging or locked: the callers do not feel it, and nothing is forgotten. */
class FollowerOutageIT {
    private static final Duration BUDGET = Duration.ofSeconds(1);

    /** How late a thread may wake up on a small machine; what it waited for is over. */
    private static final Duration COARSE = Duration.ofMillis(500);

    private static final Duration CALM = Duration.ofSeconds(45);

    private static void write(Rig rig, Node node, int id) throws SQLException {
        node.write("INSERT INTO account VALUES (" + id + ", 'someone', 1, NULL)");
        rig.log().present("account", "id", id);
    }

    /** One caller that writes: how long it was kept after its commit, and how often a converger set out. */
    private static final class Caller implements Seams {
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile long committed;

        @Override
        public void afterOwnerCommit() {
            committed = System.nanoTime();
        }

        @Override
        public void afterPeek() {
            rounds.incrementAndGet();
        }

        /** Writes a row; for how long the caller waited for the follower. */
        Duration waits(Rig rig, Node node, int id) throws SQLException {
            long began = System.nanoTime();
            write(rig, node, id);
            long ended = System.nanoTime();
            assertThat(Duration.ofNanos(ended - began))
                    .as("nor does it wait for the follower before its commit")
                    .isLessThan(Duration.ofSeconds(5));
            return Duration.ofNanos(ended - committed);
        }
    }

    /** How the follower fails. */
    enum Outage {
        DOWN {
            @Override
            void begin(Rig rig, Side side) {
                rig.proxy(side).down();
            }
        },
        BLACK_HOLE {
            @Override
            void begin(Rig rig, Side side) {
                rig.proxy(side).blackHole();
            }
        },
        STOPPED {
            @Override
            void begin(Rig rig, Side side) throws IOException {
                (side == Side.SOURCE ? rig.servers().source() : rig.servers().target()).pause();
            }

            @Override
            void end(Rig rig, Side side) throws IOException {
                (side == Side.SOURCE ? rig.servers().source() : rig.servers().target()).resume();
            }
        },
        KILLED {
            @Override
            void begin(Rig rig, Side side) {
                (side == Side.SOURCE ? rig.servers().source() : rig.servers().target()).kill();
            }

            @Override
            void end(Rig rig, Side side) throws IOException {
                (side == Side.SOURCE ? rig.servers().source() : rig.servers().target()).start();
            }
        };

        abstract void begin(Rig rig, Side side) throws IOException;

        void end(Rig rig, Side side) throws IOException {
            rig.proxy(side).pass();
        }

        Rig rig() throws SQLException, IOException {
            return this == STOPPED || this == KILLED ? Rig.ofItsOwn() : Rig.shared();
        }
    }

    @Scenario(3)
    @Requirement(132)
    @ParameterizedTest
    @EnumSource(
            value = Outage.class,
            names = {"DOWN", "KILLED"})
    void withoutTheTargetEveryWriteSucceedsAndItsIntentStaysUntilItIsBack(Outage outage) throws Exception {
        try (Rig rig = outage.rig()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            outage.begin(rig, Side.TARGET);
            for (int id = 1; id <= 150; id++) {
                write(rig, node, id);
            }
            for (int id = 151; id <= 200; id++) {
                node.write("INSERT INTO account VALUES (" + id + ", 'someone', 1, NULL)");
                rig.log().absent("account", "id", id);
            }
            node.write("DELETE FROM account WHERE id > 150");
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(250);
            outage.end(rig, Side.TARGET);
            Eventually.within(CALM).until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account")).isEqualTo("150");
            rig.finish();
        }
    }

    @Scenario(4)
    @ParameterizedTest
    @EnumSource(
            value = Outage.class,
            names = {"DOWN", "BLACK_HOLE", "STOPPED"})
    void aSynchronousCallerWaitsForTheBudgetAtMostAndNotAtAllOnceTheBreakerIsOpen(Outage outage) throws Exception {
        Caller caller = new Caller();
        try (Rig rig = outage.rig()) {
            Node node = rig.node("one", builder -> builder.sync(BUDGET).seams(caller))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            write(rig, node, 1);
            Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            outage.begin(rig, Side.TARGET);
            AtomicInteger next = new AtomicInteger(1);
            List<Duration> waited = new ArrayList<>();
            Eventually.within(Duration.ofSeconds(60)).until("the breaker opens", () -> {
                waited.add(caller.waits(rig, node, next.incrementAndGet()));
                return node.dualWrite().status().breaker().equals("OPEN");
            });
            assertThat(waited).allSatisfy(wait -> assertThat(wait).isLessThan(BUDGET.plus(COARSE)));
            caller.rounds.set(0);
            int behind = 100;
            Duration all = Duration.ZERO;
            for (int i = 0; i < behind; i++) {
                all = all.plus(caller.waits(rig, node, next.incrementAndGet()));
                assertThat(all)
                        .as("behind an open breaker; one that waited would have taken as long")
                        .isLessThan(BUDGET);
                assertThat(node.dualWrite().status().breaker()).isNotEqualTo("CLOSED");
            }
            assertThat(caller.rounds.get())
                    .as("the follower is asked by a probe now and then, not for each write")
                    .isLessThan(behind / 2);
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(next.get() - 1L);
            outage.end(rig, Side.TARGET);
            Eventually.within(CALM).until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            Eventually.within(CALM).until("the breaker closes", () -> {
                write(rig, node, next.incrementAndGet());
                return node.dualWrite().status().breaker().equals("CLOSED");
            });
            rig.finish();
        }
    }

    @Test
    void aSynchronousCallerWaitsForASlowFollowerWithinTheBudget() throws Exception {
        Duration budget = Duration.ofMillis(100);
        Caller caller = new Caller();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", builder -> builder.sync(budget).seams(caller))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            rig.proxy(Side.TARGET).delay(Duration.ofMillis(400)); // a round trip; converging takes several
            for (int id = 1; id <= 8; id++) {
                assertThat(caller.waits(rig, node, id)).isLessThan(budget.plus(COARSE));
            }
            assertThat(rig.queued(Side.SOURCE)).isPositive();
            rig.proxy(Side.TARGET).pass();
            rig.finish();
        }
    }

    @Test
    void aSynchronousCallerFindsItsChangeOnAHealthyFollower() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", builder -> builder.sync(Duration.ofSeconds(10)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            for (int id = 1; id <= 20; id++) {
                write(rig, node, id);
                assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account WHERE id = " + id))
                        .isEqualTo("1");
            }
            rig.finish();
        }
    }

    @Scenario(4)
    @Test
    void anAsynchronousCallerDoesNotWaitForAHangingFollower() throws Exception {
        try (Rig rig = Rig.shared()) {
            Duration budget = Duration.ofSeconds(10);
            Node node = rig.node("one", builder -> builder.sync(budget).async()).start();
            Rig.readyToFlip(node.dualWrite());
            rig.proxy(Side.TARGET).blackHole();
            long began = System.nanoTime();
            for (int id = 1; id <= 100; id++) {
                write(rig, node, id);
            }
            // waiting for one of them alone would have taken as long
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(budget);
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(100);
            rig.proxy(Side.TARGET).pass();
            rig.finish();
        }
    }

    /** Build and write without the follower, in every phase. */
    @Scenario(65)
    @ParameterizedTest
    @CsvSource({
        "SOURCE_ONLY, DOWN",
        "DUAL_WRITE, DOWN",
        "DUAL_WRITE, BLACK_HOLE",
        "REVERSE_WINDOW, DOWN",
        "REVERSE_WINDOW, BLACK_HOLE",
        "TARGET_ONLY, DOWN"
    })
    void anInstanceStartsAndWritesWithoutTheFollower(Phase phase, Outage outage) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node first = rig.node("first").start();
            write(rig, first, 1);
            if (phase != Phase.SOURCE_ONLY) {
                Rig.readyToFlip(first.dualWrite());
            }
            if (phase.owner() == Side.TARGET) {
                Rig.flipInSomeTries(first.dualWrite()::flip);
            }
            if (phase == Phase.TARGET_ONLY) {
                Rig.enter(first.dualWrite(), phase);
            }
            first.close();
            Side follower = phase.owner().other();
            outage.begin(rig, follower);

            Node second = rig.node("second").start();
            assertThat(second.dualWrite().ownership().phase()).isEqualTo(phase);
            write(rig, second, 2);
            second.transaction(
                    "UPDATE account SET balance = balance + 1 WHERE id = 1",
                    "INSERT INTO entry (account, amount) VALUES (1, 1)");
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "2.00");
            assertThat(second.dualWrite().status().sides().get(follower)).contains("never seen");
            assertThat(rig.queued(phase.owner())).isEqualTo(phase.capturing() ? 3 : 0);
            outage.end(rig, follower);
            rig.finish(phase.capturing() ? rig.oracle() : rig.oracle().withoutFollower());
        }
    }

    @Scenario(10)
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aCommitOnTheTargetOfWhichNobodyHeardIsRepeatedWithoutHarm(Moment moment) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            write(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            for (int i = 0; i < 5; i++) {
                try (Cut cut = rig.proxy(Side.TARGET).cutNextCommit(moment)) {
                    node.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
                    cut.awaitHit(CALM);
                }
            }
            rig.log().claim("never doubled", "SELECT balance FROM account WHERE id = 1", "6.00");
            rig.finish();
        }
    }

    /** A lock that is not given back for longer than the library's patience. */
    @Scenario(15)
    @Test
    void aRowThatIsLockedOnTheTargetIsTriedAgainAndTheCallersDoNotWait() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "one",
                            builder -> builder.seams(new Seams() {
                                @Override
                                public void afterOwnerRead() {
                                    tries.incrementAndGet();
                                }
                            }))
                    .start();
            write(rig, node, 1);
            write(rig, node, 2);
            Rig.readyToFlip(node.dualWrite());
            Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            tries.set(0);
            try (Bypass locks = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                locks.begin();
                assertThat(locks.text("SELECT id FROM account WHERE id = 1 FOR UPDATE"))
                        .isEqualTo("1");
                for (int i = 0; i < 10; i++) {
                    node.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
                }
                Eventually.eventually().until("it is tried again", () -> tries.get() >= 2);
                assertThat(rig.queued(Side.SOURCE)).isPositive();
                locks.rollback();
            }
            rig.log().claim("all are there", "SELECT balance FROM account WHERE id = 1", "11.00");
            rig.finish();
        }
    }

    /** A deadlock, of which the library's transaction is the victim because it is the lighter one. */
    @Scenario(15)
    @Test
    void aDeadlockOnTheTargetIsTriedAgain() throws Exception {
        CountDownLatch between = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        AtomicInteger hits = new AtomicInteger();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "one",
                            builder -> builder.workers(1).seams(new Seams() {
                                @Override
                                public void betweenFollowerStatements() {
                                    if (hits.incrementAndGet() == 2) {
                                        between.countDown();
                                        await(locked);
                                    }
                                }
                            }))
                    .start();
            node.write("INSERT INTO account VALUES (1, 'one', 1, 1), (2, 'two', 2, 2)");
            rig.log().absent("account", "id", 1);
            Rig.readyToFlip(node.dualWrite());
            hits.set(1);
            try (Bypass other = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                other.begin();
                for (int i = 0; i < 40; i++) {
                    other.write("INSERT INTO entry (id, account, amount) VALUES (?, 1, 1)", 1_000 + i);
                }
                other.text("SELECT id FROM account WHERE id = 2 FOR UPDATE");
                // the row of id 1 is deleted by the time of the seam, the one of id 2 is wanted after it
                node.transaction("DELETE FROM account WHERE id = 1", "UPDATE account SET balance = 7 WHERE id = 2");
                await(between);
                locked.countDown();
                other.text("SELECT COUNT(*) FROM account WHERE id = 1 FOR UPDATE");
                other.rollback();
            }
            rig.log().claim("the change", "SELECT balance FROM account WHERE id = 2", "7.00");
            Eventually.eventually().until("it is tried again", () -> hits.get() > 2);
            rig.finish();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("not in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
