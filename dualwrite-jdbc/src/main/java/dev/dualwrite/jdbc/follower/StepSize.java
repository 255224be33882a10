package dev.dualwrite.jdbc.follower;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/**
 * How many rows the next step of an activity takes on, so that it holds its locks for about the time that is
 * wished for, whatever the rows and the servers are like. It begins small, grows while there is time, and shrinks at once when a
 * step took too long. Thread-safe.
 */
final class StepSize {
    private static final int LEAST = 5;
    private static final long BYTES = 8 << 20;

    private final int most;
    private final long target;

    @GuardedBy("this") private double rows;

    /**
     * @param first rows of the first step
     * @param most rows of any
     * @param target for how long a step is to last
     */
    StepSize(int first, int most, Duration target) {
        this.most = most;
        this.target = target.toNanos();
        this.rows = Math.min(first, most);
    }

    synchronized int rows() {
        return (int) rows;
    }

    /** A step of so many rows and bytes took so long. */
    synchronized void took(int count, long bytes, Duration time) {
        if (count == 0) {
            return;
        }
        double fits = count * (target / (double) Math.max(1, time.toNanos()));
        double next = Math.min(fits, rows * 4);
        if (next > rows && count < rows / 2) {
            return; // too few to tell how long many would take
        }
        double narrow = BYTES / Math.max(1.0, bytes / (double) count);
        rows = Math.max(LEAST, Math.min(most, Math.min(next, narrow)));
    }
}
