package dev.dualwrite.jdbc;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.sql.SqlShape;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * How reads are compared in {@code SHADOW_READ} and {@code TARGET_READ}: how many, within which limits, and by which rules beyond
 * the library's own. Immutable; each method gives another one. What is not allowed is refused with DW-1017.
 *
 * <pre>{@code
 * ReadComparison.standard()
 *     .withPercent(1)
 *     .ignoring("SELECT id, NOW() AS asked FROM account WHERE id = ?", "asked")
 * }</pre>
 *
 * <p>A query stands for all that differ from it by their values only. All instances have to be configured alike.
 *
 * @param percent share of the executions of a shape that is compared once it was compared {@code minimum} times, 0 to 100; 5
 * @param minimum how often each shape is compared before the share applies, in each instance, and how often the gate wants to have
 *     seen it compared by all of them together, 1 to 10,000; 20
 * @param workers threads that compare, 1 to 16; 2
 * @param waiting reads that wait to be compared, 1 to 10,000; 64: when there are so many, further ones are dropped and counted
 * @param timeout for each of a comparison's queries, 100 ms to 1 min; 2 s
 * @param rows of an answer that is compared at the most, 1 to 1,000,000; 5,000: a longer one is not compared, and counted
 * @param bytes of an answer, about, 1,000 to 100,000,000; 2,000,000
 * @param unmasked whether reports hold values, cut to 60 characters, instead of their lengths and a keyed hash
 * @param rules by shape
 */
public record ReadComparison(
        double percent,
        int minimum,
        int workers,
        int waiting,
        Duration timeout,
        int rows,
        int bytes,
        boolean unmasked,
        Map<String, Rule> rules) {

    private static final ReadComparison STANDARD =
            new ReadComparison(5, 20, 2, 64, Duration.ofSeconds(2), 5_000, 2_000_000, false, Map.of());

    public ReadComparison {
        check(percent >= 0 && percent <= 100, "a share of " + percent + "%", "0 to 100");
        check(minimum >= 1 && minimum <= 10_000, "a minimum of " + minimum, "1 to 10000");
        check(workers >= 1 && workers <= 16, workers + " workers", "1 to 16");
        check(waiting >= 1 && waiting <= 10_000, waiting + " waiting reads", "1 to 10000");
        check(
                timeout.compareTo(Duration.ofMillis(100)) >= 0 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                "a timeout of " + timeout,
                "100 ms to 1 min");
        check(rows >= 1 && rows <= 1_000_000, rows + " rows", "1 to 1000000");
        check(bytes >= 1_000 && bytes <= 100_000_000, bytes + " bytes", "1000 to 100000000");
        rules = Map.copyOf(rules);
    }

    /**
     * What holds for one shape.
     *
     * @param compared whether it is compared although the library would not by itself
     * @param onTarget what the target is asked for it, with the same parameters; empty for the same
     * @param alike by column label in lower case, what makes two values of it equal
     */
    public record Rule(boolean compared, Optional<String> onTarget, Map<String, Alike> alike) {
        static final Rule NONE = new Rule(false, Optional.empty(), Map.of());

        public Rule {
            alike = Collections.unmodifiableMap(new LinkedHashMap<>(alike));
        }
    }

    /**
     * What makes two values of a column equal.
     *
     * @param name by which it is counted when it was needed
     * @param test of the values as texts, bytes in hexadecimal; NULL equals NULL only and is not asked about
     */
    public record Alike(String name, BiPredicate<String, String> test) {}

    /** What counts if nothing else is said. */
    public static ReadComparison standard() {
        return STANDARD;
    }

    /** Compares another share of the executions of a shape, once each was compared the minimum of times. */
    public ReadComparison withPercent(double share) {
        return new ReadComparison(share, minimum, workers, waiting, timeout, rows, bytes, unmasked, rules);
    }

    /** Demands another minimum of comparisons for each shape. */
    public ReadComparison withMinimum(int times) {
        return new ReadComparison(percent, times, workers, waiting, timeout, rows, bytes, unmasked, rules);
    }

    /** Has other bounds for what comparing takes of this process and of the databases. */
    public ReadComparison withBulkhead(int threads, int reads, Duration query) {
        return new ReadComparison(percent, minimum, threads, reads, query, rows, bytes, unmasked, rules);
    }

    /** Compares answers up to another size. */
    public ReadComparison withAnswersUpTo(int mostRows, int mostBytes) {
        return new ReadComparison(percent, minimum, workers, waiting, timeout, mostRows, mostBytes, unmasked, rules);
    }

    /** Lets reports hold values. */
    public ReadComparison showingValues() {
        return new ReadComparison(percent, minimum, workers, waiting, timeout, rows, bytes, true, rules);
    }

    /** Leaves these columns of a query out of its comparison, by label; counted as {@code ignored} where they differ. */
    public ReadComparison ignoring(String query, String... labels) {
        ReadComparison with = comparing(query);
        for (String label : labels) {
            with = with.alike(query, label, "ignored", (one, other) -> true);
        }
        return with;
    }

    /**
     * Compares a column of a query in another way, which is counted by its name where it was needed.
     *
     * @param name 1 to 30 ASCII letters, digits or {@code -}
     */
    public ReadComparison alike(String query, String label, String name, BiPredicate<String, String> test) {
        check(name.matches("[A-Za-z0-9-]{1,30}"), "the comparator '" + name + "'", "1 to 30 letters, digits or '-'");
        Rule rule = ruleOf(query);
        Map<String, Alike> alike = new HashMap<>(rule.alike());
        alike.put(label.toLowerCase(Locale.ROOT), new Alike(name, test));
        return with(query, new Rule(rule.compared(), rule.onTarget(), alike));
    }

    /** Compares a query that the library would leave out, because it may answer anew each time; the host knows that it does not. */
    public ReadComparison comparing(String query) {
        Rule rule = ruleOf(query);
        return with(query, new Rule(true, rule.onTarget(), rule.alike()));
    }

    /** Says what to ask the target in place of a query, for tables that are mapped: a query with the same parameters and labels. */
    public ReadComparison onTarget(String query, String comparable) {
        Rule rule = ruleOf(query);
        return with(query, new Rule(rule.compared(), Optional.of(comparable), rule.alike()));
    }

    private Rule ruleOf(String query) {
        return rule(SqlShape.of(query).id());
    }

    /** What holds for a shape, by its id. */
    public Rule rule(String shape) {
        return rules.getOrDefault(shape, Rule.NONE);
    }

    private ReadComparison with(String query, Rule rule) {
        Map<String, Rule> more = new HashMap<>(rules);
        more.put(SqlShape.of(query).id(), rule);
        return new ReadComparison(percent, minimum, workers, waiting, timeout, rows, bytes, unmasked, more);
    }

    private static void check(boolean fine, String what, String allowed) {
        if (!fine) {
            throw new DualWriteException(
                    "DW-1017", "comparing reads with " + what + " is not allowed: it must be " + allowed);
        }
    }
}
