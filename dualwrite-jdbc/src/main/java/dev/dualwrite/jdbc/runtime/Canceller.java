package dev.dualwrite.jdbc.runtime;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends statements at their deadline with {@code KILL QUERY} from a second connection that was opened
 * beforehand. The server's own timeouts do not do: {@code innodb_lock_wait_timeout} counts whole seconds,
 * {@code MAX_EXECUTION_TIME} is ignored for locking reads, and a cancel of the driver opens a connection
 * first. If the kill itself cannot be sent, the socket is closed; either way the outcome is unknown and the
 * caller reads it back.
 */
final class Canceller implements AutoCloseable {
    /** For how long its connections may be silent: a flip may prepare for as long before it uses them. */
    static final Duration IDLE = Duration.ofMinutes(2);

    private static final int RUNNING = 0;
    private static final int KILLING = 1;
    private static final int ENDED = 2;

    private final Place place;
    private final Connection victim;
    private final Connection killer;
    private final long id;
    private final ScheduledExecutorService timer;

    Canceller(Place place, Connection victim) throws SQLException {
        this.place = place;
        this.victim = victim;
        try (Statement statement = victim.createStatement();
                ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
            row.next();
            this.id = row.getLong(1);
        }
        this.killer = place.control().connection();
        try (Statement statement = killer.createStatement()) {
            statement.execute("SET SESSION wait_timeout = " + IDLE.toSeconds());
        } catch (SQLException e) {
            place.discard(killer);
            throw e;
        }
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "dualwrite-" + place.side() + "-canceller");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        this.timer = executor;
    }

    /** Something that runs statements on the victim. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws SQLException;
    }

    <T> T within(Duration patience, Action<T> action) throws SQLException {
        AtomicInteger state = new AtomicInteger(RUNNING);
        ScheduledFuture<?> alarm = timer.schedule(
                () -> {
                    if (state.compareAndSet(RUNNING, KILLING)) {
                        kill();
                        state.set(ENDED);
                    }
                },
                patience.toNanos(),
                TimeUnit.NANOSECONDS);
        try {
            return action.run();
        } finally {
            if (!state.compareAndSet(RUNNING, ENDED)) {
                absorb(state);
            }
            alarm.cancel(false);
        }
    }

    private void kill() {
        try (Statement statement = killer.createStatement()) {
            statement.execute("KILL QUERY " + id);
        } catch (SQLException e) {
            place.discard(victim);
        }
    }

    /** A kill that came too late must not hit the next statement. */
    private void absorb(AtomicInteger state) {
        while (state.get() != ENDED) {
            Thread.onSpinWait();
        }
        try (Statement statement = victim.createStatement()) {
            statement.execute("DO 0");
        } catch (SQLException e) {
            return; // this is what was to be absorbed
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        place.discard(killer);
        try {
            killer.close();
        } catch (SQLException e) {
            return; // evicted already
        }
    }
}
