package dev.dualwrite.jdbc.control;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which tables a migration moves on this side, so that no other one takes them as well. What a migration says here counts
 * while its fence row stands beside it. Thread-safe.
 */
public final class MovedTable {
    private final ControlNames names;

    public MovedTable(ControlNames names) {
        this.names = names;
    }

    /**
     * A table that another migration moves.
     *
     * @param table in lower case
     * @param migration that moves it
     * @param why it does so now
     */
    public record Taken(String table, String migration, String why) {
        @Override
        public String toString() {
            return table + " by the migration '" + migration + "', " + why;
        }
    }

    /**
     * Those of the tables that another migration moves now: it captures changes on this side, or has copied to it and runs.
     *
     * @param silent for how long a running instance may not have been heard of
     */
    public List<Taken> taken(Connection connection, Collection<String> tables, Duration silent) throws SQLException {
        Set<String> wanted = lower(tables);
        List<Taken> taken = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT m.table_name, m.migration, f.state, f.phase,"
                        + " (SELECT MIN(i.instance) FROM " + names.table("instance")
                        + " i WHERE i.migration = m.migration AND i.heartbeat_at > UTC_TIMESTAMP(6) - INTERVAL "
                        + silent.toNanos() / 1000 + " MICROSECOND AND EXISTS (SELECT 1 FROM "
                        + names.table("backfill_chunk")
                        + " c WHERE c.migration = m.migration AND c.side = m.side)) FROM " + names.table("moved")
                        + " m JOIN "
                        + names.table("fence") + " f ON f.migration = m.migration AND f.side = m.side"
                        + " WHERE m.migration <> ? ORDER BY m.table_name, m.migration")) {
            select.setString(1, names.migration());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (!wanted.contains(row.getString(1))) {
                        continue;
                    }
                    // a side that follows does not know the phase
                    boolean captures =
                            !row.getString(3).equals(FenceState.CLOSED.name()) && capturing(row.getString(4));
                    String instance = row.getString(5);
                    if (captures || instance != null) {
                        taken.add(new Taken(
                                row.getString(1),
                                row.getString(2),
                                captures
                                        ? "which is in " + row.getString(4)
                                        : "which was copied to it, and of which " + instance + " runs"));
                    }
                }
            }
        }
        return taken;
    }

    /** Says that these are the tables of this migration. Writes nothing if that is said already. */
    public void put(Connection connection, Collection<String> tables) throws SQLException {
        Set<String> wanted = lower(tables);
        Set<String> there = new HashSet<>();
        String own = " WHERE migration = '" + names.migration() + "' AND side = '" + names.side() + "'";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name FROM " + names.table("moved") + own)) {
            while (row.next()) {
                there.add(row.getString(1));
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT IGNORE INTO " + names.table("moved")
                        + " (migration, side, table_name) VALUES ('" + names.migration() + "', '" + names.side()
                        + "', ?)");
                PreparedStatement delete = connection.prepareStatement(
                        "DELETE FROM " + names.table("moved") + own + " AND table_name = ?")) {
            for (String table : wanted) {
                if (!there.contains(table)) {
                    insert.setString(1, table);
                    insert.executeUpdate();
                }
            }
            for (String table : there) {
                if (!wanted.contains(table)) {
                    delete.setString(1, table);
                    delete.executeUpdate();
                }
            }
        }
    }

    private static Set<String> lower(Collection<String> tables) {
        Set<String> lower = new HashSet<>();
        tables.forEach(table -> lower.add(table.toLowerCase(Locale.ROOT)));
        return lower;
    }

    /** A phase that this version does not know may capture. */
    private static boolean capturing(String phase) {
        return Arrays.stream(Phase.values())
                .filter(one -> one.name().equals(phase))
                .findFirst()
                .map(Phase::capturing)
                .orElse(true);
    }
}
