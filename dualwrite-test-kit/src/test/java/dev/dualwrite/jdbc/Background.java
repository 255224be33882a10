package dev.dualwrite.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that runs beside the test, in a thread of its own. */
public final class Background<T> {
    /**
     * A thread for each task. The common pool has one worker where there are two processors, on JDK 25 also for
     * {@link java.util.concurrent.CompletableFuture}: of two tasks that wait for each other one never began.
     */
    public static final Executor THREADS = task -> thread(task).start();

    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Background<T> run(Callable<T> work) {
        Background<T> background = new Background<>(new FutureTask<>(work));
        THREADS.execute(background.task);
        return background;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "beside-the-test");
        thread.setDaemon(true);
        return thread;
    }

    /** A write of an application. */
    @FunctionalInterface
    interface Write {
        void run() throws Exception;
    }

    /** Writes, and lets it be if the owner's server made it the victim of a deadlock with another writer of the test. */
    static void unlessDeadlock(Write write) throws Exception {
        try {
            write.run();
        } catch (SQLException e) {
            if (e.getErrorCode() != 1213) {
                throw e;
            }
        }
    }

    boolean done() {
        return task.isDone();
    }

    /** Waits for its end; throws what it threw. */
    T result() throws Exception {
        return result(Duration.ofSeconds(60));
    }

    /** As {@link #result()}, with another patience. */
    T result(Duration patience) throws Exception {
        try {
            return task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception thrown) {
                thrown.addSuppressed(new AssertionError("thrown beside the test"));
                throw thrown;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("it does not end", e);
        }
    }
}
