package dev.dualwrite.testkit.fault;

import static dev.dualwrite.testkit.fault.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void looksAgainUntilItHolds() {
        AtomicInteger looks = new AtomicInteger();
        within(LONG).until("three looks", () -> looks.incrementAndGet() == 3);
        assertThat(looks).hasValue(3);
    }

    @Test
    void aLookThatThrowsIsNotYet() {
        AtomicInteger looks = new AtomicInteger();
        within(LONG).untilAsserted(() -> assertThat(looks.incrementAndGet()).isGreaterThan(2));
        assertThat(within(LONG).value(() -> Optional.of("it"), () -> "a value")).isEqualTo("it");
    }

    @Test
    void theFailureSaysWhatIsThereInsteadAndWhy() {
        assertThatThrownBy(() -> within(SHORT).until(() -> false, () -> "only 7 rows"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("only 7 rows");
        assertThatThrownBy(() -> within(SHORT).untilAsserted(() -> {
                    throw new IllegalStateException("the reason");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the reason")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> within(LONG).until("never", () -> false)).hasMessageContaining("Interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
