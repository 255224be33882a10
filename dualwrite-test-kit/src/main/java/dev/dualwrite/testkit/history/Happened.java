package dev.dualwrite.testkit.history;

/**
 * What came of a step.
 *
 * @param step that was done
 * @param outcome in words: what the client was told, what the operator was answered; {@code -} if it had nothing to do
 */
public record Happened(Step step, String outcome) {
    /** For people. */
    @Override
    public String toString() {
        return step + "  " + outcome;
    }
}
