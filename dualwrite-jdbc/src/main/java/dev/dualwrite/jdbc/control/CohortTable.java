package dev.dualwrite.jdbc.control;

import dev.dualwrite.Cohort;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Whose reads go to the target: rows that are added until all are taken away. It stands on the source, which owns while it
 * counts.
 */
public final class CohortTable {
    /** Of the row whose member is the salt. */
    private static final String SALT = "salt";

    /** Of the row that is locked by whoever raises the share. */
    private static final String MUTEX = "growing";

    /** Of the row whose member is the share. */
    private static final String PERCENT = "percent";

    private final ControlNames names;

    public CohortTable(ControlNames names) {
        this.names = names;
    }

    /** The cohort as it is. */
    public Cohort read(Connection connection) throws SQLException {
        String salt = "";
        double percent = 0;
        Map<String, Set<String>> members = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT attribute, member FROM " + names.table("cohort")
                        + " WHERE migration = '" + names.migration() + "'")) {
            while (row.next()) {
                switch (row.getString(1)) {
                    case SALT -> salt = row.getString(2);
                    case MUTEX -> {
                        // says nothing
                    }
                    case PERCENT -> percent = Double.parseDouble(row.getString(2));
                    default ->
                        members.computeIfAbsent(row.getString(1), attribute -> new HashSet<>())
                                .add(row.getString(2));
                }
            }
        }
        return new Cohort(salt, percent, members);
    }

    /** Adds whoever has one of these values. */
    public void add(Connection connection, String attribute, Set<String> values, String by) throws SQLException {
        for (String value : values) {
            insert(connection, attribute, value, by);
        }
    }

    /**
     * Raises the share of all. A smaller one than it is changes nothing.
     *
     * @return whether it was raised
     */
    public boolean raise(Connection connection, double percent, String by) throws SQLException {
        double before = locked(connection);
        if (percent <= before) {
            return false;
        }
        delete(connection, " AND attribute = '" + PERCENT + "'");
        insert(connection, PERCENT, String.valueOf(percent), by);
        return true;
    }

    /** Nobody else grows it until the transaction ends; and there is a salt, one. */
    private double locked(Connection connection) throws SQLException {
        try (PreparedStatement mutex = connection.prepareStatement("INSERT INTO " + names.table("cohort")
                + " (migration, attribute, member, added_at, added_by) VALUES (?, '" + MUTEX
                + "', '', UTC_TIMESTAMP(6), '') ON DUPLICATE KEY UPDATE added_at = UTC_TIMESTAMP(6)")) {
            mutex.setString(1, names.migration());
            mutex.executeUpdate();
        }
        double percent = 0;
        boolean salted = false;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT attribute, member FROM " + names.table("cohort")
                        + " WHERE migration = '" + names.migration() + "' AND attribute IN ('" + SALT + "', '" + PERCENT
                        + "') FOR UPDATE")) {
            while (row.next()) {
                if (row.getString(1).equals(PERCENT)) {
                    percent = Double.parseDouble(row.getString(2));
                } else {
                    salted = true;
                }
            }
        }
        if (!salted) {
            insert(connection, SALT, UUID.randomUUID().toString(), "");
        }
        return percent;
    }

    /** Takes everybody out. The next shares are drawn anew. */
    public void reset(Connection connection) throws SQLException {
        delete(connection, "");
    }

    private void delete(Connection connection, String also) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "DELETE FROM " + names.table("cohort") + " WHERE migration = '" + names.migration() + "'" + also);
        }
    }

    /** Each member once. */
    private void insert(Connection connection, String attribute, String member, String by) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT IGNORE INTO " + names.table("cohort")
                + " (migration, attribute, member, added_at, added_by) VALUES (?, ?, ?, UTC_TIMESTAMP(6), ?)")) {
            insert.setString(1, names.migration());
            insert.setString(2, attribute);
            insert.setString(3, member);
            insert.setString(4, by);
            insert.executeUpdate();
        }
    }
}
