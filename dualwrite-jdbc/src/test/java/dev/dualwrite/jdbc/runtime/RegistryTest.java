package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Cohort;
import dev.dualwrite.jdbc.control.InstanceTable.Beat;
import dev.dualwrite.jdbc.control.InstanceTable.Instance;
import dev.dualwrite.jdbc.runtime.Registry.Presence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration EXPIRY = Duration.ofSeconds(15);

    private static Instance instance(String name, long silentMillis, String function, String version) {
        return instance(name, silentMillis, function, version, 1, Duration.ZERO, Optional.empty());
    }

    private static Instance instance(
            String name,
            long silentMillis,
            String function,
            String version,
            long writes,
            Duration ahead,
            Optional<String> excluded) {
        return new Instance(
                new Beat(name, 7, "same", function, version, writes),
                Duration.ofMinutes(1),
                Duration.ofMillis(silentMillis),
                ahead,
                excluded);
    }

    private static Registry of(Instance... instances) {
        return new Registry(List.of(instances), TIMEOUT, EXPIRY);
    }

    private static Instance silent(long millis) {
        return instance("gone", millis, "another", "9.9");
    }

    @Test
    void whoAgreesIsNotNamed() {
        assertThat(of(instance("one", 100, Cohort.FUNCTION, Version.STRING)).wrong(7, "same"))
                .isEmpty();
    }

    @Test
    void whoIsBehindOrOtherwiseIsNamedWithWhatIsOtherwise() {
        assertThat(of(
                                instance("a", 0, "another", Version.STRING),
                                instance("b", 0, Cohort.FUNCTION, "9.1"),
                                instance("c", 0, Cohort.FUNCTION, Version.STRING))
                        .wrong(8, "other"))
                .get()
                .asString()
                .contains(
                        "the epoch is 8, but a acts by epoch 7, b acts by epoch 7, c acts by epoch 7",
                        "configured with other tables or settings than this instance: a, b, c",
                        "drawing readers by another function than this instance: a;",
                        "of a version that does not fit 0.1.0: b (9.1)");
    }

    @Test
    void whoFellSilentIsNamedUntilHeExpiresOrIsExcluded() {
        assertThat(of(silent(4_999)).presence(silent(4_999))).isEqualTo(Presence.ALIVE);
        assertThat(of(silent(5_000)).presence(silent(5_000))).isEqualTo(Presence.SILENT);
        assertThat(of(silent(12_500)).wrong(8, "other"))
                .get()
                .asString()
                .isEqualTo(
                        "gone has been silent for 12.5 s and has not signed off: end it for good; then it counts as gone in"
                                + " 2.5 s, or at once by excludeInstance");
        assertThat(of(silent(15_000)).presence(silent(15_000))).isEqualTo(Presence.EXPIRED);
        assertThat(of(silent(15_000)).wrong(8, "other")).isEmpty();
        Instance excluded = instance(
                "gone", 6_000, Cohort.FUNCTION, Version.STRING, 1, Duration.ZERO, Optional.of("one: burnt down"));
        assertThat(of(excluded).presence(excluded)).isEqualTo(Presence.EXCLUDED);
        assertThat(of(excluded).wrong(8, "other")).isEmpty();
    }

    @Test
    void clocksThatAreOffAndWhoWritesNothingAreRemarks() {
        Registry registry = of(
                instance("slow", 0, Cohort.FUNCTION, Version.STRING, 1, Duration.ofMillis(-2_500), Optional.empty()),
                instance("fast", 0, Cohort.FUNCTION, Version.STRING, 0, Duration.ofSeconds(3), Optional.empty()),
                instance("right", 0, Cohort.FUNCTION, Version.STRING, 9, Duration.ofSeconds(2), Optional.empty()));
        assertThat(registry.wrong(7, "same")).isEmpty();
        assertThat(registry.remarks(true))
                .containsExactly(
                        "the clock of slow is 2.5 s behind the server's",
                        "the clock of fast is 3.0 s ahead of the server's",
                        "no change was captured since they started by fast");
    }

    @ParameterizedTest
    @CsvSource({"0.1.0, true", "0.1.7-SNAPSHOT, true", "0.2.0, false", "1.1.0, false", "'', false"})
    void versionsFitWithinAMinorOneBeforeTheFirst(String other, boolean fits) {
        assertThat(Version.fits(other)).isEqualTo(fits);
    }
}
