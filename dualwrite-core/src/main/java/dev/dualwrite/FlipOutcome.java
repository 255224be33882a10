package dev.dualwrite;

import java.time.Duration;
import java.util.List;

/** What a flip came to. There is no boolean: "given up" and "unknown" are answers. */
public sealed interface FlipOutcome {

    /**
     * The hand-over is committed and the new owner is open.
     *
     * @param epoch the new epoch
     * @param stall from the freeze to the opening of the new owner, on the coordinator's clock
     * @param unacknowledged instances that were alive and had not confirmed the new epoch in time
     */
    record Flipped(long epoch, Duration stall, List<String> unacknowledged) implements FlipOutcome {
        public Flipped {
            unacknowledged = List.copyOf(unacknowledged);
        }
    }

    /** The gate said no, or the phase does not allow it. Nothing was changed. */
    record Refused(GateReport report) implements FlipOutcome {}

    /**
     * The flip stopped before the hand-over; the old owner is open again.
     *
     * @param at the step that did not end in time, or that failed
     * @param stall how long writers waited; zero if it gave up before the freeze
     * @param reasons why, each with what to do
     */
    record GaveUp(FlipStep at, Duration stall, List<String> reasons) implements FlipOutcome {
        public GaveUp {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * The hand-over's outcome could not be read back, or it is committed and the new owner could not be
     * opened yet. Writers wait or are refused until any instance can finish it; that happens by itself.
     */
    record Unknown(FlipStep at, Throwable cause) implements FlipOutcome {}
}
