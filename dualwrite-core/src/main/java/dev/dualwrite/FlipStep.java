package dev.dualwrite;

/** The steps of a flip, in order (design, section 3.2). */
public enum FlipStep {
    /** Marking on, converged and verified ahead, identifiers raised. Writers notice nothing. */
    PREPARE,
    /** The gate, dry; and nobody holds the fence for longer than the budget. */
    GATE,
    /** The owner stops taking writes. */
    FREEZE,
    /** The queue is emptied and what changed is verified; the gate again, now exact. */
    DRAIN,
    /** The follower's row is opened, uncommitted. */
    LOCK_FOLLOWER,
    /** The owner hands over. This one commit is the flip. */
    HAND_OVER,
    /** The follower's row is committed: it owns. */
    OPEN_FOLLOWER,
    /** The old owner follows. */
    CLOSE_OWNER
}
