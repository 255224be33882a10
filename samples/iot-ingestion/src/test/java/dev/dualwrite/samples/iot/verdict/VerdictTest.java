package dev.dualwrite.samples.iot.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.jdbc.DualWrite.VerificationReport;
import dev.dualwrite.samples.iot.operate.FlipRecord;
import dev.dualwrite.samples.iot.stats.Histogram;
import dev.dualwrite.samples.iot.stats.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Findings FOUND = new Findings(10, 10, 0, 0, 0, 4, 0, 2, 0, 0, List.of());
    private static final FlipRecord FLIP = new FlipRecord("flip", 4, Duration.ofMillis(50), Duration.ofMillis(80), 1);
    private static final VerificationReport EQUAL = new VerificationReport(true, 14, 0, List.of());

    private static Sample seen(Map<String, Long> errors, long unknown, long stale) {
        return new Sample(10, 10, 0, 0, 0, 6, 5, errors, unknown, stale, new Histogram());
    }

    private static Verdict verdict(Findings findings, Sample seen, VerificationReport verified, Comparison compared) {
        return Verdict.of(new Facts(
                findings,
                seen,
                Optional.of(verified),
                Optional.of(compared),
                List.of(FLIP, FLIP, FLIP),
                Duration.ofSeconds(1),
                Optional.empty(),
                "two servers"));
    }

    private static List<String> bad(Verdict verdict) {
        return verdict.lines().stream()
                .filter(line -> line.mark() == Line.Mark.BAD)
                .map(Line::name)
                .toList();
    }

    @Test
    void isGreenIfEverythingHolds() {
        Verdict verdict = verdict(FOUND, seen(Map.of(), 0, 0), EQUAL, new Comparison(14, List.of()));
        assertThat(bad(verdict)).isEmpty();
        assertThat(verdict.green()).isTrue();
    }

    @Test
    void transactionsThatWereToldToRunAgainAreToldAndDoNotMakeItRed() {
        Verdict verdict = verdict(FOUND, seen(Map.of(), 0, 0), EQUAL, new Comparison(14, List.of()));
        assertThat(verdict.lines()).anySatisfy(line -> {
            assertThat(line.name()).contains("40001");
            assertThat(line.value()).contains("6", "5 at a change of owner", "1 deadlocks");
        });
    }

    @Test
    void aLostReadingIsRed() {
        Findings lost = new Findings(10, 9, 1, 0, 0, 4, 0, 2, 0, 1, List.of("device 1"));
        Verdict verdict = verdict(lost, seen(Map.of(), 0, 0), EQUAL, new Comparison(14, List.of()));
        assertThat(bad(verdict)).contains("found on the owner", "lost");
        assertThat(verdict.examples()).contains("device 1");
    }

    @Test
    void anErrorThatADeviceSawIsRedHoweverOftenItWasRetried() {
        Verdict verdict = verdict(FOUND, seen(Map.of("08S01", 2L), 0, 0), EQUAL, new Comparison(14, List.of()));
        assertThat(bad(verdict)).containsExactly("errors seen by devices, counted before any retry");
    }

    @Test
    void anUnknownOutcomeAndAStateThatWentBackAreRed() {
        Verdict verdict = verdict(FOUND, seen(Map.of(), 1, 1), EQUAL, new Comparison(14, List.of()));
        assertThat(bad(verdict)).hasSize(2);
    }

    @Test
    void rowsThatDifferAreRedWhoeverFindsThem() {
        VerificationReport diverged = new VerificationReport(true, 14, 0, List.of("DIFFERENT reading 1"));
        assertThat(bad(verdict(FOUND, seen(Map.of(), 0, 0), diverged, new Comparison(14, List.of()))))
                .containsExactly("rows verified equal by the library");
        assertThat(bad(verdict(FOUND, seen(Map.of(), 0, 0), EQUAL, new Comparison(14, List.of("row 1")))))
                .containsExactly("rows compared both ways, independently");
    }

    @Test
    void aCourseThatStoppedIsRed() {
        Verdict verdict = Verdict.of(new Facts(
                FOUND,
                seen(Map.of(), 0, 0),
                Optional.empty(),
                Optional.empty(),
                List.of(FLIP),
                Duration.ofMillis(10),
                Optional.of("the flip was not done"),
                "two servers"));
        assertThat(bad(verdict))
                .containsExactly(
                        "course of the migration",
                        "rows verified equal by the library",
                        "rows compared both ways, independently",
                        "writers held by the flip",
                        "flips done");
    }
}
