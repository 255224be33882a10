package dev.dualwrite.testkit.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows between two keys, as SQL. Immutable.
 *
 * @param key columns of the primary key, in its order; empty for the whole of a table
 * @param after the key before the first row, as texts; empty for all from the beginning
 * @param upTo the last key; empty for all up to the end
 */
record KeyRange(List<TableImage.Column> key, List<String> after, List<String> upTo) {
    KeyRange {
        key = List.copyOf(key);
        after = List.copyOf(after);
        upTo = List.copyOf(upTo);
    }

    /** The condition that a row is in it; {@link #arguments()} are its parameters. */
    String condition() {
        List<String> conditions = new ArrayList<>(List.of("TRUE"));
        if (!after.isEmpty()) {
            conditions.add(compared(">", ">"));
        }
        if (!upTo.isEmpty()) {
            conditions.add(compared("<", "<="));
        }
        return String.join(" AND ", conditions);
    }

    /** For the condition, in order. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (List<String> bound : List.of(after, upTo)) {
            for (int i = 0; i < bound.size(); i++) {
                arguments.addAll(bound.subList(0, i + 1));
            }
        }
        return arguments;
    }

    /** Column by column, which servers can look up in an index; they cannot with a comparison of rows. */
    private String compared(String operator, String last) {
        List<String> ways = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            StringBuilder way = new StringBuilder();
            for (int equal = 0; equal < i; equal++) {
                way.append(part(equal, "=")).append(" AND ");
            }
            ways.add(way.append(part(i, i == key.size() - 1 ? last : operator)).toString());
        }
        return ways.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String part(int column, String operator) {
        TableImage.Column one = key.get(column);
        return TableImage.quoted(one.name()) + ' ' + operator + ' ' + one.parameter();
    }

    /** For people: {@code id after 10 up to 20}. */
    @Override
    public String toString() {
        if (after.isEmpty() && upTo.isEmpty()) {
            return "all rows";
        }
        return key.stream().map(TableImage.Column::name).collect(Collectors.joining(", "))
                + (after.isEmpty() ? "" : " after " + shown(after))
                + (upTo.isEmpty() ? "" : " up to " + shown(upTo));
    }

    private String shown(List<String> bound) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            values.add(key.get(i).binary() ? "0x" + bound.get(i) : bound.get(i));
        }
        return String.join(", ", values);
    }
}
