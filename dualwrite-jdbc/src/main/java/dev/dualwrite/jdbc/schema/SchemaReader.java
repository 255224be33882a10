package dev.dualwrite.jdbc.schema;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.KeyType;
import dev.dualwrite.key.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads one side's schema from {@code information_schema} and refuses, by name, what cannot be moved
 * safely: tables without a usable primary key, other engines, triggers, cascading foreign keys.
 */
public final class SchemaReader {
    private static final Pattern CALLS = Pattern.compile("\\bcall\\b");
    private static final Pattern CHANGES = Pattern.compile(
            "\\b(insert|update|delete|replace|truncate|load|call|prepare|execute|handler|alter|create|drop|rename)\\b");

    private final Domain domain;
    private final String prefix;
    private final UnaryOperator<String> fenceRow;

    /** @param fenceRow how a trigger of the seal names this side's fence row, by the schema */
    public SchemaReader(Domain domain, String prefix, UnaryOperator<String> fenceRow) {
        this.domain = domain;
        this.prefix = prefix.toLowerCase(Locale.ROOT);
        this.fenceRow = fenceRow;
    }

    /**
     * @throws DualWriteException naming every table that cannot be moved, and why
     * @throws SQLException if the server cannot be asked
     */
    public SideSchema read(Connection connection, Side side) throws SQLException {
        String schema = connection.getCatalog();
        if (schema == null || schema.isEmpty()) {
            throw new DualWriteException(
                    "DW-1002", side + " has no schema selected: put the schema of the moved tables into its JDBC URL");
        }
        String version = scalar(connection, "SELECT VERSION()");
        Set<String> outside = new HashSet<>();
        Map<String, String> views = new HashMap<>();
        List<String> moved = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (List<String> row : rows(connection, """
                SELECT table_name, table_type, COALESCE(engine, '') FROM information_schema.tables
                 WHERE table_schema = ?""", schema)) {
            String name = row.get(0);
            String lower = name.toLowerCase(Locale.ROOT);
            if (row.get(1).equals("VIEW")) {
                views.put(lower, name);
            } else if (domain.contains(name, prefix)) {
                moved.add(name);
                if (!row.get(2).equalsIgnoreCase("InnoDB")) {
                    faults.add(name + " is " + row.get(2) + ", not InnoDB: its rows take no part in transactions");
                }
            } else if (!lower.startsWith(prefix)) {
                outside.add(lower);
            }
        }
        for (String name : domain.required()) {
            if (moved.stream().noneMatch(name::equalsIgnoreCase)) {
                faults.add(
                        views.containsKey(name.toLowerCase(Locale.ROOT))
                                ? name + " is a view: name its base tables"
                                : name + " does not exist in schema " + schema);
            }
        }
        if (domain.names().isEmpty()
                && moved.stream()
                        .allMatch(name ->
                                domain.ledger().filter(name::equalsIgnoreCase).isPresent())) {
            faults.add("schema " + schema + " has no table that could move");
        }
        faults.addAll(alike(moved, views));
        Map<String, Table> tables = new HashMap<>();
        for (String name : moved) {
            table(connection, schema, name, faults).ifPresent(t -> tables.put(name.toLowerCase(Locale.ROOT), t));
        }
        Set<String> functions = functions(connection, schema);
        faults.addAll(triggers(connection, schema, tables.keySet(), functions));
        faults.addAll(triggersElsewhere(connection, schema, tables.keySet(), views.keySet()));
        faults.addAll(cascades(connection, schema, tables.keySet()));
        if (!faults.isEmpty()) {
            throw new DualWriteException(
                    "DW-1003", side + " cannot take part in the migration: " + String.join("; ", faults));
        }
        return new SideSchema(
                side,
                schema,
                Dialect.of(version),
                version,
                tables,
                outside,
                views.keySet(),
                functions,
                elsewhere(connection, schema));
    }

    /** Names that a server keeps apart by their case, which the boundary does not. */
    private static List<String> alike(List<String> moved, Map<String, String> views) {
        List<String> faults = new ArrayList<>();
        Map<String, String> seen = new HashMap<>(views);
        for (String name : moved) {
            String other = seen.put(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                faults.add(name + " and " + other
                        + " differ by case only, so that one may be taken for the other: rename" + " one of them");
            }
        }
        return faults;
    }

