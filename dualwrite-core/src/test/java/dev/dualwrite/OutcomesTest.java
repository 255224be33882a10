package dev.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.GateReport.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private static final Check PASSED = new Check("not-held", true, "");
    private static final Check FAILED = new Check("nothing-parked", false, "3 units are parked");

    @Test
    void aGateIsOpenOnlyIfEveryCheckPassed() {
        assertThat(report(PASSED, PASSED).open()).isTrue();
        assertThat(report(PASSED, FAILED).open()).isFalse();
    }

    @Test
    void aClosedGateNamesWhatClosedItAndNothingElse() {
        GateReport report = report(PASSED, FAILED);

        assertThat(report.failed()).containsExactly(FAILED);
        assertThat(report)
                .hasToString("gate DUAL_WRITE -> REVERSE_WINDOW: closed by nothing-parked (3 units are parked)");
        assertThat(report(PASSED)).hasToString("gate DUAL_WRITE -> REVERSE_WINDOW: open (1 checks)");
    }

    @Test
    void whatWasReportedDoesNotChangeAfterwards() {
        List<Check> checks = new ArrayList<>(List.of(PASSED));
        List<String> reasons = new ArrayList<>(List.of("slow"));
        GateReport report = new GateReport(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, checks);
        FlipOutcome.GaveUp gaveUp = new FlipOutcome.GaveUp(FlipStep.DRAIN, Duration.ZERO, reasons);
        FlipOutcome.Flipped flipped = new FlipOutcome.Flipped(3, Duration.ZERO, reasons);

        checks.add(FAILED);
        reasons.clear();

        assertThat(report.open()).isTrue();
        assertThat(gaveUp.reasons()).containsExactly("slow");
        assertThat(flipped.unacknowledged()).containsExactly("slow");
    }

    @Test
    void anExceptionBeginsWithItsCode() {
        DualWriteException exception = new DualWriteException("DW-1234", "what is wrong");

        assertThat(exception).hasMessage("DW-1234 what is wrong");
        assertThat(exception.code()).isEqualTo("DW-1234");
    }

    private static GateReport report(Check... checks) {
        return new GateReport(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, List.of(checks));
    }
}
