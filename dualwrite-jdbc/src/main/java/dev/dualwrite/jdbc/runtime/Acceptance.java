package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.flip.Recovery;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * An operator's word that a server is to be trusted as it is: a restored copy, a promoted replica, a side
 * whose partner cannot be read. Recorded. Nothing that was copied or verified before counts afterwards.
 */
final class Acceptance {
    private final Places places;
    private final Beliefs beliefs;
    private final Pulses pulses;
    private final Audit audit;

    Acceptance(Places places, Beliefs beliefs, Pulses pulses, Audit audit) {
        this.places = places;
        this.beliefs = beliefs;
        this.pulses = pulses;
        this.audit = audit;
    }

    void accept(Side side) throws SQLException {
        ControlSide control = places.of(side).reach().control();
        FenceRow row;
        try (Connection connection = control.connection()) {
            row = control.fence().read(connection).orElseThrow();
        }
        switch (row.state()) {
            case OPEN -> owner(control, row);
            case CLOSED -> follower(control, row);
            case HANDED_OVER -> new Standstill(places, beliefs, pulses, audit).takeBack(control, row);
            case FROZEN -> {
                if (Recovery.overdue(row)) {
                    owner(control, row); // a copy from within a flip, which nobody ends
                    break;
                }
                throw new DualWriteException(
                        "DW-5007",
                        side + " is " + row.state() + ": wait until the flip has ended by itself, then accept");
            }
        }
        pulses.accept(control);
        beliefs.contradiction(side, null);
    }

    /**
     * A side that claims to own. If the other side can be read it is asked first, with a lock because a flip may
     * be between its steps there: an operator's word must not open two sides either.
     */
    private void owner(ControlSide control, FenceRow row) throws SQLException {
        Optional<FenceRow> other = new OtherSide(places).row(control.side().other());
        if (other.isPresent() && !leaves(other.get(), row)) {
            throw new DualWriteException(
                    "DW-5007",
                    other.get().side() + " is " + other.get().state() + " at epoch "
                            + other.get().epoch() + ", so " + row.side()
                            + " cannot own as well: it is closed by itself, then accept it as a follower");
        }
        long known = Math.max(
                row.epoch() + 1,
                Math.max(beliefs.epoch(), other.map(FenceRow::epoch).orElse(0L)));
        long epoch = known + (other.isPresent() ? 1 : OtherSide.UNASKED);
        try (Connection connection = control.connection()) {
            FenceRow owns = row;
            if (row.state() == FenceState.FROZEN) {
                require(
                        control.fence()
                                .reopenIfOverdue(
                                        connection, row, UUID.randomUUID().toString()),
                        control.side());
                owns = control.fence().read(connection).orElseThrow();
            }
            require(
                    control.fence()
                            .adoptOwner(
                                    connection, owns, epoch, UUID.randomUUID().toString()),
                    control.side());
        }
        audit.add(
                control.side(),
                epoch,
                "server-accepted",
                "owner, by an operator; was " + row.serverUuid()
                        + (other.isPresent() ? "" : "; " + row.side().other() + " could not be asked"));
    }

    /** Whether the other side leaves the ownership to this one: it follows, it handed over to it, or it is to be closed. */
    private static boolean leaves(FenceRow other, FenceRow row) {
        return other.state() == FenceState.CLOSED || row.openedBy(other) || row.contends(other);
    }

    private void follower(ControlSide control, FenceRow row) throws SQLException {
        ControlSide owner = places.of(control.side().other()).reach().control();
        FenceRow owns;
        try (Connection connection = owner.connection()) {
            owns = owner.fence().read(connection).orElseThrow();
            if (owns.state() == FenceState.HANDED_OVER) {
                if (row.epoch() >= owns.epoch()) {
                    throw new DualWriteException(
                            "DW-5007",
                            row.side() + " cannot be opened any more by the hand-over at epoch " + owns.epoch()
                                    + ": acceptServer(" + owns.side() + ") takes that back");
                }
                // what this copy does not have is lost by that; the other way is to take the hand-over back
                try (Connection here = control.connection()) {
                    require(control.fence().adoptToOpen(here, row, owns), control.side());
                }
                audit.add(
                        control.side(),
                        owns.epoch(),
                        "server-accepted",
                        "to be opened, by an operator, after the hand-over; was " + row.serverUuid());
                return;
            }
            if (owns.state() == FenceState.CLOSED) {
                new Standstill(places, beliefs, pulses, audit).openAlone(control);
                return;
            }
            if (!owns.atHome()) {
                throw new DualWriteException(
                        "DW-5007", owns.side() + " is on another server, too: accept " + owns.side() + " first");
            }
            if (owns.state() != FenceState.OPEN) {
                throw new DualWriteException(
                        "DW-5007", owns.side() + " is " + owns.state() + ": accept a follower while its owner is open");
            }
            // first void what was copied, then let converging write again
            long epoch = Math.max(owns.epoch(), beliefs.epoch()) + 1;
            require(
                    owner.fence()
                            .adoptOwner(
                                    connection, owns, epoch, UUID.randomUUID().toString()),
                    owns.side());
        }
        require(control, row);
        audit.add(control.side(), row.epoch(), "server-accepted", "follower, by an operator; was " + row.serverUuid());
    }

    private static void require(ControlSide control, FenceRow row) throws SQLException {
        try (Connection connection = control.connection()) {
            require(control.fence().adopt(connection, row), control.side());
        }
    }

    private static void require(boolean done, Side side) {
        if (!done) {
            throw new DualWriteException("DW-5004", "the fence row of " + side + " changed meanwhile; try again");
        }
    }
}
