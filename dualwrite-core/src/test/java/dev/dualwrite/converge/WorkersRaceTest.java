package dev.dualwrite.converge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Commits that wake a worker just as it goes to sleep, and workers that are closed just as they are woken, again and again
 * with real threads: waits that end after a time are beyond the model checker. Nobody looks at the queue by itself
 * here, so a wake-up that is lost is never made up for.
 */
@Timeout(600)
class WorkersRaceTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Round IDLE = new Round.Idle();

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            Thread.onSpinWait();
        }
    }

    private static Workers workers(int count, IntFunction<Round> round) {
        return new Workers("race", count, round, NEVER, Duration.ZERO, () -> false);
    }

    /** The next commit comes while the worker is between its round and its sleep, or in the middle of either. */
    @Test
    void noCommitIsLeftBehindByARoundThatEndsBesideIt() {
        AtomicInteger queue = new AtomicInteger();
        try (Workers workers = workers(1, number -> {
            queue.set(0);
            return IDLE;
        })) {
            workers.start();
            for (int i = 0; i < 20_000; i++) {
                int commit = i;
                queue.incrementAndGet();
                workers.wake();
                await("commit " + commit + " is converged", () -> queue.get() == 0);
            }
        }
    }

    /** As an instance does in SYNC mode: the intent stands in the queue, the caller registers, hurries, and waits. */
    @Test
    void everyCallerWhoHurriesIsReleasedByARound() throws InterruptedException {
        Waiters waiters = new Waiters();
        BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
        Set<String> forgotten = ConcurrentHashMap.newKeySet();
        try (Workers workers = new Workers(
                "race",
                2,
                number -> {
                    List<byte[]> taken = new ArrayList<>();
                    queue.drainTo(taken, 1);
                    waiters.done(taken);
                    return IDLE;
                },
                NEVER,
                NEVER, // waking alone would gather for ever
                () -> waiters.size() > 0)) {
            workers.start();
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 2; caller++) {
                int first = caller << 24;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 5_000 && forgotten.isEmpty(); i++) {
                        byte[] id = ByteBuffer.allocate(4).putInt(first + i).array();
                        Waiters.Ticket ticket = waiters.register(List.of(id), List.of());
                        queue.add(id);
                        workers.hurry();
                        if (!ticket.await(LONG)) {
                            forgotten.add("commit " + i + " of caller " + (first >> 24));
                        }
                    }
                });
                thread.start();
                callers.add(thread);
            }
            for (Thread thread : callers) {
                thread.join();
            }
        }
        assertThat(forgotten).isEmpty();
        assertThat(waiters.size()).isZero();
    }

    @Test
    void closingBesideWakeUpsEndsEveryThreadAtOnceAndNoRoundFollows() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 400; i++) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            AtomicInteger rounds = new AtomicInteger();
            Workers workers = workers(2, number -> {
                threads.add(Thread.currentThread());
                rounds.incrementAndGet();
                return IDLE;
            });
            workers.start();
            await("both work", () -> rounds.get() >= 2);
            Thread waking = new Thread(() -> {
                for (int wake = 0; wake < 50; wake++) {
                    workers.wake();
                    workers.hurry();
                }
            });
            waking.start();
            for (int spin = ThreadLocalRandom.current().nextInt(2_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            long began = System.nanoTime();
            workers.close();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            longest = took.compareTo(longest) > 0 ? took : longest;
            int atTheEnd = rounds.get();
            await("the commits have ended", () -> !waking.isAlive());
            workers.wake();
            assertThat(threads).hasSize(2).noneMatch(Thread::isAlive);
            assertThat(rounds).hasValue(atTheEnd);
        }
        // one that did not hear of its end would be waited for as long as that
        assertThat(longest).isLessThan(Duration.ofSeconds(10));
    }
}
