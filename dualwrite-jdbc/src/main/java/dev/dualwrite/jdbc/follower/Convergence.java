package dev.dualwrite.jdbc.follower;

import dev.dualwrite.key.Unit;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What converging a set of units in one follower transaction came to. */
sealed interface Convergence {

    /**
     * Committed on the follower.
     *
     * @param parked those that were parked before the owner's rows were read, by which failure
     */
    record Committed(Collection<WorkUnit> units, Map<Unit, String> parked) implements Convergence {}

    /** The follower's fence did not admit it, or something else says that nothing may be written there now. */
    record Stopped(String reason) implements Convergence {}

    /** These units' lanes were all held by others. */
    record Busy() implements Convergence {}

    /** A secondary unique key is held by rows of these units, which have to be converged together. */
    record Clash(List<WorkUnit> others, SQLException cause) implements Convergence {}

    /** The follower refused it; nothing of it is there. */
    record Failed(SQLException cause) implements Convergence {}
}
