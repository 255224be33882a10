package dev.dualwrite.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What all runs came to. Thread-safe. */
final class Summary {
    /** What an operator may be at when a fault hits, in the order of a run. */
    static final List<String> ACTIVITIES = List.of(
            "SOURCE_ONLY",
            "ENTER",
            "DUAL_WRITE",
            "BACKFILL",
            "VERIFY",
            "MOVE_READS",
            "TARGET_READ",
            "SHADOW_READ",
            "STEP_BACK",
            "FLIP",
            "REVERSE_WINDOW",
            "ROLL_BACK",
            "KILL_SWITCH",
            "HOLD",
            "LEAVE",
            "FINISH",
            "TARGET_ONLY",
            "SETTLE",
            "CONCLUDE");

    /** The names that a violation may have. */
    private static final List<String> NAMES = List.of(
            "LOST",
            "DOUBLED",
            "REORDERED",
            "STALE",
            "GHOST",
            "TORN",
            "CONTRADICTION",
            "LATE",
            "ASTRAY",
            "DIVERGENT",
            "STUCK",
            "LEAK");

    private static final int ENOUGH = 50;

    private final Tally all = new Tally();
    private final Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
    private final Map<String, Integer> violations = new TreeMap<>();
    private final List<Double> seconds = new ArrayList<>();
    private final List<Long> failed = new ArrayList<>();
    private final long began = System.nanoTime();

    synchronized void add(Plan plan, Tally tally, Optional<String> violation, double took) {
        all.addAll(tally);
        seconds.add(took);
        plan.faults().forEach(fault -> faults.merge(fault.kind(), 1, Integer::sum));
        violation.ifPresent(text -> {
            failed.add(plan.seed());
            for (String name : NAMES) {
                if (named(text, name)) {
                    violations.merge(name, 1, Integer::sum);
                }
            }
        });
    }

    private static boolean named(String violation, String name) {
        return violation.contains(name + ":")
                || violation.contains(name + " READ:")
                || (name.equals("DIVERGENT") && violation.contains(": only on the "));
    }

    synchronized int failed() {
        return failed.size();
    }

    /** As Markdown. */
    synchronized String table() {
        StringBuilder text = new StringBuilder("| what | count |\n|---|---|\n");
        row(text, "runs", seconds.size());
        row(text, "runs that failed", failed.size() + (failed.isEmpty() ? "" : " (seeds " + failed + ")"));
        for (String name : NAMES) {
            row(text, "runs with " + name, violations.getOrDefault(name, 0));
        }
        faults.forEach((kind, count) -> row(text, "drawn " + kind, count));
        all.all().forEach((what, count) -> {
            if (!ofRoutes(what)) {
                row(text, what, count);
            }
        });
        List<Double> sorted = new ArrayList<>(seconds);
        Collections.sort(sorted);
        if (!sorted.isEmpty()) {
            row(text, "seconds of a run, median", number(sorted.get(sorted.size() / 2)));
            row(text, "seconds of a run, longest", number(sorted.get(sorted.size() - 1)));
        }
        row(text, "minutes in all", number((System.nanoTime() - began) / 60e9));
        return text.toString();
    }

    /** How often each way to read was taken, as Markdown. */
    synchronized String routes() {
        StringBuilder text = new StringBuilder(
                "| reads | all | while some were moved | answered by the follower |\n|---|---|---|---|\n");
        for (String route : names()) {
            text.append("| ").append(route);
            for (String what : List.of(Reading.READS, Reading.WHILE_MOVING, Reading.BY_FOLLOWER)) {
                text.append(" | ").append(all.of(what + route));
            }
            text.append(" |\n");
        }
        return text.toString();
    }

    /** After so many runs every way was taken, and by the follower where that may be; those that were not. */
    synchronized List<String> neverTaken() {
        List<String> owners = new ArrayList<>(List.of(Read.Elsewhere.TIME.toString()));
        Stream.of(Route.values()).filter(route -> !route.moves()).forEach(route -> owners.add(route.toString()));
        return seconds.size() < ENOUGH
                ? List.of()
                : names().stream()
                        .filter(route ->
                                all.of((owners.contains(route) ? Reading.WHILE_MOVING : Reading.BY_FOLLOWER) + route)
                                        == 0)
                        .toList();
    }

    private static List<String> names() {
        return Stream.concat(Stream.of(Route.values()).map(Route::toString), Route.OTHERS.stream())
                .toList();
    }

    /** Whether a count belongs to {@link #routes}. */
    static boolean ofRoutes(String what) {
        return names().stream().anyMatch(what::endsWith);
    }

    private static void row(StringBuilder text, String what, Object count) {
        text.append("| ").append(what).append(" | ").append(count).append(" |\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
