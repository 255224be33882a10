package dev.dualwrite.samples.iot.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/** Tells of every time in which no device of this process was acknowledged anything. Thread-safe. */
final class GapMeter {
    /** Shorter ones are the ordinary distance between two writes. */
    static final Duration WORTH_TELLING = Duration.ofMillis(25);

    private final Counters.Said said;

    @GuardedBy("this") private long last;

    GapMeter(Counters.Said said) {
        this.said = said;
        this.last = System.nanoTime();
    }

    /** A write was acknowledged just now. */
    void acknowledged() {
        long gap;
        synchronized (this) {
            long now = System.nanoTime();
            gap = now - last;
            last = now;
        }
        if (gap > WORTH_TELLING.toNanos()) {
            long end = System.currentTimeMillis();
            said.say("gap " + (end - gap / 1_000_000) + " " + end);
        }
    }
}
