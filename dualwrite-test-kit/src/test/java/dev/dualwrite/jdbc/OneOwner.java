package dev.dualwrite.jdbc;

import dev.dualwrite.Side;
import dev.dualwrite.testkit.server.ServerKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads both fence rows by plain SQL for as long as it runs: two sides must never be OPEN. The source is read before
 * and after the target: if it is OPEN on the same epoch both times, it was so when the target was read. A row on
 * another server than the one that wrote it opens nothing: it is what a backup brought along.
 */
final class OneOwner implements AutoCloseable {
    private final Rig rig;
    private final Thread thread;
    private final AtomicLong looks = new AtomicLong();
    private volatile boolean ended;
    private volatile @Nullable String violation;

    private OneOwner(Rig rig) {
        this.rig = rig;
        this.thread = new Thread(this::run, "one-owner");
        thread.setDaemon(true);
    }

    static OneOwner watch(Rig rig) {
        OneOwner watch = new OneOwner(rig);
        watch.thread.start();
        return watch;
    }

    private void run() {
        while (!ended && violation == null) {
            try (Connection source = rig.direct(Side.SOURCE);
                    Connection target = rig.direct(Side.TARGET)) {
                while (!ended && violation == null) {
                    look(source, target);
                }
            } catch (SQLException down) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private void look(Connection source, Connection target) throws SQLException {
        String before = row(source, Side.SOURCE);
        String other = row(target, Side.TARGET);
        String after = row(source, Side.SOURCE);
        looks.incrementAndGet();
        if (before.startsWith("OPEN") && other.startsWith("OPEN") && before.equals(after)) {
            violation = "two sides are OPEN: SOURCE " + before + ", TARGET " + other;
        }
        LockSupport.parkNanos(1_000_000);
    }

    private String row(Connection connection, Side side) throws SQLException {
        String identity = rig.server(side).kind() == ServerKind.MYSQL
                ? "@@server_uuid"
                : "CONCAT_WS('|', @@hostname, @@port, @@datadir)";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT IF(server_uuid = " + identity
                        + ", state, 'ELSEWHERE'), epoch, attempt FROM dualwrite_fence WHERE side = '" + side + "'")) {
            return row.next()
                    ? row.getString(1) + " at epoch " + row.getLong(2) + ", attempt " + row.getString(3)
                    : "no row";
        }
    }

    /** There were never two, up to now. */
    void check() {
        if (violation != null) {
            throw new AssertionError(violation);
        }
        if (looks.get() == 0) {
            throw new AssertionError("the fence rows were never read");
        }
    }

    /** Ends it and judges. */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        check();
    }
}
