package dev.dualwrite;

/**
 * What one side's fence row says about writers.
 *
 * <p>At most one side is {@link #OPEN} at any time (invariant I1 of the design).
 */
public enum FenceState {
    /** This side owns, and takes writes. */
    OPEN,
    /** This side owns, and takes no writes: a flip or a change of phase is between its steps. */
    FROZEN,
    /** This side has given ownership away; the other side is to open. Nobody can go back from here. */
    HANDED_OVER,
    /** This side follows. */
    CLOSED
}
