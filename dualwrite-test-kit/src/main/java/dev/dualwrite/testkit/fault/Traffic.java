package dev.dualwrite.testkit.fault;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How bytes travel through a proxy at present. All threads of the proxy ask here; a change reaches those that wait. */
final class Traffic {

    enum Mode {
        PASS,
        REFUSE,
        STALL,
        BLACK_HOLE
    }

    enum Verdict {
        FORWARD,
        SWALLOW
    }

    enum Way {
        UP,
        DOWN
    }

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private Mode mode = Mode.PASS;
    private Duration delay = Duration.ZERO;
    private long bytesPerSecond;
    private final long[] freeAt = new long[2];

    void become(Mode next) {
        lock.lock();
        try {
            mode = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void delay(Duration next) {
        lock.lock();
        try {
            delay = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** So many bytes a second each way, over all connections; 0 is no limit. */
    void throttle(long limit) {
        lock.lock();
        try {
            bytesPerSecond = limit;
            Arrays.fill(freeAt, System.nanoTime());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits as long as so many bytes take, behind those that came before; not on, once the limit is another. */
    void pace(Way way, int bytes) throws InterruptedException {
        lock.lock();
        try {
            long limit = bytesPerSecond;
            if (limit == 0) {
                return;
            }
            int direction = way == Way.UP ? 0 : 1;
            long due = Math.max(System.nanoTime(), freeAt[direction]) + bytes * SECOND / limit;
            freeAt[direction] = due;
            long left = due - System.nanoTime();
            while (left > 0 && bytesPerSecond == limit) {
                changed.awaitNanos(left);
                left = due - System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    Mode mode() {
        lock.lock();
        try {
            return mode;
        } finally {
            lock.unlock();
        }
    }

    /** What is to become of bytes from the client, after the delay and once nothing stalls. */
    Verdict fromClient() throws InterruptedException {
        lock.lock();
        try {
            long left = delay.toNanos();
            while (left > 0 && mode == Mode.PASS && !delay.isZero()) {
                left = changed.awaitNanos(left);
            }
            return afterStall();
        } finally {
            lock.unlock();
        }
    }

    /** What is to become of bytes from the server, once nothing stalls. */
    Verdict fromServer() throws InterruptedException {
        lock.lock();
        try {
            return afterStall();
        } finally {
            lock.unlock();
        }
    }

    private Verdict afterStall() throws InterruptedException {
        while (mode == Mode.STALL) {
            changed.await();
        }
        return mode == Mode.BLACK_HOLE ? Verdict.SWALLOW : Verdict.FORWARD;
    }
}
