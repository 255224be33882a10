package dev.dualwrite.jdbc.follower;

import dev.dualwrite.converge.ErrorClass;
import io.github.resilience4j.core.IntervalFunction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Bears transient errors of an activity that an operator started, with growing pauses, for a bounded time. */
final class Patience {
    private final Duration limit;
    private final BooleanSupplier stop;
    private final IntervalFunction pause =
            IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(20), 2.0, 0.5, Duration.ofSeconds(2));
    private long since;
    private int failures;

    Patience(Duration limit, BooleanSupplier stop) {
        this.limit = limit;
        this.stop = stop;
    }

    /** A piece of the activity, which may be done again after an error. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws SQLException;
    }

    /** Takes the step until it succeeds; throws its error if that is not transient, the time is over, or it is told to stop. */
    <T> T with(Step<T> step) throws SQLException {
        while (true) {
            try {
                T result = step.take();
                failures = 0;
                return result;
            } catch (SQLException e) {
                failure(e);
            }
        }
    }

    private void failure(SQLException e) throws SQLException {
        if (failures++ == 0) {
            since = System.nanoTime();
        }
        if (stop.getAsBoolean()
                || ErrorClass.of(e.getErrorCode(), e.getSQLState()) != ErrorClass.TRANSIENT
                || System.nanoTime() - since > limit.toNanos()) {
            throw e;
        }
        try {
            Thread.sleep(pause.apply(Math.min(failures, 16)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }
}
