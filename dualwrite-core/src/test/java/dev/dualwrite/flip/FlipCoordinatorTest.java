package dev.dualwrite.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimWorld.Bug;
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
        List<String> told = new ArrayList<>();
        while (flip.live()) {
            String where = Sim.where(flip).substring(flip.name().length() + 1);
            if (where.startsWith("after after ")) {
                told.add(where.substring("after after ".length()));
            }
            sim.step(flip, Directive.GO);
        }

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
}
