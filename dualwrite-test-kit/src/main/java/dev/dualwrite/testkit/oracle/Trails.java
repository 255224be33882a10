package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the trails of rows against what clients were told, and names what is wrong with one.
 *
 * <p>LOST: a change that was acknowledged is on neither side. STALE: the row is as it was before a change that the other
 * side has. DOUBLED: it has seen a change twice. REORDERED: it has seen changes of one client in another order. GHOST: it
 * has seen one that was told not to be stored, or that nobody made. TORN: of a transaction with an unknown answer one
 * row is stored and another is not.
 */
final class Trails {
    private final String table;
    private final String keyExpression;
    private final String column;

    /** @param keyExpression over the columns of the key; gives the text that {@link Write#key()} holds */
    Trails(String table, String keyExpression, String column) {
        this.table = table;
        this.keyExpression = keyExpression;
        this.column = column;
    }

    /** What is wrong on either side, in words. Without a follower only the owner is judged. */
    List<String> broken(
            Connection owner, @Nullable Connection follower, Map<String, KeyHistory> histories, Set<String> orphans)
            throws SQLException {
        Map<String, String> owners = read(owner);
        Map<String, String> followers = follower == null ? Map.of() : read(follower);
        List<String> broken = new ArrayList<>();
        Map<Object, Set<Boolean>> stored = new HashMap<>();
        Map<String, KeyHistory> mine = new TreeMap<>();
        histories.values().stream()
                .filter(history -> history.table().equals(table))
                .forEach(history -> mine.put(history.key(), history));
        for (KeyHistory history : mine.values()) {
            String found = owners.get(history.key());
            String other = followers.get(history.key());
            if (!history.allows(found)) {
                broken.add(said(history, "owner", found, other, history.expected()));
            } else if (history.inDoubt() != null && !Objects.equals(history.expected(), history.perhaps())) {
                stored.computeIfAbsent(history.inDoubt(), ignored -> new HashSet<>())
                        .add(Objects.equals(found, history.perhaps()));
                if (stored.get(history.inDoubt()).size() > 1) {
                    broken.add("TORN: " + history + " is " + found
                            + ", and another row of its transaction, whose answer was unknown, tells otherwise");
                }
            }
            if (follower != null && history.allows(found) && !Objects.equals(found, other)) {
                broken.add(said(history, "follower", other, found, found));
            }
        }
        unheardOf(owners, mine, orphans, "owner", broken);
        unheardOf(followers, mine, orphans, "follower", broken);
        return broken;
    }

    private void unheardOf(
            Map<String, String> rows,
            Map<String, KeyHistory> known,
            Set<String> orphans,
            String role,
            List<String> broken) {
        rows.forEach((key, trail) -> {
            if (!known.containsKey(key) && !orphans.contains(ClientLog.id(table, trail))) {
                broken.add("GHOST: on the " + role + " " + table + " key=" + key + " is " + trail
                        + ", and nobody was told of it");
            }
        });
    }

    private static String said(
            KeyHistory history, String role, @Nullable String found, @Nullable String other, @Nullable String right) {
        return name(history, found, other, right) + ": on the " + role + " " + history + " is " + found + ", not "
                + right + (history.inDoubt() == null ? "" : " or " + history.perhaps()) + "; the other side: " + other;
    }

    private static String name(
            KeyHistory history, @Nullable String found, @Nullable String other, @Nullable String right) {
        List<String> seen = found == null ? List.of() : KeyHistory.marks(found);
        if (seen.stream().anyMatch(history::undone)) {
            return "GHOST";
        }
        if (new HashSet<>(seen).size() < seen.size()) {
            return "DOUBLED";
        }
        List<String> due = right == null ? List.of() : KeyHistory.marks(right);
        List<String> both = seen.stream().filter(due::contains).toList();
        if (!both.equals(due.stream().filter(seen::contains).toList())) {
            return "REORDERED";
        }
        if (history.wasOnce(found) && Objects.equals(other, right)) {
            return "STALE";
        }
        return seen.containsAll(due) && found != null && right != null ? "GHOST" : "LOST";
    }

    private Map<String, String> read(Connection connection) throws SQLException {
        Map<String, String> rows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT " + keyExpression + ", `" + column + "` FROM `" + table + "`")) {
            while (row.next()) {
                rows.put(row.getString(1), row.getString(2));
            }
        }
        return rows;
    }
}
