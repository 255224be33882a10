package dev.dualwrite.converge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker does is counted in rounds, against what woke it; it never looks by itself here. */
@Timeout(600)
class WorkersTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Round IDLE = new Round.Idle();
    private static final Round FAILED = new Round.Failed(new IllegalStateException("the follower does not answer"));

    private final AtomicInteger rounds = new AtomicInteger();
    private final Semaphore began = new Semaphore(0);
    private final BlockingQueue<Round> script = new LinkedBlockingQueue<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private Workers workers = workers(1, NEVER);

    private Workers workers(int count, Duration poll) {
        return workers(count, poll, Duration.ZERO);
    }

    private Workers workers(int count, Duration poll, Duration gather) {
        return new Workers(
                "test",
                count,
                number -> {
                    threads.add(Thread.currentThread());
                    rounds.incrementAndGet();
                    began.release();
                    Round next = script.poll();
                    return next == null ? IDLE : next;
                },
                poll,
                gather,
                awaited::get);
    }

    private void restart(int count, IntFunction<Round> round) {
        workers.close();
        workers = new Workers("test", count, round, NEVER, Duration.ZERO, awaited::get);
    }

    @AfterEach
    void end() {
        workers.close();
    }

    private void awaitRounds(int count) throws InterruptedException {
        began.acquire(count);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void eachWakeUpIsOneRound() throws InterruptedException {
        workers.start();
        awaitRounds(1);
        for (int i = 0; i < 50; i++) {
            workers.wake();
            awaitRounds(1);
        }
        workers.close();

        assertThat(rounds).hasValue(51);
    }

    @Test
    void commitsThatNobodyWaitsForAreGathered() throws InterruptedException {
        workers.close();
        workers = workers(2, NEVER, NEVER);
        workers.start();
        awaitRounds(2);
        workers.wake();
        awaitRounds(1); // the first one is not kept waiting
        for (int i = 0; i < 100; i++) {
            workers.wake();
        }
        assertThat(began.tryAcquire(300, TimeUnit.MILLISECONDS))
                .as("a round although nobody waits")
                .isFalse();
        workers.hurry();
        awaitRounds(1);
        workers.close();

        assertThat(rounds).as("two at the start, the first commit, the hurry").hasValue(4);
    }

    @Test
    void whileSomebodyWaitsNothingIsGathered() throws InterruptedException {
        workers.close();
        workers = workers(1, NEVER, NEVER);
        awaited.set(true);
        script.addAll(List.of(new Round.Done(1, false), new Round.Done(1, false)));
        workers.start();

        awaitRounds(3); // until there is nothing left
    }

    @Test
    void whatIsGatheredIsConvergedByItself() throws InterruptedException {
        workers.close();
        workers = workers(2, NEVER, Duration.ofMillis(1));
        workers.start();
        awaitRounds(2);
        for (int i = 0; i < 50; i++) {
            workers.wake();
            workers.wake();
            awaitRounds(1);
        }
    }

    @Test
    void anIdleWorkerLooksByItself() throws InterruptedException {
        workers = workers(1, Duration.ofNanos(1));
        workers.start();
        awaitRounds(10);
    }

    @Test
    void whileThereIsWorkNobodyHasToWake() throws InterruptedException {
        for (int i = 0; i < 30; i++) {
            script.add(new Round.Done(2, i % 2 == 0));
        }
        workers.start();
        awaitRounds(31);
    }

    @Test
    void aRoundThatDidNothingIsNotFollowedByAnother() throws InterruptedException {
        script.add(new Round.Done(0, false));
        workers.start();
        awaitRounds(1);
        for (int i = 0; i < 20; i++) {
            script.add(new Round.Done(0, false));
            workers.wake();
            awaitRounds(1);
        }
        workers.close();

        assertThat(rounds).hasValue(21);
    }

    @Test
    void manyWakeUpsAreAtMostOneRoundPerWorkerThatSleeps() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        restart(1, number -> {
            rounds.incrementAndGet();
            inside.countDown();
            try {
                hold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            began.release();
            return IDLE;
        });
        workers.start();
        inside.await();
        for (int i = 0; i < 1000; i++) {
            workers.wake();
        }
        hold.countDown();
        awaitRounds(2);
        workers.close();

        assertThat(rounds).hasValue(2);
    }

    @Test
    void theBreakerOpensAfterFailuresAndASuccessClosesIt() throws InterruptedException {
        script.addAll(List.of(FAILED, FAILED, FAILED, FAILED, FAILED, new Round.Done(1, false)));
        assertThat(workers.healthy()).isTrue();
        workers.start();
        awaitRounds(4);
        await(() -> !workers.healthy());
        assertThat(workers.breakerState()).isEqualTo("OPEN");
        assertThat(rounds).as("rounds while it was closed").hasValue(4);

        // the probe that fails opens it again, the one that succeeds closes it
        await(() -> {
            workers.wake();
            return rounds.get() >= 5;
        });
        await(() -> {
            workers.wake();
            return workers.healthy();
        });
        assertThat(script).isEmpty();
    }

    @Test
    void aFailingFollowerIsNotAskedOncePerWakeUp() throws InterruptedException {
        restart(1, number -> {
            rounds.incrementAndGet();
            began.release();
            return FAILED;
        });
        workers.start();
        awaitRounds(4);
        await(() -> !workers.healthy());
        for (int i = 0; i < 100_000; i++) {
            workers.wake();
        }
        workers.close();

        // each further round needs half a second of an open breaker, whatever woke the worker
        assertThat(rounds.get()).isLessThan(1000);
    }

    @Test
    void beingHeldIsNoFailure() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            script.add(new Round.Held("the kill switch"));
        }
        workers.start();
        awaitRounds(1);
        for (int i = 0; i < 20; i++) {
            workers.wake();
            awaitRounds(1);
        }

        assertThat(workers.healthy()).isTrue();
    }

    @Test
    void anUnexpectedExceptionDoesNotEndAWorker() throws InterruptedException {
        goesOnAfter(() -> {
            throw new IllegalStateException("a mapping threw");
        });
    }

    @Test
    void anErrorDoesNotEndAWorkerEither() throws InterruptedException {
        goesOnAfter(() -> {
            throw new OutOfMemoryError("thrown by a test");
        });
    }

    private void goesOnAfter(Runnable thrower) throws InterruptedException {
        restart(1, number -> {
            threads.add(Thread.currentThread());
            began.release();
            if (rounds.incrementAndGet() <= 2) {
                thrower.run();
            }
            return IDLE;
        });
        workers.start();
        awaitRounds(3);
        workers.wake();
        awaitRounds(1);

        assertThat(threads).hasSize(1);
    }

    @Test
    void everyWorkerHasItsNumberAndACallerTheNextOne() throws InterruptedException {
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        restart(3, number -> {
            numbers.add(number);
            began.release();
            return IDLE;
        });
        workers.start();
        awaitRounds(3);
        assertThat(workers.roundNow()).isEqualTo(IDLE);

        assertThat(numbers).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aFlipThatDrainsGoesPastAnOpenBreaker() throws InterruptedException {
        script.addAll(List.of(FAILED, FAILED, FAILED, FAILED));
        workers.start();
        awaitRounds(4);
        await(() -> !workers.healthy());
        script.add(new Round.Done(7, false));

        assertThat(workers.roundNow()).isEqualTo(new Round.Done(7, false));
    }

    @Test
    void closingInterruptsTheRoundsInFlightAndEndsTheThreads() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        restart(2, number -> {
            threads.add(Thread.currentThread());
            began.release();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return IDLE;
        });
        workers.start();
        awaitRounds(2);
        workers.close();
        workers.close();

        assertThat(interrupted).hasValue(2);
        assertThat(threads).hasSize(2).noneMatch(Thread::isAlive);
    }

    @Test
    void closingWaitsNoLongerThanItsCallerMay() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger ignored = new AtomicInteger();
        restart(1, number -> {
            threads.add(Thread.currentThread());
            began.release();
            boolean held = true;
            while (held) {
                try {
                    hold.await();
                    held = false;
                } catch (InterruptedException e) {
                    ignored.incrementAndGet(); // a round that does not listen
                }
            }
            return IDLE;
        });
        workers.start();
        awaitRounds(1);
        AtomicInteger stillSet = new AtomicInteger();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            workers.close();
            stillSet.set(Thread.currentThread().isInterrupted() ? 1 : 0);
        });
        closer.start();
        closer.join();

        assertThat(stillSet).hasValue(1);
        hold.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void workersThatWereNeverStartedAreClosedAtOnce() {
        workers.close();

        assertThat(rounds).hasValue(0);
    }
}
