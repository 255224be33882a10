package dev.dualwrite.testkit.fault;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a certain statement back on its way to the server, until it is released or its time is up. Then the server
 * gets it, even if the client has given up meanwhile: a late statement that commits, as networks produce them.
 */
public final class Hold extends Rule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Hold.class);

    private final Duration longest;
    private final CountDownLatch released = new CountDownLatch(1);

    Hold(Duration longest, Predicate<Statement> which, int times) {
        super(which, times);
        this.longest = longest;
    }

    /** Called by the connection's thread. */
    void hold() throws InterruptedException {
        hit();
        if (!released.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debug("A statement was held for {} and goes on", longest);
        }
    }

    /** How many statements it has held. */
    public int hits() {
        return hitCount();
    }

    /**
     * Waits until it holds a statement.
     *
     * @throws AssertionError if it does not in time
     */
    public void awaitHit(Duration patience) {
        awaitHits(1, patience, "no statement was held");
    }

    /** As {@link #awaitHit(Duration)}, for a number of statements since it was armed. */
    public void awaitHits(int wanted, Duration patience) {
        awaitHits(wanted, patience, "statements were not held");
    }

    /** Lets go what it holds and disarms it. */
    public void release() {
        disarm();
        released.countDown();
    }

    /** The same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }
}
