package dev.dualwrite.jdbc.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The registry of instances on one side. An instance is alive by the server's clock: its heartbeat is not
 * older than a few beats.
 */
public final class InstanceTable {
    private final ControlNames names;

    public InstanceTable(ControlNames names) {
        this.names = names;
    }

    /** An instance as it last wrote itself down. */
    public record Instance(String name, long epoch, String configuration, String version, Duration silent) {}

    /** Writes the heartbeat, with the epoch that this instance acts by. */
    public void beat(Connection connection, String instance, long epoch, String configuration, String version)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + names.table("instance")
                + " SET epoch = ?, configuration = ?, version = ?, heartbeat_at = UTC_TIMESTAMP(6)"
                + " WHERE migration = ? AND instance = ?")) {
            update.setLong(1, epoch);
            update.setString(2, configuration);
            update.setString(3, version);
            update.setString(4, names.migration());
            update.setString(5, instance);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("instance")
                + " (migration, instance, epoch, configuration, version, started_at, heartbeat_at)"
                + " VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))")) {
            insert.setString(1, names.migration());
            insert.setString(2, instance);
            insert.setLong(3, epoch);
            insert.setString(4, configuration);
            insert.setString(5, version);
            insert.executeUpdate();
        }
    }

    /** All instances that are registered. */
    public List<Instance> list(Connection connection) throws SQLException {
        List<Instance> instances = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT instance, epoch, configuration, version,"
                        + " TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(6)) FROM "
                        + names.table("instance") + " WHERE migration = '" + names.migration()
                        + "' ORDER BY instance")) {
            while (row.next()) {
                instances.add(new Instance(
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        Duration.of(row.getLong(5), ChronoUnit.MICROS)));
            }
        }
        return instances;
    }

    /** Signs an instance off. */
    public void remove(Connection connection, String instance) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM " + names.table("instance") + " WHERE migration = ? AND instance = ?")) {
            delete.setString(1, names.migration());
            delete.setString(2, instance);
            delete.executeUpdate();
        }
    }

    /** Forgets instances that have been silent for longer. */
    public void purge(Connection connection, Duration silent) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("instance") + " WHERE migration = '"
                    + names.migration() + "' AND heartbeat_at < UTC_TIMESTAMP(6) - INTERVAL "
                    + silent.toSeconds() + " SECOND");
        }
    }
}
