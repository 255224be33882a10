package dev.dualwrite.testkit.oracle;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a table as its server writes them: numbers and times as text, all else as bytes in hexadecimal digits, so that
 * two images are equal if every byte is. In memory.
 */
final class TableImage {
    private static final int LONGEST_VALUE = 60;

    private final List<Column> columns;
    private final List<Column> key;
    private final Map<List<@Nullable String>, List<List<@Nullable String>>> rows = new LinkedHashMap<>();

    private TableImage(List<Column> columns) {
        this.columns = columns;
        this.key = columns.stream()
                .filter(column -> column.key() > 0)
                .sorted(Comparator.comparing(Column::key))
                .toList();
    }

    /**
     * A column.
     *
     * @param plain whether its value is text as it is, and not bytes in hexadecimal digits
     * @param binary whether its bytes are no text
     * @param key its place in the primary key, from 1; 0 if it does not belong to it
     */
    record Column(String name, String type, boolean plain, boolean binary, int key) {
        String expression() {
            String quoted = quoted(name);
            if (type.equals("float")) {
                return "CAST(CAST(" + quoted + " AS DOUBLE) AS CHAR)";
            }
            return isPlain(type)
                    ? "CAST(" + quoted + " AS CHAR)"
                    : plain ? "CONVERT(" + quoted + " USING utf8mb4)" : "HEX(" + quoted + ")";
        }

        /** A parameter that is given a value of this column as text, and compares as the column does. */
        String parameter() {
            return switch (type) {
                case "tinyint", "smallint", "mediumint", "int", "bigint", "year" -> "CAST(? AS DECIMAL(65,0))";
                case "decimal" -> "CAST(? AS DECIMAL(65,30))";
                case "binary", "varbinary" -> "UNHEX(?)";
                default -> "?";
            };
        }

        /** A value as people read it, short. */
        String shown(@Nullable String value) {
            if (value == null) {
                return "NULL";
            }
            String text = plain ? value : binary ? "0x" + value : "'" + decoded(value) + "'";
            return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
        }

        /** A value of a key as the library's control tables hold it. */
        String keyText(@Nullable String value) {
            return value == null ? "" : plain || binary ? value : decoded(value);
        }
    }

    static boolean isPlain(String type) {
        return switch (type) {
            case "tinyint",
                    "smallint",
                    "mediumint",
                    "int",
                    "bigint",
                    "decimal",
                    "float",
                    "double",
                    "year",
                    "date",
                    "time",
                    "datetime",
                    "timestamp" -> true;
            default -> false;
        };
    }

    private static String decoded(String digits) {
        byte[] bytes = HexFormat.of().parseHex(digits);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException noText) {
            return "0x" + digits;
        }
    }

    /**
     * Reads a table.
     *
     * @param readable columns whose text is wanted in place of its bytes, in lower case
     * @param without keys whose rows are left out, one text for each column of the primary key
     * @throws IllegalArgumentException if there is no such table
     */
    static TableImage read(Connection connection, String table, Set<String> readable, List<List<String>> without)
            throws SQLException {
        TableImage image = new TableImage(columns(connection, table, readable));
        String select = "SELECT "
                + image.columns.stream().map(Column::expression).collect(Collectors.joining(", ")) + " FROM "
                + quoted(table);
        if (!without.isEmpty()) {
            String equal = image.key.stream().map(TableImage::equality).collect(Collectors.joining(" AND ", "(", ")"));
            select += " WHERE NOT (" + String.join(" OR ", Collections.nCopies(without.size(), equal)) + ")";
        }
        if (!image.key.isEmpty()) {
            select += image.key.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", ", " ORDER BY ", ""));
        }
        try (Statement session = connection.createStatement()) {
            session.execute("SET SESSION time_zone = '+00:00'");
        }
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            int parameter = 1;
            for (List<String> values : without) {
                for (String value : values) {
                    statement.setString(parameter++, value);
                }
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<@Nullable String> values = new ArrayList<>();
                    for (int i = 1; i <= image.columns.size(); i++) {
                        values.add(row.getString(i));
                    }
                    image.rows
                            .computeIfAbsent(image.keyOf(values), k -> new ArrayList<>())
                            .add(values);
                }
            }
        }
        return image;
    }

    /** @throws IllegalArgumentException if there is no such table */
    static List<Column> columns(Connection connection, String table, Set<String> readable) throws SQLException {
        Map<String, Integer> key = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT column_name, seq_in_index FROM information_schema.statistics"
                        + " WHERE table_schema = DATABASE() AND table_name = ? AND index_name = 'PRIMARY'")) {
            select.setString(1, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    key.put(row.getString(1), row.getInt(2));
                }
            }
        }
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT column_name, data_type FROM information_schema.columns"
                        + " WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position")) {
            select.setString(1, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    String type = row.getString(2);
                    boolean text = type.endsWith("char") || type.endsWith("text") || type.equals("enum");
                    columns.add(new Column(
                            name,
                            type,
                            isPlain(type) || (text && readable.contains(TableMatch.folded(name))),
                            !text && !isPlain(type) && !type.equals("set") && !type.equals("json"),
                            key.getOrDefault(name, 0)));
                }
            }
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("there is no table " + table + " in " + connection.getCatalog());
        }
        return columns;
    }

    /** That a column of the key equals a text; equality is the column's own. */
    private static String equality(Column column) {
        return quoted(column.name()) + " = " + column.parameter();
    }

    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** The same with the rows of these keys alone. */
    TableImage only(Set<List<@Nullable String>> keys) {
        TableImage some = new TableImage(columns);
        rows.forEach((key, values) -> {
            if (keys.contains(key)) {
                some.rows.put(key, values);
            }
        });
        return some;
    }

    List<Column> columns() {
        return columns;
    }

    List<Column> key() {
        return key;
    }

    /** By key: the one row of it; of a table without a primary key, those that are the same in every column. */
    Map<List<@Nullable String>, List<List<@Nullable String>>> rows() {
        return rows;
    }

    long size() {
        return rows.values().stream().mapToLong(List::size).sum();
    }

    private List<@Nullable String> keyOf(List<@Nullable String> row) {
        List<@Nullable String> values = new ArrayList<>();
        for (Column column : key) {
            values.add(row.get(columns.indexOf(column)));
        }
        return values.isEmpty() ? row : values;
    }

    /** A key, or a row of a table that has none, as people read it. */
    String shownKey(List<@Nullable String> values) {
        List<Column> named = key.isEmpty() ? columns : key;
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            parts.add(named.get(i).name() + "=" + named.get(i).shown(values.get(i)));
        }
        return String.join(" ", parts);
    }
}
