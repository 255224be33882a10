package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares tables of two databases row by row, both ways, by the servers' own text or bytes of every
 * column. Shares no code with the library: it is the other opinion.
 */
public final class Parity {
    private Parity() {}

    /**
     * The differences of these tables, in words: rows that only one side has, by their whole image.
     *
     * @param limit how many to tell
     * @return empty if the tables are identical
     */
    public static List<String> differences(Connection source, Connection target, List<String> tables, int limit)
            throws SQLException {
        return differences(source, target, tables, Map.of(), limit);
    }

    /** As {@link #differences(Connection, Connection, List, int)}, without the rows of some keys of each table. */
    static List<String> differences(
            Connection source,
            Connection target,
            List<String> tables,
            Map<String, List<List<String>>> without,
            int limit)
            throws SQLException {
        List<String> differences = new ArrayList<>();
        for (String table : tables) {
            Map<String, Integer> counts = new TreeMap<>();
            List<List<String>> keys = without.getOrDefault(table, List.of());
            rows(source, table, keys).forEach(row -> counts.merge(row, 1, Integer::sum));
            rows(target, table, keys).forEach(row -> counts.merge(row, -1, Integer::sum));
            counts.forEach((row, count) -> {
                if (count != 0 && differences.size() < limit) {
                    differences.add(table + ": only on the " + (count > 0 ? "source" : "target") + ": " + row);
                }
            });
        }
        return differences;
    }

    /** All rows of a table, each as one text that differs if any byte of any column does. */
    public static List<String> rows(Connection connection, String table) throws SQLException {
        return rows(connection, table, List.of());
    }

    private static List<String> rows(Connection connection, String table, List<List<String>> without)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION time_zone = '+00:00'");
        }
        List<String> expressions = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (PreparedStatement columns =
                connection.prepareStatement("SELECT column_name, data_type FROM information_schema.columns"
                        + " WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position")) {
            columns.setString(1, table);
            try (ResultSet row = columns.executeQuery()) {
                while (row.next()) {
                    String quoted = quoted(row.getString(1));
                    names.add(row.getString(1));
                    expressions.add(
                            switch (row.getString(2)) {
                                case "float" -> "CAST(CAST(" + quoted + " AS DOUBLE) AS CHAR)";
                                case "tinyint",
                                        "smallint",
                                        "mediumint",
                                        "int",
                                        "bigint",
                                        "decimal",
                                        "double",
                                        "year",
                                        "date",
                                        "time",
                                        "datetime",
                                        "timestamp" -> "CAST(" + quoted + " AS CHAR)";
                                default -> "HEX(" + quoted + ")";
                            });
                }
            }
        }
        if (expressions.isEmpty()) {
            throw new IllegalArgumentException("there is no table " + table + " in " + connection.getCatalog());
        }
        String select = "SELECT " + String.join(", ", expressions) + " FROM " + quoted(table);
        if (!without.isEmpty()) {
            String key = "(" + String.join(" AND ", equalities(connection, table)) + ")";
            select += " WHERE NOT (" + String.join(" OR ", Collections.nCopies(without.size(), key)) + ")";
        }
        List<String> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            int parameter = 1;
            for (List<String> key : without) {
                for (String value : key) {
                    statement.setString(parameter++, value);
                }
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < names.size(); i++) {
                        text.append(i == 0 ? "" : " ")
                                .append(names.get(i))
                                .append('=')
                                .append(row.getString(i + 1));
                    }
                    rows.add(text.toString());
                }
            }
        }
        return rows;
    }

    /** For each column of the primary key, that it equals a text; equality is the column's own. */
    private static List<String> equalities(Connection connection, String table) throws SQLException {
        List<String> equalities = new ArrayList<>();
        try (PreparedStatement columns = connection.prepareStatement("""
                SELECT c.column_name, c.data_type FROM information_schema.statistics s
                  JOIN information_schema.columns c ON c.table_schema = s.table_schema
                   AND c.table_name = s.table_name AND c.column_name = s.column_name
                 WHERE s.table_schema = DATABASE() AND s.table_name = ? AND s.index_name = 'PRIMARY'
                 ORDER BY s.seq_in_index""")) {
            columns.setString(1, table);
            try (ResultSet row = columns.executeQuery()) {
                while (row.next()) {
                    equalities.add(quoted(row.getString(1))
                            + switch (row.getString(2)) {
                                case "tinyint", "smallint", "mediumint", "int", "bigint", "year" ->
                                    " = CAST(? AS DECIMAL(65,0))";
                                case "decimal" -> " = CAST(? AS DECIMAL(65,30))";
                                case "binary", "varbinary" -> " = UNHEX(?)";
                                default -> " = ?";
                            });
                }
            }
        }
        return equalities;
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
