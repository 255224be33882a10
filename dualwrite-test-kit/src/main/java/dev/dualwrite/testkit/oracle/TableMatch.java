package dev.dualwrite.testkit.oracle;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Two tables that have to hold the same rows, and what of them is not compared. Immutable.
 *
 * @param source its name there
 * @param target its name there
 * @param ignored columns, in lower case
 * @param tolerances by column, in lower case
 */
public record TableMatch(String source, String target, Set<String> ignored, Map<String, Tolerance> tolerances) {
    public TableMatch {
        ignored = ignored.stream().map(TableMatch::folded).collect(Collectors.toUnmodifiableSet());
        Map<String, Tolerance> byColumn = new HashMap<>();
        tolerances.forEach((column, tolerance) -> byColumn.put(folded(column), tolerance));
        tolerances = Map.copyOf(byColumn);
    }

    /** A table that is called the same on both sides and is compared whole. */
    public static TableMatch of(String table) {
        return new TableMatch(table, table, Set.of(), Map.of());
    }

    /** One name, or both. */
    public String name() {
        return source.equals(target) ? source : source + " -> " + target;
    }

    static String folded(String column) {
        return column.toLowerCase(Locale.ROOT);
    }
}
