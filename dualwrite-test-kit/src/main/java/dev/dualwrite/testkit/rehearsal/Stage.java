package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Database;
import java.util.List;

/**
 * Where a rehearsal takes place.
 *
 * @param migration its name
 * @param prefix of the control tables
 * @param tables that move, the one of {@link Marks} among them
 * @param dualWrite the migration in this process
 * @param source the database that the data moves away from
 * @param target the database that it moves to
 * @param passage through the phases
 */
public record Stage(
        String migration,
        String prefix,
        List<String> tables,
        DualWrite dualWrite,
        Database source,
        Database target,
        Passage passage) {
    public Stage {
        tables = List.copyOf(tables);
    }

    /** The database that owns, as this instance last saw it. */
    public Database owner() {
        return dualWrite.ownership().owner() == Side.SOURCE ? source : target;
    }

    /** The other one. */
    public Database follower() {
        return dualWrite.ownership().owner() == Side.SOURCE ? target : source;
    }
}
