package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.control.Intent;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Lanes;
import dev.dualwrite.key.Unit;
import java.util.ArrayList;
import java.util.List;

/**
 * A unit that is to be converged.
 *
 * @param unit which
 * @param table its table
 * @param key by which its rows are found on both sides
 * @param intents that ask for it; none if it is here because of a clash
 */
record WorkUnit(Unit unit, String table, Key key, List<Intent> intents) {

    WorkUnit(Unit unit, String table, Key key) {
        this(unit, table, key, new ArrayList<>(2));
    }

    int lane() {
        return Lanes.of(unit);
    }
}
