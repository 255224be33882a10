package dev.dualwrite.jdbc.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The registry of instances on one side. An instance is alive by the server's clock: its heartbeat is not
 * older than a few beats.
 */
public final class InstanceTable {
    private final ControlNames names;

    public InstanceTable(ControlNames names) {
        this.names = names;
    }

    /**
     * What an instance writes down of itself.
     *
     * @param instance its name
     * @param epoch that it acts by
     * @param configuration digest of what has to be the same everywhere
     * @param cohortFunction by which it draws shares of readers
     * @param version of the library
     * @param writes transactions whose changes it has captured since it started
     */
    public record Beat(
            String instance, long epoch, String configuration, String cohortFunction, String version, long writes) {}

    /**
     * An instance as it last wrote itself down.
     *
     * @param beat what it wrote
     * @param up for how long it had run by then
     * @param silent since when it has not written
     * @param ahead by how much its clock was ahead of the server's
     * @param excluded by whom and why, if an operator has said that it is gone
     */
    public record Instance(Beat beat, Duration up, Duration silent, Duration ahead, Optional<String> excluded) {
        public String name() {
            return beat.instance();
        }

        public long epoch() {
            return beat.epoch();
        }
    }

    /** Writes the heartbeat. Whoever is excluded and goes on is there again. */
    public void beat(Connection connection, Beat beat) throws SQLException {
        long ahead = ahead(connection);
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + names.table("instance")
                + " SET epoch = ?, configuration = ?, cohort_function = ?, version = ?, writes = ?, skew_micros = ?,"
                + " excluded = NULL, heartbeat_at = UTC_TIMESTAMP(6) WHERE migration = ? AND instance = ?")) {
            set(update, beat, ahead);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("instance")
                + " (epoch, configuration, cohort_function, version, writes, skew_micros, migration, instance,"
                + " started_at, heartbeat_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))")) {
            set(insert, beat, ahead);
            insert.executeUpdate();
        }
    }

    private void set(PreparedStatement statement, Beat beat, long ahead) throws SQLException {
        statement.setLong(1, beat.epoch());
        statement.setString(2, beat.configuration());
        statement.setString(3, beat.cohortFunction());
        statement.setString(4, beat.version());
        statement.setLong(5, beat.writes());
        statement.setLong(6, ahead);
        statement.setString(7, names.migration());
        statement.setString(8, beat.instance());
    }

    /** Microseconds by which this process's clock is ahead of the server's: good to half of the way there and back. */
    private static long ahead(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Instant before = Instant.now();
            try (ResultSet row = statement.executeQuery(
                    "SELECT TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', UTC_TIMESTAMP(6))")) {
                Instant after = Instant.now();
                row.next();
                Instant here = before.plus(Duration.between(before, after).dividedBy(2));
                return ChronoUnit.MICROS.between(Instant.EPOCH, here) - row.getLong(1);
            }
        }
    }

    /** All instances that are registered. */
    public List<Instance> list(Connection connection) throws SQLException {
        List<Instance> instances = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT instance, epoch, configuration, cohort_function, version,"
                                + " writes, TIMESTAMPDIFF(MICROSECOND, started_at, heartbeat_at),"
                                + " TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(6)), skew_micros, excluded FROM "
                                + names.table("instance") + " WHERE migration = '" + names.migration()
                                + "' ORDER BY instance")) {
            while (row.next()) {
                instances.add(new Instance(
                        new Beat(
                                row.getString(1),
                                row.getLong(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getLong(6)),
                        Duration.of(row.getLong(7), ChronoUnit.MICROS),
                        Duration.of(row.getLong(8), ChronoUnit.MICROS),
                        Duration.of(row.getLong(9), ChronoUnit.MICROS),
                        Optional.ofNullable(row.getString(10))));
            }
        }
        return instances;
    }

    /**
     * Notes that an instance is gone, if it has been silent for so long.
     *
     * @return whether there is one that has
     */
    public boolean exclude(Connection connection, String instance, Duration silent, String why) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + names.table("instance")
                + " SET excluded = ? WHERE migration = ? AND instance = ? AND heartbeat_at < UTC_TIMESTAMP(6) - INTERVAL "
                + silent.toNanos() / 1000 + " MICROSECOND")) {
            update.setString(1, why);
            update.setString(2, names.migration());
            update.setString(3, instance);
            return update.executeUpdate() == 1;
        }
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
