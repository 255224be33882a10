package dev.dualwrite.samples.iot.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacingTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void whatTheStepsLeaveIsSharedByWeight() {
        Pacing pacing = new Pacing(100 * SECOND, 4, Duration.ofSeconds(20));
        assertThat(pacing.next(1, 0)).isEqualTo(Duration.ofSeconds(20));
        pacing.done(Duration.ofSeconds(20));
        // The step took 50 s in place of 20, so less is left for the rest.
        assertThat(pacing.next(3, 70 * SECOND)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void afterTheDeadlinePausesAreShortAndNotNothing() {
        assertThat(new Pacing(0, 1, Duration.ZERO).next(1, SECOND)).isPositive().isLessThan(Duration.ofSeconds(1));
    }
}
