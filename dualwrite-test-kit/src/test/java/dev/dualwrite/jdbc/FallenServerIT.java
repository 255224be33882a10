package dev.dualwrite.jdbc;

import static dev.dualwrite.jdbc.Restored.account;
import static dev.dualwrite.jdbc.Restored.beaten;
import static dev.dualwrite.jdbc.Restored.drained;
import static dev.dualwrite.jdbc.Restored.mend;
import static dev.dualwrite.jdbc.Restored.refusedFor;
import static dev.dualwrite.jdbc.Restored.trouble;
import static dev.dualwrite.jdbc.Restored.unverified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ManagedServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same server comes up with older data: nothing but its epoch or its pulse tells. */
class FallenServerIT {
    @TempDir
    private Path directory;

    /** The same server at the same epoch, older: nothing but its pulse tells. */
    @Scenario(116)
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aFollowerThatFellBackInPlaceIsNotFlippedToUntilItIsAcceptedAndCopiedAnew(boolean whileRunning)
            throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().target();
            Node first =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, first, 1, true);
            Rig.readyToFlip(first.dualWrite());
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            account(rig, first, 2, true);
            drained(rig, Side.SOURCE); // its intent is gone, and the older target does not have the row
            Rig.verify(first.dualWrite());
            beaten(rig, Side.TARGET);
            if (!whileRunning) {
                first.close();
            }
            server.rewind(saved);
            Node node = whileRunning
                    ? first
                    : rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            trouble(node, Side.TARGET, "has fallen back");
            account(rig, node, 3, true);
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed()).anySatisfy(check -> {
                assertThat(check.name()).isEqualTo("servers-as-known");
                assertThat(check.detail()).contains("fallen back", "acceptServer(TARGET)");
            });
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Refused.class);
            node.dualWrite().acceptServer(Side.TARGET);
            unverified(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** The same server at the same epoch, older: what it lost nobody may write over. */
    @Scenario(115)
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anOwnerThatFellBackInPlaceTakesNoWritesAndIsNotCopiedUntilAnOperatorAcceptsIt(boolean whileRunning)
            throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().source();
            Node first =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, first, 1, true);
            Rig.readyToFlip(first.dualWrite());
            first.write("UPDATE account SET balance = 11 WHERE id = 1");
            rig.proxy(Side.TARGET).down(); // so that the copy has an intent that asks for the older row
            first.write("UPDATE account SET balance = 12 WHERE id = 1");
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            rig.proxy(Side.TARGET).pass();
            first.write("UPDATE account SET balance = 13 WHERE id = 1");
            drained(rig, Side.SOURCE);
            beaten(rig, Side.SOURCE);
            if (!whileRunning) {
                first.close();
            }
            server.rewind(saved);
            Node node = whileRunning
                    ? first
                    : rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            trouble(node, Side.SOURCE, "has fallen back");
            Eventually.eventually().untilAsserted(() -> refusedFor(node, "acceptServer(SOURCE)"));
            assertThat(rig.queued(Side.SOURCE)).isPositive();
            assertThat(rig.ask(Side.TARGET, "SELECT CAST(balance AS SIGNED) FROM account"))
                    .as("what only the follower has")
                    .isEqualTo("13");
            node.dualWrite().acceptServer(Side.SOURCE);
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            unverified(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** Swapped after the last look of the gate, at the same epoch: it would be stamped, opened, and lack rows. */
    @Scenario({116, 117})
    @ParameterizedTest
    @EnumSource
    void aFollowerThatIsSwappedForAnOlderCopyBehindTheFreezeIsNotOpened(Side follower) throws Exception {
        try (Rig rig = Rig.shared()) {
            AtomicBoolean swaps = new AtomicBoolean();
            Node node = rig.node(
                            "one",
                            b -> b.flipBudget(Duration.ofSeconds(2)).seams(new Seams() {
                                @Override
                                public void afterFlipStep(FlipStep step) {
                                    if (step == FlipStep.FREEZE && swaps.getAndSet(false)) {
                                        fall();
                                    }
                                }

                                private void fall() {
                                    try {
                                        rig.schema(follower)
                                                .execute("UPDATE dualwrite_pulse SET beats = beats - 2 WHERE side = '"
                                                        + follower + "' AND of_side = '" + follower + "'");
                                    } catch (SQLException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }
                            }))
                    .start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            if (follower == Side.SOURCE) {
                Rig.flipInSomeTries(node.dualWrite()::flip);
                Rig.verify(node.dualWrite());
            }
            drained(rig, follower.other());
            beaten(rig, follower);
            swaps.set(true);
            FlipOutcome outcome = node.dualWrite().flip();
            for (int i = 0; i < 8 && swaps.get(); i++) {
                outcome = node.dualWrite().flip(); // it gave up before it froze
            }
            assertThat(outcome.toString()).contains("GaveUp", "is an older copy");
            assertThat(rig.state(follower.other())).isEqualTo("OPEN");
            account(rig, node, 2, true);
            trouble(node, follower, "has fallen back");
            node.dualWrite().acceptServer(follower);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** The owner is lost, and there is no newer backup of it than from before the flip. */
    @ParameterizedTest
    @EnumSource
    void whereBothSidesAreClosedAnOperatorOpensOne(Side chosen) throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer target = rig.servers().target();
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            drained(rig, Side.SOURCE);
            Path saved = directory.resolve("saved");
            target.copyDataDirectory(saved);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            account(rig, node, 2, chosen == Side.SOURCE); // it reaches the source, and the backup does not have it
            drained(rig, Side.TARGET);
            target.restore(saved);
            trouble(node, Side.TARGET, "CLOSED");
            assertThat(rig.state(Side.SOURCE)).isEqualTo("CLOSED");
            Eventually.eventually().untilAsserted(() -> node.dualWrite().acceptServer(chosen));
            assertThat(rig.state(chosen)).isEqualTo("OPEN");
            assertThat(rig.state(chosen.other())).isEqualTo("CLOSED");
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            assertThat(node.dualWrite().audit(100).toString()).contains(chosen + " epoch", "opened-alone");
            if (chosen == Side.SOURCE) {
                node.dualWrite().acceptServer(Side.TARGET);
            }
            mend(node);
            FlipOutcome.Flipped flipped =
                    Rig.flipInSomeTries(chosen == Side.SOURCE ? node.dualWrite()::flip : node.dualWrite()::rollBack);
            assertThat(flipped.epoch()).isPositive();
            rig.finish();
        }
    }

    /** However it came about: neither is the older copy, so nobody but an operator can tell. */
    @Test
    void twoSidesThatOwnAtOneEpochTakeNoWritesUntilAnOperatorGoesOnWithOne() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            drained(rig, Side.SOURCE);
            String epoch = rig.ask(Side.SOURCE, "SELECT epoch FROM dualwrite_fence WHERE side = 'SOURCE'");
            rig.schema(Side.TARGET)
                    .execute("UPDATE dualwrite_fence SET state = 'OPEN', phase = 'REVERSE_WINDOW', attempt = UUID(),"
                            + " epoch = " + epoch + " WHERE side = 'TARGET'");
            trouble(node, Side.SOURCE, "both own at epoch " + epoch);
            trouble(node, Side.TARGET, "both own at epoch " + epoch);
            refusedFor(node, "both own at epoch " + epoch);
            node.dualWrite().acceptServer(Side.SOURCE);
            Eventually.eventually()
                    .until(
                            "the other one is closed",
                            () -> rig.state(Side.TARGET).equals("CLOSED"));
            Eventually.eventually().untilAsserted(() -> account(rig, node, 2, true));
            node.dualWrite().acceptServer(Side.TARGET);
            unverified(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** An owner that is accepted unasked lies above whatever a flip may have given the other side. */
    @Test
    void anOwnerThatIsAcceptedWhileTheNewOwnerIsAwayIsNeverOneOfTwo() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer source = rig.servers().source();
            Node first =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, first, 1, true);
            Rig.readyToFlip(first.dualWrite());
            Path saved = directory.resolve("saved");
            source.copyDataDirectory(saved);
            Rig.flipInSomeTries(first.dualWrite()::flip);
            account(rig, first, 2, false); // what the operator gives up by his word
            first.close();
            rig.proxy(Side.TARGET).down();
            source.restore(saved);
            Node node =
                    rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            Eventually.eventually().untilAsserted(() -> refusedFor(node, "acceptServer(SOURCE)"));
            node.dualWrite().acceptServer(Side.SOURCE);
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            rig.proxy(Side.TARGET).pass();
            Eventually.eventually()
                    .until(
                            "the lower one is closed",
                            () -> rig.state(Side.TARGET).equals("CLOSED"));
            account(rig, node, 4, true);
            node.dualWrite().acceptServer(Side.TARGET);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }
}
