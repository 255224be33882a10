package dev.dualwrite.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimWorld.Bug;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The coordinator and the recovery, stopped before and after everything that they do. The oracle is
 * {@link SimWorld} and {@link Sim}: never two sides OPEN, no epoch falls, no commit is missing on the owner,
 * what a flip reports is true, and in the end one side is OPEN.
 */
class FlipSimulationTest {

    /** How many stops a flip has that nobody disturbs. */
    private static int stops(Side from) {
        Sim sim = new Sim(Bug.NONE, from);
        SimActor flip = sim.flip(from);
        int count = 0;
        while (flip.live()) {
            sim.step(flip, Directive.GO);
            count++;
        }
        return count;
    }

    static Stream<Arguments> everyStop() {
        return Stream.of(Side.values())
                .flatMap(from -> IntStream.range(0, stops(from)).mapToObj(stop -> Arguments.of(from, stop)));
    }

    private static void assertSound(Sim sim) {
        sim.quiet();
        assertThat(sim.violation()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void aFlipThatNobodyDisturbsFlips(Side from) {
        Sim sim = new Sim(Bug.NONE, from);
        sim.world().beginWrite(from);
        sim.world().endWrite(from, true);

        sim.finish(sim.flip(from), false);

        assertThat(sim.outcomes().values())
                .singleElement()
                .isInstanceOfSatisfying(FlipOutcome.Flipped.class, flipped -> {
                    assertThat(flipped.epoch()).isEqualTo(7);
                    assertThat(flipped.unacknowledged()).isEmpty();
                });
        assertThat(sim.world().history())
                .extracting(SimWorld.Effect::what)
                .containsExactly("freeze", "stamp", "handOver", "open", "close");
        assertThat(sim.world().row(from.other()).state()).isEqualTo(FenceState.OPEN);
        assertSound(sim);
    }

    @Scenario({69, 92})
    @ParameterizedTest
    @MethodSource("everyStop")
    void aProcessKilledAnywhereIsFinishedOrGivenUpByAnother(Side from, int stop) {
        Sim sim = new Sim(Bug.NONE, from);
        SimActor flip = sim.flip(from);
        sim.steps(flip, stop);
        boolean handedOver = sim.world().row(from).state() == FenceState.HANDED_OVER
                || sim.world().row(from).state() == FenceState.CLOSED;
        sim.step(flip, Directive.KILL);

        sim.finish(sim.recover(), true);

        assertThat(sim.world().row(handedOver ? from.other() : from).state())
                .as("who owns after the recovery")
                .isEqualTo(FenceState.OPEN);
        assertSound(sim);
    }

    @ParameterizedTest
    @MethodSource("everyStop")
    void aDeadFollowerCannotKeepTheApplicationClosed(Side from, int stop) {
        Sim sim = new Sim(Bug.NONE, from);
        SimActor flip = sim.flip(from);
        sim.steps(flip, stop);
        boolean frozen = sim.world().row(from).state() == FenceState.FROZEN;
        sim.step(flip, Directive.KILL);

        // the killed process's lock on the follower's row is never let go
        sim.finish(sim.recover(), false);

        if (frozen) {
            assertThat(sim.world().row(from).state()).isEqualTo(FenceState.OPEN);
        }
        assertSound(sim);
    }

    @Scenario({69, 92})
    @ParameterizedTest
    @MethodSource("everyStop")
    void aCoordinatorThatSleptThroughARecoveryDoesNoHarm(Side from, int stop) {
        for (boolean lose : List.of(true, false)) {
            Sim sim = new Sim(Bug.NONE, from);
            SimActor flip = sim.flip(from);
            sim.steps(flip, stop);
            sim.finish(sim.recover(), lose);
            sim.finish(flip, true);
            assertSound(sim);
        }
    }

    @ParameterizedTest
    @MethodSource("everyStop")
    void aCoordinatorThatSleptThroughOtherFlipsDoesNoHarm(Side from, int stop) {
        for (boolean lose : List.of(true, false)) {
            for (int flips = 1; flips <= 3; flips++) {
                Sim sim = new Sim(Bug.NONE, from);
                SimActor flip = sim.flip(from);
                sim.steps(flip, stop);
                sim.finish(sim.recover(), lose);
                for (int i = 0; i < flips; i++) {
                    Side owner = sim.world().row(Side.SOURCE).state() == FenceState.OPEN ? Side.SOURCE : Side.TARGET;
                    sim.world().beginWrite(owner);
                    sim.world().endWrite(owner, true);
                    sim.finish(sim.flip(owner), lose);
                }
                sim.finish(flip, true);
                assertSound(sim);
            }
        }
    }

    @Scenario(114)
    @ParameterizedTest
    @MethodSource("everyStop")
    void anAnswerThatIsLostWhileOthersGoOnIsNotGuessed(Side from, int stop) {
        for (Directive how : List.of(Directive.FAIL, Directive.BREAK)) {
            for (int flips = 0; flips <= 2; flips++) {
                Sim sim = new Sim(Bug.NONE, from);
                SimActor flip = sim.flip(from);
                sim.steps(flip, stop);
                sim.finish(sim.recover(), true);
                for (int i = 0; i < flips; i++) {
                    Side owner = sim.world().row(Side.SOURCE).state() == FenceState.OPEN ? Side.SOURCE : Side.TARGET;
                    sim.finish(sim.flip(owner), true);
                }
                sim.step(flip, how);
                sim.finish(flip, true);
                assertSound(sim);
            }
        }
    }

    /** Everything that can go wrong with one call, and then with a later one. */
    static Optional<String> everyPairOfFaults(Bug bug, Side from) {
        List<Directive> faults = List.of(Directive.FAIL, Directive.BREAK, Directive.LATE);
        int stops = stops(from);
        for (int first = 0; first < stops; first++) {
            for (Directive one : faults) {
                for (int second = 1; second < 12; second++) {
                    for (Directive two : List.of(Directive.GO, Directive.FAIL, Directive.BREAK, Directive.LATE)) {
                        Sim sim = new Sim(bug, from);
                        SimActor flip = sim.flip(from);
                        sim.steps(flip, first);
                        String where = Sim.where(flip) + ' ' + one;
                        sim.step(flip, one);
                        sim.steps(flip, second - 1);
                        where += ", then " + Sim.where(flip) + ' ' + two;
                        sim.step(flip, two);
                        sim.finish(flip, true);
                        sim.quiet();
                        if (sim.violation().isPresent()) {
                            return Optional.of(where + ": " + sim.violation().get());
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void anyTwoCallsMayFailDoneOrNot(Side from) {
        assertThat(everyPairOfFaults(Bug.NONE, from)).isEmpty();
    }

    /** A statement whose sender has given up arrives any number of stops later. */
    static Optional<String> everyLateArrival(Bug bug, Side from) {
        int stops = stops(from);
        for (int sent = 0; sent < stops; sent++) {
            for (int arrives = 0; arrives < 16; arrives++) {
                Sim sim = new Sim(bug, from);
                SimActor flip = sim.flip(from);
                sim.steps(flip, sent);
                String where = Sim.where(flip);
                sim.step(flip, Directive.LATE);
                sim.steps(flip, arrives);
                where += " arrives when " + Sim.where(flip);
                if (!sim.world().late().isEmpty()) {
                    sim.arrive(0, false);
                }
                sim.finish(flip, false);
                sim.quiet();
                if (sim.violation().isPresent()) {
                    return Optional.of(where + ": " + sim.violation().get());
                }
            }
        }
        return Optional.empty();
    }

    @Scenario(114)
    @ParameterizedTest
    @EnumSource(Side.class)
    void aStatementMayArriveAfterItsOutcomeWasReadBack(Side from) {
        assertThat(everyLateArrival(Bug.NONE, from)).isEmpty();
    }

    /** Two instances, each of which runs so far, then the other, and so on to the end. */
    static Optional<String> everyTwoSwitches(Bug bug, Side from, boolean twoFlips, boolean lose) {
        int stops = stops(from);
        for (int one = 0; one < stops; one++) {
            for (int two = 0; two < stops; two++) {
                Sim sim = new Sim(bug, from);
                SimActor first = sim.flip(from);
                SimActor second = twoFlips ? sim.flip(from) : sim.recover();
                sim.steps(first, one);
                String where = Sim.where(first);
                for (int i = 0; i < two && second.ready(); i++) {
                    sim.step(second, Directive.GO);
                }
                where += ", " + Sim.where(second);
                sim.finish(first, lose);
                sim.finish(second, lose);
                sim.quiet();
                if (sim.violation().isPresent()) {
                    return Optional.of(where + ": " + sim.violation().get());
                }
            }
        }
        return Optional.empty();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void twoInstancesMayMeetAnywhere(Side from) {
        for (boolean twoFlips : List.of(true, false)) {
            for (boolean lose : List.of(true, false)) {
                assertThat(everyTwoSwitches(Bug.NONE, from, twoFlips, lose)).isEmpty();
            }
        }
    }

    /**
     * Whatever the flip was at when it was killed and the follower fell back to before it, nobody opens that copy.
     *
     * @param stamped the test of the test: the copy's rows are old and its fence row is not
     */
    static Optional<String> everyOlderCopy(boolean stamped, Side from) {
        for (int stop = 0; stop < stops(from); stop++) {
            Sim sim = new Sim(Bug.NONE, from);
            SimWorld.Copy copy = sim.world().copy(from.other());
            sim.world().beginWrite(from);
            sim.world().endWrite(from, true);
            SimActor flip = sim.flip(from);
            sim.steps(flip, stop);
            if (sim.world().row(from).state() == FenceState.CLOSED
                    || sim.world().row(from.other()).state() == FenceState.OPEN) {
                return Optional.empty(); // what a new owner that is restored afterwards is, its epoch tells
            }
            String where = Sim.where(flip);
            sim.step(flip, Directive.KILL);
            flip.stores().forEach(sim::lose);
            sim.world().restore(stamped ? new SimWorld.Copy(sim.world().row(from.other()), copy.value()) : copy);
            sim.finish(sim.recover(), true);
            if (sim.world().row(from.other()).state() != FenceState.CLOSED
                    || sim.world().violation().isPresent()) {
                return Optional.of(where + ": " + sim.world().violation().orElse("an older copy was opened"));
            }
        }
        return Optional.of("it never came to the end");
    }

    @Scenario(117)
    @ParameterizedTest
    @EnumSource(Side.class)
    void aFollowerThatFellBackToBeforeTheFlipIsNotOpened(Side from) {
        assertThat(everyOlderCopy(false, from)).isEmpty();
        assertThat(everyOlderCopy(true, from)).get().asString().contains("0 of 1 commits");
    }

    /** Somebody finishes a hand-over, and an operator who cannot reach the next owner opens the old one, at each stop. */
    static Optional<String> everyForcedOpening(Bug bug, Side from) {
        boolean forced = false;
        for (int stop = 0; stop < 40; stop++) {
            Sim sim = new Sim(bug, from);
            SimActor flip = sim.flip(from);
            while (!Sim.where(flip).equals(flip.name() + " before commit " + from.other())) {
                sim.step(flip, Directive.GO);
            }
            sim.step(flip, Directive.KILL);
            flip.stores().forEach(sim::lose);
            SimActor recovery = sim.recover();
            sim.steps(recovery, stop);
            String where = Sim.where(recovery);
            forced |= sim.world().forceOpen(from);
            sim.finish(recovery, true);
            if (sim.world().violation().isPresent()) {
                return Optional.of(where + ": " + sim.world().violation().get());
            }
        }
        return forced ? Optional.empty() : Optional.of("nothing was forced open");
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void anOperatorWhoForcesASideOpenWhileSomebodyFinishesTheFlipOpensNoSecondOwner(Side from) {
        assertThat(everyForcedOpening(Bug.NONE, from)).isEmpty();
        assertThat(everyForcedOpening(Bug.HOLDS_NOTHING, from)).get().asString().contains("two sides are OPEN");
    }

    @Test
    void aSpentBudgetGivesUpBeforeTheHandOver() {
        Sim sim = new Sim(Bug.NONE, Side.SOURCE);

        sim.finish(sim.flip(Side.SOURCE, Duration.ZERO), false);

        assertThat(sim.outcomes().values())
                .singleElement()
                .isInstanceOfSatisfying(
                        FlipOutcome.GaveUp.class,
                        gaveUp -> assertThat(gaveUp.at()).isEqualTo(FlipStep.LOCK_FOLLOWER));
        assertThat(sim.world().row(Side.SOURCE).state()).isEqualTo(FenceState.OPEN);
        assertThat(sim.world().row(Side.SOURCE).epoch()).isEqualTo(7);
        assertSound(sim);
    }

    @Test
    void anIntentThatComesUpBehindTheFenceEndsTheFlip() {
        Sim sim = new Sim(Bug.NONE, Side.SOURCE);
        SimActor flip = sim.flip(Side.SOURCE);
        while (!Sim.where(flip).equals(flip.name() + " before handOver SOURCE")) {
            sim.step(flip, Directive.GO);
        }
        sim.world().strayIntent(Side.SOURCE);
        sim.finish(flip, false);

        assertThat(sim.outcomes().values())
                .singleElement()
                .isInstanceOfSatisfying(
                        FlipOutcome.GaveUp.class,
                        gaveUp -> assertThat(gaveUp.at()).isEqualTo(FlipStep.HAND_OVER));
        assertSound(sim);
    }

    @Test
    void anUnexpectedFailureAfterTheOpeningIsNotAFlipGivenUp() {
        Sim sim = new Sim(Bug.NONE, Side.SOURCE);
        SimActor flip = sim.flip(Side.SOURCE);
        while (!Sim.where(flip).endsWith("awaitAcknowledged")) {
            sim.step(flip, Directive.GO);
        }
        sim.step(flip, Directive.BREAK);
        sim.finish(flip, false);

        assertThat(sim.outcomes().values())
                .singleElement()
                .isInstanceOfSatisfying(
                        FlipOutcome.Flipped.class,
                        flipped -> assertThat(flipped.unacknowledged()).hasSize(1));
        assertSound(sim);
    }
}
