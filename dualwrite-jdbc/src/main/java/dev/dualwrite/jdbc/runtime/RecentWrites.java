package dev.dualwrite.jdbc.runtime;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.dualwrite.jdbc.control.IntentQueue.Behind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was written through this instance and is not known to be on the follower: by whom and to which tables, until the queue
 * was seen without it. Of at most 100,000 pairs of writer and table; of more, all readers wait for the oldest. Thread-safe.
 */
final class RecentWrites {
    /** Pairs of writer and table. */
    static final int SIZE = 100_000;

    /** By anybody; the writer is empty if nothing is known of him. */
    private final Map<String, Mark> tables = new ConcurrentHashMap<>();

    /** Of writers who are not known, or could not be kept: everybody's. */
    private final Map<String, Mark> common = new ConcurrentHashMap<>();

    private final Cache<Write, Mark> writes = Caffeine.newBuilder()
            .maximumSize(SIZE)
            .executor(Runnable::run)
            .evictionListener((@Nullable Write write, @Nullable Mark mark, RemovalCause cause) -> {
                if (write != null && mark != null) {
                    common.merge(write.table(), mark, Mark::later);
                }
            })
            .build();

    private record Write(String writer, String table) {}

    /**
     * @param millis the time of the newest intent
     * @param at the nano time at which its commit was known
     */
    private record Mark(long millis, long at) {
        Mark later(Mark other) {
            return new Mark(Math.max(millis, other.millis), at - other.at > 0 ? at : other.at);
        }

        boolean gone(Behind behind, long began) {
            return at - began < 0 && behind.all() && behind.millis() > millis;
        }
    }

    /** After a commit and before its caller hears of it. */
    void wrote(String writer, Set<String> names, long millis) {
        Mark mark = new Mark(millis, System.nanoTime());
        for (String table : names) {
            tables.merge(table, mark, Mark::later);
            if (writer.isEmpty()) {
                common.merge(table, mark, Mark::later);
            } else {
                writes.asMap().merge(new Write(writer, table), mark, Mark::later);
            }
        }
    }

    /**
     * Whether a reader may miss something of his own there. Who is not known waits for everything. What cannot be kept for its writer
     * becomes everybody's, so that is looked at last.
     */
    boolean missing(String reader, Set<String> names) {
        for (String table : names) {
            if (reader.isEmpty()
                    ? tables.containsKey(table)
                    : writes.getIfPresent(new Write(reader, table)) != null || common.containsKey(table)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is missing is known to be the reader's own. */
    boolean own(String reader, Set<String> names) {
        return !reader.isEmpty()
                && names.stream().anyMatch(table -> writes.getIfPresent(new Write(reader, table)) != null);
    }

    /** The queue was looked at; what was written before that and is not in it is on the follower, or parked. */
    void seen(Behind behind, long began) {
        tables.values().removeIf(mark -> mark.gone(behind, began));
        common.values().removeIf(mark -> mark.gone(behind, began));
        writes.asMap().values().removeIf(mark -> mark.gone(behind, began));
    }

    /** How many pairs of writer and table are kept. */
    long size() {
        return writes.estimatedSize();
    }
}
