package dev.dualwrite.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.campaign.Growth.Kind;
import dev.dualwrite.campaign.Read.Elsewhere;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which side may answer a read, by what the campaign knows of the ownership. */
class ReadingTest {
    private final AtomicLong now = new AtomicLong();
    private final Timeline timeline = new Timeline(now::get);
    private final Tally tally = new Tally();

    /** Whose cohort is that of one tenant, and whose first client has a key. */
    private final Plan plan = LongStream.range(0, 10_000)
            .mapToObj(Plan::of)
            .filter(plan -> plan.cohort().equals(List.of(new Growth(Kind.ATTRIBUTE, 0, List.of("t0"))))
                    && !plan.reader(0).key().isEmpty())
            .findFirst()
            .orElseThrow();

    private final Reading reading = new Reading(plan, timeline, tally);

    @Test
    void theOldOwnerAnswersNoReadThatBeganLaterThanTheStatedAge() {
        flip(new FlipOutcome.Flipped(2, Duration.ZERO, List.of()));
        assertThat(judge(0, Route.UNDECLARED, Side.SOURCE, 249)).isEmpty();
        assertThat(judge(0, Route.UNDECLARED, Side.SOURCE, 251))
                .hasValueSatisfying(what -> assertThat(what).startsWith("LATE: client c0 read in a transaction"));
        assertThat(judge(0, Route.UNDECLARED, Side.TARGET, 251)).isEmpty();
    }

    @Test
    void whatBeginsBeforeTheNextChangeAndEndsAfterItIsNotJudged() {
        flip(new FlipOutcome.Flipped(2, Duration.ZERO, List.of()));
        after(1_000);
        timeline.uncertain();
        assertThat(judge(0, Route.UNDECLARED, Side.SOURCE, 999)).isEmpty();
        assertThat(judge(0, Route.UNDECLARED, Side.SOURCE, 1_300)).isEmpty();
        assertThat(tally.of("reads judged by their side")).isZero();
        assertThat(judge(0, Route.UNDECLARED, Side.SOURCE, 997)).isPresent();
    }

    @Test
    void whatWasNotDoneChangesNothingAndWhatMayHaveBeenDoneIsNotJudged() {
        flip(new FlipOutcome.GaveUp(FlipStep.FREEZE, Duration.ZERO, List.of()));
        assertThat(judge(0, Route.UNDECLARED, Side.TARGET, 300))
                .hasValueSatisfying(what -> assertThat(what).contains("SOURCE owns"));
        flip(new FlipOutcome.Unknown(FlipStep.FREEZE, new IllegalStateException()));
        assertThat(judge(0, Route.UNDECLARED, Side.TARGET, 300)).isEmpty();
    }

    @Test
    void theFollowerAnswersItsCohortAndNobodyElse() {
        enter(Phase.TARGET_READ);
        assertThat(judge(0, Route.REPEATABLE_READ, Side.TARGET, 300)).isEmpty();
        assertThat(judge(1, Route.REPEATABLE_READ, Side.TARGET, 300))
                .hasValueSatisfying(what -> assertThat(what).startsWith("ASTRAY: client c1 "));
        for (Route route : List.of(Route.UNDECLARED, Route.LOCKING, Route.LOCKING_DECLARED, Route.AUTOCOMMIT)) {
            assertThat(judge(0, route, Side.TARGET, 300))
                    .hasValueSatisfying(what -> assertThat(what).contains("read " + route + ", in zone a"));
            assertThat(judge(0, route, Side.SOURCE, 300)).isEmpty();
        }
        assertThat(tally.of(Reading.BY_FOLLOWER + Route.REPEATABLE_READ)).isEqualTo(2);
        assertThat(tally.of(Reading.WHILE_MOVING + Route.LOCKING)).isEqualTo(2);
    }

    @Test
    void whoHasSaidWhenHeWroteIsAnsweredByTheOwner() {
        enter(Phase.TARGET_READ);
        assertThat(judge(0, Route.READ_COMMITTED, Elsewhere.TOKEN, Side.TARGET, 300))
                .isEmpty();
        assertThat(judge(0, Route.READ_COMMITTED, Elsewhere.TIME, Side.TARGET, 300))
                .hasValueSatisfying(what -> assertThat(what).startsWith("ASTRAY: "));
    }

    @Test
    void theFollowerAnswersNoReadThatBeganLaterThanTheStatedAgeAfterAStepBack() {
        enter(Phase.TARGET_READ);
        after(1_000);
        enter(Phase.SHADOW_READ);
        assertThat(judge(0, Route.REPEATABLE_READ, Side.TARGET, 249)).isEmpty();
        assertThat(judge(0, Route.REPEATABLE_READ, Side.TARGET, 251))
                .hasValueSatisfying(what -> assertThat(what).startsWith("LATE: "));
    }

    @Test
    void aReadIsALineOfText() {
        Read read = new Read(21, Route.LOCKING_DECLARED, Elsewhere.TOKEN, "c", Side.TARGET, -5, 7);
        assertThat(Read.of(read.line())).isEqualTo(read);
    }

    private void flip(FlipOutcome outcome) {
        timeline.move(Side.TARGET, () -> outcome);
    }

    private void enter(Phase phase) {
        timeline.phase(() -> new PhaseOutcome.Entered(phase, 1));
    }

    private void after(int millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private Optional<String> judge(int client, Route route, Side side, int millis) {
        return judge(client, route, Elsewhere.NO, side, millis);
    }

    /** So many milliseconds after what was said last. */
    private Optional<String> judge(int client, Route route, Elsewhere elsewhere, Side side, int millis) {
        long began = timeline.since() + TimeUnit.MILLISECONDS.toNanos(millis);
        return reading.judge(new Read(client, route, elsewhere, "a", side, began, began + 2_000_000));
    }
}
