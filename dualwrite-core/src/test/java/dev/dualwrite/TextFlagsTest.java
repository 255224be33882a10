package dev.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFlagsTest {

    @Test
    void whatIsMissingOrBlankHasNoOpinion() {
        TextFlags flags = TextFlags.of(() -> Map.of("phase", " ", "read-cohort", "", "hold", ""));
        assertThat(flags.requestedPhase()).isEmpty();
        assertThat(flags.readCohort()).isEmpty();
        assertThat(flags.hold()).isFalse();
        assertThat(flags.kill()).isFalse();
        assertThat(flags.readPercent()).isEmpty();
        assertThat(flags.sampling()).isEmpty();
        assertThat(flags.paused()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "off, SOURCE_ONLY",
        "dualwrite, DUAL_WRITE",
        "shadow, SHADOW_READ",
        "live, TARGET_READ",
        "rampdown, REVERSE_WINDOW",
        "complete, TARGET_ONLY",
        "Dual_Write, DUAL_WRITE"
    })
    void aPhaseMayBeNamedAsAStage(String text, Phase phase) {
        assertThat(TextFlags.of(() -> Map.of("phase", text)).requestedPhase()).contains(phase);
    }

    @Test
    void everyPhaseIsAStageAndNothingElseIs() {
        assertThat(Phase.ofMigrationStage(" Live ")).contains(Phase.TARGET_READ);
        assertThat(Phase.ofMigrationStage("TARGET_READ")).isEmpty();
        assertThat(Phase.ofMigrationStage("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase | live-ish | rampdown",
                "hold | perhaps | on, true, 1",
                "kill | 2 | off, false, 0",
                "read-percent | many | many",
                "sampling | 5% | 5%",
                "read-cohort | tenant | tenant=a,b",
                "read-cohort | tenant= | tenant=a,b",
                "read-cohort | a=1;a=2 | each attribute once",
                "pace | slowly | pause and run"
            })
    void whatDoesNotReadIsSaidByItsName(String name, String text, String allowed) {
        TextFlags flags = TextFlags.of(() -> Map.of(name, text));
        assertThatThrownBy(() -> {
                    assertThat(flags.requestedPhase()).isEmpty();
                    assertThat(flags.hold()).isFalse();
                    assertThat(flags.kill()).isFalse();
                    assertThat(flags.readPercent()).isEmpty();
                    assertThat(flags.readCohort()).isEmpty();
                    assertThat(flags.sampling()).isEmpty();
                    assertThat(flags.paused()).isFalse();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining(allowed);
    }

    @Test
    void oneLookAsksOnceAndDoesNotChange() {
        AtomicInteger asked = new AtomicInteger();
        Map<String, String> texts =
                new HashMap<>(Map.of("phase", "dualwrite", "read-cohort", "tenant = a , b; region=n"));
        TextFlags flags = TextFlags.of(() -> {
            asked.incrementAndGet();
            return texts;
        });
        FlagSource look = flags.now();
        texts.clear();
        assertThat(look.requestedPhase()).isEqualTo(Optional.of(Phase.DUAL_WRITE));
        assertThat(look.readCohort()).isEqualTo(Map.of("tenant", Set.of("a", "b"), "region", Set.of("n")));
        assertThat(look.kill()).isFalse();
        assertThat(asked).hasValue(1);
    }
}
