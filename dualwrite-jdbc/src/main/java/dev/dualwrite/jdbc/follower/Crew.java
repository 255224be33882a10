package dev.dualwrite.jdbc.follower;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads of one activity, for as long as it lasts. The first failure of any is the failure of all. */
final class Crew implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

    private final ExecutorService threads;
    private final int size;
    private final String name;
    private volatile boolean failed;

    Crew(String name, int size) {
        this.name = name;
        this.size = size;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(size, work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A piece of work that may meet errors of the databases. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    /** Whether one of them has failed, so that the others should end. */
    boolean failed() {
        return failed;
    }

    /** Lets every thread do this, and waits for all. */
    void all(Work work) throws SQLException {
        List<Future<Boolean>> running = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            running.add(submit(() -> {
                work.run();
                return true;
            }));
        }
        for (Future<Boolean> one : running) {
            result(one);
        }
    }

    /** Lets one of the threads do this. */
    <T> Future<T> submit(Callable<T> work) {
        return threads.submit(() -> {
            try {
                return work.call();
            } catch (SQLException | RuntimeException | Error e) {
                failed = true;
                throw e;
            }
        });
    }

    /** Waits for a result; an interrupt ends the crew. */
    <T> T result(Future<T> work) throws SQLException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof SQLException sql) {
                throw sql;
            }
            if (cause instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException e) {
            failed = true;
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted; what is done stays done", "70100", e);
        }
    }

    /** Ends the threads, and waits until they have: none of them writes any more. */
    @Override
    public void close() {
        failed = true;
        threads.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(10, TimeUnit.SECONDS)) {
                    break;
                }
                LOG.warn("{}: waiting for a statement to end", name);
            } catch (InterruptedException e) {
                interrupted = true;
                threads.shutdownNow();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
