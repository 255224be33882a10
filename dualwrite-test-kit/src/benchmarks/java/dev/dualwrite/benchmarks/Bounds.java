package dev.dualwrite.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How much is measured, from system properties:
 *
 * <table>
 * <caption>Properties</caption>
 * <tr><th>property</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code bench.seconds}</td><td>0.8</td><td>a measurement, in seconds</td></tr>
 * <tr><td>{@code bench.warmup}</td><td>0.2</td><td>the same load before each measurement, not recorded, in
 *   seconds</td></tr>
 * <tr><td>{@code bench.rounds}</td><td>3</td><td>measurements of everything</td></tr>
 * <tr><td>{@code bench.threads}</td><td>1,8,32</td><td>how many clients at once, one after the other</td></tr>
 * <tr><td>{@code bench.rows}</td><td>10000</td><td>rows that the updates are spread over</td></tr>
 * </table>
 *
 * @param measured a measurement
 * @param warmUp the same load before it
 * @param rounds of everything
 * @param threads clients at once
 * @param rows of the table
 */
record Bounds(Duration measured, Duration warmUp, int rounds, List<Integer> threads, int rows) {

    Bounds {
        threads = List.copyOf(threads);
        if (measured.compareTo(Duration.ofMillis(50)) < 0 || warmUp.isNegative()) {
            throw new IllegalArgumentException("bench.seconds must be at least 0.05 and bench.warmup not negative");
        }
        if (rounds < 1 || rows < 1 || threads.isEmpty()) {
            throw new IllegalArgumentException("bench.rounds, bench.rows and bench.threads must be at least 1");
        }
        if (threads.stream().anyMatch(count -> count < 1 || count > 64)) {
            throw new IllegalArgumentException("bench.threads must be 1 to 64 each, separated by commas");
        }
    }

    static Bounds fromProperties() {
        return new Bounds(
                seconds("bench.seconds", "0.8"),
                seconds("bench.warmup", "0.2"),
                Integer.parseInt(System.getProperty("bench.rounds", "3")),
                Arrays.stream(System.getProperty("bench.threads", "1,8,32").split(",", -1))
                        .map(count -> Integer.valueOf(count.strip()))
                        .toList(),
                Integer.parseInt(System.getProperty("bench.rows", "10000")));
    }

    private static Duration seconds(String property, String preset) {
        return Duration.ofNanos(Math.round(Double.parseDouble(System.getProperty(property, preset)) * 1e9));
    }
}
