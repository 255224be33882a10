package dev.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.coverage.Requirement;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CohortTest {

    private static Cohort share(String salt, double percent) {
        return new Cohort(salt, percent, Map.of());
    }

    @Property
    @Requirement({87, 89})
    void whoBelongsToAShareBelongsToEveryLargerOne(
            @ForAll @StringLength(max = 20) String salt,
            @ForAll @StringLength(min = 1, max = 40) String key,
            @ForAll @DoubleRange(min = 0, max = 100) double one,
            @ForAll @DoubleRange(min = 0, max = 100) double other) {
        Reader reader = Reader.of(key);
        if (share(salt, Math.min(one, other)).has(reader)) {
            assertThat(share(salt, Math.max(one, other)).has(reader)).isTrue();
        }
        assertThat(share(salt, 100).has(reader)).isTrue();
        assertThat(share(salt, 0).has(reader)).isFalse();
    }

    @Test
    void aShareIsAboutThatShare() {
        for (int percent : new int[] {1, 10, 50}) {
            long in = IntStream.range(0, 20_000)
                    .filter(i -> share("salt", percent).has(Reader.of("device-" + i)))
                    .count();
            assertThat(in).isBetween(percent * 180L, percent * 220L);
        }
    }

    @Test
    void theDrawIsTheSameInEveryProcessAndAnotherWithAnotherSalt() {
        assertThat(share("a", 1).bucket("device-1")).isEqualTo(9018);
        assertThat(share("b", 1).bucket("device-1")).isNotEqualTo(9018);
    }

    @Test
    void attributesAddWhoHasThem() {
        Cohort cohort = new Cohort("s", 0, Map.of("tenant", Set.of("acme"), "region", Set.of("eu", "us")));

        assertThat(cohort.has(Reader.of("x").with("tenant", "acme"))).isTrue();
        assertThat(cohort.has(Reader.of("x").with("region", "us").with("tenant", "other")))
                .isTrue();
        assertThat(cohort.has(Reader.of("acme"))).isFalse();
        assertThat(cohort.has(Reader.UNKNOWN)).isFalse();
        assertThat(cohort).hasToString("0% and region in [eu, us] and tenant in [acme]");
        assertThat(cohort.isEmpty()).isFalse();
        assertThat(Cohort.NOBODY.isEmpty()).isTrue();
    }
}
