package dev.dualwrite.model;

import static dev.dualwrite.model.Invariant.COMES_TO_REST;
import static dev.dualwrite.model.Invariant.HANDED_OVER_EQUAL;
import static dev.dualwrite.model.Invariant.NOTHING_LOST;
import static dev.dualwrite.model.Invariant.NO_FALSE_DIVERGENCE;
import static dev.dualwrite.model.Invariant.NO_INTENT_MEANS_EQUAL;
import static dev.dualwrite.model.Invariant.ONE_OWNER;
import static dev.dualwrite.model.Invariant.TOLD_THE_TRUTH;
import static dev.dualwrite.model.Invariant.WRITERS_UNDER_OPEN_FENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes rules out of the model. Each time the explorer has to find that an invariant breaks, and it has to be the one that the
 * rule is there for; a rule of which nothing is found alone is a second line, and is found together with the first, or stands
 * in {@link #BEYOND} with its reason in {@code docs/model.md}.
 */
class RulesTest {
    private static final Logger LOG = LoggerFactory.getLogger(RulesTest.class);

    private static final Bounds CONVERGING = new Bounds("converging", 2, 1, 1, 2, 1, false, 0, 1, 1);
    private static final Bounds FLIPS = new Bounds("flips", 1, 1, 1, 1, 0, false, 0, 2, 2);
    private static final Bounds ONE_UNIT = new Bounds("one unit of two rows", 2, 2, 1, 2, 0, false, 0, 1, 1);
    private static final Bounds TWO_UNITS = new Bounds("two units that clash", 2, 2, 2, 2, 0, false, 0, 1, 1);
    private static final Bounds VERIFICATION = new Bounds("verification", 2, 1, 1, 2, 0, true, 1, 1, 1);

    /** What is needed only for what the model does not have, or for nothing that it asks. */
    private static final Set<Rule> BEYOND =
            EnumSet.of(Rule.STATE_AND_ATTEMPT, Rule.BACKFILL_UNDER_FENCE, Rule.MARKING_IN_STATEMENT);

    /** What is taken out, where, and what breaks. */
    record Removal(Set<Rule> rules, Bounds bounds, Invariant breaks) {
        Removal(Rule rule, Bounds bounds, Invariant breaks) {
            this(EnumSet.of(rule), bounds, breaks);
        }
    }

    static List<Removal> removals() {
        return List.of(
                new Removal(Rule.WRITER_HOLDS_FENCE, CONVERGING, WRITERS_UNDER_OPEN_FENCE),
                new Removal(Rule.INTENT_CHECKS_FENCE, CONVERGING, WRITERS_UNDER_OPEN_FENCE),
                new Removal(Rule.INTENT_IN_TRANSACTION, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(EnumSet.of(Rule.FOLLOWER_IS_CLOSED, Rule.OWNER_OWNS), CONVERGING, NOTHING_LOST),
                new Removal(Rule.CONVERGER_HOLDS_FENCE, CONVERGING, NOTHING_LOST),
                new Removal(Rule.CONVERGER_LOCKS_LANE, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.OWNER_READ_UNDER_LANE, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.LANE_OF_UNIT, ONE_UNIT, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.READ_AGAIN_AFTER_CLASH, TWO_UNITS, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.INTENTS_GO_AFTER_COMMIT, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.ONLY_INTENTS_READ_BEFORE, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.CHUNK_HOLDS_FENCE, CONVERGING, NOTHING_LOST),
                new Removal(Rule.CHUNK_ROW_LOCKED, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.CHUNK_READS_UNDER_ROW, CONVERGING, NO_INTENT_MEANS_EQUAL),
                new Removal(Rule.INTENTS_READ_LAST, VERIFICATION, NO_FALSE_DIVERGENCE),
                new Removal(Rule.VERIFIER_LOCKS_LANE, VERIFICATION, NO_FALSE_DIVERGENCE),
                new Removal(Rule.MARKED_NOT_DELETED, VERIFICATION, HANDED_OVER_EQUAL),
                new Removal(Rule.MARK_GOES_IF_SEEN_BEFORE, VERIFICATION, HANDED_OVER_EQUAL),
                new Removal(Rule.NOTED_BEFORE_UNMARKED, VERIFICATION, HANDED_OVER_EQUAL),
                new Removal(Rule.MARKS_VERIFIED_IN_DRAIN, VERIFICATION, HANDED_OVER_EQUAL),
                new Removal(Rule.DIVERGENCE_ENDS_FLIP, VERIFICATION, HANDED_OVER_EQUAL),
                new Removal(Rule.FLIP_COMPARES, FLIPS, ONE_OWNER),
                new Removal(Rule.REOPEN_COMPARES, FLIPS, ONE_OWNER),
                new Removal(Rule.DRAIN_WAITS, VERIFICATION, HANDED_OVER_EQUAL),
                new Removal(EnumSet.of(Rule.DRAIN_WAITS, Rule.HAND_OVER_LOOKS), FLIPS, HANDED_OVER_EQUAL),
                new Removal(Rule.STAMPED_BEFORE_HAND_OVER, FLIPS, COMES_TO_REST),
                new Removal(Rule.OPENING_HELD, FLIPS, ONE_OWNER),
                new Removal(Rule.FINISH_LOOKS_AT_STAMP, FLIPS, COMES_TO_REST),
                new Removal(EnumSet.of(Rule.FINISH_LOOKS_AT_STAMP, Rule.FINISH_HOLDS_OWNER), FLIPS, ONE_OWNER),
                new Removal(Rule.READ_BACK_BY_ATTEMPT, FLIPS, TOLD_THE_TRUTH),
                new Removal(Rule.UNKNOWN_READ_BACK, FLIPS, TOLD_THE_TRUTH),
                new Removal(Rule.TOO_LATE_IS_UNKNOWN, FLIPS, TOLD_THE_TRUTH),
                new Removal(Rule.ANYONE_REOPENS, FLIPS, COMES_TO_REST),
                new Removal(Rule.ANYONE_FINISHES, FLIPS, COMES_TO_REST));
    }

    @ParameterizedTest
    @MethodSource("removals")
    void withoutARuleAnInvariantBreaks(Removal removal) {
        Explorer.Verdict verdict = new Explorer(removal.bounds(), removal.rules()).explore();
        LOG.info(
                "without '{}': {} breaks, in {} steps, after {} states",
                removal.rules().stream().map(Rule::says).collect(Collectors.joining("', and '")),
                verdict.broken(),
                verdict.trace().size(),
                verdict.states());
        LOG.debug("the way there:\n{}", String.join("\n", verdict.trace()));
        assertThat(verdict.broken()).contains(removal.breaks());
        assertThat(verdict.trace()).isNotEmpty();
    }

    /** Those of which nothing is found alone, with the bounds in which they matter most. */
    record SecondLine(Rule rule, Bounds bounds) {}

    static List<SecondLine> secondLines() {
        return List.of(
                new SecondLine(Rule.FOLLOWER_IS_CLOSED, CONVERGING),
                new SecondLine(Rule.OWNER_OWNS, CONVERGING),
                new SecondLine(Rule.BACKFILL_UNDER_FENCE, CONVERGING),
                new SecondLine(Rule.MARKING_IN_STATEMENT, ModelTest.VERIFICATION),
                new SecondLine(Rule.STATE_AND_ATTEMPT, ModelTest.FLIPS),
                new SecondLine(Rule.HAND_OVER_LOOKS, FLIPS),
                new SecondLine(Rule.FINISH_HOLDS_OWNER, FLIPS));
    }

    /** What {@code docs/model.md} says of them is no longer true if something is found. */
    @ParameterizedTest
    @MethodSource("secondLines")
    void nothingIsFoundOfASecondLineAlone(SecondLine line) {
        Explorer.Verdict verdict = new Explorer(line.bounds(), EnumSet.of(line.rule())).explore();
        assertThat(verdict.broken())
                .as(() -> "a first line by now, for:\n" + String.join("\n", verdict.trace()))
                .isEmpty();
    }

    @Test
    void noRuleIsForgotten() {
        Set<Rule> removed =
                removals().stream().flatMap(removal -> removal.rules().stream()).collect(Collectors.toSet());
        Set<Rule> alone = removals().stream()
                .filter(removal -> removal.rules().size() == 1)
                .flatMap(removal -> removal.rules().stream())
                .collect(Collectors.toSet());
        Set<Rule> second = secondLines().stream().map(SecondLine::rule).collect(Collectors.toSet());
        assertThat(Stream.concat(alone.stream(), second.stream())).containsExactlyInAnyOrder(Rule.values());
        assertThat(Stream.concat(removed.stream(), BEYOND.stream())).containsOnlyOnceElementsOf(BEYOND);
        assertThat(Stream.concat(removed.stream(), BEYOND.stream())).contains(Rule.values());
    }
}
