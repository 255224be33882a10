package dev.dualwrite.jdbc.control;

import dev.dualwrite.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A count that every instance raises about once a second on this side, and how far it had come on the other side. A
 * database that stands lower than the other one remembers is an older copy, though it may say that it is the same
 * server at the same epoch (design, section 3.1a). Thread-safe.
 */
public final class PulseTable {
    /** An accepted copy starts so far above everything that may have been remembered of it. */
    private static final long GENERATION = 1_000_000_000L;

    private final ControlNames names;

    public PulseTable(ControlNames names) {
        this.names = names;
    }

    /**
     * What stands here.
     *
     * @param here this side's own; negative if it was found to have fallen back
     * @param there the other side's, as it was remembered here
     */
    public record Pulse(long here, long there) {}

    public Pulse read(Connection connection) throws SQLException {
        long here = 0;
        long there = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT of_side, beats FROM " + names.table("pulse")
                        + " WHERE migration = '" + names.migration() + "' AND side = '" + names.side() + "'")) {
            while (row.next()) {
                if (row.getString(1).equals(names.side().name())) {
                    here = row.getLong(2);
                } else {
                    there = row.getLong(2);
                }
            }
        }
        return new Pulse(here, there);
    }

    /** Raises this side's own by one. */
    public void beat(Connection connection) throws SQLException {
        set(connection, names.side(), "beats + 1");
    }

    /** Remembers how far the other side has come. Only of what was read there, committed. */
    public void remember(Connection connection, long there) throws SQLException {
        set(connection, names.side().other(), "GREATEST(beats, " + there + ")");
    }

    /**
     * Says on this side that it was found to have fallen back: it is negative until it is accepted. Unless somebody has
     * accepted it since it was read.
     */
    public void fellBack(Connection connection, long seen) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE " + names.table("pulse") + " SET beats = -" + GENERATION + " WHERE "
                    + key(names.side()) + " AND beats BETWEEN 0 AND " + seen);
        }
    }

    /** Trusts this side as it is: nothing that is remembered of it is above it any more. */
    public void accept(Connection connection, long remembered) throws SQLException {
        set(connection, names.side(), "GREATEST(beats, " + remembered + ", 0) + " + GENERATION);
    }

    private String key(Side of) {
        return "migration = '" + names.migration() + "' AND side = '" + names.side() + "' AND of_side = '" + of + "'";
    }

    private void set(Connection connection, Side of, String beats) throws SQLException {
        String update = "UPDATE " + names.table("pulse") + " SET beats = " + beats + " WHERE " + key(of);
        try (Statement statement = connection.createStatement()) {
            if (statement.executeUpdate(update) == 0) {
                statement.executeUpdate("INSERT IGNORE INTO " + names.table("pulse")
                        + " (migration, side, of_side, beats) VALUES ('" + names.migration() + "', '" + names.side()
                        + "', '" + of + "', 0)");
                statement.executeUpdate(update);
            }
        }
    }
}
