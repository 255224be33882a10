package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one action of the host changed on the owner, found by looking at all tables before it and after. What others
 * change meanwhile is taken for its own. Immutable, safe for use by any number of threads.
 */
public final class Sample {
    private final Parity parity;
    private final Map<String, Set<List<@Nullable String>>> changed;

    /** Something that the host does, for example a call of a service that works on the migration's {@code DataSource}. */
    @FunctionalInterface
    public interface Action {
        /** Does it, with all that is committed of it. */
        void run() throws Exception;
    }

    private Sample(Parity parity, Map<String, Set<List<@Nullable String>>> changed) {
        this.parity = parity;
        this.changed = changed;
    }

    /**
     * Does an action.
     *
     * @param owner where it changes rows
     * @param tables that it may change, called the same on both sides
     * @throws Exception that of the action, and if the owner cannot be asked
     */
    public static Sample of(Parity parity, Oracle.Connector owner, List<String> tables, Action action)
            throws Exception {
        Map<String, TableImage> before = images(owner, tables);
        action.run();
        Map<String, Set<List<@Nullable String>>> changed = new LinkedHashMap<>();
        images(owner, tables).forEach((table, after) -> {
            Map<List<@Nullable String>, List<List<@Nullable String>>> old =
                    Objects.requireNonNull(before.get(table)).rows();
            Set<List<@Nullable String>> keys = new HashSet<>(old.keySet());
            keys.addAll(after.rows().keySet());
            keys.removeIf(
                    key -> old.getOrDefault(key, List.of()).equals(after.rows().getOrDefault(key, List.of())));
            if (!keys.isEmpty()) {
                changed.put(table, keys);
            }
        });
        return new Sample(parity, changed);
    }

    private static Map<String, TableImage> images(Oracle.Connector owner, List<String> tables) throws SQLException {
        Map<String, TableImage> images = new LinkedHashMap<>();
        try (Connection connection = owner.connect()) {
            for (String table : tables) {
                images.put(table, TableImage.read(connection, table, Set.of(), List.of()));
            }
        }
        return images;
    }

    /** The tables of which it changed a row. */
    public Set<String> tables() {
        return Set.copyOf(changed.keySet());
    }

    /** How many rows it inserted, changed and deleted. */
    public long rows() {
        return changed.values().stream().mapToLong(Set::size).sum();
    }

    /**
     * Compares these rows on both sides, as they are now.
     *
     * @param limit how many differing rows to tell; all are counted
     */
    public ParityReport compare(int limit) throws SQLException {
        return parity.compareKeys(changed, limit);
    }
}
