package dev.dualwrite;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The verdict of the gate before a change of phase: every check by name, passed or not, with what was
 * seen. A report is data; evaluating the gate changes nothing.
 *
 * @param from the phase in which the gate was evaluated
 * @param to the phase that was asked for
 * @param checks in the order in which they were evaluated
 */
public record GateReport(Phase from, Phase to, List<Check> checks) {

    public GateReport {
        checks = List.copyOf(checks);
    }

    /** Whether every check passed. A gate without a check is closed. */
    public boolean open() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::passed);
    }

    /** The checks that did not pass. */
    public List<Check> failed() {
        return checks.stream().filter(check -> !check.passed()).toList();
    }

    /** The failed checks in one line, or that the gate is open. */
    @Override
    public String toString() {
        if (open()) {
            return "gate " + from + " -> " + to + ": open (" + checks.size() + " checks)";
        }
        return "gate " + from + " -> " + to + ": closed by "
                + failed().stream()
                        .map(check -> check.name() + " (" + check.detail() + ")")
                        .collect(Collectors.joining("; "));
    }

    /**
     * One check.
     *
     * @param name stable, lower case with hyphens: {@code nothing-parked}
     * @param passed whether it lets the flip through
     * @param detail what was seen, and what to do if it did not pass
     */
    public record Check(String name, boolean passed, String detail) {}
}
