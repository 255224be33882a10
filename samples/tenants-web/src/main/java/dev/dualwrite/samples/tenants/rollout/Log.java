package dev.dualwrite.samples.tenants.rollout;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What somebody who watches sees: a line for each event, and one a second. Thread-safe. */
final class Log {
    private final PrintStream out;
    private final long began = System.nanoTime();

    Log(PrintStream out) {
        this.out = out;
    }

    /** A phase or a share is in force from here on. */
    void phase(String text) {
        print("== " + text);
    }

    /** Somebody breaks something. */
    void fault(String text) {
        print("!! " + text);
    }

    /** What the operator does, and what the library answers. */
    void step(String text) {
        print("-- " + text);
    }

    /** The figures of this moment. */
    void figures(String text) {
        print(text);
    }

    private synchronized void print(String text) {
        Duration elapsed = elapsed();
        out.printf(Locale.ROOT, "%02d:%04.1f  %s%n", elapsed.toMinutes(), elapsed.toMillis() % 60_000 / 1e3, text);
        out.flush();
    }

    /** Lines that need no time. */
    synchronized void end(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
