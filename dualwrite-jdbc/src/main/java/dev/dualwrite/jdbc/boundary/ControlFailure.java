package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.OwnershipException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exceptions of the protocol itself. The driver's own go to the caller as they are. */
final class ControlFailure {
    /** Access denied in its kinds, no such table, schema or column. */
    private static final Set<Integer> UNUSABLE = Set.of(1044, 1049, 1054, 1142, 1143, 1146, 1227);

    private ControlFailure() {}

    /** Names the control table if it is missing or closed to us; SQLState and vendor code stay. */
    static SQLException named(SQLException e, String table) {
        return unusable(e)
                ? new SQLException(
                        "DW-3006 the control table " + table + " cannot be used, so moved tables cannot be changed and"
                                + " nothing of this was stored: " + e.getMessage()
                                + ". Restore the table and its grants; other tables are not affected.",
                        e.getSQLState(),
                        e.getErrorCode(),
                        e)
                : e;
    }

    /** Whether a control table is missing or closed to us. */
    static boolean unusable(SQLException e) {
        return UNUSABLE.contains(e.getErrorCode());
    }

    static SQLException noFence(String table) {
        return new SQLException(
                "DW-3007 " + table + " has no row for this migration, so nobody knows who owns: moved tables are not"
                        + " changed. Create the migration's rows, or restore them.",
                "HY000");
    }

    /** The transaction had begun before ownership changed. */
    static OwnershipException overtaken(@Nullable SQLException cause) {
        return new OwnershipException(
                "DW-3002",
                "ownership is changing or has changed since this transaction began. It is rolled back and nothing of it"
                        + " is stored: run it again.",
                cause);
    }

    /** The transaction reads from the follower, below REPEATABLE READ. */
    static OwnershipException writtenMeanwhile() {
        return new OwnershipException(
                "DW-3016",
                "this transaction only reads, from the side that does not own, and below REPEATABLE READ; since its first"
                        + " statement its reader, or somebody of whom nobody knows who he is, has written through another"
                        + " connection, and that side may not have it yet. Run"
                        + " it again: it will read on the owner. Under REPEATABLE READ it would not see that write anywhere.",
                null);
    }

    /** The intents were not taken by the fence. */
    static OwnershipException notAdmitted() {
        return new OwnershipException(
                "DW-3003",
                "the fence was not open on the epoch of this transaction any more, so its intents could not be written."
                        + " It is rolled back and nothing of it is stored: run it again.",
                null);
    }

    /** A key could not be learnt after its statement had run. */
    static OwnershipException uncaptured(@Nullable SQLException cause) {
        return new OwnershipException(
                "DW-3004",
                "the keys of a statement could not be learnt after it had run. The transaction is rolled back and"
                        + " nothing of it is stored: run it again.",
                cause);
    }

    /** Told beside the driver's own exception, and then to whoever goes on. */
    static OwnershipException outOfStep() {
        return new OwnershipException(
                "DW-3014",
                "the driver has left an answer of the server unread, as it does when a query fails for which the server was to"
                        + " open a cursor (useCursorFetch), so this connection was ended. Nothing of an open transaction is"
                        + " stored: call rollback(), then run it again, and leave useCursorFetch off.",
                null);
    }

    /** An idempotency key could not be taken, or what was done under it is undone; what comes next would have none. */
    static OwnershipException keyLost(@Nullable SQLException cause) {
        return new OwnershipException(
                "DW-3013",
                "the idempotency key of this transaction could not be taken, or the server has rolled it back. Nothing of it is"
                        + " stored, and nothing goes on without the key: call rollback(), then run it again, with its key.",
                cause);
    }

    /** What every later call of a transaction hears that the library rolled back. */
    static OwnershipException again(OwnershipException first) {
        return new OwnershipException(
                first.code(),
                "this transaction was rolled back before, see the cause. Call rollback(), then run it again.",
                first);
    }
}
