package dev.dualwrite.samples.settlement;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Banks that send files of payments all the time and have them settled; some runs break off in the middle and are started again.
 * Safe for use by any number of threads.
 */
final class Banks implements AutoCloseable {
    /** Accounts have the ids from 1 to this. */
    static final int ACCOUNTS = 40;

    static final int INSTRUCTIONS = 3 * SettlementJob.CHUNK;
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final SettlementJob job;
    private final List<Thread> banks = new ArrayList<>();
    private final Queue<String> settled = new ConcurrentLinkedQueue<>();
    private final Semaphore files = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    Banks(DataSource dataSource, int count) {
        job = new SettlementJob(dataSource);
        for (int i = 1; i <= count; i++) {
            int bank = i;
            Thread thread = new Thread(() -> run(bank), "bank-" + bank);
            thread.setDaemon(true);
            banks.add(thread);
        }
    }

    Banks start() {
        banks.forEach(Thread::start);
        return this;
    }

    private void run(int bank) {
        try {
            Random random = new Random(bank);
            for (int number = 1; !ended; number++) {
                String file = "bank-" + bank + "/" + number;
                List<Instruction> instructions = instructions(random);
                job.receive(file, instructions);
                if (number % 2 == 0) {
                    job.settle(file, 0);
                    job.receive(file, instructions);
                }
                Turnover turnover = job.settle(file);
                if (!turnover.equals(Turnover.of(instructions))) {
                    throw new IllegalStateException(file + " was settled with " + turnover);
                }
                settled.add(file);
                files.release();
                LockSupport.parkNanos(EVERY);
            }
        } catch (RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    static List<Instruction> instructions(Random random) {
        return IntStream.range(0, INSTRUCTIONS)
                .mapToObj(position -> {
                    int payer = 1 + random.nextInt(ACCOUNTS);
                    int payee = 1 + (payer + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
                    return new Instruction(position, payer, payee, BigDecimal.valueOf(1 + random.nextInt(100_000), 2));
                })
                .toList();
    }

    /**
     * Waits until so many more files are settled.
     *
     * @throws IllegalStateException if a bank has failed, or it takes longer than a minute
     */
    void awaitFiles(int more) throws InterruptedException {
        files.drainPermits();
        long began = System.nanoTime();
        for (int missing = more; missing > 0; ) {
            check();
            if (files.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                missing--;
            } else if (System.nanoTime() - began > PATIENCE) {
                throw new IllegalStateException("of " + more + " files " + missing + " are missing after a minute");
            }
        }
    }

    /** Lets the banks end what they do. Ending twice is ending once. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread bank : banks) {
            bank.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
            if (bank.isAlive()) {
                throw new IllegalStateException(bank.getName() + " does not end");
            }
        }
        check();
    }

    private void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a bank failed: " + cause.getMessage(), cause);
        }
    }

    /** The files that were acknowledged as settled. */
    List<String> settled() {
        return List.copyOf(settled);
    }

    @Override
    public void close() {
        ended = true;
    }
}
