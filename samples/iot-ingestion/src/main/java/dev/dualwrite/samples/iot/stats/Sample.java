package dev.dualwrite.samples.iot.stats;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What a process of the application says of itself a few times a second. All counts are from its start, the latencies
 * since the sample before.
 *
 * @param writes transactions that were acknowledged
 * @param readings of them
 * @param registered devices
 * @param retired devices
 * @param swaps of two devices' slots
 * @param again transactions that were told SQLState 40001
 * @param overtaken of them, those told so by dualwrite
 * @param errors other errors, by SQLState, before any retry
 * @param unknown commits whose outcome was not told
 * @param stale devices that found another previous state than was acknowledged to them
 * @param latencies from when a write was due to its acknowledgement
 */
public record Sample(
        long writes,
        long readings,
        long registered,
        long retired,
        long swaps,
        long again,
        long overtaken,
        Map<String, Long> errors,
        long unknown,
        long stale,
        Histogram latencies) {
    public Sample {
        errors = Map.copyOf(errors);
    }

    /** Before anything happened. */
    public static Sample none() {
        return new Sample(0, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0, new Histogram());
    }

    /** How many errors there were in all, 40001 not among them. */
    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Both processes together. */
    public Sample plus(Sample other) {
        Map<String, Long> all = new TreeMap<>(errors);
        other.errors.forEach((state, count) -> all.merge(state, count, Long::sum));
        Histogram both = new Histogram();
        both.add(latencies);
        both.add(other.latencies);
        return new Sample(
                writes + other.writes,
                readings + other.readings,
                registered + other.registered,
                retired + other.retired,
                swaps + other.swaps,
                again + other.again,
                overtaken + other.overtaken,
                all,
                unknown + other.unknown,
                stale + other.stale,
                both);
    }

    /** As one line without a line end. */
    public String encode() {
        StringJoiner states = new StringJoiner(",");
        new TreeMap<>(errors).forEach((state, count) -> states.add(state + ":" + count));
        return writes + " " + readings + " " + registered + " " + retired + " " + swaps + " " + again + " " + overtaken
                + " " + unknown + " " + stale + " [" + states + "] [" + latencies.encode() + "]";
    }

    /** From a line. */
    public static Sample decode(String line) {
        String[] words = line.split(" ", -1);
        long[] counts = new long[9];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Long.parseLong(words[i]);
        }
        Map<String, Long> errors = new TreeMap<>();
        String states = inside(words[9]);
        if (!states.isEmpty()) {
            for (String part : states.split(",", -1)) {
                int colon = part.lastIndexOf(':');
                errors.put(part.substring(0, colon), Long.parseLong(part.substring(colon + 1)));
            }
        }
        return new Sample(
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                counts[4],
                counts[5],
                counts[6],
                errors,
                counts[7],
                counts[8],
                Histogram.decode(inside(words[10])));
    }

    private static String inside(String brackets) {
        return brackets.substring(1, brackets.length() - 1);
    }
}
