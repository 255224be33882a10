package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlagSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.SettableFlags;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Flags ask, the fence decides. */
class WishIT {

    /** A flag service of which a test says what it says. */
    private static final class Flags implements FlagSource {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile Optional<Phase> phase = Optional.empty();
        private volatile boolean hold;
        private volatile boolean broken;
        private final Semaphore answers = new Semaphore(Integer.MAX_VALUE);

        @Override
        public Optional<Phase> requestedPhase() {
            asked.incrementAndGet();
            answers.acquireUninterruptibly();
            answers.release();
            if (broken) {
                throw new IllegalStateException("the flag service is down");
            }
            return phase;
        }

        @Override
        public boolean hold() {
            return hold;
        }

        /** Waits until it was asked some more times. */
        void awaitAsked() {
            int before = asked.get();
            Eventually.eventually().until("the flags are asked", () -> asked.get() >= before + 4);
        }
    }

    private static void awaitOwner(Rig rig, Side side) {
        Eventually.eventually()
                .until(
                        side + " owns",
                        () -> rig.state(side).equals("OPEN")
                                && rig.state(side.other()).equals("CLOSED"));
    }

    private static void wish(Rig rig, Side side, Phase phase) throws SQLException {
        rig.schema(side)
                .execute("INSERT INTO dualwrite_flag VALUES ('" + rig.migration() + "', 'phase', '" + phase
                        + "', UTC_TIMESTAMP(6), 'me')");
    }

