package dev.dualwrite.jdbc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A place where the first one to come by, once it is armed, stands still until the test lets it go. */
final class Halt {
    private final AtomicBoolean armed = new AtomicBoolean();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** The next one to come by stops. */
    Halt arm() {
        armed.set(true);
        return this;
    }

    /** Called where it stands. */
    void here() {
        if (!armed.compareAndSet(true, false)) {
            return;
        }
        reached.countDown();
        try {
            if (!released.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let go of what was stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until somebody stands here. */
    void awaitReached() throws InterruptedException {
        if (!reached.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody came by");
        }
    }

    void release() {
        armed.set(false);
        released.countDown();
    }
}
