package dev.dualwrite.jdbc.compare;

import dev.dualwrite.jdbc.ReadComparison.Rule;
import dev.dualwrite.jdbc.control.ReadShapeTable.Counted;
import dev.dualwrite.sql.SqlShape;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is counted of the reads that differ by their values only, in this process. Thread-safe; nothing in it waits. */
final class Shape {
    /** What the counts of reasons begin with. */
    static final String SKIP = "skip.";

    /** What the counts of rules begin with. */
    static final String RULE = "rule.";

    /** Names of rules that are counted by themselves. */
    private static final int RULES = 40;

    /** In one of so many matches the owner is asked twice, to measure noise. */
    private static final int NOISE_SHARE = 10;

    private final SqlShape sql;
    private final Rule rule;
    private final @Nullable Skip skip;
    private final Totals totals;
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Map<Skip, LongAdder> skipped = new EnumMap<>(Skip.class);
    private final Map<String, LongAdder> rules = new ConcurrentHashMap<>();

    /** Reads that wait to be compared or are being compared. */
    private final AtomicInteger underWay = new AtomicInteger();

    /** Decided ones; beside the counts, because an execution asks for it. */
    private final AtomicInteger decided = new AtomicInteger();

    /** What was written down last, and when; only touched by the scribe. */
    private Map<String, Long> written = Map.of();

    private long writtenAt = System.nanoTime();

    /** @param skip why it is not compared; null if it is */
    Shape(SqlShape sql, Rule rule, @Nullable Skip skip, Totals totals) {
        this.totals = totals;
        this.sql = sql;
        this.rule = rule;
        this.skip = skip;
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
        for (Skip why : Skip.values()) {
            skipped.put(why, new LongAdder());
        }
    }

    SqlShape sql() {
        return sql;
    }

    Rule rule() {
        return rule;
    }

    @Nullable Skip skip() {
        return skip;
    }

    void count(Count what) {
        totals.count(what);
        LongAdder counter = counts.get(what);
        if (counter != null) {
            counter.increment();
        }
    }

    /** How often its answers differed. */
    long differed() {
        LongAdder counter = counts.get(Count.DIFFERENT);
        return counter == null ? 0 : counter.sum();
    }

    void skipped(Skip why) {
        totals.skipped();
        LongAdder counter = skipped.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    private void needed(Set<String> names) {
        for (String name : names) {
            LongAdder counter = rules.get(name);
            if (counter == null && rules.size() < RULES) {
                counter = rules.computeIfAbsent(name, key -> new LongAdder());
            }
            if (counter != null) {
                counter.increment();
            }
        }
    }

    /** Whether an execution is to be compared: always as long as too few were, then a share. */
    boolean chosen(int minimum, double percent) {
        return decided.get() + underWay.get() < minimum
                || ThreadLocalRandom.current().nextDouble(100) < percent;
    }

    void begins() {
        underWay.incrementAndGet();
    }

    void ends() {
        underWay.decrementAndGet();
    }

    /**
     * Both sides answer the same.
     *
     * @return whether noise is to be measured by it
     */
    boolean matched(Set<String> needed, boolean atFirstSight) {
        needed(needed);
        count(Count.MATCHED);
        if (!atFirstSight) {
            count(Count.LAGGED);
        }
        return decided.getAndIncrement() % NOISE_SHARE == 0;
    }

    void different() {
        count(Count.DIFFERENT);
        decided.incrementAndGet();
    }

    private Map<String, Long> counts() {
        Map<String, Long> all = new HashMap<>();
        counts.forEach((count, counter) -> all.put(count.label(), counter.sum()));
        skipped.forEach((why, counter) -> all.put(SKIP + why.label(), counter.sum()));
        rules.forEach((name, counter) -> all.put(RULE + name, counter.sum()));
        all.values().removeIf(count -> count == 0);
        return all;
    }

    /** What is to be written down: executions alone are no hurry. Null if there is nothing. */
    @Nullable Counted news(long patienceNanos) {
        Map<String, Long> now = counts();
        if (now.equals(written)
                || (boring(now).equals(boring(written)) && System.nanoTime() - writtenAt < patienceNanos)) {
            return null;
        }
        return new Counted(sql.id(), sql.text(), now);
    }

    private static Map<String, Long> boring(Map<String, Long> counts) {
        Map<String, Long> rest = new HashMap<>(counts);
        rest.remove(Count.EXECUTIONS.label());
        return rest;
    }

    void written(Counted what) {
        written = what.counts();
        writtenAt = System.nanoTime();
    }
}
