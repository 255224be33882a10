package dev.dualwrite.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryTest {

    private static FenceRow row(FenceState state, long frozenMillis, long budgetMillis, String actual) {
        return new FenceRow(
                Side.SOURCE,
                state,
                Phase.DUAL_WRITE,
                7,
                "attempt",
                2,
                false,
                0,
                Duration.ofMillis(frozenMillis),
                Duration.ofMillis(budgetMillis),
                "home",
                actual);
    }

    @ParameterizedTest
    @CsvSource({
        "FROZEN, 999, 1000, false",
        "FROZEN, 1000, 1000, false",
        "FROZEN, 1001, 1000, true",
        "FROZEN, 1001, 5000, false",
        "HANDED_OVER, 1000, 1, false",
        "HANDED_OVER, 1001, 5000, true",
        "OPEN, 86400000, 1, false",
        "CLOSED, 86400000, 1, false"
    })
    void onlyWhatStandsForTooLongIsOverdue(FenceState state, long frozenFor, long budget, boolean overdue) {
        assertThat(Recovery.overdue(row(state, frozenFor, budget, "home"))).isEqualTo(overdue);
    }

    @ParameterizedTest
    @EnumSource(FenceState.class)
    void aSideOwnsUntilItHasHandedOver(FenceState state) {
        assertThat(row(state, 0, 0, "home").owns()).isEqualTo(state == FenceState.OPEN || state == FenceState.FROZEN);
    }

    @Test
    void aRowThatWasReadOnAnotherServerIsNotAtHome() {
        assertThat(row(FenceState.OPEN, 0, 0, "home").atHome()).isTrue();
        assertThat(row(FenceState.OPEN, 0, 0, "replica").atHome()).isFalse();
    }

    private static FenceRow row(FenceState state, long epoch, String attempt) {
        return new FenceRow(
                Side.TARGET,
                state,
                Phase.REVERSE_WINDOW,
                epoch,
                attempt,
                2,
                false,
                0,
                Duration.ZERO,
                Duration.ofSeconds(1),
                "home",
                "home");
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN, 7, attempt, HANDED_OVER, 7, attempt, true",
        "FROZEN, 7, attempt, HANDED_OVER, 7, attempt, true",
        "HANDED_OVER, 7, attempt, HANDED_OVER, 7, attempt, false",
        "CLOSED, 7, attempt, HANDED_OVER, 7, attempt, false",
        "OPEN, 7, attempt, FROZEN, 7, attempt, false",
        "OPEN, 8, attempt, HANDED_OVER, 7, attempt, false",
        "OPEN, 7, attempt, HANDED_OVER, 7, another, false"
    })
    void anOwnerIsOpenedByTheHandOverOfItsEpochAndAttemptOnly(
            FenceState owner,
            long epoch,
            String attempt,
            FenceState handed,
            long handedAt,
            String handedBy,
            boolean opened) {
        assertThat(row(owner, epoch, attempt).openedBy(row(handed, handedAt, handedBy)))
                .isEqualTo(opened);
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN, 7, OPEN, 7, true",
        "OPEN, 7, FROZEN, 7, true",
        "OPEN, 7, OPEN, 8, false",
        "OPEN, 7, CLOSED, 7, false",
        "HANDED_OVER, 7, OPEN, 7, false"
    })
    void twoRowsContendIfBothOwnAtOneEpoch(
            FenceState one, long epoch, FenceState other, long otherEpoch, boolean contend) {
        assertThat(row(one, epoch, "one").contends(row(other, otherEpoch, "other")))
                .isEqualTo(contend);
    }
}
