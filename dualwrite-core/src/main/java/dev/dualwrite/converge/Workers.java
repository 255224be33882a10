package dev.dualwrite.converge;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of this instance that work the repair queue off. They sleep until a commit wakes them, and
 * look by themselves every {@code poll}: waking is a hint, the queue is in the database.
 *
 * <p>A failing follower is met with an exponential back-off with jitter per worker and a circuit breaker for
 * all; while the breaker is open one probe at a time goes through. The bulkhead bounds how many rounds,
 * of workers and of callers who drain, use the follower at once. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final String name;
    private final IntFunction<Round> round;
    private final Duration poll;
    private final Semaphore wakeups = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final IntervalFunction backOff;
    private volatile boolean closed;

    /**
     * @param name of the migration, part of the threads' names
     * @param count of threads
     * @param round does one round for the worker of this number
     * @param poll how often an idle worker looks by itself
     */
    public Workers(String name, int count, IntFunction<Round> round, Duration poll) {
        this.name = name;
        this.round = round;
        this.poll = poll;
        this.backOff =
                IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(20), 2.0, 0.5, Duration.ofSeconds(2));
        this.breaker = CircuitBreaker.of(
                "dualwrite-" + name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(8, 4, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(75)
                        .waitDurationInOpenState(Duration.ofMillis(500))
                        .automaticTransitionFromOpenToHalfOpenEnabled(false)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        this.bulkhead = Bulkhead.of(
                "dualwrite-" + name,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(count + 1)
                        .maxWaitDuration(Duration.ofMillis(200))
                        .build());
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(() -> run(number), "dualwrite-" + name + "-converger-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /** Starts the threads; once. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /** Something was committed. */
    public void wake() {
        if (wakeups.availablePermits() < threads.size()) {
            wakeups.release();
        }
    }

    /** Whether the breaker is closed, that is the follower takes what it is given. */
    public boolean healthy() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** The breaker's state by name. */
    public String breakerState() {
        return breaker.getState().name();
    }

    /** One round in the caller's thread, past the breaker: a flip that drains wants to know. */
    public Round roundNow() {
        if (!bulkhead.tryAcquirePermission()) {
            return new Round.Idle();
        }
        try {
            return round.apply(threads.size());
        } finally {
            bulkhead.onComplete();
        }
    }

    private void run(int number) {
        int failures = 0;
        while (!closed) {
            Round outcome = guarded(number);
            if (outcome instanceof Round.Done done && done.intents() > 0) {
                failures = 0;
                if (done.more()) {
                    wake();
                }
                continue;
            }
            if (outcome instanceof Round.Failed failed) {
                failures++;
                if (failures == 1) {
                    LOG.warn(
                            "{}: converging failed, backing off: {}",
                            name,
                            failed.cause().toString());
                } else {
                    LOG.debug("{}: converging failed {} times", name, failures, failed.cause());
                }
                pause(Duration.ofMillis(backOff.apply(Math.min(failures, 16))), false);
                continue;
            }
            if (failures > 0 && outcome instanceof Round.Idle) {
                failures = 0;
            }
            pause(poll, true);
        }
    }

    private Round guarded(int number) {
        if (!breaker.tryAcquirePermission()) {
            return new Round.Held("the breaker is " + breaker.getState());
        }
        long start = System.nanoTime();
        if (!bulkhead.tryAcquirePermission()) {
            breaker.releasePermission();
            return new Round.Idle();
        }
        try {
            Round outcome = round.apply(number);
            long took = System.nanoTime() - start;
            if (outcome instanceof Round.Done) {
                breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            } else if (outcome instanceof Round.Failed failed) {
                breaker.onError(took, TimeUnit.NANOSECONDS, failed.cause());
            } else {
                breaker.releasePermission();
            }
            return outcome;
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a converging worker met an unexpected error and goes on", name, e);
            breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, e);
            return new Round.Failed(e);
        } finally {
            bulkhead.onComplete();
        }
    }

    private void pause(Duration time, boolean wakeable) {
        if (closed) {
            return; // the round may have swallowed the interrupt that says so
        }
        try {
            if (wakeable) {
                if (wakeups.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } else {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
            }
        } catch (InterruptedException e) {
            if (!closed) {
                LOG.debug("{}: a converging worker was interrupted and goes on", name);
            }
        }
    }

    /** Stops the threads; waits a bounded time for the rounds in flight. What they leave stays in the queue. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
