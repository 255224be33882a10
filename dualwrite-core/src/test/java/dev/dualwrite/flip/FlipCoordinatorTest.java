package dev.dualwrite.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimWorld.Bug;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a flip reports: of its steps, of an answer that was lost, and of why it did not come to an end. */
class FlipCoordinatorTest {
    private final Sim sim = new Sim(Bug.NONE, Side.SOURCE);
    private final SimActor flip = sim.flip(Side.SOURCE);

    @BeforeEach
    void begin() {
        sim.world().beginWrite(Side.SOURCE);
        sim.world().endWrite(Side.SOURCE, true);
    }

    /** Lets it go until it is about to do this, or has done it. */
    private void until(String where) {
        while (!Sim.where(flip).equals(flip.name() + ' ' + where)) {
            assertThat(flip.live()).as("it never comes to '%s'", where).isTrue();
            sim.step(flip, Directive.GO);
        }
    }

    private FlipOutcome outcome() {
        return outcome(flip);
    }

    private FlipOutcome outcome(SimActor actor) {
        FlipOutcome outcome = sim.outcomes().get(actor.name());
        if (outcome == null) {
            throw new AssertionError(actor.name() + " has reported nothing: " + Sim.where(actor));
        }
        return outcome;
    }

    private void assertSound() {
        sim.quiet();
        assertThat(sim.violation()).isEmpty();
    }

    @Test
    void eachStepIsToldOnceAndInOrder() {
        List<String> told = toldUntilTheEnd();

        assertThat(told)
                .containsExactlyElementsOf(
                        List.of(FlipStep.values()).stream().map(FlipStep::name).toList());
        assertThat(outcome()).isInstanceOf(FlipOutcome.Flipped.class);
        assertSound();
    }

    @Test
    void aFreezeWhoseAnswerWasLostIsReadBackAndTheFlipGoesOn() {
        until("after freeze SOURCE");
        sim.step(flip, Directive.FAIL);
        sim.finish(flip, false);

        assertThat(outcome()).isInstanceOf(FlipOutcome.Flipped.class);
        assertSound();
    }

    @Test
    void aFreezeThatIsNotDoneSaysWhatItWaitedFor() {
        until("before freeze SOURCE");
        sim.step(flip, Directive.FAIL);
        sim.finish(flip, false);

        assertThat(outcome()).isInstanceOfSatisfying(FlipOutcome.GaveUp.class, gaveUp -> {
            assertThat(gaveUp.at()).isEqualTo(FlipStep.FREEZE);
            assertThat(gaveUp.reasons())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("the writers in flight did not end", "SOURCE", "freeze on SOURCE failed");
        });
        assertThat(sim.world().row(Side.SOURCE).state()).isEqualTo(FenceState.OPEN);
        assertSound();
    }

    @Test
    void whoComesSecondIsToldSo() {
        until("before freeze SOURCE");
        sim.finish(sim.flip(Side.SOURCE), false);
        sim.finish(flip, false);

        assertThat(outcome()).isInstanceOfSatisfying(FlipOutcome.GaveUp.class, gaveUp -> {
            assertThat(gaveUp.at()).isEqualTo(FlipStep.FREEZE);
            assertThat(gaveUp.reasons())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("another flip or change of phase came first");
        });
        assertSound();
    }

    @Test
    void aSideThatHasMovedMeanwhileIsRefusedWithItsState() {
        sim.finish(flip, false);
        SimActor late = sim.flip(Side.SOURCE);
        sim.finish(late, false);

        assertThat(outcome(late))
                .isInstanceOfSatisfying(
                        FlipOutcome.Refused.class,
                        refused -> assertThat(refused.report().toString()).contains("SOURCE is CLOSED"));
        assertSound();
    }

    @Test
    void aSideThatMovesWhileTheFlipIsPreparedIsRefused() {
        until("after prepare");
        sim.finish(sim.flip(Side.SOURCE), false);
        sim.finish(flip, false);

        assertThat(outcome())
                .isInstanceOfSatisfying(
                        FlipOutcome.Refused.class,
                        refused -> assertThat(refused.report().toString()).contains("SOURCE is CLOSED"));
        assertSound();
    }

