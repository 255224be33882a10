package dev.dualwrite.campaign;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How far a run is. Thread-safe; only the operator goes on to the next step. */
final class Progress {
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong reports = new AtomicLong();
    private volatile int step = -1;
    private volatile long before;
    private volatile String activity = "START";
    private volatile boolean ended;

    void answered() {
        answers.incrementAndGet();
    }

    void step(int next) {
        before = answers.get();
        step = next;
    }

    int step() {
        return step;
    }

    /** What the operator does at present, for the coverage. */
    String activity() {
        return activity;
    }

    void activity(String now) {
        activity = now;
    }

    /** Whether the operator has got so far. */
    boolean reached(int wanted, int after) {
        return step > wanted || (step == wanted && answers.get() - before >= after);
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Something was changed and reported so. */
    void reported() {
        reports.incrementAndGet();
    }

    /** Waits until what is changed meanwhile is so old that nothing may be read by what was before; not for longer than this. */
    void awaitLater(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        long seen = reports.get();
        while (System.nanoTime() - deadline < 0) {
            if (reports.get() != seen) {
                seen = reports.get();
                deadline = System.nanoTime() + Timeline.AGE * 6 / 5;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits for so many answers; not for ever, for clients may have to wait for what comes next. */
    void await(int count, Duration longest) {
        long wanted = answers.get() + count;
        long deadline = System.nanoTime() + longest.toNanos();
        while (answers.get() < wanted && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
