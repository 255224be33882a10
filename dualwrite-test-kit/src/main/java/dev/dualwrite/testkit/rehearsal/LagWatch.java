package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.jdbc.DualWrite;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Looks at a migration's lag every 50 ms and remembers the largest. Its thread is a daemon. */
final class LagWatch implements AutoCloseable {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final DualWrite dualWrite;
    private final AtomicLong largest = new AtomicLong();
    private final Thread thread = new Thread(this::run, "dualwrite-load-lag");
    private volatile boolean ending;

    LagWatch(DualWrite dualWrite) {
        this.dualWrite = dualWrite;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!ending) {
            try {
                largest.accumulateAndGet(dualWrite.status().lag().toNanos(), Math::max);
            } catch (DualWriteException ownerDoesNotAnswer) {
                // a fault; the next look tells how far the follower has fallen behind
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    Duration largest() {
        return Duration.ofNanos(largest.get());
    }

    @Override
    public void close() {
        ending = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
