package dev.dualwrite.jdbc.control;

import dev.dualwrite.Side;
import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The verifications of a migration, with their progress, on the source (a fixed place: it does not move
 * with ownership). A verification counts only for the capture epoch, the mapping and the two servers that
 * it saw.
 */
public final class VerificationTable {
    private final ControlNames names;

    public VerificationTable(ControlNames names) {
        this.names = names;
    }

    /**
     * One verification.
     *
     * @param run its number
     * @param running whether it is not finished
     * @param follower the side that was compared with its owner
     * @param captureEpoch what it counts for
     * @param mapping a digest of the domain
     * @param sourceUuid the source's server
     * @param targetUuid the target's server
     * @param table where it is, or null before the first
     * @param after the key up to which that table is done
     * @param rows compared so far
     * @param startedAt by the source's clock
     * @param estimate how many there are, about
     * @param marksBefore by the owner's clock: marks older than this are covered when it ends
     */
    public record Verification(
            long run,
            boolean running,
            Side follower,
            long captureEpoch,
            String mapping,
            String sourceUuid,
            String targetUuid,
            @Nullable String table,
            @Nullable Key after,
            long rows,
            long estimate,
            String startedAt,
            @Nullable String marksBefore) {}

    public void start(
            Connection connection,
            long run,
            Side follower,
            long captureEpoch,
            String mapping,
            String sourceUuid,
            String targetUuid,
            String marksBefore,
            long estimate)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("verification")
                + " (migration, run, state, follower, capture_epoch, mapping, source_uuid, target_uuid, started_at,"
                + " marks_before, estimate) VALUES (?, ?, 'RUNNING', ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), ?, ?)")) {
            insert.setString(1, names.migration());
            insert.setLong(2, run);
            insert.setString(3, follower.name());
            insert.setLong(4, captureEpoch);
            insert.setString(5, mapping);
            insert.setString(6, sourceUuid);
            insert.setString(7, targetUuid);
            insert.setString(8, marksBefore);
            insert.setLong(9, estimate);
            insert.executeUpdate();
        }
    }

    /** Moves the progress forward; durable, so that any instance can go on from here. */
    public void advance(Connection connection, long run, String table, @Nullable Key after, long rows)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + names.table("verification")
                + " SET table_name = ?, after_key = ?, row_count = ? WHERE migration = ? AND run = ?")) {
            update.setString(1, table);
            update.setBytes(2, after == null ? null : after.encode());
            update.setLong(3, rows);
            update.setString(4, names.migration());
            update.setLong(5, run);
            update.executeUpdate();
        }
    }

    /** Every row was compared, and decided. */
    public void finish(Connection connection, long run, long rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE " + names.table("verification")
                    + " SET state = 'DONE', row_count = " + rows
                    + ", finished_at = UTC_TIMESTAMP(6) WHERE migration = '" + names.migration()
                    + "' AND run = " + run);
        }
    }

    /** The newest verification. */
    public Optional<Verification> newest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT run, state, follower, capture_epoch, mapping, source_uuid, target_uuid, table_name,"
                                + " after_key, row_count, estimate, started_at, marks_before FROM "
                                + names.table("verification") + " WHERE migration = '" + names.migration()
                                + "' ORDER BY run DESC LIMIT 1")) {
            if (!row.next()) {
                return Optional.empty();
            }
            byte[] after = row.getBytes(9);
            return Optional.of(new Verification(
                    row.getLong(1),
                    row.getString(2).equals("RUNNING"),
                    Side.valueOf(row.getString(3)),
                    row.getLong(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    after == null ? null : Key.decode(after),
                    row.getLong(10),
                    row.getLong(11),
                    row.getString(12),
                    row.getString(13)));
        }
    }

    /** No verification of before counts any more. */
    public void distrust(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE " + names.table("verification")
                    + " SET capture_epoch = -1 WHERE migration = '" + names.migration() + "'");
        }
    }

    /** How long ago a verification began. */
    public Duration age(Connection connection, long run) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(6)) FROM "
                                + names.table("verification") + " WHERE migration = '" + names.migration()
                                + "' AND run = " + run)) {
            return row.next() ? Duration.of(row.getLong(1), ChronoUnit.MICROS) : Duration.ZERO;
        }
    }

    /** Forgets all but the newest runs. */
    public void purge(Connection connection, long keepFrom) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("verification") + " WHERE migration = '"
                    + names.migration() + "' AND run < " + keepFrom);
        }
    }
}
