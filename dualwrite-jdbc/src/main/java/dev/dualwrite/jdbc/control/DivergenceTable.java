package dev.dualwrite.jdbc.control;

import dev.dualwrite.Side;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Units that a verification found to differ, confirmed, on the source. Each closes the gate until it is verified equal. */
public final class DivergenceTable {
    private final ControlNames names;

    public DivergenceTable(ControlNames names) {
        this.names = names;
    }

    /** How a follower's row differs. */
    public enum Kind {
        MISSING,
        EXTRA,
        DIFFERENT,
        /** It is there, and the row that its foreign key names is not. */
        ORPHAN
    }

    /** A confirmed divergence; {@code columns} are the names of those that differ, or an orphan's foreign key. */
    public record Divergence(Unit unit, String table, Key key, Kind kind, String columns) {}

    /**
     * Notes a divergence, in place of what was noted about the unit, also by somebody else at this moment; in the caller's
     * transaction. The table has no other key than the unit.
     */
    public void add(Connection connection, long run, Side follower, Divergence divergence) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("divergence")
                + " (migration, unit, table_name, key_values, kind, columns_differ, follower, run, found_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE kind = VALUES(kind),"
                + " columns_differ = VALUES(columns_differ), follower = VALUES(follower), run = VALUES(run),"
                + " found_at = VALUES(found_at)")) {
            insert.setString(1, names.migration());
            insert.setBytes(2, divergence.unit().bytes());
            insert.setString(3, divergence.table());
            insert.setBytes(4, divergence.key().encode());
            insert.setString(5, divergence.kind().name());
            insert.setString(
                    6,
                    divergence.columns().length() > 1024
                            ? divergence.columns().substring(0, 1024)
                            : divergence.columns());
            insert.setString(7, follower.name());
            insert.setLong(8, run);
            insert.executeUpdate();
        }
    }

    public void remove(Connection connection, Collection<Unit> units) throws SQLException {
        if (units.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("divergence") + " WHERE migration = '"
                    + names.migration() + "' AND unit IN ("
                    + units.stream().map(unit -> Sql.binary(unit.bytes())).collect(Collectors.joining(", ")) + ")");
        }
    }

    /** Which of these units are noted, and when: for {@link #removeAsRead} once they were looked at after this. */
    public Map<Unit, String> versions(Connection connection, Collection<Unit> units) throws SQLException {
        Map<Unit, String> versions = new HashMap<>();
        if (units.isEmpty()) {
            return versions;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT unit, CAST(found_at AS CHAR) FROM "
                        + names.table("divergence") + " WHERE migration = '" + names.migration() + "' AND unit IN ("
                        + units.stream().map(unit -> Sql.binary(unit.bytes())).collect(Collectors.joining(", "))
                        + ")")) {
            while (row.next()) {
                versions.put(new Unit(row.getBytes(1)), row.getString(2));
            }
        }
        return versions;
    }

    /** Forgets a unit, unless it was noted again since it was read. */
    public void removeAsRead(Connection connection, Unit unit, String version) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + names.table("divergence")
                + " WHERE migration = ? AND unit = ? AND CAST(found_at AS CHAR) = ?")) {
            delete.setString(1, names.migration());
            delete.setBytes(2, unit.bytes());
            delete.setString(3, version);
            delete.executeUpdate();
        }
    }

    /** Forgets them all: a new verification begins. */
    public void clear(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "DELETE FROM " + names.table("divergence") + " WHERE migration = '" + names.migration() + "'");
        }
    }

    public List<Divergence> list(Connection connection, int limit) throws SQLException {
        List<Divergence> divergences = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT unit, table_name, key_values, kind, columns_differ FROM "
                        + names.table("divergence") + " WHERE migration = '" + names.migration()
                        + "' ORDER BY found_at LIMIT " + limit)) {
            while (row.next()) {
                divergences.add(new Divergence(
                        new Unit(row.getBytes(1)),
                        row.getString(2),
                        Key.decode(row.getBytes(3)),
                        Kind.valueOf(row.getString(4)),
                        row.getString(5)));
            }
        }
        return divergences;
    }
}
