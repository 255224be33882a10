package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteadyTest {
    private final Steady<String> steady = new Steady<>();

    private void hear(String... values) {
        for (String value : values) {
            steady.hear(value);
        }
    }

    @Test
    void whatIsSaidThreeTimesInARowCounts() {
        hear("a", "a");
        assertThat(steady.settled()).isEmpty();
        hear("a");
        assertThat(steady.settled()).contains("a");
        hear("b", "b");
        assertThat(steady.settled()).isEmpty();
        hear("b");
        assertThat(steady.settled()).contains("b");
        assertThat(steady.contradictory()).isFalse();
    }

    @Test
    void whoChangesToAndFroIsNotHeardBeforeHeHasMadeUpHisMind() {
        hear("a", "a", "a", "b", "b", "b", "a", "a", "a", "b", "b", "b");
        assertThat(steady.settled()).contains("b");
        hear("a", "a", "a");
        assertThat(steady.contradictory()).isTrue();
        assertThat(steady.settled()).isEmpty();
        for (int i = 0; i < 10; i++) {
            hear("a");
        }
        assertThat(steady.contradictory()).isFalse();
        assertThat(steady.settled()).contains("a");
    }
}
