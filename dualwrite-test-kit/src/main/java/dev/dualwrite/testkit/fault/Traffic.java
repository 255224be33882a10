package dev.dualwrite.testkit.fault;

import java.time.Duration;
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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Both guarded by the lock.
    private Mode mode = Mode.PASS;
    private Duration delay = Duration.ZERO;

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
