package dev.dualwrite.campaign;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which fault has hit where and while what was going on; and what was never hit. Thread-safe. */
final class Coverage {
    private final Map<String, Map<String, Integer>> hits = new TreeMap<>();

    synchronized void hit(String where, String activity) {
        hits.computeIfAbsent(where, ignored -> new TreeMap<>()).merge(activity, 1, Integer::sum);
    }

    synchronized int hits(String kind) {
        return hits.entrySet().stream()
                .filter(entry -> entry.getKey().equals(kind) || entry.getKey().startsWith(kind + ' '))
                .mapToInt(entry -> entry.getValue().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .sum();
    }

    /** A table of fail points by activities; a point never hit has a row of its own. */
    synchronized String table(List<String> activities) {
        TreeSet<String> points = new TreeSet<>(Fail.points());
        points.addAll(hits.keySet());
        StringBuilder text = new StringBuilder("| fail point | " + String.join(" | ", activities) + " |\n|---|"
                + "---|".repeat(activities.size()) + "\n");
        for (String point : points) {
            Map<String, Integer> row = hits.getOrDefault(point, Map.of());
            text.append("| ").append(point).append(" |");
            for (String activity : activities) {
                text.append(' ').append(row.getOrDefault(activity, 0)).append(" |");
            }
            text.append(row.isEmpty() ? " never hit\n" : "\n");
        }
        return text.toString().replace(" 0 |", " · |");
    }

    /** How many of the fail points were hit, of how many. */
    synchronized String share() {
        long hit = Fail.points().stream().filter(hits::containsKey).count();
        return hit + " of " + Fail.points().size();
    }
}
