package dev.dualwrite.jdbc.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A server's own counts of what was written to tables, by whom ever. They tell less than its log: what was rolled back is counted
 * as well, and what was written before they are read first is not, whenever it is committed.
 *
 * @param question how this server is asked; empty if it does not tell
 */
public record WriteCounters(String question) {
    /** Before a server was asked. */
    public static final WriteCounters UNKNOWN = new WriteCounters("");

    /** Of the performance schema, which counts reads beside, and of MariaDB, while {@code userstat} is on. */
    private static final List<String> QUESTIONS = List.of(
            "SELECT LOWER(object_name), count_write, count_star FROM performance_schema.table_io_waits_summary_by_table"
                    + " WHERE object_type = 'TABLE' AND object_schema = ? AND object_name IN (",
            "SELECT LOWER(table_name), rows_changed, rows_changed + rows_read FROM information_schema.table_statistics"
                    + " WHERE table_schema = ? AND table_name IN (");

    /** The account may not read it, or the server has none. */
    private static final Set<Integer> NOT_TOLD = Set.of(1142, 1044, 1227, 1146, 1109);

    /** Finds out how a server tells of these tables; one that has counted nothing of any of them, not even reads, does not count. */
    public static WriteCounters learn(Connection connection, String schema, Collection<String> tables)
            throws SQLException {
        for (String question : QUESTIONS) {
            try {
                if (ask(connection, question, schema, tables, 3).values().stream()
                        .anyMatch(count -> count > 0)) {
                    return new WriteCounters(question);
                }
            } catch (SQLException e) {
                if (!NOT_TOLD.contains(e.getErrorCode())) {
                    throw e;
                }
            }
        }
        return UNKNOWN;
    }

    /** Whether it is known how to ask. */
    public boolean known() {
        return !question.isEmpty();
    }

    /** How often each of these tables was written so far, by its name in lower case; nothing if the server does not tell. */
    public Map<String, Long> read(Connection connection, String schema, Collection<String> tables) throws SQLException {
        return known() ? ask(connection, question, schema, tables, 2) : Map.of();
    }

    /** The tables that were written between two readings. */
    public static Set<String> changed(Map<String, Long> before, Map<String, Long> after) {
        Set<String> changed = new TreeSet<>();
        after.forEach((table, count) -> {
            if (count > before.getOrDefault(table, 0L)) {
                changed.add(table);
            }
        });
        return changed;
    }

    private static Map<String, Long> ask(
            Connection connection, String question, String schema, Collection<String> tables, int column)
            throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        String places = String.join(", ", Collections.nCopies(tables.size(), "?"));
        try (PreparedStatement select = connection.prepareStatement(question + places + ")")) {
            select.setQueryTimeout(1);
            select.setString(1, schema);
            int at = 1;
            for (String table : tables) {
                select.setString(++at, table);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.merge(row.getString(1).toLowerCase(Locale.ROOT), row.getLong(column), Long::sum);
                }
            }
        }
        return counts;
    }
}
