package dev.dualwrite.campaign;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.PhaseOutcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Counts what happened, by name. Thread-safe. */
final class Tally {
    private final Map<String, Long> counts = new ConcurrentSkipListMap<>();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long by) {
        counts.merge(what, by, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    void addAll(Tally other) {
        other.counts.forEach(this::add);
    }

    void flip(FlipOutcome outcome) {
        if (outcome instanceof FlipOutcome.Flipped) {
            count("flips done");
        } else if (outcome instanceof FlipOutcome.GaveUp gaveUp) {
            count("flips given up");
            count("given up at " + gaveUp.at());
        } else if (outcome instanceof FlipOutcome.Refused refused) {
            count("flips refused");
            refused.report().failed().forEach(check -> count("refused by " + check.name()));
        } else {
            count("flips unknown");
        }
    }

    void phase(PhaseOutcome outcome) {
        count("phase " + outcome.getClass().getSimpleName());
    }

    void refused(String what) {
        count("refused: " + what);
    }

    /** A verification says this only of what differs without being in flight. */
    void divergences(List<String> divergences) {
        add("divergences", divergences.size());
    }

    /** What a child said came of its command; whether there is nothing more to be tried. */
    boolean byChild(String said) {
        if (said.equals("GONE")) {
            count("coordinators lost");
            return true;
        }
        String word = word(said);
        switch (word) {
            case "Flipped" -> count("flips done");
            case "GaveUp" -> count("flips given up");
            case "Refused" -> count("flips refused");
            case "Unknown" -> count("flips unknown");
            default -> count("child " + word);
        }
        return !word.equals("GaveUp") && !word.equals("Refused");
    }

    /** What came of it, behind the side that was to own. */
    static String word(String said) {
        String[] words = said.split("[ \\[]", 3);
        return words[words.length == 1 ? 0 : 1];
    }

    Map<String, Long> all() {
        return new TreeMap<>(counts);
    }

    @Override
    public String toString() {
        return all().entrySet().stream()
                .filter(entry -> !Summary.ofRoutes(entry.getKey()))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