    @Scenario(66)
    @Test
    void aFlagThatSaysOtherwiseFromTheBeginningChangesNothingAndOneThatChangesFlipsOnce() throws Exception {
        Flags flags = new Flags();
        flags.phase = Optional.of(Phase.REVERSE_WINDOW);
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            flags.awaitAsked();
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            // a provider that was silent for a while says nothing new
            flags.phase = Optional.empty();
            flags.awaitAsked();
            flags.phase = Optional.of(Phase.REVERSE_WINDOW);
            flags.awaitAsked();
            flags.awaitAsked();
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            flags.phase = Optional.of(Phase.DUAL_WRITE);
            flags.awaitAsked();
            flags.phase = Optional.of(Phase.REVERSE_WINDOW);
            awaitOwner(rig, Side.TARGET);
            // a decision that comes later is not undone by a wish that is over
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            flags.awaitAsked();
            awaitOwner(rig, Side.SOURCE);
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            rig.finish();
        }
    }

    @Test
    void aWishInTheTableFlipsOnceAndIsTakenAway() throws Exception {
        Flags flags = new Flags();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            rig.node("two", b -> b.flipBudget(Duration.ofSeconds(5))).start();
            Rig.readyToFlip(node.dualWrite());
            wish(rig, Side.SOURCE, Phase.REVERSE_WINDOW);
            awaitOwner(rig, Side.TARGET);
            Eventually.eventually()
                    .until(
                            "the wish is over",
                            () -> rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_flag")
                                    .equals("0"));
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            flags.awaitAsked();
            awaitOwner(rig, Side.SOURCE);
            // a wish that nothing can fulfil stands there and harms nothing
            wish(rig, Side.SOURCE, Phase.TARGET_ONLY);
            flags.awaitAsked();
            awaitOwner(rig, Side.SOURCE);
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            rig.finish();
        }
    }

    @Scenario(85)
    @Test
    void aHoldRefusesWithItsReasonInAllInstancesUntilAnyOfThemReleasesIt() throws Exception {
        Flags flags = new Flags();
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Node two = rig.node("two", b -> b.flipBudget(Duration.ofSeconds(5))).start();
            Rig.readyToFlip(one.dualWrite());
            one.dualWrite().hold(true);
            refusedByHold(one.dualWrite().flip());
            Eventually.eventually()
                    .until(
                            "the other instance has heard of it",
                            () -> two.dualWrite().status().held());
            refusedByHold(two.dualWrite().flip());
            wish(rig, Side.SOURCE, Phase.REVERSE_WINDOW);
            flags.awaitAsked();
            awaitOwner(rig, Side.SOURCE);
            two.dualWrite().hold(false);
            awaitOwner(rig, Side.TARGET); // the wish that had to wait
            Eventually.eventually()
                    .until("both know", () -> one.dualWrite().ownership().owner() == Side.TARGET);
            flags.hold = true;
            Eventually.eventually()
                    .until(
                            "the flag source holds",
                            () -> one.dualWrite().status().held());
            refusedByHold(one.dualWrite().rollBack());
            flags.hold = false;
            Eventually.eventually()
                    .until("released", () -> !one.dualWrite().status().held());
            Rig.flipInSomeTries(one.dualWrite()::rollBack);
            rig.finish();
        }
    }

    private static void refusedByHold(FlipOutcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        FlipOutcome.Refused.class,
                        refused -> assertThat(refused.report().failed())
                                .singleElement()
                                .satisfies(check -> {
                                    assertThat(check.name()).isEqualTo("not-held");
                                    assertThat(check.detail()).contains("release");
                                }));
    }

    @Scenario(67)
    @Test
    void aFlagSourceThatThrowsChangesNothingAndWritesGoOn() throws Exception {
        Flags flags = new Flags();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            flags.awaitAsked();
            flags.broken = true;
            flags.hold = true;
            flags.phase = Optional.of(Phase.REVERSE_WINDOW);
            flags.awaitAsked();
            assertThat(node.dualWrite().status().held())
                    .as("which is asked by itself")
                    .isTrue();
            assertThat(node.dualWrite().status().wishes())
                    .singleElement()
                    .asString()
                    .contains("the flag service is down", "DW-5010");
            flags.hold = false;
            flags.awaitAsked();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            flags.hold = false;
            flags.broken = false;
            awaitOwner(rig, Side.TARGET); // what it says when it is back is a change
            rig.finish();
        }
    }

    @Scenario(67)
    @Test
    void aFlagSourceThatDoesNotAnswerKeepsNobodyFromWriting() throws Exception {
        Flags flags = new Flags();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            flags.answers.acquireUninterruptibly(Integer.MAX_VALUE);
            try {
                int before = flags.asked.get();
                Eventually.eventually().until("it waits for an answer", () -> flags.asked.get() > before);
                flags.phase = Optional.of(Phase.REVERSE_WINDOW);
                for (int i = 1; i <= 50; i++) {
                    node.write("INSERT INTO account VALUES (" + i + ", 'someone', 1, NULL)");
                    rig.log().present("account", "id", i);
                }
                Eventually.eventually().until("converged all the same", () -> rig.queued(Side.SOURCE) == 0);
                assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            } finally {
                flags.answers.release(Integer.MAX_VALUE);
            }
            awaitOwner(rig, Side.TARGET); // what it says at last is a change
            rig.finish();
        }
    }

    /** The disagreement at start-up is told, once and by its code; the gate is as open as it was. */
    @Scenario(66)
    @Test
    void aDisagreementAtTheStartIsLoggedAndChangesNothing() throws Exception {
        Flags flags = new Flags();
        flags.phase = Optional.of(Phase.REVERSE_WINDOW);
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Rig rig = Rig.shared()) {
            Rig.readyToFlip(rig.node("ready").start().dualWrite());
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8)); // where the log of the tests goes
            Node node = rig.node("one", b -> b.flags(flags)).start();
            flags.awaitAsked();
            System.setErr(before);
            assertThat(said.toString(StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> line.contains("DW-5009"))
                            .toList())
                    .singleElement()
                    .asString()
                    .contains("WARN", "wishes for REVERSE_WINDOW", "DUAL_WRITE is in force");
            assertThat(node.dualWrite().status().wishes())
                    .singleElement()
                    .asString()
                    .contains("the flag source says REVERSE_WINDOW", "no wish", "DW-5009");
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            rig.finish();
        } finally {
            System.setErr(before);
        }
    }

    /** What the host says by calls: held, released, killed, released, and a phase wished for. */
    @Test
    void settableFlagsHoldAndKillInTheirInstanceUntilTheyAreReleased() throws Exception {
        SettableFlags flags = new SettableFlags();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            DualWrite dualWrite = node.dualWrite();
            flags.hold(true);
            Eventually.eventually().until("held", () -> dualWrite.status().held());
            refusedByHold(dualWrite.flip());
            assertThat(dualWrite.enter(Phase.SOURCE_ONLY)).isInstanceOf(PhaseOutcome.Refused.class);
            flags.hold(false);
            Eventually.eventually().until("released", () -> !dualWrite.status().held());

            flags.kill(true);
            Eventually.eventually().until("killed", () -> dualWrite.status().killed());
            Eventually.eventually()
                    .untilAsserted(
                            () -> { // a round that was under way may still end
                                long converged = converged(rig);
                                for (int i = 0; i < 10; i++) {
                                    node.write("INSERT INTO entry (account, amount, note) VALUES (1, 1, 'killed')");
                                }
                                assertThat(converged(rig)).isEqualTo(converged);
                                assertThat(rig.queued(Side.SOURCE)).isGreaterThanOrEqualTo(10);
                            });
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).failed())
                    .extracting(GateReport.Check::name)
                    .contains("not-killed");
            flags.request(Phase.REVERSE_WINDOW); // stands until the gate lets it through
            Eventually.eventually()
                    .until(
                            "refused",
                            () -> String.join("\n", dualWrite.audit(100)).contains("not-killed"));
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            flags.kill(false);
            Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            awaitOwner(rig, Side.TARGET);
            node.write("INSERT INTO account VALUES (1, 'on the target', 1, NULL)");
            rig.log().present("account", "id", 1);
            rig.finish();
        }
    }

    private static long converged(Rig rig) throws SQLException {
        return Long.parseLong(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM entry"));
    }
}
