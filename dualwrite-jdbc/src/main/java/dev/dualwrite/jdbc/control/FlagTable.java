package dev.dualwrite.jdbc.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The operator's flags in the database: name and value. They ask; the fence decides. */
public final class FlagTable {
    private final ControlNames names;

    public FlagTable(ControlNames names) {
        this.names = names;
    }

    /** All flags that are set. */
    public Map<String, String> read(Connection connection) throws SQLException {
        Map<String, String> flags = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name, flag_value FROM " + names.table("flag")
                        + " WHERE migration = '" + names.migration() + "'")) {
            while (row.next()) {
                flags.put(row.getString(1), row.getString(2));
            }
        }
        return flags;
    }

    /** Sets a flag. */
    public void set(Connection connection, String name, String value, String by) throws SQLException {
        clear(connection, name);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("flag")
                + " (migration, name, flag_value, changed_at, changed_by) VALUES (?, ?, ?, UTC_TIMESTAMP(6), ?)")) {
            insert.setString(1, names.migration());
            insert.setString(2, name);
            insert.setString(3, value);
            insert.setString(4, by);
            insert.executeUpdate();
        }
    }

    /** Takes a flag away. */
    public void clear(Connection connection, String name) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM " + names.table("flag") + " WHERE migration = ? AND name = ?")) {
            delete.setString(1, names.migration());
            delete.setString(2, name);
            delete.executeUpdate();
        }
    }

    /** Takes a flag away, if it still has this value. */
    public void clear(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM " + names.table("flag") + " WHERE migration = ? AND name = ? AND flag_value = ?")) {
            delete.setString(1, names.migration());
            delete.setString(2, name);
            delete.setString(3, value);
            delete.executeUpdate();
        }
    }
}
