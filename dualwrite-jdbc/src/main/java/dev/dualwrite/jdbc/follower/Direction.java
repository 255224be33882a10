package dev.dualwrite.jdbc.follower;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which way converging goes, and all that is needed for it. A belief: the follower's fence is asked in
 * every transaction. Thread-safe.
 */
public final class Direction {
    private final ControlSide owner;
    private final ControlSide follower;
    private final Mappings mappings;
    private final Chunks chunks;

    public Direction(ControlSide owner, ControlSide follower, Mappings mappings) {
        this.owner = owner;
        this.follower = follower;
        this.mappings = mappings;
        this.chunks = new Chunks(follower, mappings);
    }

    /**
     * Why rows of this owner must not be written to this follower: it is not the owner, or an older copy of it,
     * whose rows would replace newer ones.
     *
     * @param from the owner's row, read by the connection that reads the rows
     * @param to the follower's row, under its shared lock
     */
    static Optional<String> whyNotCopy(FenceRow from, FenceRow to) {
        if (!from.atHome()) {
            return Optional.of(from.side() + " is another server (" + from.actualUuid()
                    + ") than its fence row was written on (" + from.serverUuid() + ")");
        }
        if (from.epoch() < to.epoch()) {
            return Optional.of(from.side() + " says epoch " + from.epoch() + " and " + to.side() + " has seen "
                    + to.epoch() + ": it is an older copy");
        }
        return from.owns() ? Optional.empty() : Optional.of(from.side() + " is " + from.state() + ", not the owner");
    }

    /**
     * Why nothing must be copied: the owner's database is an older copy of itself.
     *
     * @param to a connection to the follower, which is asked first: until then the owner only went on
     * @param from a connection to the owner, not in a transaction that began before
     */
    Optional<String> whyFallenBack(Connection to, Connection from) throws SQLException {
        long remembered = follower.pulses().read(to).there();
        long now = owner.pulses().read(from).here();
        return now < remembered
                ? Optional.of(owner.side() + " has fallen back: its pulse is " + now + ", and " + follower.side()
                        + " remembers " + remembered + ": it is an older copy")
                : Optional.empty();
    }

    /** The side at this place. */
    ControlSide side(Side place) {
        return owner.side() == place ? owner : follower;
    }

    public ControlSide owner() {
        return owner;
    }

    public ControlSide follower() {
        return follower;
    }

    public Mappings mappings() {
        return mappings;
    }

    Chunks chunks() {
        return chunks;
    }
}
