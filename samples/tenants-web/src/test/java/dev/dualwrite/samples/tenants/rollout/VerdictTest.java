package dev.dualwrite.samples.tenants.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Runbook.Share STOPPED = new Runbook.Share(50, Set.of("a", "b"), Set.of("a"), 0.2, false);
    private static final Runbook.Share ALL = new Runbook.Share(100, Set.of("a", "b"), Set.of("a", "b"), 0.9, true);

    /** Facts that are fine, some of which can be replaced. */
    private static final class Told {
        private Map<String, Long> errors = Map.of();
        private List<String> older = List.of();
        private List<String> missing = List.of();
        private long unheardOf;
        private List<Runbook.Share> shares = List.of(STOPPED, ALL);
        private List<Runbook.Found> found = List.of(new Runbook.Found(50, 3, 7));
        private List<Runbook.Elsewhere> elsewhere = List.of(new Runbook.Elsewhere("after the flip", 0));
        private int harmed = 8;
        private List<String> differing = List.of();
        private Optional<String> unfinished = Optional.empty();

        Verdict verdict() {
            return Verdict.of(new Verdict.Facts(
                    100,
                    errors,
                    older,
                    20,
                    missing,
                    unheardOf,
                    shares,
                    found,
                    List.of(
                            new Runbook.Moved("flip", Duration.ofMillis(20)),
                            new Runbook.Moved("rollback", Duration.ofMillis(20))),
                    elsewhere,
                    harmed,
                    2,
                    40,
                    differing,
                    unfinished,
                    "two servers"));
        }
    }

    private static List<String> bad(UnaryOperator<Told> change) {
        Verdict verdict = change.apply(new Told()).verdict();
        List<String> bad = verdict.lines().stream()
                .filter(line -> !line.good().orElse(true))
                .map(Verdict.Line::name)
                .toList();
        assertThat(verdict.green()).isEqualTo(bad.isEmpty());
        assertThat(String.join("\n", verdict.printed())).contains(bad.isEmpty() ? "VERDICT: GREEN" : "VERDICT: RED");
        return bad;
    }

    @Test
    void isGreenIfEverythingHolds() {
        assertThat(bad(told -> told)).isEmpty();
    }

    @Test
    void whatCustomersSawTurnsItRed() {
        assertThat(bad(told -> {
                    told.errors = Map.of("500", 1L);
                    return told;
                }))
                .containsExactly("errors that customers saw");
        assertThat(bad(told -> {
                    told.older = List.of("plan 1");
                    return told;
                }))
                .containsExactly("reads older than the reader's own write");
    }

    @Test
    void whatIsNotThereTurnsItRed() {
        assertThat(bad(told -> {
                    told.missing = List.of("price 1 2");
                    return told;
                }))
                .containsExactly("writes acknowledged and found on the owner");
        assertThat(bad(told -> {
                    told.unheardOf = 1;
                    return told;
                }))
                .containsExactly("stored, but nobody was told");
        assertThat(bad(told -> {
                    told.differing = List.of("plan 1");
                    return told;
                }))
                .containsExactly("rows compared both ways, without the library");
    }

    @Test
    void readsInTheWrongPlaceTurnItRed() {
        assertThat(bad(told -> {
                    told.shares = List.of(new Runbook.Share(10, Set.of("a"), Set.of("a", "b"), 0.2, true), ALL);
                    return told;
                }))
                .as("of somebody who does not belong to the cohort")
                .containsExactly("reads at the target with 10 %");
        assertThat(bad(told -> {
                    told.shares = List.of(new Runbook.Share(100, Set.of("a", "b"), Set.of("a"), 0.2, true));
                    return told;
                }))
                .as("not of the whole cohort")
                .containsExactly("reads at the target with 100 %");
        assertThat(bad(told -> {
                    told.shares = List.of(STOPPED);
                    return told;
                }))
                .containsExactly("share reached");
        assertThat(bad(told -> {
                    told.elsewhere = List.of(new Runbook.Elsewhere("after the flip", 1));
                    return told;
                }))
                .containsExactly("reads that the other side answered after the flip");
    }

    @Test
    void aDifferenceThatNobodyMadeFoundOrRepairedTurnsItRed() {
        String line = "difference made, found by reads, repaired";
        assertThat(bad(told -> {
                    told.harmed = 0;
                    return told;
                }))
                .containsExactly(line);
        assertThat(bad(told -> {
                    told.found = List.of();
                    return told;
                }))
                .containsExactly(line);
        assertThat(bad(told -> {
                    told.found = List.of(new Runbook.Found(50, 3, 0));
                    return told;
                }))
                .containsExactly(line);
    }

    @Test
    void aCourseThatStoppedTurnsItRed() {
        assertThat(bad(told -> {
                    told.unfinished = Optional.of("the flip was not done");
                    return told;
                }))
                .containsExactly("course of the cutover");
    }
}
