package dev.dualwrite;

/** What a change of phase that keeps the owner came to. */
public sealed interface PhaseOutcome {

    /**
     * The phase is in force; no transaction of the old one is running.
     *
     * @param epoch the new epoch
     */
    record Entered(Phase phase, long epoch) implements PhaseOutcome {}

    /** The gate said no, or the transition table does not know the step. Nothing was changed. */
    record Refused(GateReport report) implements PhaseOutcome {}

    /** The fence could not be changed in time; the old phase is in force. */
    record GaveUp(String reason) implements PhaseOutcome {}

    /** The statement was sent and its outcome could not be read back. {@code status()} will tell. */
    record Unknown(Throwable cause) implements PhaseOutcome {}
}
