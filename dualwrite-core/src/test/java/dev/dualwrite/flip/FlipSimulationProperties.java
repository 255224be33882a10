package dev.dualwrite.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimWorld.Bug;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Coordinators, recoveries, writers and convergers in any order, with kills, lost sessions, lost answers and late
 * statements. And the test of the test: what a store does wrong on purpose is found.
 */
class FlipSimulationProperties {

    @Scenario({69, 92})
    @Property(tries = 3000)
    void noInterleavingBreaksTheFlip(@ForAll Side from, @ForAll("decisions") List<Integer> decisions) {
        assertThat(run(Bug.NONE, from, decisions)).isEmpty();
    }

    @Provide
    Arbitrary<List<Integer>> decisions() {
        return Arbitraries.integers().between(0, 99_999).list().ofMaxSize(160);
    }

    /** Each number decides one step: its last two digits what kind of step, the others by whom. */
    static Optional<String> run(Bug bug, Side from, List<Integer> decisions) {
        Sim sim = new Sim(bug, from);
        sim.flip(from);
        sim.flip(from);
        sim.recover();
        for (int decision : decisions) {
            decide(sim, decision % 100, decision / 100);
            if (sim.violation().isPresent()) {
                break;
            }
        }
        sim.quiet();
        return sim.violation();
    }

    private static void decide(Sim sim, int kind, int which) {
        SimWorld world = sim.world();
        Side side = which % 2 == 0 ? Side.SOURCE : Side.TARGET;
        if (kind < 60) {
            pick(sim.actors().stream().filter(SimActor::ready).toList(), which)
                    .ifPresent(actor -> sim.step(actor, Directive.GO));
        } else if (kind < 70) {
            List<Directive> faults = List.of(Directive.FAIL, Directive.BREAK, Directive.LATE, Directive.LATE);
            pick(sim.actors().stream().filter(SimActor::live).toList(), which / 4)
                    .ifPresent(actor -> sim.step(actor, faults.get(which % 4)));
        } else if (kind < 72) {
            pick(sim.actors().stream().filter(SimActor::live).toList(), which)
                    .ifPresent(actor -> sim.step(actor, Directive.KILL));
        } else if (kind < 75) {
            pick(
                            sim.actors().stream()
                                    .flatMap(actor -> actor.stores().stream())
                                    .filter(SimStore::holds)
                                    .toList(),
                            which)
                    .ifPresent(sim::lose);
        } else if (kind < 80) {
            if (!world.late().isEmpty()) {
                sim.arrive(which % world.late().size(), which % 5 == 0);
            }
        } else if (kind < 83) {
            if (sim.actors().size() < 8) {
                sim.flip(side);
            }
        } else if (kind < 86) {
            if (sim.actors().size() < 8) {
                sim.recover();
            }
        } else {
            switch (kind) {
                case 86, 87 -> world.beginWrite(side);
                case 88, 89, 90 -> world.endWrite(side, which % 3 != 0);
                case 91, 92, 93 -> world.converge(side);
                case 94 -> world.strayIntent(side);
                case 95 -> world.park(side);
                case 96 -> world.unpark(side);
                case 97 -> world.otherPhase();
                default -> world.backfill();
            }
        }
    }

    private static <T> Optional<T> pick(List<T> from, int which) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(which % from.size()));
    }

    // ---- the test of the test -------------------------------------------------------------------------------

    /** What the checker says at last about a store with this bug, by the same runs as above. */
    private static Optional<String> found(Bug bug) {
        Random random = new Random(17);
        for (int tries = 0; tries < 20_000; tries++) {
            List<Integer> decisions = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                decisions.add(random.nextInt(100_000));
            }
            Optional<String> violation = run(bug, tries % 2 == 0 ? Side.SOURCE : Side.TARGET, decisions);
            if (violation.isPresent()) {
                return violation;
            }
        }
        return Optional.empty();
    }

    @Example
    @Label("a verdict by the epoch alone opens both sides: two attempts can meet on one number")
    void aVerdictByTheEpochAloneIsFound() {
        assertThat(FlipSimulationTest.everyTwoSwitches(Bug.VERDICT_BY_EPOCH, Side.SOURCE, false, false))
                .get()
                .asString()
                .contains("two sides are OPEN");
        assertThat(found(Bug.VERDICT_BY_EPOCH)).isPresent();
    }

    @Example
    void reopeningWithoutCompareAndSetIsFound() {
        assertThat(FlipSimulationTest.everyTwoSwitches(Bug.REOPEN_BLIND, Side.SOURCE, false, true))
                .get()
                .asString()
                .contains("two sides are OPEN");
        assertThat(found(Bug.REOPEN_BLIND)).isPresent();
    }

    @Example
    void handingOverWithIntentsLeftIsFound() {
        assertThat(found(Bug.HAND_OVER_WITH_INTENTS)).get().asString().contains("commits");
    }

    @Example
    void handingOverWithParkedKeysIsFound() {
        assertThat(found(Bug.HAND_OVER_WITH_PARKED)).get().asString().contains("commits");
    }

    @Example
    void openingBeforeTheHandOverIsFound() {
        assertThat(found(Bug.OPENING_COMMITS_AT_ONCE)).isPresent();
    }

    @Example
    void closingThatReopensIsFound() {
        assertThat(found(Bug.CLOSE_REOPENS)).isPresent();
    }
}
