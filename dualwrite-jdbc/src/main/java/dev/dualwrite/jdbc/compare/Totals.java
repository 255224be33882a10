package dev.dualwrite.jdbc.compare;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was counted of all reads since this process started. Thread-safe. */
final class Totals {
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final LongAdder skipped = new LongAdder();
    private final LongAdder failures = new LongAdder();

    Totals() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
    }

    void count(Count what) {
        LongAdder counter = counts.get(what);
        if (counter != null) {
            counter.increment();
        }
    }

    void skipped() {
        skipped.increment();
    }

    /** Comparing itself has failed, by a mistake of the library. */
    void failed() {
        failures.increment();
    }

    /** By the names of {@code DualWrite.metrics()}. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new HashMap<>();
        double compared = 0;
        for (Map.Entry<Count, LongAdder> count : counts.entrySet()) {
            double sum = count.getValue().sum();
            figures.put("reads." + count.getKey().label(), sum);
            if (count.getKey() == Count.MATCHED || count.getKey() == Count.DIFFERENT) {
                compared += sum;
            }
        }
        figures.put("reads.compared", compared);
        figures.put("reads.skipped", (double) skipped.sum());
        figures.put("reads.comparing-failed", (double) failures.sum());
        return figures;
    }
}
