package dev.dualwrite.jdbc.follower;

import java.time.Duration;

/** What an activity asks of its surroundings while it works, often. Thread-safe. */
public interface Controls {
    /** Whether to end now; what was done stays done. */
    boolean stopped();

    /** Whether to do nothing for the time being. */
    boolean paused();

    /** The p99 of the application's commits on the owner in the last seconds, as far as this instance sees. */
    Duration ownerLatency();
}
