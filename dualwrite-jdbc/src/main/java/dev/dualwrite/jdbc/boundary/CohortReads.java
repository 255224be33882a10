package dev.dualwrite.jdbc.boundary;

import java.util.concurrent.atomic.LongAdder;

/** How the follower answered one part of the cohort: a share of all readers, or whoever has one attribute. Thread-safe. */
public final class CohortReads {
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** It has answered a statement. */
    void answered(long began) {
        answered.increment();
        nanos.add(System.nanoTime() - began);
    }

    /** It has not answered one. */
    void failed() {
        failed.increment();
    }

    /** Statements that it has answered, also those for which the owner was asked then, because it found nothing. */
    public long answered() {
        return answered.sum();
    }

    /** Statements that it has not: the owner was asked, or the transaction has failed. */
    public long failures() {
        return failed.sum();
    }

    /** How long the driver took for those that were answered, all in all. */
    public long nanos() {
        return nanos.sum();
    }
}
