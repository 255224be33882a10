package dev.dualwrite.jdbc.runtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the application's commits on the owner took, of late: the last 1024 of the last two seconds. Recording
 * takes two writes and no lock; who reads beside a writer may see a sample too few or too many, which does not
 * matter for a percentile. Thread-safe.
 */
final class Latencies {
    private static final int SIZE = 1024;
    private static final long WINDOW = Duration.ofSeconds(2).toNanos();

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLongArray at = new AtomicLongArray(SIZE);
    private final AtomicLongArray nanos = new AtomicLongArray(SIZE);

    void record(long took) {
        int index = next.getAndIncrement() & (SIZE - 1);
        nanos.set(index, took);
        at.set(index, System.nanoTime());
    }

    /** The p99 by nearest rank; zero if nothing was committed. */
    Duration p99() {
        long now = System.nanoTime();
        long[] recent = new long[SIZE];
        int count = 0;
        for (int i = 0; i < SIZE; i++) {
            long took = nanos.get(i);
            if (took > 0 && now - at.get(i) < WINDOW) {
                recent[count++] = took;
            }
        }
        if (count == 0) {
            return Duration.ZERO;
        }
        Arrays.sort(recent, 0, count);
        return Duration.ofNanos(recent[(int) Math.ceil(0.99 * count) - 1]);
    }
}
