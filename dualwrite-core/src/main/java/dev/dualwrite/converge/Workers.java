package dev.dualwrite.converge;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of this instance that work the repair queue off. They sleep until a commit wakes them, and
 * look by themselves every {@code poll}: waking is a hint, the queue is in the database.
 *
 * <p>A round costs about as many statements for many intents as for one. So commits for which nobody waits are
 * gathered: the first after a pause is converged at once, the next round for such commits begins {@code gather} after
 * it. Who waits, or knows of a long queue, calls {@link #hurry()}.
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
    private final long gatherNanos;
    private final BooleanSupplier awaited;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    /** Rounds that are wanted at once; guarded by the lock. */
    private int urgent;

    /** When the next round for commits that nobody waits for may begin; guarded by the lock. */
    private long notBefore = System.nanoTime();

    /** Something was committed since the last round began; written with the lock held. */
    private volatile boolean wanted;

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
     * @param gather for how long commits are gathered that nobody waits for
     * @param awaited whether somebody waits for what is in the queue: then nothing is gathered
     */
    public Workers(
            String name, int count, IntFunction<Round> round, Duration poll, Duration gather, BooleanSupplier awaited) {
        this.name = name;
        this.round = round;
        this.poll = poll;
        this.gatherNanos = gather.toNanos();
        this.awaited = awaited;
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

    /** Something was committed, and nobody waits for it. */
    public void wake() {
        if (wanted) {
            return; // the round that is due will see it: what is committed now was so before that round begins
        }
        lock.lock();
        try {
            wanted = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Something was committed, and somebody waits for it; or there is more than one round takes. */
    public void hurry() {
        lock.lock();
        try {
            urgent = Math.min(urgent + 1, threads.size());
            woken.signal();
        } finally {
            lock.unlock();
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
                    hurry();
                } else if (!awaited.getAsBoolean()) { // who waits may wait for a unit whose lane was held meanwhile
                    wake();
                    await(poll);
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
                sleep(Duration.ofMillis(backOff.apply(Math.min(failures, 16))));
                continue;
            }
            if (failures > 0 && outcome instanceof Round.Idle) {
                failures = 0;
            }
            await(poll);
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

    /** Waits until a round is wanted, and takes it; at most so long. */
    private void await(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        lock.lock();
        try {
            while (!closed && !takeRound(deadline)) {
                long until = wanted && notBefore - deadline < 0 ? notBefore : deadline;
                woken.awaitNanos(until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private boolean takeRound(long deadline) {
        long now = System.nanoTime();
        boolean due = urgent > 0 || (wanted && now - notBefore >= 0);
        if (!due && now - deadline < 0) {
            return false;
        }
        if (due) {
            urgent = Math.max(0, urgent - 1);
            notBefore = now + gatherNanos; // a look that nobody asked for keeps nobody waiting
        }
        wanted = false; // the round sees it
        return true;
    }

    private void sleep(Duration time) {
        if (closed) {
            return; // the round may have swallowed the interrupt that says so
        }
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            interrupted();
        }
    }

    private void interrupted() {
        if (!closed) {
            LOG.debug("{}: a converging worker was interrupted and goes on", name);
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
