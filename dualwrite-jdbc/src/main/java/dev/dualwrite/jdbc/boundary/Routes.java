package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the boundary asks of the running migration. Thread-safe; none of it holds a connection afterwards. */
public interface Routes {

    /** The migration's name. */
    String migration();

    /** The side that owned when this instance last looked. A belief: the fence decides. */
    Side believedOwner();

    /** The host's own pool for this side. */
    DataSource pool(Side side);

    /** A connection from the host's own pool for this side. */
    default Connection open(Side side) throws SQLException {
        return pool(side).getConnection();
    }

    /**
     * The schema of a side.
     *
     * @throws SQLException DW-3005, if it was never read because that server could not be reached
     */
    SideSchema schema(Side side) throws SQLException;

    /** Writes intents on a side that owns. */
    IntentWriter intents(Side side);

    /**
     * Judges a fence row that a transaction read under its shared lock on the side it believed to own, and
     * remembers what it says.
     *
     * @return whether the transaction may write here; if not, it rolls back, gives its connection back,
     *     and calls {@link #awaitOwner}
     */
    boolean admits(FenceRow row) throws SQLException;

    /** Whether this side was seen to own so short a time ago that a plain read may rely on it (250 ms). */
    boolean confirmed(Side side);

    /**
     * As {@link #confirmed}, of a side on which the transaction has read before; waits a moment, if the side was not looked at lately,
     * until it was.
     */
    boolean stillOwns(Side side);

    /** Whether plain reads may run on the side of this row, which was just read; remembers what it says. */
    boolean serves(FenceRow row);

    /**
     * Waits until some side is open, for at most the time that a flip may take and its recovery. To be
     * called without holding a connection or a lock.
     *
     * @param refused what the last attempt read, whose side was not open
     * @return the side to try next
     * @throws SQLException DW-3001 with SQLState 40001, if none opened in time
     */
    Side awaitOwner(FenceRow refused) throws SQLException;

    /**
     * A transaction committed on the owner. Wakes the converger; in SYNC mode waits until these intents are
     * converged, for at most the apply budget. Never throws.
     *
     * @param intents that were written
     * @param nanos how long the owner took to commit, 0 if that was not measured
     */
    void committed(Side owner, Written intents, long nanos);

    /** The bare name of the table of idempotency keys, the same on both sides; empty if there is none. */
    Optional<String> ledger();

    /** Where reads go that lock nothing and belong to no writing transaction. */
    ReadRoutes readRoutes();

    /** Whether reads are compared at present: cheap, asked for every read. */
    boolean compares();

    /** Chooses a read for comparison; null if it is not chosen. Never throws. */
    @Nullable Sampled sample(Read read);

    /** Counts a transaction or statement that uses a table of the domain together with one outside of it. */
    void mixed(String domainTable, String outsideTable);
}
