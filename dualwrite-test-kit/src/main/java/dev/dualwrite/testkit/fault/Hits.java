package dev.dualwrite.testkit.fault;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A number that only grows, and can be waited for. */
final class Hits {

    // Guarded by this.
    private int count;

    synchronized void add() {
        count++;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    synchronized void await(int wanted, Duration patience, String what) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (count < wanted) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(
                            "Not within " + patience + ": " + what + " (" + count + " of " + wanted + ")");
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting: " + what, interrupted);
        }
    }
}
