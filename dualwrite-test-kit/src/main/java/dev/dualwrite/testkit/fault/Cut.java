package dev.dualwrite.testkit.fault;

import java.time.Duration;
import java.util.function.Predicate;

/** Cuts the connection that sends a certain statement. Armed until it has hit often enough or is closed. */
public final class Cut extends Rule implements AutoCloseable {

    private final Moment moment;

    Cut(Moment moment, Predicate<Statement> which, int times) {
        super(which, times);
        this.moment = moment;
    }

    Moment moment() {
        return moment;
    }

    /** How many connections it has cut. */
    public int hits() {
        return hitCount();
    }

    /**
     * Waits until it has cut a connection. At {@link Moment#AFTER} the server has answered the statement by then.
     *
     * @throws AssertionError if it has not in time
     */
    public void awaitHit(Duration patience) {
        awaitHits(1, patience, "no connection was cut");
    }

    /** As {@link #awaitHit(Duration)}, for a number of hits since it was armed. */
    public void awaitHits(int wanted, Duration patience) {
        awaitHits(wanted, patience, "connections were not cut");
    }

    /** Disarms it. What is cut stays cut. */
    @Override
    public void close() {
        disarm();
    }
}
