package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares tables of two databases row by row, both ways, by the servers' own text or bytes of every column. Shares no code
 * with the library, and does not need it: it is the other opinion. Reads each table whole, into memory, and what is written
 * meanwhile may be seen on one side only.
 *
 * <p>Immutable, safe for use by any number of threads.
 */
public final class Parity {
    private final Oracle.Connector source;
    private final Oracle.Connector target;
    private final @Nullable Control control;

    /** Whose control tables explain a difference. */
    private record Control(String migration, String prefix) {}

    /** Something that is asked of each side. */
    @FunctionalInterface
    public interface Question<T extends @Nullable Object> {
        /** The answer of one side. */
        T ask(Connection side) throws SQLException;
    }

    /** Which rows of a table are compared. */
    @FunctionalInterface
    private interface Rows {
        Rows ALL = (connection, match, table) ->
                TableImage.read(connection, table, match.tolerances().keySet(), List.of());

        TableImage of(Connection connection, TableMatch match, String table) throws SQLException;
    }

    private Parity(Oracle.Connector source, Oracle.Connector target, @Nullable Control control) {
        this.source = source;
        this.target = target;
        this.control = control;
    }

    /** Of two databases; a connection to each is opened for each comparison, and has to have its schema chosen. */
    public static Parity between(Oracle.Connector source, Oracle.Connector target) {
        return new Parity(source, target, null);
    }

    /** Of two databases by JDBC URLs with schema, user and password. Nothing but the tables is needed in them. */
    public static Parity between(String sourceUrl, String targetUrl) {
        return between(() -> DriverManager.getConnection(sourceUrl), () -> DriverManager.getConnection(targetUrl));
    }

    /** The same, with differences explained by the intents and parked units of a migration. */
    public Parity explainedBy(String migration, String tablePrefix) {
        return new Parity(source, target, new Control(migration, tablePrefix));
    }

    /**
     * Compares.
     *
     * @param limit how many differing rows to tell; all are counted
     * @throws IllegalArgumentException if a table does not exist, or a column that is to be ignored or tolerated is in none of
     *     them
     */
    public ParityReport compare(List<TableMatch> tables, int limit) throws SQLException {
        try (Connection s = source.connect();
                Connection t = target.connect()) {
            Notes notes = control == null ? Notes.none() : Notes.read(s, t, control.migration(), control.prefix());
            return compare(s, t, tables, Rows.ALL, notes, limit);
        }
    }

    /** As {@link #compare}, of the rows of some keys of each table alone, as {@link TableImage} writes keys. */
    ParityReport compareKeys(Map<String, Set<List<@Nullable String>>> keys, int limit) throws SQLException {
        try (Connection s = source.connect();
                Connection t = target.connect()) {
            Notes notes = control == null ? Notes.none() : Notes.read(s, t, control.migration(), control.prefix());
            List<TableMatch> tables = keys.keySet().stream().map(TableMatch::of).toList();
            Rows some = (connection, match, table) ->
                    Rows.ALL.of(connection, match, table).only(keys.getOrDefault(match.source(), Set.of()));
            return compare(s, t, tables, some, notes, limit);
        }
    }

    /**
     * Compares digests of ranges of keys, which the servers compute; of the rows nothing but keys at the ends of ranges is read.
     *
     * @param rows how many a range has on the source
     * @param percent how many of the ranges, chosen at random; of each table at least one
     * @param seed of the choice
     * @throws IllegalArgumentException as {@link #compare}, and if a column is to be tolerated: digests cannot
     */
    public DigestReport compareDigests(List<TableMatch> tables, int rows, int percent, long seed) throws SQLException {
        List<String> differences = new ArrayList<>();
        Set<String> found = new TreeSet<>();
        long compared = 0;
        long all = 0;
        try (Connection s = source.connect();
                Connection t = target.connect()) {
            SplittableRandom random = new SplittableRandom(seed);
            for (TableMatch match : tables) {
                if (!match.tolerances().isEmpty()) {
                    throw new IllegalArgumentException("digests cannot tolerate anything of " + match.name() + ", "
                            + match.tolerances() + ": ignore the column, or compare rows");
                }
                TableDigests left = TableDigests.of(s, match.source());
                TableDigests right = TableDigests.of(t, match.target());
                Set<String> names = compared(match, left.columns(), right.columns(), differences, found);
                List<KeyRange> ranges = left.ranges(right, rows);
                List<KeyRange> chosen = ranges.stream()
                        .filter(range -> random.nextInt(100) < percent)
                        .toList();
                if (chosen.isEmpty()) {
                    chosen = List.of(ranges.get(random.nextInt(ranges.size())));
                }
                for (KeyRange range : chosen) {
                    TableDigests.Digest one = left.digest(range, names);
                    TableDigests.Digest other = right.digest(range, names);
                    one.difference(other)
                            .ifPresent(words -> differences.add(match.name() + ": " + range + ": " + words));
                }
                compared += chosen.size();
                all += ranges.size();
            }
        }
        refuseMisspelt(tables, found);
        return new DigestReport(compared, all, differences);
    }

