package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Two servers, started beside each other because starting takes time. Both or none. */
record Pair<S extends Server>(S source, S target) {

    static <S extends Server> Pair<S> open(Opening<S> opening) throws IOException, SQLException {
        FutureTask<S> other = new FutureTask<>(() -> opening.open(Place.TARGET));
        Thread thread = new Thread(other, "dualwrite-servers-start");
        thread.setDaemon(true);
        thread.start();
        S source;
        try {
            source = opening.open(Place.SOURCE);
        } catch (IOException | SQLException | RuntimeException failed) {
            try {
                await(other).release();
            } catch (IOException | SQLException | RuntimeException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
        try {
            return new Pair<>(source, await(other));
        } catch (IOException | SQLException | RuntimeException failed) {
            source.release();
            throw failed;
        }
    }

    void release() {
        try {
            source.release();
        } finally {
            target.release();
        }
    }

    private static <S> S await(FutureTask<S> task) throws IOException, SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException later) {
                    // A half-started server must not be left behind; each start has a limit of its own.
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof SQLException sql) {
                throw sql;
            }
            if (cause instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IOException("Starting the second server failed", cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives one of the two. */
    @FunctionalInterface
    interface Opening<S extends Server> {
        S open(Place place) throws IOException, SQLException;
    }
}
