package dev.dualwrite.jdbc;

import java.time.Duration;

/** Ends a loop that does something until something has happened. */
final class Deadline {
    private final Duration patience;
    private final long end;

    private Deadline(Duration patience) {
        this.patience = patience;
        this.end = System.nanoTime() + patience.toNanos();
    }

    static Deadline in(Duration patience) {
        return new Deadline(patience);
    }

    /** Fails if it is over; says what has not happened. */
    void check(String what) {
        if (System.nanoTime() - end > 0) {
            throw new AssertionError("not within " + patience + ": " + what);
        }
    }
}
