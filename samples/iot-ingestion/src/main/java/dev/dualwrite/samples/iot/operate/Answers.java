package dev.dualwrite.samples.iot.operate;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.PhaseOutcome;
import java.util.stream.Collectors;

/** What the library answers, in one line for people. */
final class Answers {
    private Answers() {}

    static String words(PhaseOutcome outcome) {
        if (outcome instanceof PhaseOutcome.Refused refused) {
            return refused(refused.report());
        }
        if (outcome instanceof PhaseOutcome.GaveUp gaveUp) {
            return "gave up, the old phase is in force: " + gaveUp.reason();
        }
        if (outcome instanceof PhaseOutcome.Unknown unknown) {
            return "outcome not known yet: " + unknown.cause().getMessage();
        }
        return "entered";
    }

    static String words(FlipOutcome outcome) {
        if (outcome instanceof FlipOutcome.Refused refused) {
            return refused(refused.report());
        }
        if (outcome instanceof FlipOutcome.GaveUp gaveUp) {
            return "gave up at " + gaveUp.at() + ", the owner is open again; writers waited for "
                    + gaveUp.stall().toMillis() + " ms: " + String.join("; ", gaveUp.reasons());
        }
        if (outcome instanceof FlipOutcome.Unknown unknown) {
            return "outcome not known yet at " + unknown.at() + ", instances finish it: "
                    + unknown.cause().getMessage();
        }
        return "done";
    }

    private static String refused(GateReport report) {
        return "refused, nothing was changed; the gate says no by "
                + report.failed().stream()
                        .map(check -> check.name() + ": " + check.detail())
                        .collect(Collectors.joining("; "));
    }
}
