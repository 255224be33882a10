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
import java.util.Set;
import java.util.UUID;

/**
 * An operator's word that a server is to be trusted as it is: a restored copy, a promoted replica, a side
 * whose partner cannot be read. Recorded. Nothing that was copied or verified before counts afterwards.
 */
final class Acceptance {
    /** Deadlock and lock wait: the row is there, and somebody is changing it. */
    private static final Set<Integer> LOCKED = Set.of(1205, 1213);

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
            case HANDED_OVER -> takeBack(control, row);
            case FROZEN -> {
                if (Recovery.overdue(row) && row.atHome()) {
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
        Optional<FenceRow> other = other(control.side());
        if (other.isPresent() && other.get().state() != FenceState.CLOSED) {
            throw new DualWriteException(
                    "DW-5007",
                    other.get().side() + " is " + other.get().state() + " at epoch "
                            + other.get().epoch() + ", so " + row.side()
                            + " cannot own as well: it is closed by itself, then accept it as a follower");
        }
        long known = Math.max(beliefs.epoch(), other.map(FenceRow::epoch).orElse(0L));
        long epoch = Math.max(row.epoch() + 1, known) + 1;
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

    /**
     * A side that has handed over, to one that was replaced by a copy from before the flip. The copy's row stays locked
     * until this side is open, so that nobody accepts or opens it in between; it is accepted as a follower with it.
     */
    private void takeBack(ControlSide control, FenceRow row) throws SQLException {
        Side side = control.side();
        ControlSide copy;
        try {
            copy = places.of(side.other()).reach().control();
        } catch (SQLException e) {
            throw new DualWriteException(
                    "DW-5007",
                    side + " has handed over, and whether " + side.other() + " was opened cannot be asked: bring "
                            + side.other() + " back",
                    e);
        }
        long epoch = Math.max(row.epoch(), beliefs.epoch()) + 1;
        FenceRow found;
        try {
            found = copy.inTransaction(connection -> {
                FenceRow other = copy.fence().readExclusive(connection).orElseThrow();
                if (!row.atHome()
                        || other.state() != FenceState.CLOSED
                        || other.epoch() >= row.epoch()
                        || other.stampedFor(row.attempt(), row.epoch())) {
                    throw new DualWriteException(
                            "DW-5007",
                            side + " is HANDED_OVER at epoch " + row.epoch() + " and " + side.other() + " is "
                                    + other.state() + " at epoch " + other.epoch()
                                    + ": wait until the flip has ended by itself, or accept " + side.other());
                }
                try (Connection here = control.connection()) {
                    require(
                            control.fence()
                                    .takeBack(
                                            here, row, epoch, UUID.randomUUID().toString()),
                            side);
                }
                require(copy.fence().adopt(connection, other), side.other());
                return other;
            });
        } catch (SQLException e) {
            if (LOCKED.contains(e.getErrorCode())) {
                throw new DualWriteException(
                        "DW-5007", side.other() + " is being changed by a flip: wait until it has ended by itself", e);
            }
            throw e;
        }
        pulses.accept(copy);
        audit.add(
                side,
                epoch,
                "hand-over-taken-back",
                "by an operator; " + side.other() + " fell back to epoch " + found.epoch() + ", before the flip "
                        + row.attempt());
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
        if (row.state() != FenceState.HANDED_OVER || !row.atHome()) {
            throw new DualWriteException(
                    "DW-5007",
                    side + " is " + row.state() + (row.atHome() ? "" : " on another server")
                            + ": only a side that has handed over is forced open");
        }
        Optional<FenceRow> other = other(side);
        if (other.isPresent()) {
            throw new DualWriteException(
                    "DW-5007",
                    side.other() + " answers and is " + other.get().state()
                            + ": it is opened by itself; if it is an older copy, accept one of the two");
        }
        long epoch = Math.max(row.epoch(), beliefs.epoch()) + 1;
        try (Connection connection = control.connection()) {
            require(
                    control.fence()
                            .takeBack(connection, row, epoch, UUID.randomUUID().toString()),
                    side);
        }
        audit.add(side, epoch, "forced-open", "by an operator, " + side.other() + " fenced off: " + reason);
    }

    /** The other side's row, or empty if that server does not answer. */
    private Optional<FenceRow> other(Side side) throws SQLException {
        try {
            ControlSide control = places.of(side.other()).reach().control();
            try (Connection connection = control.connection()) {
                return control.fence().readShared(connection);
            }
        } catch (SQLException e) {
            if (LOCKED.contains(e.getErrorCode())) {
                throw new DualWriteException(
                        "DW-5007", side.other() + " is being changed by a flip: wait until it has ended by itself", e);
            }
            return Optional.empty();
        }
    }

    private void follower(ControlSide control, FenceRow row) throws SQLException {
        ControlSide owner = places.of(control.side().other()).reach().control();
        FenceRow owns;
        try (Connection connection = owner.connection()) {
            owns = owner.fence().read(connection).orElseThrow();
            if (!owns.atHome()) {
                throw new DualWriteException(
                        "DW-5007", owns.side() + " is on another server, too: accept " + owns.side() + " first");
            }
            if (owns.state() == FenceState.HANDED_OVER) {
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
