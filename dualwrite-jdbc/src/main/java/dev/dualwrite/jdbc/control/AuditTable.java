package dev.dualwrite.jdbc.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was done to a migration, by whom and when; rows are only added. */
public final class AuditTable {
    private static final int DETAIL = 2000;

    private final ControlNames names;

    public AuditTable(ControlNames names) {
        this.names = names;
    }

    /** One row; the time is UTC by the server that the row stands on. */
    public record Entry(String at, String side, long epoch, String event, String instance, String detail) {}

    public void add(Connection connection, long epoch, String event, String instance, String detail)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("audit")
                + " (migration, id, at, epoch, event, instance, detail) VALUES (?, ?, UTC_TIMESTAMP(6), ?, ?, ?, ?)")) {
            insert.setString(1, names.migration());
            insert.setBytes(2, IntentIds.next());
            insert.setLong(3, epoch);
            insert.setString(4, event);
            insert.setString(5, instance);
            insert.setString(6, detail.length() > DETAIL ? detail.substring(0, DETAIL) : detail);
            insert.executeUpdate();
        }
    }

    /** The newest rows, oldest of them first. */
    public List<Entry> tail(Connection connection, int limit) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT * FROM (SELECT at, epoch, event, instance, detail, id FROM "
                                + names.table("audit") + " WHERE migration = '" + names.migration()
                                + "' ORDER BY at DESC, id DESC LIMIT " + limit + ") newest ORDER BY at, id")) {
            while (row.next()) {
                entries.add(new Entry(
                        row.getString(1),
                        names.side().name(),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)));
            }
        }
        return entries;
    }

    /** Forgets rows that are older. */
    public void purge(Connection connection, Duration age) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("audit") + " WHERE migration = '" + names.migration()
                    + "' AND at < UTC_TIMESTAMP(6) - INTERVAL " + age.toDays() + " DAY");
        }
    }
}
