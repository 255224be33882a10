package dev.dualwrite.jdbc.follower;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds an activity back while the application would feel it: the owner's p99 or the age of the oldest intent is
 * over its ceiling. Then the pause before each step doubles, up to a second; it halves while both are below. It never stops the
 * activity: a ceiling that cannot be kept makes it slow, and not stand still.
 *
 * <p>Thread-safe; one for all workers of an activity.
 */
final class Pace {
    private static final Logger LOG = LoggerFactory.getLogger(Pace.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final long FIRST = 20;
    private static final long LONGEST = 1000;

    private final ControlSide owner;
    private final Supplier<Duration> latency;
    private final Duration maxLatency;
    private final Duration maxLag;

    @GuardedBy("this") private long lookedAt = System.nanoTime() - LOOK.toNanos();

    @GuardedBy("this") private long pause;

    /**
     * @param latency the p99 of the application's commits in the last seconds, as this instance sees them
     */
    Pace(ControlSide owner, Supplier<Duration> latency, Duration maxLatency, Duration maxLag) {
        this.owner = owner;
        this.latency = latency;
        this.maxLatency = maxLatency;
        this.maxLag = maxLag;
    }

    /** Waits as long as is due now; comes back early if it is told to stop. */
    void await(BooleanSupplier stop) throws SQLException {
        long until = System.nanoTime() + due() * 1_000_000;
        while (until - System.nanoTime() > 0 && !stop.getAsBoolean()) {
            if (!Sleep.millis(Math.max(1, Math.min(50, 1 + (until - System.nanoTime()) / 1_000_000)))) {
                return;
            }
        }
    }

    private synchronized long due() throws SQLException {
        if (System.nanoTime() - lookedAt < LOOK.toNanos()) {
            return pause;
        }
        lookedAt = System.nanoTime();
        Duration lag;
        try (Connection connection = owner.connection()) {
            lag = owner.queue().oldest(connection);
        }
        Duration p99 = latency.get();
        if (lag.compareTo(maxLag) > 0 || p99.compareTo(maxLatency) > 0) {
            if (pause == 0) {
                LOG.info(
                        "{}: held back: the oldest intent is {} ms old (ceiling {}), the owner's p99 is {} ms (ceiling {})",
                        owner.names().migration(),
                        lag.toMillis(),
                        maxLag.toMillis(),
                        p99.toMillis(),
                        maxLatency.toMillis());
            }
            pause = Math.min(LONGEST, Math.max(FIRST, pause * 2));
        } else {
            pause = pause / 2 < FIRST / 2 ? 0 : pause / 2;
        }
        return pause;
    }
}
