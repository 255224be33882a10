package dev.dualwrite.samples.tenants.rollout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody runs a script on the wrong server: the names of one tenant's plans in ten are overwritten on the target. */
final class Mishap {
    /** What the script makes of a plan's name. */
    static final String NAME = "renamed by mistake";

    private Mishap() {}

    /** @return rows that were changed */
    static int happens(Connection target, long seed) throws SQLException {
        try (Statement statement = target.createStatement()) {
            return statement.executeUpdate(
                    "UPDATE plan SET name = '" + NAME + "' WHERE (CRC32(tenant) + " + seed % 10 + ") % 10 = 0");
        }
    }
}
