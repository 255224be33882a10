package dev.dualwrite.jdbc.compare;

import dev.dualwrite.jdbc.ReadComparison.Alike;
import dev.dualwrite.jdbc.ReadComparison.Rule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether two answers are the same to a caller, and by which rules. Nothing is made equal silently: each rule that was needed is
 * named.
 *
 * @param equal whether they are
 * @param rules that were needed
 * @param left rows of the first answer that have no like in the second
 * @param right the other way round
 * @param heads what is wrong with the columns or the answers as a whole; empty if nothing is
 */
record Likeness(
        boolean equal, Set<String> rules, List<@Nullable Object[]> left, List<@Nullable Object[]> right, String heads) {

    /** Digits by which servers may write a number of double precision otherwise. */
    private static final double DOUBLE = 1e-12;

    /** As {@link #DOUBLE}, for single precision, of which servers write six digits. */
    private static final double FLOAT = 1e-5;

    /**
     * @param ordered whether the query says in which order it wants its rows
     * @param rule of the host
     */
    static Likeness of(Answer one, Answer other, boolean ordered, Rule rule) {
        if (one.failed() || other.failed()) {
            return one.error() == other.error()
                    ? equal(Set.of())
                    : heads(
                            one.failed()
                                    ? "error " + one.error() + " against an answer"
                                    : "an answer against error " + other.error());
        }
        if (one.unseen() || other.unseen()) {
            return one.rows().isEmpty() && other.rows().isEmpty()
                    ? equal(Set.of())
                    : new Likeness(false, Set.of(), one.rows(), other.rows(), "");
        }
        if (one.columns().size() != other.columns().size()) {
            return heads(
                    one.columns().size() + " columns against " + other.columns().size());
        }
        for (int i = 0; i < one.columns().size(); i++) {
            if (!one.columns().get(i).like(other.columns().get(i))) {
                return heads("column " + (i + 1) + " has another label or type: "
                        + one.columns().get(i).kind() + " against "
                        + other.columns().get(i).kind());
            }
        }
        return new Matcher(one, other, rule).match(ordered);
    }

    private static Likeness equal(Set<String> rules) {
        return new Likeness(true, rules, List.of(), List.of(), "");
    }

    private static Likeness heads(String what) {
        return new Likeness(false, Set.of(), List.of(), List.of(), what);
    }

    /** Finds for each row of one answer its like in the other. */
    private static final class Matcher {
        private final Answer one;
        private final Answer other;
        private final List<@Nullable Alike> alike = new ArrayList<>();
        private final Set<String> rules = new TreeSet<>();

        Matcher(Answer one, Answer other, Rule rule) {
            this.one = one;
            this.other = other;
            for (Column column : one.columns()) {
                alike.add(rule.alike().get(column.label().toLowerCase(Locale.ROOT)));
            }
        }

        Likeness match(boolean ordered) {
            if (one.rows().size() == other.rows().size() && pairwise()) {
                return equal(rules);
            }
            rules.clear();
            Map<String, List<@Nullable Object[]>> open = new HashMap<>();
            for (@Nullable Object[] row : other.rows()) {
                open.computeIfAbsent(exact(row), key -> new ArrayList<>()).add(row);
            }
            List<@Nullable Object[]> left = new ArrayList<>();
            for (@Nullable Object[] row : one.rows()) {
                if (!take(row, open.getOrDefault(exact(row), List.of()))) {
                    left.add(row);
                }
            }
            List<@Nullable Object[]> right =
                    open.values().stream().flatMap(List::stream).toList();
            if (left.isEmpty() && right.isEmpty()) {
                rules.add(ordered ? "order-of-ties" : "order-of-rows");
                return equal(rules);
            }
            return new Likeness(false, Set.of(), left, right, "");
        }

        private boolean pairwise() {
            for (int i = 0; i < one.rows().size(); i++) {
                if (!same(one.rows().get(i), other.rows().get(i))) {
                    return false;
                }
            }
            return true;
        }

        private boolean take(@Nullable Object[] row, List<@Nullable Object[]> candidates) {
            for (Iterator<@Nullable Object[]> each = candidates.iterator(); each.hasNext(); ) {
                if (same(row, each.next())) {
                    each.remove();
                    return true;
                }
            }
            return false;
        }

        private boolean same(@Nullable Object[] a, @Nullable Object[] b) {
            Set<String> needed = new TreeSet<>();
            for (int i = 0; i < a.length; i++) {
                boolean equal = (a[i] instanceof byte[] x && b[i] instanceof byte[] y)
                        ? Arrays.equals(x, y)
                        : Objects.equals(a[i], b[i]);
                if (equal) {
                    continue;
                }
                String name = a[i] == null || b[i] == null ? ofNull(i) : rule(i, text(a[i]), text(b[i]));
                if (name == null) {
                    return false;
                }
                needed.add(name);
            }
            rules.addAll(needed);
            return true;
        }

        private @Nullable String ofNull(int column) {
            Alike host = alike.get(column);
            return host != null && host.name().equals("ignored") ? host.name() : null;
        }

        /** The rule by which two values that are written otherwise are equal; null if none says so. */
        private @Nullable String rule(int column, String a, String b) {
            Alike host = alike.get(column);
            if (host != null && host.test().test(a, b)) {
                return host.name();
            }
            Column.Kind kind = one.columns().get(column).kind();
            Column.Kind there = other.columns().get(column).kind();
            return switch (kind) {
                case NUMBER, OTHER, TEXT, BYTES, DATE, TIME, TIMESTAMP ->
                    normal(kind, a).equals(normal(kind, b))
                            ? kind == Column.Kind.NUMBER ? "numeric-scale" : "fraction-of-seconds"
                            : null;
                case FLOAT, DOUBLE ->
                    near(a, b, kind == Column.Kind.FLOAT || there == Column.Kind.FLOAT ? FLOAT : DOUBLE)
                            ? "float-text"
                            : null;
            };
        }

        private static boolean near(String a, String b, double tolerance) {
            try {
                double x = Double.parseDouble(a);
                double y = Double.parseDouble(b);
                return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
            } catch (NumberFormatException e) {
                return false;
            }
        }

        /** The same for all rows that may be like this one. */
        private String exact(@Nullable Object[] row) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                Column.Kind kind = one.columns().get(i).kind();
                if (alike.get(i) == null && !kind.floating()) {
                    String value = row[i] == null ? null : normal(kind, text(row[i]));
                    text.append(value == null ? "-" : value.length())
                            .append(':')
                            .append(value);
                }
            }
            return text.toString();
        }

        private static String normal(Column.Kind kind, String text) {
            return switch (kind) {
                case NUMBER -> number(text);
                case TIME, TIMESTAMP ->
                    text.indexOf('.') < 0 ? text : text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
                case FLOAT, DOUBLE, TEXT, BYTES, DATE, OTHER -> text;
            };
        }

        private static String number(String text) {
            try {
                return new BigDecimal(text).stripTrailingZeros().toPlainString();
            } catch (NumberFormatException e) {
                return text;
            }
        }

        private static String text(@Nullable Object value) {
            return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
        }
    }
}
