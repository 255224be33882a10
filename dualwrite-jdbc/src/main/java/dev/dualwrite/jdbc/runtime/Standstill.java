package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What an operator does where nobody owns: the next owner of a hand-over is an older copy, or gone, or both sides are closed. Recorded; nothing
 * that was copied or verified before counts afterwards.
 */
final class Standstill {
    /** Beyond what a coordinator and its sessions may last: then nobody opens the other side by itself any more. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Places places;
    private final Beliefs beliefs;
    private final Pulses pulses;
    private final Audit audit;

    Standstill(Places places, Beliefs beliefs, Pulses pulses, Audit audit) {
        this.places = places;
        this.beliefs = beliefs;
        this.pulses = pulses;
        this.audit = audit;
    }

    /**
     * Opens a side that has handed over to one that was replaced by a copy from before the flip. First the copy is made
     * one that nobody can open, at the epoch of the hand-over; whoever is stopped between the two is followed by the
     * next call.
     */
    void takeBack(ControlSide control, FenceRow row) throws SQLException {
        Side side = control.side();
        FenceRow copy = new OtherSide(places)
                .row(side.other())
                .orElseThrow(() -> new DualWriteException(
                        "DW-5007",
                        side + " has handed over, and whether " + side.other() + " was opened cannot be asked: bring "
                                + side.other() + " back, or fence it off for good and forceOpen(" + side + ")"));
        boolean older = copy.state() == FenceState.CLOSED
                && copy.epoch() < row.epoch()
                && !copy.stampedFor(row.attempt(), row.epoch());
        boolean barred = copy.state() == FenceState.CLOSED && copy.epoch() >= row.epoch();
        if (!older && !barred) {
            throw new DualWriteException(
                    "DW-5007",
                    side + " is HANDED_OVER at epoch " + row.epoch() + " and " + side.other() + " is " + copy.state()
                            + " at epoch " + copy.epoch() + ": wait until the flip has ended by itself, or accept "
                            + side.other());
        }
        ControlSide there = places.of(side.other()).control();
        if (older) {
            try (Connection connection = there.connection()) {
                require(
                        there.fence()
                                .bar(
                                        connection,
                                        copy,
                                        row.epoch(),
                                        UUID.randomUUID().toString()),
                        side.other());
            }
            audit.add(
                    side.other(),
                    row.epoch(),
                    "copy-barred",
                    "by an operator; it was at epoch " + copy.epoch() + ", before the flip " + row.attempt());
        }
        pulses.accept(there); // as a follower, of which nothing counts that was copied
        long epoch = Math.max(Math.max(row.epoch(), copy.epoch()), beliefs.epoch()) + 1;
        open(control, row, epoch);
        audit.add(
                side,
                epoch,
                "hand-over-taken-back",
                "by an operator; " + side.other() + " could not be opened by the flip " + row.attempt());
    }

    /**
     * Opens a side that has handed over to one that died before it was opened, and that does not come back.
     *
     * @param reason for the record
     */
    void forceOpen(Side side, String reason) throws SQLException {
        ControlSide control = places.of(side).reach().control();
        FenceRow row;
        try (Connection connection = control.connection()) {
            row = control.fence().read(connection).orElseThrow();
        }
        if (row.state() != FenceState.HANDED_OVER) {
            throw new DualWriteException(
                    "DW-5007", side + " is " + row.state() + ": only a side that has handed over is forced open");
        }
        Duration longest = row.budget().multipliedBy(2).plus(MARGIN);
        if (row.frozenFor().compareTo(longest) < 0) {
            throw new DualWriteException(
                    "DW-5007",
                    side + " has handed over " + row.frozenFor().toMillis()
                            + " ms ago: the flip may still be finished; wait " + longest.toMillis() + " ms in all");
        }
        Optional<FenceRow> seen = beliefs.row(side.other());
        if (seen.isPresent() && seen.get().owns() && seen.get().epoch() >= row.epoch()) {
            throw new DualWriteException(
                    "DW-5007",
                    side.other() + " was opened, at epoch " + seen.get().epoch()
                            + ": what was written there would be lost; bring it back");
        }
        Optional<FenceRow> other = new OtherSide(places).row(side.other());
        if (other.isPresent()) {
            throw new DualWriteException(
                    "DW-5007",
                    side.other() + " answers and is " + other.get().state()
                            + ": it is opened by itself; if it is an older copy, accept one of the two");
        }
        long epoch = Math.max(row.epoch(), beliefs.epoch()) + OtherSide.UNASKED;
        open(control, row, epoch);
        audit.add(side, epoch, "forced-open", "by an operator, " + side.other() + " fenced off: " + reason);
    }

    /**
     * Opens a side while both are CLOSED: the only owner was replaced by a copy from before it owned. The row stays locked from
     * before the other one is read, so that neither a flip nor a second operator opens that one meanwhile.
     */
    void openAlone(ControlSide control) throws SQLException {
        Side side = control.side();
        if (side == Side.SOURCE && beliefs.ownership().phase() == Phase.TARGET_ONLY) {
            throw new DualWriteException(
                    "DW-5007",
                    "TARGET owned in TARGET_ONLY: what was written there since is not on SOURCE, so it is not the next"
                            + " owner; restore TARGET as it was");
        }
        Phase phase = side == Side.SOURCE ? Phase.DUAL_WRITE : Phase.REVERSE_WINDOW;
        long opened = control.inTransaction(connection -> {
            FenceRow mine = control.fence().readExclusive(connection).orElseThrow();
            FenceRow other = new OtherSide(places)
                    .row(side.other())
                    .orElseThrow(() -> new DualWriteException(
                            "DW-5007", side.other() + " cannot be asked whether it owns: bring it back"));
            require(mine.state() == FenceState.CLOSED, side);
            require(other.state() == FenceState.CLOSED, side.other());
            long epoch = Math.max(Math.max(mine.epoch(), other.epoch()), beliefs.epoch()) + 1;
            ControlSide there = places.of(side.other()).control();
            try (Connection raising = there.connection()) {
                require(there.fence().mirror(raising, other, epoch), side.other());
            }
            require(
                    control.fence()
                            .openAlone(
                                    connection,
                                    mine,
                                    phase,
                                    epoch + 1,
                                    UUID.randomUUID().toString()),
                    side);
            return epoch + 1;
        });
        audit.add(side, opened, "opened-alone", "by an operator; both sides were CLOSED");
    }

    private static void open(ControlSide control, FenceRow row, long epoch) throws SQLException {
        try (Connection connection = control.connection()) {
            require(
                    control.fence()
                            .takeBack(connection, row, epoch, UUID.randomUUID().toString()),
                    control.side());
        }
    }

    private static void require(boolean done, Side side) {
        if (!done) {
            throw new DualWriteException("DW-5004", "the fence row of " + side + " changed meanwhile; try again");
        }
    }
}
