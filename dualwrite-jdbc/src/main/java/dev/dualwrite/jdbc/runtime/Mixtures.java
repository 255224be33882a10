package dev.dualwrite.jdbc.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Transactions and statements that use the domain together with tables outside of it. They work while the
 * source owns and would be refused afterwards, so they close the gate until they are gone or waived.
 * Thread-safe.
 */
final class Mixtures {
    private static final int SHAPES = 1000;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile boolean waived;

    void count(String domainTable, String outsideTable) {
        String shape = domainTable + " with " + outsideTable;
        LongAdder counter = counts.get(shape);
        if (counter == null) {
            if (counts.size() >= SHAPES) {
                return; // enough to close the gate and to tell why
            }
            counter = counts.computeIfAbsent(shape, ignored -> new LongAdder());
        }
        counter.increment();
    }

    /** Forgets what was counted: the application has changed. */
    void forget() {
        counts.clear();
    }

    /** Accepts that such transactions will be refused after a flip. */
    void waive() {
        waived = true;
    }

    Optional<String> wrong() {
        return waived || counts.isEmpty()
                ? Optional.empty()
                : Optional.of(counts.entrySet().stream()
                                .map(entry -> entry.getKey() + " (" + entry.getValue() + " times)")
                                .sorted()
                                .limit(5)
                                .collect(Collectors.joining(", "))
                        + " used together: after the flip these are refused; move the table too, or waive it");
    }
}
