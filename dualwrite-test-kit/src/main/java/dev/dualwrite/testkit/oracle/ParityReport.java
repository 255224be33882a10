package dev.dualwrite.testkit.oracle;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a comparison found.
 *
 * @param tables all that were compared
 * @param columns that only one side has, in words
 * @param rows that differ, the first of them
 * @param waiting intents and parked units of the compared tables, in words
 */
public record ParityReport(List<Table> tables, List<String> columns, List<RowDifference> rows, List<String> waiting) {
    public ParityReport {
        tables = List.copyOf(tables);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        waiting = List.copyOf(waiting);
    }

    /**
     * A pair of tables.
     *
     * @param name of the source, and of the target if it is called otherwise there
     * @param source how many rows it has there
     * @param target how many rows it has there
     * @param missing rows that only the source has
     * @param extra rows that only the target has
     * @param different rows that both have, with other values
     */
    public record Table(String name, long source, long target, long missing, long extra, long different) {
        /** How many rows differ. */
        public long differing() {
            return missing + extra + different;
        }
    }

    /** How many rows differ, of all tables; also those that are not told. */
    public long differing() {
        return tables.stream().mapToLong(Table::differing).sum();
    }

    /** Whether nothing differs. */
    public boolean identical() {
        return differing() == 0 && columns.isEmpty();
    }

    /** For people: counts of each table that differs, the first rows, and what explains them. */
    @Override
    public String toString() {
        if (identical()) {
            return "identical: "
                    + tables.stream()
                            .map(table -> table.name() + " (" + table.source() + " rows)")
                            .collect(Collectors.joining(", "));
        }
        StringBuilder text = new StringBuilder("not identical:");
        columns.forEach(column -> text.append("\n  ").append(column));
        for (Table table : tables) {
            if (table.differing() > 0) {
                text.append("\n  ").append(table.name());
                text.append(": ").append(table.missing()).append(" missing on the target, ");
                text.append(table.extra()).append(" extra there, ");
                text.append(table.different()).append(" different, of ");
                text.append(table.source()).append(" rows on the source and ");
                text.append(table.target()).append(" on the target");
            }
        }
        rows.forEach(row -> text.append("\n    ").append(row));
        if (differing() > rows.size()) {
            text.append("\n    … and ").append(differing() - rows.size()).append(" more");
        }
        waiting.forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }
}
