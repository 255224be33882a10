package dev.dualwrite.flip;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What any instance does about a flip that somebody else left standing. Nobody has to call it: instances
 * run it when they meet a FROZEN row that is older than its stored budget, or a HANDED_OVER row older than
 * {@link #HANDED_OVER_FOR}, both by the server's clock.
 */
public final class Recovery {
    /** After this long without an opening, anyone opens. */
    public static final Duration HANDED_OVER_FOR = Duration.ofSeconds(1);

    private Recovery() {}

    /** Whether a row calls for recovery. */
    public static boolean overdue(FenceRow row) {
        return switch (row.state()) {
            case FROZEN -> row.frozenFor().compareTo(row.budget()) > 0;
            case HANDED_OVER -> row.frozenFor().compareTo(HANDED_OVER_FOR) > 0;
            case OPEN, CLOSED -> false;
        };
    }

    /**
     * Reopens an owner that has been frozen for too long. Needs that side alone, so a dead follower cannot
     * keep the application closed.
     *
     * @return whether this call reopened it; if not, somebody else moved it
     */
    public static boolean reopen(FenceStore owner, Duration patience) throws StoreException {
        FenceRow row = owner.read();
        return row.state() == FenceState.FROZEN
                && row.atHome() // what it is on another server is settled first
                && owner.reopenIfOverdue(row, UUID.randomUUID().toString(), patience);
    }

    /**
     * Finishes a hand-over: opens the new owner if it is not open, then closes the old one. Idempotent. The exclusive lock on
     * the new owner's row is taken again; with it held the hand-over is locked and read again, until the opening is committed
     * and the old owner is closed: its server may have been replaced by an older copy that somebody has adopted meanwhile, or an
     * operator may take the hand-over back. A new owner that does not carry the hand-over's {@link FenceStore#stamp} is itself an
     * older copy, and is not opened.
     *
     * @return whether the old owner's row is CLOSED afterwards
     * @throws StoreException also if the new owner is not one that may be opened: another server than before
     */
    public static boolean finish(FenceStore handingOver, FenceStore next, Duration patience) throws StoreException {
        FenceRow handed = handingOver.readLocked(patience);
        if (handed.state() != FenceState.HANDED_OVER) {
            return handed.state() == FenceState.CLOSED;
        }
        Phase to = handed.phase()
                .flipsTo()
                .orElseThrow(() -> new StoreException(
                        handed.side() + " is HANDED_OVER in " + handed.phase() + ", from which no flip leads", null));
        FenceRow other = next.readLocked(patience);
        if (other.stampedFor(handed.attempt(), handed.epoch())) {
            Optional<FenceStore.Opening> opening = next.open(handed, to, handed.epoch(), patience);
            if (opening.isPresent()) {
                try (FenceStore.Opening open = opening.get();
                        FenceStore.Hold still = handingOver.hold(patience)) {
                    if (still.row().state() != FenceState.HANDED_OVER
                            || !still.row().attempt().equals(handed.attempt())) {
                        return still.row().state() == FenceState.CLOSED;
                    }
                    open.commit();
                    return still.closeSide();
                }
            }
            other = next.readLocked(patience);
        }
        if (other.state() == FenceState.CLOSED || other.epoch() < handed.epoch()) {
            throw new StoreException(
                    next.side() + " is " + other.state() + " at epoch " + other.epoch() + " and could not be opened at "
                            + handed.epoch()
                            + (other.stampedFor(handed.attempt(), handed.epoch())
                                    ? ""
                                    : other.epoch() < handed.epoch()
                                            ? ": it is a copy that is older than the hand-over"
                                            : ": it stands above the hand-over, which was taken back or is an older"
                                                    + " copy itself"),
                    null);
        }
        return handingOver.close(handed, patience);
    }
}
