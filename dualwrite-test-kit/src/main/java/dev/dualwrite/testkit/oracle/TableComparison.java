package dev.dualwrite.testkit.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two images of a table, row by row and both ways. For one use, by one thread. */
final class TableComparison {
    private static final int LONGEST_ROW = 300;

    private final TableMatch match;
    private final TableImage source;
    private final TableImage target;
    private final Notes notes;
    private final List<Pairing> columns = new ArrayList<>();
    private long missing;
    private long extra;
    private long different;

    /** A column on both sides: where it stands in the rows, and what is tolerated. */
    private record Pairing(
            TableImage.Column source,
            TableImage.Column target,
            int left,
            int right,
            @Nullable Tolerance tolerance) {
        boolean equal(@Nullable String one, @Nullable String other) {
            return tolerance == null ? Objects.equals(one, other) : tolerance.equal(one, other);
        }
    }

    TableComparison(TableMatch match, TableImage source, TableImage target, Set<String> compared, Notes notes) {
        this.match = match;
        this.source = source;
        this.target = target;
        this.notes = notes;
        Map<String, Integer> there = new HashMap<>();
        for (int i = 0; i < target.columns().size(); i++) {
            there.put(TableMatch.folded(target.columns().get(i).name()), i);
        }
        for (int i = 0; i < source.columns().size(); i++) {
            TableImage.Column column = source.columns().get(i);
            String name = TableMatch.folded(column.name());
            Integer other = there.get(name);
            if (other != null && compared.contains(name)) {
                Tolerance tolerance = match.tolerances().get(name);
                columns.add(new Pairing(column, target.columns().get(other), i, other, tolerance));
            }
        }
    }

    /** Adds what differs, as long as there are fewer than so many; counts all. */
    void run(List<RowDifference> found, int limit) {
        source.rows().forEach((key, rows) -> {
            List<List<@Nullable String>> others = target.rows().getOrDefault(key, List.of());
            if (rows.size() == 1 && others.size() == 1) {
                List<String> differing = differing(rows.get(0), others.get(0));
                if (!differing.isEmpty()) {
                    different++;
                    tell(found, limit, RowDifference.Kind.DIFFERENT, source, key, differing);
                }
            } else {
                copies(found, limit, key, rows, others);
            }
        });
        target.rows().forEach((key, rows) -> {
            if (!source.rows().containsKey(key)) {
                copies(found, limit, key, List.of(), rows);
            }
        });
    }

    ParityReport.Table counts() {
        return new ParityReport.Table(match.name(), source.size(), target.size(), missing, extra, different);
    }

    /** Rows of one key that one side has more often; more than once only in a table without a primary key. */
    private void copies(
            List<RowDifference> found,
            int limit,
            List<@Nullable String> key,
            List<List<@Nullable String>> rows,
            List<List<@Nullable String>> others) {
        for (int i = others.size(); i < rows.size(); i++) {
            missing++;
            tell(found, limit, RowDifference.Kind.MISSING, source, key, rest(source, rows.get(i)));
        }
        for (int i = rows.size(); i < others.size(); i++) {
            extra++;
            tell(found, limit, RowDifference.Kind.EXTRA, target, key, rest(target, others.get(i)));
        }
    }

    private void tell(
            List<RowDifference> found,
            int limit,
            RowDifference.Kind kind,
            TableImage image,
            List<@Nullable String> key,
            List<String> values) {
        if (found.size() < limit) {
            List<String> keyTexts = new ArrayList<>();
            for (int i = 0; i < image.key().size(); i++) {
                keyTexts.add(image.key().get(i).keyText(key.get(i)));
            }
            found.add(new RowDifference(
                    match.name(), kind, image.shownKey(key), values, notes.about(match.source(), keyTexts)));
        }
    }

    private List<String> differing(List<@Nullable String> row, List<@Nullable String> other) {
        List<String> differing = new ArrayList<>();
        for (Pairing pairing : columns) {
            String one = row.get(pairing.left());
            String two = other.get(pairing.right());
            if (!pairing.equal(one, two)) {
                differing.add(
                        pairing.source().name() + " source " + pairing.source().shown(one) + ", target "
                                + pairing.target().shown(two)
                                + (pairing.tolerance() == null ? "" : " (" + pairing.tolerance() + " is tolerated)"));
            }
        }
        return differing;
    }

    /** What of a row is not its key, as far as there is room. */
    private static List<String> rest(TableImage image, List<@Nullable String> row) {
        if (image.key().isEmpty()) {
            return List.of();
        }
        Set<TableImage.Column> key = new HashSet<>(image.key());
        List<String> rest = new ArrayList<>();
        int length = 0;
        for (int i = 0; i < row.size() && length < LONGEST_ROW; i++) {
            TableImage.Column column = image.columns().get(i);
            if (!key.contains(column)) {
                String text = column.name() + "=" + column.shown(row.get(i));
                rest.add(text);
                length += text.length();
            }
        }
        return rest;
    }
}
