package dev.dualwrite.samples.iot.view;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Figures as people read them. */
public final class Words {
    private Words() {}

    /** Milliseconds while they are few, seconds otherwise. */
    public static String time(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        if (millis < 1_000) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    static String time(Optional<Duration> duration) {
        return duration.map(Words::time).orElse("-");
    }

    /** Whole seconds, with minutes where there are any. */
    static String eta(Optional<Duration> left) {
        return left.map(duration -> duration.toSeconds() >= 100
                        ? "ETA " + duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                        : "ETA " + Math.max(1, duration.toSeconds()) + " s")
                .orElse("ETA unknown");
    }

    /** Minutes and seconds since the start. */
    public static String clock(Duration elapsed) {
        return String.format(Locale.ROOT, "%02d:%04.1f", elapsed.toMinutes(), elapsed.toMillis() % 60_000 / 1e3);
    }

    /** With commas between thousands. */
    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** No longer than so many characters. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
