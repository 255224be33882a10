package dev.dualwrite.samples.iot.operate;

import java.time.Duration;

/**
 * Shares what is left of the job's time among the times in which the application just writes. What the steps in between
 * take is not known before, so it is looked at again each time. Used by one thread.
 */
final class Pacing {
    private static final Duration LEAST = Duration.ofMillis(400);

    private final long deadline;
    private double weights;
    private Duration steps;

    /**
     * @param deadline of the whole job, on the clock of {@link System#nanoTime()}
     * @param weights of all pauses together
     * @param steps what all steps are expected to take
     */
    Pacing(long deadline, double weights, Duration steps) {
        this.deadline = deadline;
        this.weights = weights;
        this.steps = steps;
    }

    /** A step that was expected to take so long is done. */
    void done(Duration step) {
        steps = steps.minus(step);
    }

    /** How long the next pause is. */
    Duration next(double weight, long now) {
        Duration left = Duration.ofNanos(deadline - now).minus(steps);
        double part = weights <= 0 ? 0 : weight / weights;
        weights -= weight;
        Duration pause = Duration.ofNanos((long) (left.toNanos() * part));
        return pause.compareTo(LEAST) < 0 ? LEAST : pause;
    }
}
