package dev.dualwrite.jdbc.control;

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

/**
 * Units that cannot be converged until somebody changes something. Stands on the owner; each blocks its
 * own unit and the gate, nothing else.
 */
public final class ParkedTable {
    private static final int REASON = 512;

    private final ControlNames names;
    private final String scope;

    public ParkedTable(ControlNames names) {
        this.names = names;
        this.scope = "migration = '" + names.migration() + "' AND side = '" + names.side() + "'";
    }

    /** A parked unit, as shown to an operator. */
    public record Parked(
            Unit unit, String table, Key key, int vendorCode, String sqlState, String reason, int attempts) {}

    /** Parks a unit, in the transaction that deletes its intents; again if it is parked already. */
    public void park(
            Connection connection,
            Unit unit,
            String table,
            Key key,
            int vendorCode,
            String sqlState,
            String reason,
            int attempts)
            throws SQLException {
        String shortened = reason.length() > REASON ? reason.substring(0, REASON) : reason;
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + names.table("parked")
                + " SET vendor_code = ?, sql_state = ?, reason = ?, attempts = attempts + ?, last_at = UTC_TIMESTAMP(6)"
                + " WHERE " + scope + " AND unit = " + Sql.binary(unit.bytes()))) {
            update.setInt(1, vendorCode);
            update.setString(2, sqlState);
            update.setString(3, shortened);
            update.setInt(4, attempts);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement("""
                INSERT INTO %s (migration, side, unit, table_name, key_values, vendor_code, sql_state, reason, attempts,
                                first_at, last_at)
                VALUES ('%s', '%s', ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))\
                """.formatted(names.table("parked"), names.migration(), names.side()))) {
            insert.setBytes(1, unit.bytes());
            insert.setString(2, table);
            insert.setBytes(3, key.encode());
            insert.setInt(4, vendorCode);
            insert.setString(5, sqlState);
            insert.setString(6, shortened);
            insert.setInt(7, attempts);
            insert.executeUpdate();
        }
    }

    /**
     * Which of these units are parked, and since which failure: to be given to {@link #removeAsRead} once they are
     * converged from rows that were read after this.
     */
    public Map<Unit, String> versions(Connection connection, Collection<Unit> units) throws SQLException {
        Map<Unit, String> versions = new HashMap<>();
        if (units.isEmpty()) {
            return versions;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT unit, CONCAT(attempts, ' ', first_at, ' ', last_at) FROM "
                                + names.table("parked") + " WHERE " + scope + " AND unit IN ("
                                + units.stream()
                                        .map(unit -> Sql.binary(unit.bytes()))
                                        .collect(Collectors.joining(", ")) + ")")) {
            while (row.next()) {
                versions.put(new Unit(row.getBytes(1)), row.getString(2));
            }
        }
        return versions;
    }

    /** Forgets a unit, unless it was parked again since it was read. */
    public void removeAsRead(Connection connection, Unit unit, String version) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + names.table("parked") + " WHERE "
                + scope + " AND unit = ? AND CONCAT(attempts, ' ', first_at, ' ', last_at) = ?")) {
            delete.setBytes(1, unit.bytes());
            delete.setString(2, version);
            delete.executeUpdate();
        }
    }

    /** The parked units, at most so many. */
    public List<Parked> list(Connection connection, int limit) throws SQLException {
        List<Parked> parked = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT unit, table_name, key_values, vendor_code, sql_state, reason, attempts FROM "
                                + names.table("parked") + " WHERE " + scope + " ORDER BY first_at LIMIT " + limit)) {
            while (row.next()) {
                parked.add(new Parked(
                        new Unit(row.getBytes(1)),
                        row.getString(2),
                        Key.decode(row.getBytes(3)),
                        row.getInt(4),
                        row.getString(5),
                        row.getString(6),
                        row.getInt(7)));
            }
        }
        return parked;
    }

    /** How many units are parked. */
    public long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT COUNT(*) FROM " + names.table("parked") + " WHERE " + scope)) {
            row.next();
            return row.getLong(1);
        }
    }
}
