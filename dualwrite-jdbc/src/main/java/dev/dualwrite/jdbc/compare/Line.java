package dev.dualwrite.jdbc.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be compared, and the threads that do: a bulkhead. Who brings something never waits; if there is no room it is dropped.
 * Thread-safe.
 */
final class Line {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final String name;
    private final int room;
    private final Totals totals;
    private final BlockingQueue<Case<?>> fresh;
    private final DelayQueue<Case<?>> again = new DelayQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Line(String name, int workers, int room, Totals totals) {
        this.name = name;
        this.room = room;
        this.totals = totals;
        this.fresh = new ArrayBlockingQueue<>(room);
        for (int i = 0; i < workers; i++) {
            Thread thread = new Thread(this::run, name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    boolean full() {
        return fresh.remainingCapacity() == 0;
    }

    /** Brings a case; drops and counts it if there is no room. */
    void bring(Case<?> one) {
        one.shape().begins();
        if (closed || !fresh.offer(one)) {
            one.shape().ends();
            one.shape().count(Count.DROPPED);
        }
    }

    private void run() {
        while (!closed) {
            try {
                Case<?> next = again.poll();
                if (next == null) {
                    next = fresh.poll(100, TimeUnit.MILLISECONDS);
                }
                if (next != null) {
                    work(next);
                }
            } catch (InterruptedException e) {
                LOG.trace("{}: woken", name, e);
            } catch (RuntimeException | Error e) {
                totals.failed();
                LOG.error(
                        "{}: comparing met an unexpected error and goes on: {}",
                        name,
                        e.getClass().getName(),
                        e);
            }
        }
    }

    private void work(Case<?> one) {
        Optional<Duration> next = Optional.empty();
        try {
            next = one.step();
        } catch (RuntimeException | Error e) {
            one.shape().count(Count.DROPPED);
            throw e;
        } finally {
            if (next.isPresent() && again.size() < room) {
                one.delay(next.get());
                again.add(one);
            } else {
                one.shape().ends();
                if (next.isPresent()) {
                    one.shape().count(Count.DROPPED);
                }
            }
        }
    }

    /** Tells the threads to end. */
    void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }

    /** Waits until they have, for so long at the most. */
    void join(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (Thread thread : threads) {
            if (thread.isAlive()) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        }
    }
}
