package dev.dualwrite.converge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How hard workers press: on the follower, on each other, on a follower that fails, and when they are to end. */
@Timeout(600)
class WorkersLimitsTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Round IDLE = new Round.Idle();
    private static final Round DONE = new Round.Done(1, false);
    private static final Round FAILED = new Round.Failed(new IllegalStateException("the follower does not answer"));

    private final BlockingQueue<Round> script = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> began = new LinkedBlockingQueue<>();
    private final List<Workers> made = new ArrayList<>();

    private Workers workers(int count, Duration gather, IntFunction<Round> round) {
        Workers workers = new Workers("test", count, round, NEVER, gather, () -> false);
        made.add(workers);
        return workers;
    }

    /** Does what the script says, then nothing; notes when each round began. */
    private Round scripted(int number) {
        began.add(System.nanoTime());
        Round next = script.poll();
        return next == null ? IDLE : next;
    }

    @AfterEach
    void end() {
        made.forEach(Workers::close);
    }

    private static void unlessInterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsLeftAfterARoundIsConvergedByItself() throws InterruptedException {
        script.add(DONE);
        workers(1, Duration.ofMillis(1), this::scripted).start();

        began.take();
        began.take();
    }

    @Test
    void whatIsLeftAfterARoundIsGatheredToo() throws InterruptedException {
        script.addAll(List.of(DONE, DONE));
        workers(1, NEVER, this::scripted).start();
        began.take();
        began.take(); // the first after a pause is not kept waiting

        assertThat(began.poll(300, TimeUnit.MILLISECONDS))
                .as("a round although nobody waits")
                .isNull();
    }

    @Test
    void whoLeavesMoreThanARoundTakesWakesAnother() throws InterruptedException {
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        Semaphore idle = new Semaphore(0);
        AtomicBoolean much = new AtomicBoolean();
        CountDownLatch both = new CountDownLatch(2);
        Workers workers = workers(2, NEVER, number -> {
            if (!much.get()) {
                idle.release();
                return IDLE;
            }
            if (numbers.add(number)) {
                both.countDown();
                if (numbers.size() == 1) {
                    return new Round.Done(100, true);
                }
            }
            unlessInterrupted(both); // its own next round does not do it for the other
            return IDLE;
        });
        workers.start();
        idle.acquire(2);
        much.set(true);
        workers.hurry();

        both.await();
        assertThat(numbers).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void noMoreRoundsThanOneForEachWorkerAndOneMoreUseTheFollowerAtOnce() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch hold = new CountDownLatch(1);
        Workers workers = workers(1, Duration.ZERO, number -> {
            inside.countDown();
            unlessInterrupted(hold);
            return DONE;
        });
        workers.start();
        Thread drains = new Thread(workers::roundNow);
        drains.start();
        inside.await();

        assertThat(workers.roundNow()).isEqualTo(IDLE);
        hold.countDown();
        drains.join();
        for (int i = 0; i < 10; i++) {
            workers.roundNow(); // each gives back what it took
        }
        workers.close();
        assertThat(workers.roundNow()).isEqualTo(DONE);
        assertThat(workers.roundNow()).isEqualTo(DONE);
        assertThat(workers.roundNow()).isEqualTo(DONE);
    }

    @Test
    void aFollowerThatFailsIsLeftAloneForLongerEachTime() throws InterruptedException {
        script.addAll(List.of(FAILED, FAILED, FAILED, FAILED));
        workers(1, Duration.ZERO, this::scripted).start();
        long first = began.take();
        long second = began.take();
        long third = began.take();
        long fourth = began.take();

        // 20, 40 and 80 ms, each half as long at the least
        assertThat(second - first).isGreaterThanOrEqualTo(10_000_000L);
        assertThat(third - second).isGreaterThanOrEqualTo(20_000_000L);
        assertThat(fourth - third).isGreaterThanOrEqualTo(40_000_000L);
    }

    @Test
    void roundsThatThrowOpenTheBreaker() {
        Workers workers = workers(1, Duration.ZERO, number -> {
            throw new IllegalStateException("a mapping threw");
        });
        workers.start();

        while (workers.healthy()) {
            Thread.onSpinWait();
        }
        assertThat(workers.breakerState()).isEqualTo("OPEN");
    }

    @Test
    void aProbeThatIsHeldLeavesTheNextOneItsChance() {
        script.addAll(List.of(FAILED, FAILED, FAILED, FAILED, new Round.Held("the kill switch"), DONE));
        Workers workers = workers(1, Duration.ZERO, this::scripted);
        workers.start();
        while (workers.healthy()) {
            Thread.onSpinWait();
        }

        while (!workers.healthy()) {
            workers.wake();
        }
        assertThat(script).isEmpty();
    }

    @Test
    void workersKeepNoJvmAlive() throws InterruptedException {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        workers(1, Duration.ZERO, number -> {
                    threads.add(Thread.currentThread());
                    return IDLE;
                })
                .start();

        Thread thread = threads.take();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("dualwrite-test-converger-0");
    }

    @Test
    void closingWaitsForARoundThatDoesNotListen() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Workers workers = workers(1, Duration.ZERO, number -> {
            inside.countDown();
            while (told.getCount() > 0) {
                if (Thread.interrupted()) {
                    told.countDown();
                }
            }
            long until = System.nanoTime() + 100_000_000L; // a statement that goes on all the same
            while (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            ended.set(true);
            return IDLE;
        });
        workers.start();
        inside.await();

        workers.close();

        assertThat(ended).isTrue();
    }
}
