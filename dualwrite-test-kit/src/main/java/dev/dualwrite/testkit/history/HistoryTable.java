package dev.dualwrite.testkit.history;

import dev.dualwrite.testkit.oracle.OperationLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of one client, and the statements on it. Each client has its own, so that none waits for a lock of another: steps
 * are done one after the other.
 */
record HistoryTable(String name) {
    /** Keys below this have a row before the migration. */
    static final int THERE_BEFORE = 2;

    /** The trail of such a row. */
    static final String MARK_BEFORE = "0;";

    static HistoryTable of(int client) {
        return new HistoryTable("testkit_history_" + Step.name(client));
    }

    String ddl() {
        return "CREATE TABLE " + name + " (id INT PRIMARY KEY, slot INT NULL, trail VARCHAR(4000) NOT NULL,"
                + " UNIQUE KEY one_slot (slot)) ENGINE=InnoDB;\n";
    }

    String rowsBefore() {
        StringBuilder script = new StringBuilder();
        for (int key = 0; key < THERE_BEFORE; key++) {
            script.append("INSERT INTO ")
                    .append(name)
                    .append(" VALUES (" + key + ", " + key + ", '" + MARK_BEFORE + "');\n");
        }
        return script.toString();
    }

    void watchedBy(OperationLog log) {
        log.trail(name, "CAST(id AS CHAR)", "trail");
    }

    /** A new row. */
    record Fresh(int key, int slot, String mark) {}

    void insert(Connection connection, Fresh row) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(insert())) {
            bind(insert, row);
            expect(insert.executeUpdate(), "insert of " + row.key());
        }
    }

    void insertAll(Connection connection, List<Fresh> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(insert())) {
            for (Fresh row : rows) {
                bind(insert, row);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private String insert() {
        return "INSERT INTO " + name + " (id, slot, trail) VALUES (?, ?, ?)";
    }

    private static void bind(PreparedStatement insert, Fresh row) throws SQLException {
        insert.setInt(1, row.key());
        insert.setInt(2, row.slot());
        insert.setString(3, row.mark());
    }

    void append(Connection connection, int key, String mark) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(append())) {
            update.setString(1, mark);
            update.setInt(2, key);
            expect(update.executeUpdate(), "change of " + key);
        }
    }

    /** As {@link #append}, the same mark to each. */
    void appendToAll(Connection connection, List<Integer> keys, String mark) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(append())) {
            for (int key : keys) {
                update.setString(1, mark);
                update.setInt(2, key);
                update.addBatch();
            }
            for (int count : update.executeBatch()) {
                expect(count, "change in a batch of " + keys);
            }
        }
    }

    private String append() {
        return "UPDATE " + name + " SET trail = CONCAT(trail, ?) WHERE id = ?";
    }

    void delete(Connection connection, int key) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + name + " WHERE id = ?")) {
            delete.setInt(1, key);
            expect(delete.executeUpdate(), "deletion of " + key);
        }
    }

    void changeKey(Connection connection, int from, int to, String mark) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + name + " SET id = ?, trail = CONCAT(trail, ?) WHERE id = ?")) {
            update.setInt(1, to);
            update.setString(2, mark);
            update.setInt(3, from);
            expect(update.executeUpdate(), "change of key " + from + " to " + to);
        }
    }

    void slot(Connection connection, int key, @Nullable Integer slot, String mark) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + name + " SET slot = ?, trail = CONCAT(trail, ?) WHERE id = ?")) {
            update.setObject(1, slot, Types.INTEGER);
            update.setString(2, mark);
            update.setInt(3, key);
            expect(update.executeUpdate(), "change of the slot of " + key);
        }
    }

    private void expect(int changed, String what) {
        if (changed != 1) {
            throw new AssertionError("CONTRADICTION: the client was told that " + changed
                    + " rows changed, not 1, by the " + what + " in " + name);
        }
    }
}
