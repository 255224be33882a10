package dev.dualwrite.testkit.assertion;

import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.ParityReport;
import dev.dualwrite.testkit.oracle.TableMatch;
import dev.dualwrite.testkit.oracle.Tolerance;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;

/**
 * Asserts that tables of two databases are the same. First say which tables, then what of them is not compared, then what is
 * asserted. Columns are named {@code column} for all tables that were named so far, or {@code table.column} for one, by the
 * source's name of the table; one that no table has is refused, so that nobody compares less than he thinks. For one thread.
 */
public final class ParityAssert extends AbstractAssert<ParityAssert, Parity> {
    private static final int SHOWN = 10;

    private final Map<String, String> tables = new LinkedHashMap<>();
    private final Map<String, Set<String>> ignored = new LinkedHashMap<>();
    private final Map<String, Map<String, Tolerance>> tolerances = new LinkedHashMap<>();
    private int shown = SHOWN;

    ParityAssert(Parity actual) {
        super(actual, ParityAssert.class);
        isNotNull();
    }

    /** Adds tables that are called the same on both sides. */
    public ParityAssert tables(String... names) {
        for (String name : names) {
            tables.put(name, name);
        }
        return this;
    }

    /** Adds a table that is called otherwise on the target. */
    public ParityAssert table(String source, String target) {
        tables.put(source, target);
        return this;
    }

    /** Does not compare these columns; of a column that only one side has, not that either. */
    public ParityAssert ignoring(String... columns) {
        for (String column : columns) {
            for (String table : tablesOf(column)) {
                ignored.computeIfAbsent(table, name -> new HashSet<>()).add(columnOf(column));
            }
        }
        return this;
    }

    /** Takes values of a column for equal that are not, if the tolerance does. Not for columns of the primary key. */
    public ParityAssert tolerating(String column, Tolerance tolerance) {
        for (String table : tablesOf(column)) {
            tolerances.computeIfAbsent(table, name -> new LinkedHashMap<>()).put(columnOf(column), tolerance);
        }
        return this;
    }

    /** How many rows a failure tells, 10 by default; all are counted. */
    public ParityAssert showing(int rows) {
        if (rows < 1 || rows > 1000) {
            throw new IllegalArgumentException(rows + " rows are not allowed: it must be 1 to 1000");
        }
        shown = rows;
        return this;
    }

    /** Every row of each table is on both sides, with the same bytes, and no other is. */
    public ParityAssert isIdentical() {
        ParityReport report = report();
        if (!report.identical()) {
            failWithMessage("%s", report);
        }
        return this;
    }

    /** As {@link #isIdentical()}, and each table has at least a row: two empty tables prove nothing. */
    public ParityAssert isIdenticalAndNotEmpty() {
        ParityReport report = report();
        if (!report.identical()) {
            failWithMessage("%s", report);
        }
        report.tables().stream()
                .filter(table -> table.source() == 0)
                .forEach(table -> failWithMessage("%s is empty on both sides, so nothing was compared", table.name()));
        return this;
    }

    /**
     * The tables are defined the same: type, nullability, default, collation and generation of each column, keys, foreign
     * keys, triggers, engine.
     */
    public ParityAssert hasSameSchema() {
        try {
            List<String> differences = actual.schemaDifferences(matches());
            if (!differences.isEmpty()) {
                List<String> first = new ArrayList<>(differences.subList(0, Math.min(shown, differences.size())));
                if (differences.size() > first.size()) {
                    first.add("… and " + (differences.size() - first.size()) + " more");
                }
                failWithMessage("not the same schema:%n  %s", String.join(System.lineSeparator() + "  ", first));
            }
            return this;
        } catch (SQLException e) {
            throw new AssertionError("the schemas could not be compared: " + e.getMessage(), e);
        }
    }

    private ParityReport report() {
        try {
            return actual.compare(matches(), shown);
        } catch (SQLException e) {
            throw new AssertionError("the sides could not be compared: " + e.getMessage(), e);
        }
    }

    private List<TableMatch> matches() {
        if (tables.isEmpty()) {
            throw new IllegalStateException("no table to compare: name them by tables(...) or table(source, target)");
        }
        return tables.entrySet().stream()
                .map(table -> new TableMatch(
                        table.getKey(),
                        table.getValue(),
                        ignored.getOrDefault(table.getKey(), Set.of()),
                        tolerances.getOrDefault(table.getKey(), Map.of())))
                .toList();
    }

    private Set<String> tablesOf(String column) {
        int dot = column.lastIndexOf('.');
        Set<String> meant = dot < 0 ? Set.copyOf(tables.keySet()) : Set.of(column.substring(0, dot));
        if (meant.isEmpty() || !tables.keySet().containsAll(meant)) {
            throw new IllegalArgumentException("column " + column + ": its table is not among those named before, "
                    + tables.keySet() + "; name it first");
        }
        return meant;
    }

    private static String columnOf(String column) {
        return column.substring(column.lastIndexOf('.') + 1);
    }
}