    @Test
    void theStallIsTheTimeFromTheFreezeToTheOpening() {
        long began = System.nanoTime();
        sim.finish(flip, false);

        assertThat(outcome())
                .isInstanceOfSatisfying(
                        FlipOutcome.Flipped.class,
                        flipped -> assertThat(flipped.stall())
                                .isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - began)));
    }

    /** Steps it to its end and answers after which of the flip's steps it has stopped. */
    private List<String> toldUntilTheEnd() {
        List<String> told = new ArrayList<>();
        while (flip.live()) {
            String where = Sim.where(flip).substring(flip.name().length() + 1);
            if (where.startsWith("after after ")) {
                told.add(where.substring("after after ".length()));
            }
            sim.step(flip, Directive.GO);
        }
        return told;
    }

    @Test
    void anOpeningWhoseAnswerWasLostIsFinishedAndTold() {
        until("after commit TARGET");
        sim.step(flip, Directive.FAIL);

        assertThat(toldUntilTheEnd()).containsExactly("OPEN_FOLLOWER", "CLOSE_OWNER");
        assertThat(outcome()).isInstanceOf(FlipOutcome.Flipped.class);
        assertSound();
    }

    @Test
    void anOldOwnerThatCannotBeClosedIsToldAndLeftToRecovery() {
        until("after after OPEN_FOLLOWER");
        sim.step(flip, Directive.GO);
        sim.step(flip, Directive.FAIL);

        assertThat(toldUntilTheEnd()).containsExactly("CLOSE_OWNER");
        assertThat(outcome()).isInstanceOf(FlipOutcome.Flipped.class);
        assertThat(sim.world().row(Side.SOURCE).state()).isEqualTo(FenceState.HANDED_OVER);
        assertSound();
    }

    @Test
    void anOldOwnerThatIsAnOlderCopyByThenLeavesTheOutcomeUnknown() {
        SimWorld.Copy before = sim.world().copy(Side.SOURCE);
        until("before commit TARGET");
        sim.step(flip, Directive.FAIL);
        sim.world().restore(before);
        sim.finish(flip, false);

        assertUnknown(FlipStep.OPEN_FOLLOWER, "SOURCE is OPEN at epoch 5, below epoch 7", "it is an older copy");
    }

    @Test
    void anOldOwnerThatAnOperatorHasOpenedByThenLeavesTheOutcomeUnknown() {
        until("before commit TARGET");
        sim.step(flip, Directive.FAIL);
        assertThat(sim.world().forceOpen(Side.SOURCE)).isTrue();
        sim.finish(flip, false);

        assertUnknown(FlipStep.OPEN_FOLLOWER, "SOURCE is OPEN at epoch 1000007", "whether TARGET was opened at 7");
    }

    @Test
    void whatCannotBeReadBackIsUnknownAndSaysBoth() {
        until("after freeze SOURCE");
        sim.step(flip, Directive.FAIL);
        sim.step(flip, Directive.FAIL);
        assertUnknown(FlipStep.FREEZE, "readLocked on SOURCE failed", "freeze on SOURCE");
    }

    @Test
    void aHandOverThatCannotBeReadBackIsUnknownAndSaysBoth() {
        until("after handOver SOURCE");
        sim.step(flip, Directive.FAIL);
        sim.step(flip, Directive.FAIL);
        sim.finish(flip, false);
        assertUnknown(FlipStep.HAND_OVER, "readLocked on SOURCE failed", "handOver on SOURCE");
    }

    private void assertUnknown(FlipStep at, String... says) {
        assertThat(outcome()).isInstanceOfSatisfying(FlipOutcome.Unknown.class, unknown -> {
            assertThat(unknown.at()).isEqualTo(at);
            StringBuilder said = new StringBuilder(String.valueOf(unknown.cause()));
            for (Throwable also : unknown.cause().getSuppressed()) {
                said.append(also);
            }
            assertThat(said.toString()).contains(says);
        });
    }

    /** Whoever reopened it first has given this flip up, and that is all that has happened. */
    @Test
    void aHandOverInDoubtThatARecoveryCameBeforeIsGivenUp() {
        until("before handOver SOURCE");
        sim.finish(sim.recover(), true);
        sim.step(flip, Directive.FAIL);
        sim.finish(flip, false);

        assertThat(sim.world().row(Side.SOURCE).epoch()).isEqualTo(7);
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        FlipOutcome.GaveUp.class,
                        gaveUp -> assertThat(gaveUp.at()).isEqualTo(FlipStep.HAND_OVER));
        assertSound();
    }

    /** By then the owner has gone on, and nobody can tell whether this flip's hand-over was between. */
    @Test
    void aHandOverInDoubtBeforeOtherFlipsIsUnknown() {
        until("before handOver SOURCE");
        sim.finish(sim.recover(), true);
        sim.finish(sim.flip(Side.SOURCE), true);
        sim.step(flip, Directive.FAIL);
        sim.finish(flip, false);

        assertUnknown(FlipStep.HAND_OVER, "by now; whether the hand-over at 7 was committed before cannot be told");
        assertSound();
    }
}
