package dev.dualwrite.benchmarks;

import java.sql.SQLException;
import java.time.Duration;

/** A contender that is connected. */
interface Running extends AutoCloseable {
    /** A client, for one thread. */
    Client client(Workload workload) throws SQLException;

    /** What is committed on the source and not yet on the target. */
    default long queued() {
        return 0;
    }

    /** How old the oldest write is that is committed on the source and not yet on the target. */
    default Duration lag() {
        return Duration.ZERO;
    }

    @Override
    void close();

    /** Writes, as one thread of an application does. Not thread-safe. */
    @FunctionalInterface
    interface Client extends AutoCloseable {
        /** One transaction; when it returns, it is committed. */
        void write(long key) throws SQLException;

        @Override
        default void close() throws SQLException {}
    }
}