    /** The answer of the source. */
    public <T extends @Nullable Object> T askSource(Question<T> question) throws SQLException {
        try (Connection connection = source.connect()) {
            return question.ask(connection);
        }
    }

    /** The answer of the target. */
    public <T extends @Nullable Object> T askTarget(Question<T> question) throws SQLException {
        try (Connection connection = target.connect()) {
            return question.ask(connection);
        }
    }

    /** The difference of the tables' definitions, in words; empty if there is none. See {@link SchemaParity}. */
    public List<String> schemaDifferences(List<TableMatch> tables) throws SQLException {
        try (Connection s = source.connect();
                Connection t = target.connect()) {
            return SchemaParity.differences(s, t, tables);
        }
    }

    /**
     * The differences of these tables, in words.
     *
     * @param limit how many to tell
     * @return empty if the tables are identical
     */
    public static List<String> differences(Connection source, Connection target, List<String> tables, int limit)
            throws SQLException {
        return differences(source, target, tables, Map.of(), limit);
    }

    /** As {@link #differences(Connection, Connection, List, int)}, without the rows of some keys of each table. */
    static List<String> differences(
            Connection source,
            Connection target,
            List<String> tables,
            Map<String, List<List<String>>> without,
            int limit)
            throws SQLException {
        List<TableMatch> whole = tables.stream().map(TableMatch::of).toList();
        Rows rest = (connection, match, table) -> TableImage.read(
                connection, table, match.tolerances().keySet(), without.getOrDefault(match.source(), List.of()));
        ParityReport report = compare(source, target, whole, rest, Notes.none(), limit);
        List<String> words = new ArrayList<>(report.columns());
        report.rows().forEach(row -> words.add(row.toString()));
        return words;
    }

    private static ParityReport compare(
            Connection source, Connection target, List<TableMatch> tables, Rows which, Notes notes, int limit)
            throws SQLException {
        List<ParityReport.Table> counts = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        List<RowDifference> rows = new ArrayList<>();
        Set<String> found = new TreeSet<>();
        for (TableMatch match : tables) {
            TableImage left = which.of(source, match, match.source());
            TableImage right = which.of(target, match, match.target());
            Set<String> names = compared(match, left.columns(), right.columns(), columns, found);
            TableComparison comparison = new TableComparison(match, left, right, names, notes);
            comparison.run(rows, limit);
            counts.add(comparison.counts());
        }
        refuseMisspelt(tables, found);
        return new ParityReport(counts, columns, rows, notes.summary(tables));
    }

    /** The columns that both sides have; what only one has is told, unless it is ignored. */
    private static Set<String> compared(
            TableMatch match,
            List<TableImage.Column> left,
            List<TableImage.Column> right,
            List<String> told,
            Set<String> found) {
        Set<String> source = names(left);
        Set<String> target = names(right);
        Set<String> known = new TreeSet<>(source);
        known.addAll(target);
        found.addAll(known);
        Set<String> both = new LinkedHashSet<>(source);
        both.retainAll(target);
        for (String name : known) {
            if (!both.contains(name) && !match.ignored().contains(name)) {
                told.add(match.name() + ": column " + name + " is only on the "
                        + (source.contains(name) ? "source" : "target"));
            }
        }
        both.removeAll(match.ignored());
        return both;
    }

    /** Somebody who misspells a column would compare more, or less, than he thinks. */
    private static void refuseMisspelt(List<TableMatch> tables, Set<String> found) {
        for (TableMatch match : tables) {
            Set<String> meant = new TreeSet<>(match.ignored());
            meant.addAll(match.tolerances().keySet());
            meant.removeAll(found);
            if (!meant.isEmpty()) {
                throw new IllegalArgumentException("no column is called " + meant + "; there are " + found);
            }
        }
    }

    private static Set<String> names(List<TableImage.Column> columns) {
        Set<String> names = new LinkedHashSet<>();
        columns.forEach(column -> names.add(TableMatch.folded(column.name())));
        return names;
    }
}