    private static Optional<Table> table(Connection connection, String schema, String name, List<String> faults)
            throws SQLException {
        List<Column> columns = new ArrayList<>();
        Map<String, List<String>> detail = new HashMap<>();
        for (List<String> row : rows(connection, """
                SELECT column_name, data_type, column_type, COALESCE(character_set_name, ''),
                       COALESCE(collation_name, ''), is_nullable, extra, column_default IS NOT NULL,
                       COALESCE(character_maximum_length, numeric_precision, 0),
                       COALESCE(numeric_scale, datetime_precision, 0), COALESCE(generation_expression, '')
                  FROM information_schema.columns
                 WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position""", schema, name)) {
            String extra = row.get(6).toUpperCase(Locale.ROOT);
            columns.add(new Column(
                    row.get(0),
                    row.get(1).toLowerCase(Locale.ROOT),
                    row.get(2),
                    row.get(3),
                    row.get(4),
                    row.get(5).equals("YES"),
                    !row.get(10).isEmpty(),
                    extra.contains("AUTO_INCREMENT"),
                    extra.contains("INVISIBLE"),
                    row.get(7).equals("1")
                            || extra.contains("DEFAULT_GENERATED")
                            || row.get(5).equals("YES")));
            detail.put(row.get(0), row);
        }
        Map<String, List<String>> indexes = new LinkedHashMap<>();
        Set<String> prefixed = new HashSet<>();
        for (List<String> row : rows(connection, """
                SELECT index_name, COALESCE(column_name, ''), sub_part IS NOT NULL FROM information_schema.statistics
                 WHERE table_schema = ? AND table_name = ? AND non_unique = 0 ORDER BY index_name, seq_in_index""", schema, name)) {
            indexes.computeIfAbsent(row.get(0), ignored -> new ArrayList<>()).add(row.get(1));
            if (!row.get(2).equals("0") || row.get(1).isEmpty()) {
                prefixed.add(row.get(0));
            }
        }
        List<String> primary = indexes.remove("PRIMARY");
        if (primary == null) {
            faults.add(name + " has no primary key: add one, rows without a key cannot be told apart");
            return Optional.empty();
        }
        if (prefixed.contains("PRIMARY")) {
            faults.add(name + " has a primary key over a prefix of a column: use whole columns");
            return Optional.empty();
        }
        List<KeyColumn> key = new ArrayList<>();
        for (String column : primary) {
            List<String> described = Objects.requireNonNull(detail.get(column));
            Optional<KeyColumn> one = keyColumn(connection, described);
            if (one.isEmpty()) {
                faults.add(name + "." + column + " is of type "
                        + described.get(2)
                        + ", which cannot be captured as a primary key (nor can one that is generated, or with ON UPDATE or ZEROFILL): use an integer, DECIMAL, CHAR, VARCHAR, BINARY,"
                        + " VARBINARY, DATE, DATETIME or YEAR");
                return Optional.empty();
            }
            key.add(one.get());
        }
        return Optional.of(new Table(
                schema, name, columns, new KeySpec(name.toLowerCase(Locale.ROOT), key), List.copyOf(indexes.values())));
    }

