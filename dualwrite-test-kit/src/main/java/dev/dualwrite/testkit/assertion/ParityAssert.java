package dev.dualwrite.testkit.assertion;

import dev.dualwrite.testkit.oracle.DigestReport;
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
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;

/**
 * Asserts that tables of two databases are the same. First say which tables, then what of them is not compared, then what is
 * asserted. Columns are named {@code column} for all tables that were named so far, or {@code table.column} for one, by the
 * source's name of the table; one that no table has is refused, so that nobody compares less than he thinks. For one thread.
 */
public final class ParityAssert extends AbstractAssert<ParityAssert, Parity> {
    private static final int SHOWN = 10;
    private static final int RANGE = 1000;
    private static final int ALL = 100;

    private final Map<String, String> tables = new LinkedHashMap<>();
    private final Map<String, Set<String>> ignored = new LinkedHashMap<>();
    private final Map<String, Map<String, Tolerance>> tolerances = new LinkedHashMap<>();
    private int shown = SHOWN;
    private int rangeRows = RANGE;

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
                failWithMessage("not the same schema:%n  %s", first(differences));
            }
            return this;
        } catch (SQLException e) {
            throw new AssertionError("the schemas could not be compared: " + e.getMessage(), e);
        }
    }

    /** How many rows a range of {@link #hasSameDigests()} has, 1000 by default. */
    public ParityAssert inRangesOf(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException(rows + " rows are not allowed: it must be at least 1");
        }
        rangeRows = rows;
        return this;
    }

    /**
     * Counts and digests of the rows are the same in each range of keys. The servers compute them, so tables may be large; a
     * failure tells ranges, and not rows. A table whose key is not ordered the same on both sides, or that has none, is one range.
     */
    public ParityAssert hasSameDigests() {
        return hasSameDigests(ALL, 0);
    }

    /**
     * As {@link #hasSameDigests()}, of ranges chosen at random; of each table at least one. What it finds is a difference, and what
     * it does not find may be one. The choice can be repeated by the property {@code dualwrite.seed}.
     *
     * @param percent how many of the ranges, 1 to 99
     */
    public ParityAssert hasSameDigestsInSample(int percent) {
        if (percent < 1 || percent >= ALL) {
            throw new IllegalArgumentException(percent + " percent are not allowed: it must be 1 to 99");
        }
        return hasSameDigests(percent, Long.getLong("dualwrite.seed", System.nanoTime()));
    }

    private ParityAssert hasSameDigests(int percent, long seed) {
        try {
            DigestReport report = actual.compareDigests(matches(), rangeRows, percent, seed);
            if (!report.differences().isEmpty()) {
                failWithMessage(
                        "not the same digests, in %d of %d ranges%s:%n  %s",
                        report.compared(),
                        report.all(),
                        percent == ALL ? "" : ", chosen with -Ddualwrite.seed=" + seed,
                        first(report.differences()));
            }
            return this;
        } catch (SQLException e) {
            throw new AssertionError("the sides could not be compared: " + e.getMessage(), e);
        }
    }

    /**
     * Something that the host computes of each side is equal, for example a total.
     *
     * @param what for the failure, which tells both values
     * @param question of one side; its answers are compared by {@code equals}
     */
    public ParityAssert agreesOn(String what, Parity.Question<?> question) {
        try {
            Object source = actual.askSource(question);
            Object target = actual.askTarget(question);
            if (!Objects.equals(source, target)) {
                failWithMessage("the sides do not agree on %s: source %s, target %s", what, source, target);
            }
            return this;
        } catch (SQLException e) {
            throw new AssertionError(what + " could not be asked: " + e.getMessage(), e);
        }
    }

    private String first(List<String> all) {
        List<String> first = new ArrayList<>(all.subList(0, Math.min(shown, all.size())));
        if (all.size() > first.size()) {
            first.add("… and " + (all.size() - first.size()) + " more");
        }
        return String.join(System.lineSeparator() + "  ", first);
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
