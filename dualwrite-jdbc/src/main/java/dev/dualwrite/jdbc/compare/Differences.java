package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in which rows two answers differ, by the keys of moved tables where the answers hold them. */
final class Differences {
    /** Rows of one comparison that are told. */
    private static final int ROWS = 50;

    private static final int COLUMNS = 10;

    private final Statement.Select statement;
    private final SideSchema schema;
    private final Mask mask;
    private final Side owner;

    Differences(Statement.Select statement, SideSchema schema, Mask mask, Side owner) {
        this.statement = statement;
        this.schema = schema;
        this.mask = mask;
        this.owner = owner;
    }

    /** Where the key of a table stands in a row: a position for each of its columns. */
    private record KeyAt(Table table, List<Integer> positions) {}

    /** @param likeness of the owner's answer and the follower's, which are not equal */
    List<Differing> of(Likeness likeness, List<Column> columns) {
        if (!likeness.heads().isEmpty()) {
            return List.of(new Differing(null, null, likeness.heads() + ", " + owner + " first"));
        }
        List<KeyAt> keys = keys(columns);
        Map<String, @Nullable Object[]> right = new LinkedHashMap<>();
        for (@Nullable Object[] row : likeness.right()) {
            right.put(identity(row, keys, right.size()), row);
        }
        List<Differing> found = new ArrayList<>();
        int number = 0;
        for (@Nullable Object[] row : likeness.left()) {
            @Nullable Object[] there = right.remove(identity(row, keys, number++));
            tell(
                    found,
                    row,
                    keys,
                    there == null ? "only on " + owner + ": " + all(row, columns) : pair(row, there, columns));
        }
        for (@Nullable Object[] row : right.values()) {
            tell(found, row, keys, "only on " + owner.other() + ": " + all(row, columns));
        }
        return found;
    }

    private static void tell(List<Differing> found, @Nullable Object[] row, List<KeyAt> keys, String detail) {
        if (found.size() >= ROWS) {
            return;
        }
        boolean any = false;
        for (KeyAt at : keys) {
            Optional<Key> key = key(row, at);
            if (key.isPresent()) {
                found.add(new Differing(at.table().key().table(), key.get(), detail));
                any = true;
            }
        }
        if (!any) {
            found.add(new Differing(null, null, detail));
        }
    }

    /** Rows with the same keys are two states of one row; without keys, the first of one side faces the first of the other. */
    private static String identity(@Nullable Object[] row, List<KeyAt> keys, int number) {
        StringBuilder text = new StringBuilder();
        for (KeyAt at : keys) {
            at.positions().forEach(i -> text.append(text(row[i])).append('\0'));
        }
        return keys.isEmpty() ? "#" + number : text.toString();
    }

    private List<KeyAt> keys(List<Column> columns) {
        List<KeyAt> keys = new ArrayList<>();
        for (String name : new TreeSet<>(columns.stream()
                .map(column -> column.table().toLowerCase(Locale.ROOT))
                .toList())) {
            Table table = schema.tables().get(name);
            if (table != null) {
                keys(table, columns, keys);
            }
        }
        return keys;
    }

    private static void keys(Table table, List<Column> columns, List<KeyAt> keys) {
        List<List<Integer>> found = new ArrayList<>();
        for (KeyColumn part : table.key().columns()) {
            List<Integer> at = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                if (column.table().equalsIgnoreCase(table.name())
                        && column.column().equalsIgnoreCase(part.name())) {
                    at.add(i);
                }
            }
            found.add(at);
        }
        if (found.size() == 1) {
            found.get(0).forEach(i -> keys.add(new KeyAt(table, List.of(i))));
        } else if (found.stream().allMatch(at -> at.size() == 1)) {
            keys.add(new KeyAt(table, found.stream().map(at -> at.get(0)).toList()));
        }
    }

    /** Of types whose canonical text is what a caller reads. */
    private static Optional<Key> key(@Nullable Object[] row, KeyAt at) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < at.positions().size(); i++) {
            Object value = row[at.positions().get(i)];
            boolean same = switch (at.table().key().columns().get(i).type()) {
                case INTEGER, DECIMAL, TEXT, DATE, YEAR -> value instanceof String;
                case BINARY -> value instanceof byte[];
                case DATETIME -> false;
            };
            if (!same) {
                return Optional.empty();
            }
            values.add(text(value));
        }
        return Optional.of(new Key(values));
    }

    private String pair(@Nullable Object[] here, @Nullable Object[] there, List<Column> columns) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < here.length && parts.size() < COLUMNS; i++) {
            boolean same = (here[i] instanceof byte[] a && there[i] instanceof byte[] b)
                    ? Arrays.equals(a, b)
                    : Objects.equals(here[i], there[i]);
            if (!same) {
                parts.add(name(columns, i) + " " + mask.of(here[i]) + " on " + owner + ", " + mask.of(there[i]) + " on "
                        + owner.other());
            }
        }
        return String.join("; ", parts);
    }

    private String all(@Nullable Object[] row, List<Column> columns) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Math.min(row.length, COLUMNS); i++) {
            parts.add(name(columns, i) + " " + mask.of(row[i]));
        }
        return String.join("; ", parts);
    }

    /** A label that nobody has given is the text of an expression, with its values. */
    private String name(List<Column> columns, int i) {
        Column column = columns.get(i);
        boolean given = (!column.table().isEmpty() && column.label().equals(column.column()))
                || (!column.label().isEmpty() && statement.mentions(column.label()));
        return given ? column.label() : "column " + (i + 1);
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }
}
