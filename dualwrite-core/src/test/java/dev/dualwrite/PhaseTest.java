package dev.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase.Transition;
import dev.dualwrite.Phase.Way;
import dev.dualwrite.coverage.Requirement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PhaseTest {

    /** Written down a second time, pair by pair. */
    private static final Map<String, Way> WAYS = Map.ofEntries(
            Map.entry("SOURCE_ONLY DUAL_WRITE", Way.BARRIER),
            Map.entry("DUAL_WRITE SOURCE_ONLY", Way.BARRIER),
            Map.entry("DUAL_WRITE SHADOW_READ", Way.BARRIER),
            Map.entry("DUAL_WRITE REVERSE_WINDOW", Way.FLIP),
            Map.entry("SHADOW_READ SOURCE_ONLY", Way.BARRIER),
            Map.entry("SHADOW_READ DUAL_WRITE", Way.BARRIER),
            Map.entry("SHADOW_READ TARGET_READ", Way.BARRIER),
            Map.entry("SHADOW_READ REVERSE_WINDOW", Way.FLIP),
            Map.entry("TARGET_READ SOURCE_ONLY", Way.BARRIER),
            Map.entry("TARGET_READ DUAL_WRITE", Way.BARRIER),
            Map.entry("TARGET_READ SHADOW_READ", Way.BARRIER),
            Map.entry("TARGET_READ REVERSE_WINDOW", Way.FLIP),
            Map.entry("REVERSE_WINDOW DUAL_WRITE", Way.FLIP),
            Map.entry("REVERSE_WINDOW TARGET_ONLY", Way.BARRIER));

    static Stream<Arguments> allPairs() {
        return Arrays.stream(Phase.values())
                .flatMap(from -> Arrays.stream(Phase.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("allPairs")
    void everyPairIsALegalStepOrNone(Phase from, Phase to) {
        assertThat(from.wayTo(to)).isEqualTo(WAYS.getOrDefault(from + " " + to, Way.NONE));
    }

    @ParameterizedTest
    @MethodSource("allPairs")
    void onlyAFlipChangesTheOwner(Phase from, Phase to) {
        switch (from.wayTo(to)) {
            case FLIP -> assertThat(to.owner()).isEqualTo(from.owner().other());
            case BARRIER -> assertThat(to.owner()).isEqualTo(from.owner());
            case NONE -> assertThat(Phase.transitions()).noneMatch(t -> t.from() == from && t.to() == to);
        }
    }

    @ParameterizedTest
    @MethodSource("allPairs")
    void aFlipIsBetweenPhasesThatCapture(Phase from, Phase to) {
        if (from.wayTo(to) == Way.FLIP) {
            assertThat(from.capturing() && to.capturing()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aPhaseFlipsToAtMostOne(Phase phase) {
        List<Phase> flips = Phase.transitions().stream()
                .filter(transition -> transition.from() == phase && transition.way() == Way.FLIP)
                .map(Transition::to)
                .toList();

        assertThat(flips).hasSizeLessThanOrEqualTo(1);
        assertThat(phase.flipsTo()).isEqualTo(flips.stream().findFirst());
    }

    @Test
    void aFlipCanBeUndoneByAFlip() {
        for (Phase phase : Phase.values()) {
            phase.flipsTo()
                    .ifPresent(
                            next -> assertThat(next.flipsTo().map(Phase::owner)).contains(phase.owner()));
        }
    }

    @Test
    @Requirement({80, 81})
    void readsMoveInPhasesOfTheirOwnWithGatesOfTheirOwnBeforeTheOwnershipDoes() {
        assertThat(Arrays.stream(Phase.values()).filter(phase -> phase.reads() == Phase.Reads.COHORT))
                .containsExactly(Phase.TARGET_READ);
        assertThat(Phase.TARGET_READ.owner()).isEqualTo(Side.SOURCE);
        assertThat(criteria(Phase.SHADOW_READ, Phase.TARGET_READ))
                .contains(Criterion.READS_COMPARED, Criterion.VERIFIED)
                .doesNotContain(Criterion.NEXT_OWNER_FREE);
    }

    @Test
    @Requirement({162, 163})
    void whileBothAreWrittenReadsStayWithTheOwner() {
        assertThat(Phase.DUAL_WRITE.capturing()).isTrue();
        assertThat(Phase.DUAL_WRITE.reads()).isEqualTo(Phase.Reads.OWNER);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void theWayBackIsOneStepThatNeedsNoMoreThanWhatOwns(Phase phase) {
        phase.back().ifPresent(back -> {
            assertThat(phase.wayTo(back)).isNotEqualTo(Way.NONE);
            if (phase.wayTo(back) == Way.BARRIER) {
                assertThat(criteria(phase, back)).noneMatch(Criterion::asksBothSides);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("allPairs")
    void whatAsksBothSidesIsAskedOnceTheyAreKnownToAnswer(Phase from, Phase to) {
        List<Criterion> criteria =
                from.transitionTo(to).map(Transition::criteria).orElse(List.of());
        for (Criterion criterion : criteria) {
            if (criterion.asksBothSides()) {
                assertThat(criteria.indexOf(Criterion.BOTH_REACHABLE)).isBetween(0, criteria.indexOf(criterion) - 1);
            }
        }
        assertThat(criteria).doesNotHaveDuplicates();
    }

    private static List<Criterion> criteria(Phase from, Phase to) {
        return from.transitionTo(to).orElseThrow().criteria();
    }

    @Test
    void everyPhaseIsReachedFromTheFirstAndOnlyTheLastIsFinal() {
        Set<Phase> reached = new HashSet<>(Set.of(Phase.SOURCE_ONLY));
        for (int i = 0; i < Phase.values().length; i++) {
            Phase.transitions().stream()
                    .filter(transition -> reached.contains(transition.from()))
                    .map(Transition::to)
                    .toList()
                    .forEach(reached::add);
        }

        assertThat(reached).containsExactlyInAnyOrder(Phase.values());
        assertThat(Arrays.stream(Phase.values())
                        .filter(phase -> Phase.transitions().stream().noneMatch(t -> t.from() == phase)))
                .containsExactly(Phase.TARGET_ONLY);
        assertThat(Phase.TARGET_ONLY.flipsTo()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void theOtherOfTheOtherIsTheSame(Side side) {
        assertThat(side.other()).isNotEqualTo(side);
        assertThat(side.other().other()).isEqualTo(side);
    }
}
