package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares definitions of tables: columns with type, nullability, default, collation, generation and comment-free extras;
 * keys, foreign keys, triggers, engine. What two servers merely write differently (the display width of integers, quotes
 * around a default, {@code current_timestamp()}) is no difference. Triggers of the library's seal are left out.
 */
final class SchemaParity {
    private static final Pattern WIDTH = Pattern.compile("\\b(tinyint|smallint|mediumint|int|bigint|year)\\(\\d+\\)");
    private static final Pattern QUOTED = Pattern.compile("^(default )?'(.*)'$", Pattern.DOTALL);

    private static final String COLUMNS = """
            SELECT CONCAT('column ', LOWER(column_name)), column_type,
                   IF(is_nullable = 'YES', 'nullable', 'not null'),
                   IF(column_default IS NULL, NULL, CONCAT('default ', column_default)), collation_name, extra,
                   generation_expression
              FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?""";

    private static final String KEYS = """
            SELECT CONCAT('key ', index_name), IF(MAX(non_unique) = 0, 'unique', 'not unique'),
                   GROUP_CONCAT(CONCAT(LOWER(column_name), IF(sub_part IS NULL, '', CONCAT('(', sub_part, ')')))
                                ORDER BY seq_in_index)
              FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?
             GROUP BY index_name""";

    private static final String FOREIGN_KEYS = """
            SELECT CONCAT('foreign key ', k.constraint_name),
                   GROUP_CONCAT(LOWER(k.column_name) ORDER BY k.ordinal_position), k.referenced_table_name,
                   GROUP_CONCAT(LOWER(k.referenced_column_name) ORDER BY k.ordinal_position),
                   REPLACE(MAX(r.delete_rule), 'NO ACTION', 'RESTRICT'),
                   REPLACE(MAX(r.update_rule), 'NO ACTION', 'RESTRICT')
              FROM information_schema.key_column_usage k
              JOIN information_schema.referential_constraints r
                ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
               AND r.table_name = k.table_name
             WHERE k.table_schema = DATABASE() AND k.table_name = ? AND k.referenced_table_name IS NOT NULL
             GROUP BY k.constraint_name, k.referenced_table_name""";

    private static final String TRIGGERS = """
            SELECT CONCAT('trigger ', trigger_name), action_timing, event_manipulation, action_statement
              FROM information_schema.triggers
             WHERE trigger_schema = DATABASE() AND event_object_table = ?
               AND trigger_name NOT LIKE 'dualwrite%'""";

    private static final String TABLE = """
            SELECT 'table', engine, table_collation
              FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?""";

    private SchemaParity() {}

    static List<String> differences(Connection source, Connection target, List<TableMatch> tables) throws SQLException {
        List<String> differences = new ArrayList<>();
        for (TableMatch table : tables) {
            Map<String, String> left = definition(source, table.source());
            Map<String, String> right = definition(target, table.target());
            TreeSet<String> parts = new TreeSet<>(left.keySet());
            parts.addAll(right.keySet());
            table.ignored().forEach(column -> parts.remove("column " + column));
            for (String part : parts) {
                String one = left.get(part);
                String other = right.get(part);
                if (one == null || !one.equals(other)) {
                    differences.add(table.name() + ": " + part + ": source " + shown(one) + ", target " + shown(other));
                }
            }
        }
        return differences;
    }

    private static String shown(@Nullable String part) {
        return part == null ? "has none" : part;
    }

    private static Map<String, String> definition(Connection connection, String table) throws SQLException {
        Map<String, String> parts = new TreeMap<>();
        for (String query : List.of(TABLE, COLUMNS, KEYS, FOREIGN_KEYS, TRIGGERS)) {
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, table);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        List<String> values = new ArrayList<>();
                        for (int i = 2; i <= row.getMetaData().getColumnCount(); i++) {
                            String value = plain(row.getString(i));
                            if (!value.isEmpty()) {
                                values.add(value);
                            }
                        }
                        parts.put(row.getString(1), String.join(", ", values));
                    }
                }
            }
        }
        if (!parts.containsKey("table")) {
            throw new IllegalArgumentException("there is no table " + table + " in " + connection.getCatalog());
        }
        return parts;
    }

    /** A part of a definition as both kinds of server could have written it. */
    private static String plain(@Nullable String value) {
        if (value == null || value.equalsIgnoreCase("default NULL")) {
            return "";
        }
        String text = WIDTH.matcher(value).replaceAll("$1");
        text = QUOTED.matcher(text).replaceFirst("$1$2");
        return text.replaceAll("(?i)\\bcurrent_timestamp\\(\\)", "CURRENT_TIMESTAMP")
                .replaceAll("(?i)\\bcurrent_timestamp\\b", "CURRENT_TIMESTAMP")
                .replace("DEFAULT_GENERATED ", "")
                .replace("DEFAULT_GENERATED", "")
                .strip();
    }
}
