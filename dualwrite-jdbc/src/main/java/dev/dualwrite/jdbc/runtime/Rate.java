package dev.dualwrite.jdbc.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How fast a count grows, from what was seen of it in the last half minute: so that an estimate of the time that is
 * left follows what happens now, pauses included, and is not told before there is something to tell it from.
 * Thread-safe.
 */
final class Rate {
    private static final long WINDOW = Duration.ofSeconds(30).toNanos();
    private static final long LEAST = Duration.ofSeconds(1).toNanos();
    private static final long APART = Duration.ofMillis(200).toNanos();

    private final LongSupplier nanoTime;

    @GuardedBy("this") private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long at, long run, long count) {}

    Rate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Counts per second; 0 if nothing grew, or too little was seen.
     *
     * @param run whose count it is: one of another run says nothing of this
     */
    synchronized double perSecond(long run, long count) {
        long now = nanoTime.getAsLong();
        samples.removeIf(sample -> sample.run() != run || sample.count() > count);
        if (samples.isEmpty() || now - samples.getLast().at() >= APART) {
            samples.addLast(new Sample(now, run, count));
        }
        while (samples.size() > 2 && now - samples.getFirst().at() > WINDOW) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long time = now - first.at();
        return time < LEAST ? 0 : (count - first.count()) / (time / 1e9);
    }

    /** How long the rest takes at this rate; empty if it does not move. */
    static Optional<Duration> left(long rest, double perSecond) {
        return perSecond <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) (Math.max(0, rest) * 1000.0 / perSecond)));
    }
}
