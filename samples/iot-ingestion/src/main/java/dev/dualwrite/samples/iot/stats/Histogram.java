package dev.dualwrite.samples.iot.stats;

import java.time.Duration;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * How often which latency was seen, from 1 µs to about an hour, each to within about 6 %. Sixteen buckets for each doubling. Not thread-safe.
 */
public final class Histogram {
    private static final int STEPS = 16;
    private static final int BITS = 4;
    private static final int BUCKETS = STEPS * 29;

    private final long[] counts = new long[BUCKETS];
    private long total;

    /** Adds one. */
    public void add(Duration latency) {
        add(bucket(Math.max(0, latency.toNanos() / 1_000)), 1);
    }

    private void add(int bucket, long count) {
        counts[bucket] += count;
        total += count;
    }

    /** Adds everything that another saw. */
    public void add(Histogram other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    /** How many were added. */
    public long count() {
        return total;
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    /**
     * The latency that so many of a hundred did not exceed.
     *
     * @return zero if nothing was added
     */
    public Duration percentile(double percent) {
        long wanted = Math.max(1, (long) Math.ceil(total * percent / 100));
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Duration.ofNanos(upper(i) * 1_000);
            }
        }
        return Duration.ZERO;
    }

    private static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int shift = 63 - Long.numberOfLeadingZeros(micros) - BITS;
        int index = STEPS * (shift + 1) + (int) ((micros >>> shift) - STEPS);
        return Math.min(index, BUCKETS - 1);
    }

    /** The largest number of microseconds that falls into a bucket. */
    private static long upper(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }

    /** As text: {@code bucket:count,…}. */
    public String encode() {
        StringJoiner text = new StringJoiner(",");
        for (int i = 0; i < BUCKETS; i++) {
            if (counts[i] > 0) {
                text.add(i + ":" + counts[i]);
            }
        }
        return text.toString();
    }

    /** From text. */
    public static Histogram decode(String text) {
        Histogram histogram = new Histogram();
        if (!text.isEmpty()) {
            for (String part : text.split(",", -1)) {
                int colon = part.indexOf(':');
                histogram.add(Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
            }
        }
        return histogram;
    }
}
