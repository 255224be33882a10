package dev.dualwrite.jdbc.control;

import dev.dualwrite.key.Lanes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The lanes on a follower. Each is a row; whoever writes a unit holds its lane's row exclusively. */
public final class LaneTable {
    private final ControlNames names;

    public LaneTable(ControlNames names) {
        this.names = names;
    }

    /** Puts the rows that are missing. */
    public void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + names.table("lane")
                    + " WHERE migration = '" + names.migration() + "' AND side = '" + names.side() + "'")) {
                count.next();
                if (count.getInt(1) == Lanes.COUNT) {
                    return;
                }
            }
            StringBuilder sql = new StringBuilder("INSERT IGNORE INTO ")
                    .append(names.table("lane"))
                    .append(" (migration, side, lane) VALUES ");
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                sql.append(lane == 0 ? "('" : ", ('")
                        .append(names.migration())
                        .append("', '")
                        .append(names.side())
                        .append("', ")
                        .append(lane)
                        .append(')');
            }
            statement.executeUpdate(sql.toString());
        }
    }

    /** Locks these lanes until the transaction ends, in ascending order, waiting for each. */
    public Set<Integer> lock(Connection connection, Collection<Integer> lanes) throws SQLException {
        return lock(connection, lanes, "");
    }

    /** Locks those of these lanes that are free. */
    public Set<Integer> lockFree(Connection connection, Collection<Integer> lanes) throws SQLException {
        return lock(connection, lanes, " SKIP LOCKED");
    }

    /**
     * By full primary key, joined against the list: {@code IN (…)} on a small table scans it, and waits on
     * lanes that nobody asked for (measured, design section 2.2).
     */
    private Set<Integer> lock(Connection connection, Collection<Integer> lanes, String how) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT l.lane FROM (");
        int n = 0;
        for (int lane : new TreeSet<>(lanes)) {
            sql.append(n++ == 0 ? "SELECT " : " UNION ALL SELECT ").append(lane).append(n == 1 ? " AS n" : "");
        }
        sql.append(") k STRAIGHT_JOIN ")
                .append(names.table("lane"))
                .append(" l FORCE INDEX (PRIMARY) ON l.migration = '")
                .append(names.migration())
                .append("' AND l.side = '")
                .append(names.side())
                .append("' AND l.lane = k.n FOR UPDATE")
                .append(how);
        Set<Integer> locked = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql.toString())) {
            while (row.next()) {
                locked.add(row.getInt(1));
            }
        }
        return locked;
    }
}
