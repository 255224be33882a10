package dev.dualwrite.jdbc.control;

import dev.dualwrite.jdbc.control.ReadShapeTable.Scope;
import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** In what the answers of both sides differed, row by row; on the source, a fixed place. Holds keys, and no values. Thread-safe. */
public final class ReadDifferenceTable {
    private static final int DETAIL = 1000;

    private final ControlNames names;

    public ReadDifferenceTable(ControlNames names) {
        this.names = names;
    }

    /**
     * A row that differed.
     *
     * @param shape id of the shape of the read
     * @param table that the row is of, if it can be told
     * @param key of the row, with {@code table}
     * @param detail what differs, with masked values
     */
    public record Difference(
            String shape,
            String instance,
            String foundAt,
            @Nullable String table,
            @Nullable Key key,
            String detail) {}

    /** Adds differences; their time is this server's. */
    public void add(Connection connection, Scope scope, List<Difference> differences) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("read_difference")
                + " (migration, run, id, capture_epoch, shape, instance, table_name, key_values, detail, found_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))")) {
            for (Difference difference : differences) {
                Key key = difference.key();
                insert.setString(1, names.migration());
                insert.setLong(2, scope.run());
                insert.setString(3, UUID.randomUUID().toString());
                insert.setLong(4, scope.captureEpoch());
                insert.setString(5, difference.shape());
                insert.setString(6, difference.instance());
                insert.setString(7, difference.table());
                insert.setBytes(8, key == null ? null : key.encode());
                insert.setString(
                        9,
                        difference.detail().length() > DETAIL
                                ? difference.detail().substring(0, DETAIL)
                                : difference.detail());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Those of a run in this capture epoch, oldest first. */
    public List<Difference> list(Connection connection, Scope scope, int limit) throws SQLException {
        List<Difference> differences = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT shape, instance, CAST(found_at AS CHAR), table_name, key_values,"
                                + " detail FROM " + names.table("read_difference") + " WHERE migration = '"
                                + names.migration() + "' AND run = " + scope.run() + " AND capture_epoch = "
                                + scope.captureEpoch() + " ORDER BY found_at, id LIMIT " + limit)) {
            while (row.next()) {
                byte[] key = row.getBytes(5);
                differences.add(new Difference(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        key == null ? null : Key.decode(key),
                        row.getString(6)));
            }
        }
        return differences;
    }

    /** Forgets what is not of this run and capture epoch. */
    public void purge(Connection connection, Scope scope) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("read_difference") + " WHERE migration = '"
                    + names.migration() + "' AND NOT (run = " + scope.run() + " AND capture_epoch = "
                    + scope.captureEpoch() + ") AND found_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY");
        }
    }
}
