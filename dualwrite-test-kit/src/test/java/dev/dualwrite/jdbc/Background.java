package dev.dualwrite.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that runs beside the test, in a thread of its own. */
final class Background<T> {
    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Background<T> run(Callable<T> work) {
        Background<T> background = new Background<>(new FutureTask<>(work));
        Thread thread = new Thread(background.task, "beside-the-test");
        thread.setDaemon(true);
        thread.start();
        return background;
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
