package dev.dualwrite.flip;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.time.Duration;

/**
 * One side's row of the fence table.
 *
 * @param side whose row it is
 * @param state whether this side takes writes
 * @param phase the phase in force; of an owner's row only
 * @param epoch rises with every change of ownership or phase
 * @param attempt the flip, recovery or change of phase that wrote the row last, a UUID
 * @param captureEpoch the epoch since which no change went without an intent, 0 if there is none
 * @param marking whether converged intents are marked instead of deleted
 * @param backfill the run of the backfill that writes this side, 0 if there is none
 * @param frozenFor how long the row has been FROZEN or HANDED_OVER, by the server's clock
 * @param budget the stall that the coordinator allowed itself
 * @param serverUuid the server on which the row was written
 * @param actualUuid the server on which it was read
 */
public record FenceRow(
        Side side,
        FenceState state,
        Phase phase,
        long epoch,
        String attempt,
        long captureEpoch,
        boolean marking,
        long backfill,
        Duration frozenFor,
        Duration budget,
        String serverUuid,
        String actualUuid) {

    /** Whether the row is read on the server that wrote it, and not on a copy. */
    public boolean atHome() {
        return serverUuid.equals(actualUuid);
    }

    /** Whether this follower has seen the flip that hands over to it at this epoch, and may be opened by it. */
    public boolean stampedFor(String flip, long handedOverAt) {
        return state == FenceState.CLOSED && epoch == handedOverAt - 1 && attempt.equals(flip);
    }

    /** Whether this owner is the one that this hand-over opened, and the other side is only not closed yet. */
    public boolean openedBy(FenceRow handed) {
        return owns()
                && handed.state() == FenceState.HANDED_OVER
                && handed.epoch() == epoch
                && handed.attempt().equals(attempt);
    }

    /** Whether both claim to own at one epoch, so that neither is the older copy. */
    public boolean contends(FenceRow other) {
        return owns() && other.owns() && other.epoch() == epoch;
    }

    /** The side that this row says owns, as far as one row can know. */
    public boolean owns() {
        return state == FenceState.OPEN || state == FenceState.FROZEN;
    }
}
