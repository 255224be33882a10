package dev.dualwrite.flip;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One side's fence, as a coordinator uses it. Each call is one autocommit statement; each
 * compare-and-set compares state, epoch and attempt with {@code seen}, and what it returns is the
 * statement's own update count. Waits for locks end at {@code patience} by cancelling the statement.
 *
 * <p>Not thread-safe: one store belongs to one flip.
 */
public interface FenceStore extends AutoCloseable {

    Side side();

    /** The row as last committed. */
    FenceRow read() throws StoreException;

    /** The row by a locking read, which waits for an undecided statement and then tells its outcome. */
    FenceRow readLocked(Duration patience) throws StoreException;

    /** The row, locked exclusively until what is returned is closed; for a few seconds at most. */
    Hold hold(Duration patience) throws StoreException;

    /** {@code OPEN → FROZEN}, epoch + 1. */
    boolean freeze(FenceRow seen, String attempt, Duration budget, Duration patience) throws StoreException;

    /** {@code FROZEN → OPEN}, epoch + 1. */
    boolean reopen(FenceRow seen, String attempt, Duration patience) throws StoreException;

    /** {@link #reopen}, if frozen for longer than its own budget by the server's clock. */
    boolean reopenIfOverdue(FenceRow seen, String attempt, Duration patience) throws StoreException;

    /**
     * Writes the frozen owner's epoch and attempt on this CLOSED row, if its own epoch is below: a copy of this side that
     * is older than the flip does not carry them, and is not opened.
     */
    boolean stamp(FenceRow frozen, Duration patience) throws StoreException;

    /** {@code FROZEN → HANDED_OVER}, epoch + 1, if no unmarked intent and nothing parked is left. */
    boolean handOver(FenceRow seen, Duration patience) throws StoreException;

    /** {@code HANDED_OVER → CLOSED}. */
    boolean close(FenceRow seen, Duration patience) throws StoreException;

    /** A change of phase that keeps the owner; epoch + 1. */
    boolean changePhase(FenceRow seen, Phase phase, String attempt, Duration patience) throws StoreException;

    /** Switches marking on or off; the epoch stays. */
    boolean mark(FenceRow seen, boolean marking, Duration patience) throws StoreException;

    /**
     * Executes {@code CLOSED → OPEN} in a transaction and leaves it open: waits for the convergers in
     * flight, stops later ones, and proves that the side can be written.
     *
     * @return empty if the row is not CLOSED with the {@link #stamp} of this attempt, is not on the server that wrote
     *     it, or changed in between
     */
    Optional<Opening> open(FenceRow handingOver, Phase phase, long epoch, Duration patience) throws StoreException;

    /**
     * Transactions that have held the fence for longer than {@code age}, by account, host and age; empty if
     * there are none, or the server does not tell.
     */
    List<String> holders(Duration age) throws StoreException;

    @Override
    void close();

    /** A row that nobody changes. The server lets go of it later than of an {@link Opening} that was begun before it. */
    interface Hold extends AutoCloseable {
        FenceRow row();

        /** {@code HANDED_OVER → CLOSED} without letting go of the row before. */
        boolean closeSide() throws StoreException;

        @Override
        void close();
    }

    /** An uncommitted {@code CLOSED → OPEN}. Closing it without a commit undoes it. */
    interface Opening extends AutoCloseable {
        void commit() throws StoreException;

        /** Undoes it, unless it is committed. Idempotent, and never throws. */
        void undo();

        @Override
        default void close() {
            undo();
        }
    }

    /** Why a change of an owner's fence waited in vain, and what to do. */
    static String heldUp(Side side, Duration budget, String why) {
        return "the writers in flight did not end within " + budget + ": look for a long transaction on " + side
                + " (information_schema.innodb_trx), wait for it or end it, and try again; " + why;
    }
}
