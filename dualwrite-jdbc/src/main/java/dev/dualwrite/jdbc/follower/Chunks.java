package dev.dualwrite.jdbc.follower;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeySpec;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which chunks of a running backfill contain which units. The chunks of a run are fixed before the
 * follower's fence row names the run, so what was read once under that row holds as long as it names it.
 *
 * <p>Keys that compare by their canonical text are placed here. A key with a collation is in any of its
 * table's chunks as far as this class can know, and locks them all: correct, and slower.
 */
final class Chunks {
    private final ControlSide follower;
    private final Mappings mappings;
    private final Cache<Long, Map<String, List<ChunkTable.Chunk>>> runs =
            Caffeine.newBuilder().maximumSize(4).build();

    Chunks(ControlSide follower, Mappings mappings) {
        this.follower = follower;
        this.mappings = mappings;
    }

    /** Locks the unfinished chunks that contain these units, shared, by table and number ascending. */
    void lockShared(Connection connection, long run, Collection<WorkUnit> units) throws SQLException {
        Map<String, List<ChunkTable.Chunk>> chunks = runs.getIfPresent(run);
        if (chunks == null) {
            chunks = follower.chunks().all(connection, run).stream()
                    .collect(Collectors.groupingBy(ChunkTable.Chunk::table));
            runs.put(run, chunks);
        }
        Map<String, TreeSet<Integer>> numbers = new TreeMap<>();
        for (WorkUnit unit : units) {
            List<ChunkTable.Chunk> ofTable = chunks.getOrDefault(unit.table(), List.of());
            numbers.computeIfAbsent(unit.table(), ignored -> new TreeSet<>())
                    .addAll(containing(
                            mappings.of(follower.side().other(), unit.table()).key(), ofTable, unit.key()));
        }
        for (Map.Entry<String, TreeSet<Integer>> entry : numbers.entrySet()) {
            follower.chunks()
                    .lockShared(
                            connection,
                            run,
                            entry.getKey(),
                            entry.getValue(),
                            follower.dialect().lockShared());
        }
    }

    static Collection<Integer> containing(KeySpec spec, List<ChunkTable.Chunk> chunks, Key key) {
        if (!spec.comparesByText()) {
            return chunks.stream().map(ChunkTable.Chunk::number).toList();
        }
        Comparator<Key> order = order(spec);
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            Key lower = chunks.get(middle).lower();
            if (lower == null || order.compare(key, lower) >= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return chunks.isEmpty() ? List.of() : List.of(chunks.get(low).number());
    }

    /** The server's order of keys that compare by their canonical text. */
    private static Comparator<Key> order(KeySpec spec) {
        return (a, b) -> {
            for (int i = 0; i < spec.columns().size(); i++) {
                int compared = compare(
                        spec.columns().get(i), a.values().get(i), b.values().get(i));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        };
    }

    private static int compare(KeyColumn column, String a, String b) {
        return switch (column.type()) {
            case INTEGER, DECIMAL, YEAR -> new BigDecimal(a).compareTo(new BigDecimal(b));
            case BINARY, DATE, DATETIME, TEXT -> a.compareTo(b);
        };
    }
}
