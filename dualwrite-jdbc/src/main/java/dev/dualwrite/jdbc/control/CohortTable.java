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

    private double locked(Connection connection) throws SQLException {
        insert(connection, SALT, UUID.randomUUID().toString(), "");
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT attribute, member FROM " + names.table("cohort")
                        + " WHERE migration = '" + names.migration() + "' AND attribute IN ('" + SALT + "', '" + PERCENT
                        + "') FOR UPDATE")) {
            double percent = 0;
            while (row.next()) {
                if (row.getString(1).equals(PERCENT)) {
                    percent = Double.parseDouble(row.getString(2));
                }
            }
            return percent;
        }
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

    /** There is one salt, and of any other attribute each member once. */
    private void insert(Connection connection, String attribute, String member, String by) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("cohort")
                + " (migration, attribute, member, added_at, added_by) SELECT ?, ?, ?, UTC_TIMESTAMP(6), ? FROM DUAL"
                + " WHERE NOT EXISTS (SELECT 1 FROM " + names.table("cohort")
                + " c WHERE c.migration = ? AND c.attribute = ? AND (c.member = ? OR ? = '" + SALT + "'))")) {
            insert.setString(1, names.migration());
            insert.setString(2, attribute);
            insert.setString(3, member);
            insert.setString(4, by);
            insert.setString(5, names.migration());
            insert.setString(6, attribute);
            insert.setString(7, member);
            insert.setString(8, attribute);
            insert.executeUpdate();
        }
    }
}
