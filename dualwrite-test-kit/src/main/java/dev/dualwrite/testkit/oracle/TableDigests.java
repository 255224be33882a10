package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Digests of a table on one side, computed by its server from the same texts and bytes of which {@link TableImage} is made. Ranges
 * of keys are of use where both servers order keys the same; where they may not, all rows are one range. For one thread.
 */
final class TableDigests {
    private static final Set<String> ORDERED = Set.of(
            "tinyint",
            "smallint",
            "mediumint",
            "int",
            "bigint",
            "decimal",
            "char",
            "varchar",
            "binary",
            "varbinary",
            "date",
            "time",
            "datetime",
            "timestamp",
            "year");

    private final Connection connection;
    private final String table;
    private final List<TableImage.Column> columns;
    private final List<TableImage.Column> key;

    private TableDigests(Connection connection, String table, List<TableImage.Column> columns) {
        this.connection = connection;
        this.table = table;
        this.columns = columns;
        this.key = columns.stream()
                .filter(column -> column.key() > 0)
                .sorted(Comparator.comparing(TableImage.Column::key))
                .toList();
    }

    /**
     * What a server says of a range.
     *
     * @param rows in it
     * @param sum of the rows' digests
     * @param without a digest, because the server could not compute it
     */
    record Digest(long rows, String sum, long without) {
        /** In words. */
        Optional<String> difference(Digest target) {
            if (without + target.without > 0) {
                return Optional.of("no digest of " + without + " rows on the source and " + target.without
                        + " on the target, which may be longer than max_allowed_packet");
            }
            if (rows != target.rows) {
                return Optional.of(rows + " rows on the source, " + target.rows + " on the target");
            }
            return sum.equals(target.sum)
                    ? Optional.empty()
                    : Optional.of("other values in the " + rows + " rows of each side");
        }
    }

    /** @throws IllegalArgumentException if there is no such table */
    static TableDigests of(Connection connection, String table) throws SQLException {
        try (Statement session = connection.createStatement()) {
            session.execute("SET SESSION time_zone = '+00:00'");
        }
        return new TableDigests(connection, table, TableImage.columns(connection, table, Set.of()));
    }

    List<TableImage.Column> columns() {
        return columns;
    }

    /** All of it in ranges of so many rows, as they are now; what is beyond the last key belongs to the last one. */
    List<KeyRange> ranges(TableDigests target, int rows) throws SQLException {
        if (key.isEmpty() || !orders().equals(target.orders()) || !ORDERED.containsAll(types())) {
            return List.of(new KeyRange(List.of(), List.of(), List.of()));
        }
        List<KeyRange> ranges = new ArrayList<>();
        List<String> after = List.of();
        Optional<List<String>> end = end(after, rows);
        while (end.isPresent()) {
            ranges.add(new KeyRange(key, after, end.get()));
            after = end.get();
            end = end(after, rows);
        }
        ranges.add(new KeyRange(key, after, List.of()));
        return ranges;
    }

    private List<String> types() {
        return key.stream().map(TableImage.Column::type).toList();
    }

    /** The key by name and collation: two sides with the same order rows alike. */
    private List<String> orders() throws SQLException {
        Map<String, String> collations = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT column_name, collation_name FROM information_schema.columns"
                        + " WHERE table_schema = DATABASE() AND table_name = ?")) {
            select.setString(1, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    collations.put(row.getString(1), String.valueOf(row.getString(2)));
                }
            }
        }
        return key.stream()
                .map(column -> TableMatch.folded(column.name()) + ' ' + collations.get(column.name()))
                .toList();
    }

    /** The key of the last of so many rows, if there are as many. */
    private Optional<List<String>> end(List<String> after, int rows) throws SQLException {
        KeyRange rest = new KeyRange(key, after, List.of());
        try (PreparedStatement select = connection.prepareStatement("SELECT "
                + key.stream().map(TableDigests::text).collect(Collectors.joining(", ")) + from(rest) + " ORDER BY "
                + key.stream().map(column -> TableImage.quoted(column.name())).collect(Collectors.joining(", "))
                + " LIMIT 1 OFFSET " + (rows - 1))) {
            bind(select, rest);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= key.size(); i++) {
                    values.add(row.getString(i));
                }
                return Optional.of(values);
            }
        }
    }

    private static String text(TableImage.Column column) {
        String quoted = TableImage.quoted(column.name());
        return column.binary() ? "HEX(" + quoted + ")" : "CONVERT(" + quoted + " USING utf8mb4)";
    }

    /** Of the columns with these names, in lower case. */
    Digest digest(KeyRange range, Set<String> names) throws SQLException {
        Map<String, TableImage.Column> byName = new HashMap<>();
        columns.forEach(column -> byName.put(TableMatch.folded(column.name()), column));
        String row = new TreeSet<>(names)
                .stream()
                        .map(byName::get)
                        .map(column -> "IF(" + TableImage.quoted(column.name()) + " IS NULL, 'N', SHA2("
                                + column.expression() + ", 256))")
                        .collect(Collectors.joining(", "));
        // A sum, for with XOR two equal rows of a table without a key would be none.
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT COUNT(*), COALESCE(SUM(CAST(CONV(LEFT(d, 16), 16, 10) AS UNSIGNED)), 0),"
                        + " COALESCE(SUM(d IS NULL), 0) FROM (SELECT SHA2(CONCAT('', " + row + "), 256) AS d"
                        + from(range)
                        + ") digests")) {
            bind(select, range);
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return new Digest(result.getLong(1), result.getString(2), result.getLong(3));
            }
        }
    }

    private String from(KeyRange range) {
        return " FROM " + TableImage.quoted(table) + " WHERE " + range.condition();
    }

    private static void bind(PreparedStatement statement, KeyRange range) throws SQLException {
        int parameter = 1;
        for (String argument : range.arguments()) {
            statement.setString(parameter++, argument);
        }
    }
}
