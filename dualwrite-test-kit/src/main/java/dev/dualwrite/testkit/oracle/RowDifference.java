package dev.dualwrite.testkit.oracle;

import java.util.List;

/**
 * A row that is not the same on both sides.
 *
 * @param table of the source, and of the target if it is called otherwise there
 * @param kind how it differs
 * @param key as it is written for people: {@code id=5}; the whole row if the table has no primary key
 * @param columns that differ, each with both values, shortened; of a row that only one side has, the whole row
 * @param because intents and parked units that explain it; empty if none does
 */
public record RowDifference(String table, Kind kind, String key, List<String> columns, List<String> because) {
    public RowDifference {
        columns = List.copyOf(columns);
        because = List.copyOf(because);
    }

    /** How a row differs. */
    public enum Kind {
        /** The source has it, and the target has not. */
        MISSING("only on the source"),
        /** The target has it, and the source has not. */
        EXTRA("only on the target"),
        /** Both have it, with other values. */
        DIFFERENT("different");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** One line. */
    @Override
    public String toString() {
        return table + ": " + kind.words + ": " + key
                + (kind == Kind.DIFFERENT ? ": " + String.join("; ", columns) : "")
                + (kind == Kind.DIFFERENT || columns.isEmpty() ? "" : " " + String.join(" ", columns))
                + (because.isEmpty() ? "" : " <- " + String.join("; ", because));
    }
}
