package dev.dualwrite.jdbc.control;

import dev.dualwrite.jdbc.schema.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What this side's server was seen to run with, per start of the server. A start that was once seen with
 * weak durability, and is over, may have lost committed rows: what was verified before is void (design,
 * section 3.1a).
 */
public final class AttestationTable {
    private final ControlNames names;
    private final Dialect dialect;

    public AttestationTable(ControlNames names, Dialect dialect) {
        this.names = names;
        this.dialect = dialect;
    }

    /**
     * A server as it is now.
     *
     * @param uuid which one
     * @param bootAt when it started, to the second, by its own clock
     * @param weak the settings that let a committed row vanish, empty if there are none
     */
    public record Server(String uuid, String bootAt, String weak) {}

    /** Asks the server. */
    public Server look(Connection connection) throws SQLException {
        long uptime;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Uptime'")) {
            row.next();
            uptime = row.getLong(2);
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + dialect.identity()
                        + ", CAST(UTC_TIMESTAMP() - INTERVAL " + uptime
                        + " SECOND AS CHAR), @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.sync_binlog,"
                        + " @@GLOBAL.log_bin")) {
            row.next();
            StringBuilder weak = new StringBuilder();
            if (row.getInt(3) != 1) {
                weak.append("innodb_flush_log_at_trx_commit=").append(row.getInt(3));
            }
            if (row.getInt(5) != 0 && row.getInt(4) != 1) {
                weak.append(weak.length() == 0 ? "" : ", ")
                        .append("sync_binlog=")
                        .append(row.getInt(4));
            }
            return new Server(row.getString(1), row.getString(2), weak.toString());
        }
    }

    /** Notes what was seen. The start of a server is computed to the second, so one start may differ by one. */
    public void attest(Connection connection, Server server) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + names.table("attestation")
                + " SET seen_at = UTC_TIMESTAMP(6), weak = CASE WHEN ? = '' THEN weak ELSE ? END"
                + " WHERE migration = ? AND side = ? AND server_uuid = ?"
                + " AND ABS(TIMESTAMPDIFF(SECOND, boot_at, ?)) <= 1")) {
            update.setString(1, server.weak());
            update.setString(2, server.weak());
            update.setString(3, names.migration());
            update.setString(4, names.side().name());
            update.setString(5, server.uuid());
            update.setString(6, server.bootAt());
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT IGNORE INTO " + names.table("attestation")
                + " (migration, side, boot_at, server_uuid, weak, seen_at) VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(6))")) {
            insert.setString(1, names.migration());
            insert.setString(2, names.side().name());
            insert.setString(3, server.bootAt());
            insert.setString(4, server.uuid());
            insert.setString(5, server.weak());
            insert.executeUpdate();
        }
    }

    /**
     * Starts of the server that are over and were seen weak or seen within {@code age}: each may have lost
     * what was committed in it.
     *
     * @param now the running start
     * @param age how long ago the time of interest was; two servers' clocks are never compared
     */
    public List<String> lostSince(Connection connection, Server now, Duration age) throws SQLException {
        List<String> lost = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT boot_at, weak FROM "
                + names.table("attestation")
                + " WHERE migration = ? AND side = ? AND weak <> '' AND seen_at >= UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND"
                + " AND ABS(TIMESTAMPDIFF(SECOND, boot_at, ?)) > 1")) {
            select.setString(1, names.migration());
            select.setString(2, names.side().name());
            select.setLong(3, age.toNanos() / 1000);
            select.setString(4, now.bootAt());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lost.add(
                            "restarted after running with " + row.getString(2) + " (started " + row.getString(1) + ")");
                }
            }
        }
        return lost;
    }

    /**
     * Forgets starts of the server that were never seen weak and have not been seen for longer: nobody asks for them. A
     * weak one stays, for a verification of any age may be older.
     */
    public void purge(Connection connection, Duration unseen) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("attestation") + " WHERE migration = '"
                    + names.migration() + "' AND side = '" + names.side()
                    + "' AND weak = '' AND seen_at < UTC_TIMESTAMP(6) - INTERVAL " + unseen.toSeconds() + " SECOND");
        }
    }
}