    private static Optional<KeyColumn> keyColumn(Connection connection, List<String> row) throws SQLException {
        String dataType = row.get(1).toLowerCase(Locale.ROOT);
        int length = (int) Math.min(Long.parseLong(row.get(8)), Integer.MAX_VALUE);
        int scale = Integer.parseInt(row.get(9));
        KeyType type = switch (dataType) {
            case "tinyint", "smallint", "mediumint", "int", "bigint" -> KeyType.INTEGER;
            case "decimal" -> KeyType.DECIMAL;
            case "char", "varchar" -> KeyType.TEXT;
            case "binary", "varbinary" -> KeyType.BINARY;
            case "date" -> KeyType.DATE;
            case "datetime" -> KeyType.DATETIME;
            case "year" -> KeyType.YEAR;
            default -> null;
        };
        if (type == KeyType.INTEGER || type == KeyType.DECIMAL) {
            if (row.get(2).toLowerCase(Locale.ROOT).contains("zerofill")) {
                return Optional.empty(); // the server spells one value in two ways
            }
        }
        boolean generated = !row.get(10).isEmpty();
        if (type == null || generated || row.get(6).toUpperCase(Locale.ROOT).contains("ON UPDATE")) {
            return Optional.empty(); // a key that the server changes by itself is named by no statement
        }
        int bytes = switch (dataType) {
            case "tinyint" -> 1;
            case "smallint" -> 2;
            case "mediumint" -> 3;
            case "int" -> 4;
            case "bigint" -> 8;
            default -> 0;
        };
        return Optional.of(new KeyColumn(
                row.get(0),
                type,
                row.get(2),
                length,
                scale,
                row.get(2).toLowerCase(Locale.ROOT).contains("unsigned"),
                bytes,
                dataType.equals("char") || dataType.equals("binary"),
                row.get(3),
                row.get(4),
                type == KeyType.TEXT && padSpace(connection, row.get(4))));
    }

    /** MySQL says whether a collation pads; MariaDB says it in the collation's name. */
    private static boolean padSpace(Connection connection, String collation) throws SQLException {
        if (Dialect.of(scalar(connection, "SELECT VERSION()")) == Dialect.MARIADB) {
            return !collation.contains("nopad");
        }
        List<List<String>> found = rows(
                connection,
                "SELECT pad_attribute FROM information_schema.collations WHERE collation_name = ?",
                collation);
        return found.isEmpty() || !found.get(0).get(0).equals("NO PAD");
    }

    /**
     * Functions that may change tables. What they are declared as is not asked: the server does not enforce it.
     * Their text is; one that cannot be read, or that runs something else, may change anything.
     */
    private static Set<String> functions(Connection connection, String schema) throws SQLException {
        List<List<String>> routines = rows(connection, """
                SELECT LOWER(routine_name), routine_type, LOWER(COALESCE(routine_definition, ''))
                  FROM information_schema.routines WHERE routine_schema = ?""", schema);
        Set<String> names = routines.stream().map(row -> row.get(0)).collect(Collectors.toSet());
        Set<String> functions = new HashSet<>();
        for (List<String> row : routines) {
            boolean harmless = !row.get(2).isEmpty()
                    && !CHANGES.matcher(row.get(2)).find()
                    && names.stream()
                            .noneMatch(name ->
                                    !name.equals(row.get(0)) && row.get(2).contains(name));
            if (row.get(1).equals("FUNCTION") && !harmless) {
                functions.add(row.get(0));
            }
        }
        return functions;
    }

    private List<String> triggers(Connection connection, String schema, Set<String> tables, Set<String> functions)
            throws SQLException {
        List<String> faults = new ArrayList<>();
        for (List<String> row : rows(connection, """
                SELECT trigger_name, event_object_table, LOWER(action_statement) FROM information_schema.triggers
                 WHERE trigger_schema = ?""", schema)) {
            String on = row.get(1).toLowerCase(Locale.ROOT);
            if (SealMark.isOf(fenceRow.apply(schema), prefix, row.get(0), row.get(2))) {
                continue; // changes nothing
            }
            if (tables.contains(on)) {
                faults.add("trigger " + row.get(0) + " on " + row.get(1)
                        + " changes rows that no statement names: drop it and let the application do its work");
            } else {
                for (String table : tables) {
                    if (row.get(2).contains(table)) {
                        faults.add("trigger " + row.get(0) + " on " + row.get(1) + " mentions " + table
                                + " and may change it unseen: drop it");
                    }
                }
                if (CALLS.matcher(row.get(2)).find() || functions.stream().anyMatch(row.get(2)::contains)) {
                    faults.add("trigger " + row.get(0) + " on " + row.get(1)
                            + " runs a routine that may change a moved table unseen: drop it");
                }
            }
        }
        return faults;
    }

