package dev.dualwrite.jdbc;

import static dev.dualwrite.jdbc.Restored.account;
import static dev.dualwrite.jdbc.Restored.drained;
import static dev.dualwrite.jdbc.Restored.mend;
import static dev.dualwrite.jdbc.Restored.refusedFor;
import static dev.dualwrite.jdbc.Restored.says;
import static dev.dualwrite.jdbc.Restored.trouble;
import static dev.dualwrite.jdbc.Restored.unverified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ManagedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A side is replaced, falls back or dies around the hand-over. */
class LostHandOverIT {
    @TempDir
    private Path directory;

    /** Stands after a step until it is let go. */
    private static final class Standing implements Seams {
        private final FlipStep at;
        private final CountDownLatch there = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        Standing(FlipStep at) {
            this.at = at;
        }

        @Override
        public void afterFlipStep(FlipStep step) {
            if (step == at && go.getCount() > 0) {
                there.countDown();
                try {
                    if (!go.await(60, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("nobody let it go");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** The opening on the target is still there, uncommitted. */
    @Scenario(117)
    @Test
    void theOldOwnerReplacedByAnOlderCopyRightAfterTheHandOverDoesNotOpenBesideTheNewOne() throws Exception {
        Standing standing = new Standing(FlipStep.HAND_OVER);
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            Node other = rig.node("two").start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            rig.servers().source().copyDataDirectory(saved);
            account(rig, node, 2, true);
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            rig.servers().source().restore(saved);
            Background<Integer> write =
                    Background.run(() -> other.write("INSERT INTO account VALUES (3, 'someone', 10, NULL)"));
            oneOwner.check();
            standing.go.countDown();
            Rig.flipped(flip.result());
            assertThat(write.result()).isOne();
            rig.log().present("account", "id", 3);
            Eventually.eventually()
                    .until("the copy is closed", () -> rig.state(Side.SOURCE).equals("CLOSED"));
            oneOwner.check();
            other.dualWrite().acceptServer(Side.SOURCE);
            mend(other);
            Rig.flipInSomeTries(other.dualWrite()::rollBack);
            oneOwner.check();
            rig.finish();
        }
    }

    /** The opening is gone with its session, so the copy is all there is. */
    @Scenario(117)
    @Test
    void theOldOwnerReplacedByAnOlderCopyWhileNobodyOpenedTheNewOneOwnsAgainAndTheFlipIsNotReportedAsDone()
            throws Exception {
        Standing standing = new Standing(FlipStep.HAND_OVER);
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            drained(rig, Side.SOURCE);
            Path saved = directory.resolve("saved");
            rig.servers().source().copyDataDirectory(saved);
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            rig.servers().source().kill();
            rig.proxy(Side.TARGET).cut();
            rig.servers().source().restore(saved);
            standing.go.countDown();
            FlipOutcome outcome = flip.result();
            assertThat(outcome).as("what the coordinator says").isInstanceOf(FlipOutcome.Unknown.class);
            oneOwner.check();
            // this instance has seen the higher epoch of the hand-over, so it asks an operator
            Eventually.eventually().untilAsserted(() -> {
                if (!says(node, Side.SOURCE)
                        .equals("OPEN at epoch "
                                + rig.ask(Side.SOURCE, "SELECT epoch FROM dualwrite_fence WHERE side = 'SOURCE'"))) {
                    node.dualWrite().acceptServer(Side.SOURCE);
                }
                account(rig, node, 3, true);
            });
            oneOwner.check();
            assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** The other side: an older copy; whichever side the operator takes, it is one. */
    @Scenario(117)
    @ParameterizedTest
    @CsvSource({"SOURCE, true", "SOURCE, false", "TARGET, true"})
    void theNewOwnerThatFellBackToBeforeTheHandOverIsNotOpenedAndAnOperatorDecides(Side taken, boolean inPlace)
            throws Exception {
        Standing standing = new Standing(FlipStep.HAND_OVER);
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            ManagedServer target = rig.servers().target();
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            account(rig, node, 1, true);
            drained(rig, Side.SOURCE);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            target.copyDataDirectory(saved);
            account(rig, node, 2, taken == Side.SOURCE);
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            if (inPlace) {
                target.rewind(saved);
            } else {
                target.restore(saved);
            }
            standing.go.countDown();
            assertThat(flip.result()).isInstanceOf(FlipOutcome.Unknown.class);
            Eventually.eventually().untilAsserted(() -> refusedFor(node, "is a copy from before that"));
            trouble(node, Side.TARGET, "nobody owns; acceptServer(SOURCE)");
            assertThat(rig.state(Side.SOURCE)).isEqualTo("HANDED_OVER");
            assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
            node.dualWrite().acceptServer(taken);
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            assertThat(rig.state(taken)).isEqualTo("OPEN");
            oneOwner.check();
            unverified(node, taken == Side.SOURCE ? Phase.REVERSE_WINDOW : Phase.DUAL_WRITE);
            mend(node);
            Rig.flipInSomeTries(taken == Side.SOURCE ? node.dualWrite()::flip : node.dualWrite()::rollBack);
            oneOwner.check();
            rig.finish();
        }
    }

    /** Design, section 3.2: it dies exactly between the hand-over and its opening, and an operator does not wait for it. */
    @Scenario(114)
    @Test
    void aSideThatHandedOverToADeadServerIsForcedOpenByAnOperatorForTheRecord() throws Exception {
        Standing standing = new Standing(FlipStep.HAND_OVER);
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            ManagedServer target = rig.servers().target();
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(2)))
                    .start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            assertThatThrownBy(() -> node.dualWrite().forceOpen(Side.SOURCE, "too early"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("only a side that has handed over");
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            refusedToForce(node, "the flip may still be finished");
            target.kill();
            standing.go.countDown();
            assertThat(flip.result()).isInstanceOf(FlipOutcome.Unknown.class);
            assertThat(rig.state(Side.SOURCE)).isEqualTo("HANDED_OVER");
            refusedToForce(node, "the flip may still be finished");
            Eventually.eventually().untilAsserted(() -> node.dualWrite().forceOpen(Side.SOURCE, "its disk is gone"));
            Eventually.eventually().untilAsserted(() -> account(rig, node, 2, true));
            target.start();
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(says(node, Side.TARGET)).startsWith("CLOSED"));
            oneOwner.check();
            unverified(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            assertThat(String.join("\n", node.dualWrite().audit(1000)))
                    .contains("forced-open", "its disk is gone", "flip-log-position");
            oneOwner.check();
            rig.finish();
        }
    }

    private static void refusedToForce(Node node, String why) {
        assertThatThrownBy(() -> node.dualWrite().forceOpen(Side.SOURCE, "too early"))
                .isInstanceOf(DualWriteException.class)
                .hasMessageContaining(why);
    }

    /** The new owner was opened and fails over to another server before the old one, which is down, could be closed. */
    @Test
    void aNewOwnerOnAnotherServerOwnsOnAlthoughTheOldOneStillSaysThatItHandsOver() throws Exception {
        Standing standing = new Standing(FlipStep.OPEN_FOLLOWER);
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            ManagedServer target = rig.servers().target();
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(2)))
                    .start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            rig.servers().source().kill();
            standing.go.countDown();
            assertThat(flip.result()).isInstanceOf(FlipOutcome.Flipped.class);
            Eventually.eventually().untilAsserted(() -> account(rig, node, 2, true));
            node.close(); // whoever comes next knows nothing but what stands in the databases
            Path saved = directory.resolve("saved");
            target.copyDataDirectory(saved);
            target.restore(saved);
            rig.servers().source().start();
            Node next =
                    rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            Eventually.eventually().untilAsserted(() -> account(rig, next, 3, true));
            Eventually.eventually()
                    .until("the old owner follows", () -> rig.state(Side.SOURCE).equals("CLOSED"));
            assertThat(rig.state(Side.TARGET)).isEqualTo("OPEN");
            oneOwner.check();
            mend(next);
            Rig.flipInSomeTries(next.dualWrite()::rollBack);
            rig.finish();
        }
    }
}
