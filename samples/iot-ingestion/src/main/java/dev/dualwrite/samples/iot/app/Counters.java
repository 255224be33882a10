package dev.dualwrite.samples.iot.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.samples.iot.stats.Histogram;
import dev.dualwrite.samples.iot.stats.Sample;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What the devices of this process saw. Errors are counted here first and retried afterwards. Thread-safe. */
final class Counters {
    private static final int TOLD = 20;

    /** What a write was. */
    enum Write {
        READING,
        REGISTER,
        RETIRE,
        SWAP
    }

    private final Said said;

    @GuardedBy("this") private final Map<String, Long> errors = new TreeMap<>();

    @GuardedBy("this") private final Map<Write, Long> writes = new TreeMap<>();

    @GuardedBy("this") private final Histogram latencies = new Histogram();

    @GuardedBy("this") private long again;

    @GuardedBy("this") private long overtaken;

    @GuardedBy("this") private long unknown;

    @GuardedBy("this") private long stale;

    @GuardedBy("this") private int told;

    Counters(Said said) {
        this.said = said;
    }

    synchronized void acknowledged(Write write, Duration latency) {
        writes.merge(write, 1L, Long::sum);
        latencies.add(latency);
    }

    /** A transaction failed, and nothing of it is stored. */
    synchronized void failed(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if ("40001".equals(state)) {
            again++;
            if (String.valueOf(e.getMessage()).startsWith("DW-")) {
                overtaken++;
            }
        } else {
            errors.merge(state, 1L, Long::sum);
            tell(state + " " + e.getMessage());
        }
    }

    synchronized void unknown(UnknownOutcomeException e) {
        unknown++;
        tell("unknown outcome: " + e.getMessage());
    }

    /** A device found another previous state than it was told. */
    synchronized void stale(String what) {
        stale++;
        tell("stale: " + what);
    }

    @GuardedBy("this") private void tell(String what) {
        if (told++ < TOLD) {
            said.say("error " + what.replaceAll("\\s+", " "));
        }
    }

    synchronized Sample sample() {
        Histogram sinceLast = new Histogram();
        sinceLast.add(latencies);
        latencies.clear();
        return new Sample(
                writes.values().stream().mapToLong(Long::longValue).sum(),
                writes.getOrDefault(Write.READING, 0L),
                writes.getOrDefault(Write.REGISTER, 0L),
                writes.getOrDefault(Write.RETIRE, 0L),
                writes.getOrDefault(Write.SWAP, 0L),
                again,
                overtaken,
                errors,
                unknown,
                stale,
                sinceLast);
    }

    /** Where lines for the parent go. */
    @FunctionalInterface
    interface Said {
        void say(String line);
    }
}
