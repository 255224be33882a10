package dev.dualwrite.jdbc;

import dev.dualwrite.FlipStep;
import dev.dualwrite.jdbc.runtime.Seams;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Seams at which a test stops the first thread that comes by, and lets it go on when it likes. */
final class Stops implements Seams {
    private final Map<String, Stop> armed = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> passed = new ConcurrentHashMap<>();

    /** A thread that stands at a seam, or will. */
    static final class Stop {
        private final String point;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        private Stop(String point) {
            this.point = point;
        }

        void awaitReached() throws InterruptedException {
            if (!reached.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came by " + point);
            }
        }

        boolean isReached() {
            return reached.getCount() == 0;
        }

        void release() {
            go.countDown();
        }
    }

    /** Stops the next thread that comes by this point. */
    Stop at(String point) {
        Stop stop = new Stop(point);
        armed.put(point, stop);
        return stop;
    }

    /** How often a point was passed. */
    long passed(String point) {
        return passed.computeIfAbsent(point, ignored -> new AtomicLong()).get();
    }

    private void pass(String point) {
        passed.computeIfAbsent(point, ignored -> new AtomicLong()).incrementAndGet();
        Stop stop = armed.remove(point);
        if (stop != null) {
            stop.reached.countDown();
            try {
                if (!stop.go.await(Duration.ofSeconds(60).toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IllegalStateException("nobody let " + point + " go on");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void afterPeek() {
        pass("afterPeek");
    }

    @Override
    public void afterLanesLocked() {
        pass("afterLanesLocked");
    }

    @Override
    public void afterOwnerRead() {
        pass("afterOwnerRead");
    }

    @Override
    public void afterClash() {
        pass("afterClash");
    }

    @Override
    public void afterFollowerCommit() {
        pass("afterFollowerCommit");
    }

    @Override
    public void afterFlipStep(FlipStep step) {
        pass(step.name());
    }
}
