package dev.dualwrite.testkit.fault;

import java.time.Duration;
import java.util.function.Predicate;

/** Something a test has armed, waiting for a statement. The first rule that takes a statement is the only one. */
abstract sealed class Rule permits Cut, Hold {

    private final Predicate<Statement> which;
    private final Hits hits = new Hits();

    // Guarded by this.
    private int left;

    Rule(Predicate<Statement> which, int times) {
        this.which = which;
        this.left = times;
    }

    /** True if this rule is for the statement and has not been used up; it has been used once more then. */
    final boolean takes(Statement statement) {
        if (!which.test(statement)) {
            return false;
        }
        synchronized (this) {
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }
    }

    final synchronized boolean usedUp() {
        return left == 0;
    }

    final synchronized void disarm() {
        left = 0;
    }

    /** Counts a hit and wakes who waits for it. */
    final void hit() {
        hits.add();
    }

    final int hitCount() {
        return hits.count();
    }

    final void awaitHits(int wanted, Duration patience, String what) {
        hits.await(wanted, patience, what);
    }
}
