package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.flip.FenceStore;
import dev.dualwrite.flip.StoreException;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.FenceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One side's fence over two connections that were opened beforehand: one to work on, one to cancel from.
 * While it holds the uncommitted opening, its session ends on the server after the write-stall budget without
 * a word, so that a coordinator that is stopped lets go of its locks; before that it holds none, and may have
 * to wait for a long preparation.
 */
final class SqlFenceStore implements FenceStore {
    private static final Duration OPENED = Duration.ofSeconds(1);

    /** Longer than an opening lasts that was begun before. */
    private static final Duration HELD_LONGER = Duration.ofSeconds(5);

    private final Place place;
    private final FenceTable fence;
    private final Duration budget;
    private final Pulses pulses;
    private Session session;

    /** The two connections; replaced together when the working one breaks, so that an outcome can be read back. */
    private record Session(Connection connection, Canceller canceller) {}

    SqlFenceStore(Place place, Duration budget, Pulses pulses) throws StoreException {
        this.place = place;
        this.budget = budget;
        this.pulses = pulses;
        try {
            ControlSide control = place.control();
            this.fence = control.fence();
            this.session = open(place, budget);
        } catch (SQLException e) {
            throw new StoreException(place.side() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static Session open(Place place, Duration budget) throws SQLException {
        Connection work = place.control().connection();
        try {
            try (Statement statement = work.createStatement()) {
                statement.execute("SET SESSION wait_timeout = " + Canceller.IDLE.toSeconds()
                        + ", innodb_lock_wait_timeout = " + Math.max(1, budget.toSeconds() + 2));
            }
            return new Session(work, new Canceller(place, work));
        } catch (SQLException e) {
            place.discard(work);
            throw e;
        }
    }

    @Override
    public Side side() {
        return place.side();
    }

    /** A call on the fence table. */
    @FunctionalInterface
    private interface Call<T> {
        T on(FenceTable fence, Connection connection) throws SQLException;
    }

    private <T> T within(Duration patience, String what, Call<T> call) throws StoreException {
        try {
            if (session.connection().isClosed()) {
                session.canceller().close();
                session = open(place, budget);
            }
            Connection connection = session.connection();
            return session.canceller().within(patience, () -> call.on(fence, connection));
        } catch (SQLException e) {
            throw new StoreException(what + " on " + side() + " failed: " + e.getMessage(), e);
        }
    }

    private static boolean broken(StoreException e) {
        return e.getCause() instanceof SQLException cause
                && cause.getSQLState() != null
                && cause.getSQLState().startsWith("08");
    }

    private static FenceRow present(Optional<FenceRow> row) throws SQLException {
        return row.orElseThrow(() -> new SQLException("the fence row is missing", "02000"));
    }

    @Override
    public FenceRow read() throws StoreException {
        return within(Duration.ofSeconds(3), "reading the fence", (table, c) -> present(table.read(c)));
    }

    @Override
    public FenceRow readLocked(Duration patience) throws StoreException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return within(
                        Duration.ofNanos(Math.max(1, deadline - System.nanoTime())),
                        "reading the fence with a lock",
                        (table, c) -> present(table.readShared(c)));
            } catch (StoreException e) {
                // what broke this connection may have broken the next ones in the pool as well
                if (System.nanoTime() >= deadline || !broken(e)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public Hold hold(Duration patience) throws StoreException {
        try {
            FenceRow row = within(patience, "holding the fence", (table, c) -> {
                idle(c, HELD_LONGER);
                c.setAutoCommit(false);
                return present(table.readExclusive(c));
            });
            return new SqlHold(row, session);
        } catch (StoreException e) {
            end(session);
            throw e;
        }
    }

    /** Ends the session on the server after it was silent for the budget and so long. */
    private void idle(Connection connection, Duration longer) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION wait_timeout = "
                    + Math.max(1, budget.plus(longer).toSeconds()));
        }
    }

    /** Undoes what was not committed; a broken connection's transaction ends with it. */
    private void end(Session of) {
        try {
            of.connection().rollback();
            of.connection().setAutoCommit(true);
        } catch (SQLException e) {
            place.discard(of.connection());
        }
    }

    /** The transaction that holds the row. */
    private final class SqlHold implements Hold {
        private final FenceRow row;
        private final Session of;

        private SqlHold(FenceRow row, Session of) {
            this.row = row;
            this.of = of;
        }

        @Override
        public FenceRow row() {
            return row;
        }

        @Override
        public boolean closeSide() throws StoreException {
            try {
                return of.canceller().within(Duration.ofSeconds(3), () -> {
                    boolean closed = fence.close(of.connection(), row);
                    of.connection().commit();
                    return closed;
                });
            } catch (SQLException e) {
                throw new StoreException("closing on " + side() + " failed: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            end(of);
        }
    }

    @Override
    public boolean freeze(FenceRow seen, String attempt, Duration budget, Duration patience) throws StoreException {
        return within(patience, "freezing", (table, c) -> table.freeze(c, seen, attempt, budget));
    }

    @Override
    public boolean reopen(FenceRow seen, String attempt, Duration patience) throws StoreException {
        return within(patience, "reopening", (table, c) -> table.reopen(c, seen, attempt));
    }

    @Override
    public boolean reopenIfOverdue(FenceRow seen, String attempt, Duration patience) throws StoreException {
        return within(patience, "reopening", (table, c) -> table.reopenIfOverdue(c, seen, attempt));
    }

    @Override
    public boolean stamp(FenceRow frozen, Duration patience) throws StoreException {
        long beats = pulses.known(side());
        return within(patience, "stamping", (table, c) -> table.stamp(c, frozen, beats));
    }

    @Override
    public boolean handOver(FenceRow seen, Duration patience) throws StoreException {
        return within(patience, "handing over", (table, c) -> table.handOver(c, seen));
    }

    @Override
    public boolean close(FenceRow seen, Duration patience) throws StoreException {
        return within(patience, "closing", (table, c) -> table.close(c, seen));
    }

    @Override
    public boolean changePhase(FenceRow seen, Phase phase, String attempt, Duration patience) throws StoreException {
        return within(patience, "entering " + phase, (table, c) -> table.changePhase(c, seen, phase, attempt));
    }

    @Override
    public boolean mark(FenceRow seen, boolean marking, Duration patience) throws StoreException {
        return within(patience, "marking", (table, c) -> table.mark(c, seen, marking));
    }

    @Override
    public Optional<Opening> open(FenceRow handingOver, Phase phase, long epoch, Duration patience)
            throws StoreException {
        boolean opened;
        try {
            opened = within(patience, "opening", (table, c) -> {
                idle(c, OPENED);
                c.setAutoCommit(false);
                FenceRow seen = present(table.readExclusive(c));
                return seen.stampedFor(handingOver.attempt(), epoch)
                        && seen.atHome()
                        && table.open(c, seen, handingOver, phase, epoch);
            });
        } catch (StoreException e) {
            new SqlOpening(session).undo();
            throw e;
        }
        SqlOpening opening = new SqlOpening(session);
        if (!opened) {
            opening.undo();
            return Optional.empty();
        }
        return Optional.of(opening);
    }

    /** The uncommitted transaction, on the connection that it was begun on and no other. */
    private final class SqlOpening implements Opening {
        private final Session of;
        private boolean ended;

        private SqlOpening(Session of) {
            this.of = of;
        }

        @Override
        public void commit() throws StoreException {
            ended = true;
            try {
                of.canceller().within(Duration.ofSeconds(3), () -> {
                    of.connection().commit();
                    of.connection().setAutoCommit(true);
                    return true;
                });
            } catch (SQLException e) {
                place.discard(of.connection()); // if the server still has its transaction, that ends with it
                throw new StoreException("committing the opening on " + side() + " failed: " + e.getMessage(), e);
            }
        }

        @Override
        public void undo() {
            if (ended) {
                return;
            }
            ended = true;
            end(of);
        }
    }

    @Override
    public List<String> holders(Duration age) throws StoreException {
        return within(
                Duration.ofSeconds(2),
                "looking for long transactions",
                (table, c) -> FenceHolders.list(place.control(), c, age));
    }

    @Override
    public void close() {
        session.canceller().close();
        place.discard(session.connection());
        try {
            session.connection().close();
        } catch (SQLException e) {
            return; // evicted already
        }
    }
}
