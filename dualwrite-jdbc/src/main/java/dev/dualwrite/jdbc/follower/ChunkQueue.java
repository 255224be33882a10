package dev.dualwrite.jdbc.follower;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.jdbc.control.ChunkTable.Chunk;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a run that are left, as the workers of one instance take them: small tables first, which are the
 * configuration, and within a table the newest rows first. What others have done meanwhile is found out now and then. Thread-safe.
 */
final class ChunkQueue {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ControlSide follower;
    private final long run;
    private final Map<String, List<Chunk>> all = new HashMap<>();

    @GuardedBy("this") private final Deque<Chunk> left = new ArrayDeque<>();

    @GuardedBy("this") private final Set<Chunk> taken = new HashSet<>();

    @GuardedBy("this") private boolean wait;

    @GuardedBy("this") private long lookedAt;

    ChunkQueue(ControlSide follower, long run) throws SQLException {
        this.follower = follower;
        this.run = run;
        try (Connection connection = follower.connection()) {
            for (Chunk chunk : follower.chunks().all(connection, run)) {
                all.computeIfAbsent(chunk.table(), ignored -> new ArrayList<>()).add(chunk);
            }
        }
        synchronized (this) {
            look();
        }
    }

    /**
     * A chunk to work on.
     *
     * @param waiting whether it is one of the last, which others may hold: to be waited for
     */
    record Taken(Chunk chunk, @Nullable Key upper, boolean waiting) {}

    /** The next chunk for a worker, until it gives it {@link #back}; empty if there is nothing to do for it. */
    synchronized Optional<Taken> take() throws SQLException {
        if (left.isEmpty()) {
            look();
            wait = true;
        }
        Chunk chunk = left.poll();
        if (chunk == null) {
            return Optional.empty();
        }
        taken.add(chunk);
        List<Chunk> ofTable = all.getOrDefault(chunk.table(), List.of());
        @Nullable Key upper = chunk.number() + 1 < ofTable.size()
                ? ofTable.get(chunk.number() + 1).lower()
                : null;
        return Optional.of(new Taken(chunk, upper, wait));
    }

    /** A worker is done with a chunk, or could not have it. */
    synchronized void back(Taken chunk, boolean wasFree) throws SQLException {
        taken.remove(chunk.chunk());
        if (!wasFree && !wait && System.nanoTime() - lookedAt > LOOK.toNanos()) {
            look();
        }
    }

    @GuardedBy("this") private void look() throws SQLException {
        lookedAt = System.nanoTime();
        List<Chunk> pending;
        try (Connection connection = follower.connection()) {
            pending = new ArrayList<>(follower.chunks().pending(connection, run));
        }
        pending.removeAll(taken);
        pending.sort(Comparator.comparing((Chunk chunk) ->
                        all.getOrDefault(chunk.table(), List.of()).size())
                .thenComparing(Chunk::table)
                .thenComparing(Chunk::number, Comparator.reverseOrder()));
        left.clear();
        left.addAll(pending);
    }
}