    /** Views of other schemas; a view on a view counts too. */
    private static SideSchema.Elsewhere elsewhere(Connection connection, String schema) throws SQLException {
        List<List<String>> views = rows(connection, """
                SELECT LOWER(table_schema), LOWER(table_name), LOWER(COALESCE(view_definition, ''))
                  FROM information_schema.views
                 WHERE table_schema <> ? AND table_schema NOT IN ('mysql', 'sys', 'information_schema',
                       'performance_schema')""", schema);
        Set<String> found = new HashSet<>();
        Set<String> unseen = new HashSet<>();
        Set<String> reaching = new HashSet<>(Set.of(Sql.name(schema.toLowerCase(Locale.ROOT)) + "."));
        boolean more = true;
        while (more) {
            more = false;
            for (List<String> view : views) {
                String name = view.get(0) + "." + view.get(1);
                if (view.get(2).isEmpty()) {
                    unseen.add(name);
                } else if (reaching.stream().anyMatch(view.get(2)::contains) && found.add(name)) {
                    reaching.add(Sql.name(view.get(0)) + "." + Sql.name(view.get(1)));
                    more = true;
                }
            }
        }
        return new SideSchema.Elsewhere(found, unseen, functionsElsewhere(connection, schema));
    }

    private static Set<String> functionsElsewhere(Connection connection, String schema) throws SQLException {
        return rows(connection, """
                SELECT LOWER(routine_name) FROM information_schema.routines
                 WHERE routine_type = 'FUNCTION' AND routine_schema <> ? AND routine_schema <> 'sys'""", schema).stream().map(row -> row.get(0)).collect(Collectors.toSet());
    }

    private static List<String> triggersElsewhere(
            Connection connection, String schema, Set<String> tables, Set<String> views) throws SQLException {
        String names = Stream.concat(tables.stream(), views.stream())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        String in = "(?<![\\w$])`?" + Pattern.quote(schema.toLowerCase(Locale.ROOT)) + "`?\\s*\\.\\s*";
        Pattern uses = Pattern.compile(in + "`?(?:" + names + ")`?(?![\\w$])");
        Pattern runs = Pattern.compile(in + "`?[\\w$]+`?\\s*\\(|\\bcall\\s+" + in);
        List<String> faults = new ArrayList<>();
        for (List<String> row : rows(connection, """
                SELECT trigger_schema, trigger_name, LOWER(action_statement) FROM information_schema.triggers
                 WHERE trigger_schema <> ? AND trigger_schema <> 'sys'""", schema)) {
            if (uses.matcher(row.get(2)).find() || runs.matcher(row.get(2)).find()) {
                faults.add("trigger " + row.get(1) + " of schema " + row.get(0) + " reaches into " + schema
                        + " and may change a moved table unseen: drop it");
            }
        }
        return faults;
    }

    private static List<String> cascades(Connection connection, String schema, Set<String> tables) throws SQLException {
        List<String> faults = new ArrayList<>();
        for (List<String> row : rows(connection, """
                SELECT constraint_name, table_name, delete_rule, update_rule
                  FROM information_schema.referential_constraints WHERE constraint_schema = ?""", schema)) {
            boolean acts = !passive(row.get(2)) || !passive(row.get(3));
            if (acts && tables.contains(row.get(1).toLowerCase(Locale.ROOT))) {
                faults.add(
                        "foreign key " + row.get(0) + " of " + row.get(1) + " acts by itself (ON DELETE " + row.get(2)
                                + ", ON UPDATE " + row.get(3)
                                + "): a cascade changes rows that no statement names; use RESTRICT");
            }
        }
        return faults;
    }

    private static boolean passive(String rule) {
        return rule.equals("RESTRICT") || rule.equals("NO ACTION");
    }

    static String scalar(Connection connection, String sql) throws SQLException {
        return rows(connection, sql).get(0).get(0);
    }

    private static List<List<String>> rows(Connection connection, String sql, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                List<List<String>> rows = new ArrayList<>();
                int width = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<String> row = new ArrayList<>(width);
                    for (int i = 1; i <= width; i++) {
                        String value = result.getString(i);
                        row.add(value == null ? "" : value);
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }
}
