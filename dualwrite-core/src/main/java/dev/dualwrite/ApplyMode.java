package dev.dualwrite;

/** Whether a caller's commit waits for the follower. */
public enum ApplyMode {
    /** It does not: the follower is converged behind the caller's back, and costs the caller nothing. */
    ASYNC,
    /** It waits until its own changes are converged, but never longer than the apply budget. */
    SYNC
}
