package dev.dualwrite.jdbc.follower;

import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Compares one table range by range, several at once, and gives the results back in the order of the keys. Nothing
 * is locked: what differs at first sight is a suspect and no more. For one thread; the crew does the work.
 */
final class Comparison {
    private final Direction direction;
    private final Mapping table;
    private final Crew crew;
    private final int atOnce;
    private final StepSize size;
    private final Deque<Pending> pending = new ArrayDeque<>();

    private @Nullable Key after;
    private boolean more = true;

    /**
     * @param crew threads, two for each range that is compared at once: one for each side
     * @param after where to begin; null for the beginning
     */
    Comparison(Direction direction, Mapping table, Crew crew, int atOnce, StepSize size, @Nullable Key after) {
        this.direction = direction;
        this.table = table;
        this.crew = crew;
        this.atOnce = atOnce;
        this.size = size;
        this.after = after;
    }

    /**
     * A range that was compared.
     *
     * @param suspects keys of rows that differ at first sight
     * @param rows of the owner
     * @param last where the range ends, null if it is the end of the table
     */
    record Compared(List<Key> suspects, long rows, @Nullable Key last) {}

    /** A range whose digests are on their way. */
    private record Pending(KeyRange range, Future<RangeDigest> owner, Future<RangeDigest> follower) {}

    /** Whether there is a range that {@link #next} has not told of. */
    boolean hasNext() {
        return more || !pending.isEmpty();
    }

    /** Keeps as many ranges on their way as there may be. */
    private void fill() throws SQLException {
        while (more && pending.size() < atOnce) {
            Optional<Key> last = begin();
            after = last.orElse(null);
            more = last.isPresent();
        }
    }

    /**
     * Begins to compare the next range.
     *
     * @return where it ends; empty if it is the last
     */
    private Optional<Key> begin() throws SQLException {
        Optional<Key> last;
        try (Connection connection = direction.owner().connection()) {
            last = table.keyAt(connection, KeyRange.page(after, null), size.rows() - 1);
        }
        KeyRange range = KeyRange.page(after, last.orElse(null));
        Future<RangeDigest> follower = crew.submit(() -> {
            try (Connection connection = direction.follower().connection()) {
                return table.followerDigest().of(connection, range);
            }
        });
        Future<RangeDigest> owner = crew.submit(() -> {
            long began = System.nanoTime();
            try (Connection connection = direction.owner().connection()) {
                RangeDigest digest = table.ownerDigest().of(connection, range);
                size.took((int) digest.rows(), 0, Duration.ofNanos(System.nanoTime() - began));
                return digest;
            }
        });
        pending.add(new Pending(range, owner, follower));
        return last;
    }

    /** Waits for the oldest range that was begun, and begins another; drills into it if the digests differ. */
    Compared next() throws SQLException {
        fill();
        Pending oldest = pending.remove();
        RangeDigest owner = crew.result(oldest.owner());
        RangeDigest follower = crew.result(oldest.follower());
        fill();
        List<Key> suspects = owner.proves(follower) ? List.of() : suspects(oldest.range());
        return new Compared(suspects, owner.rows(), oldest.range().to());
    }

    private List<Key> suspects(KeyRange range) throws SQLException {
        Future<Map<Key, @Nullable String>> other = crew.submit(() -> {
            try (Connection connection = direction.follower().connection()) {
                return table.followerDigest().ofEach(connection, range);
            }
        });
        Map<Key, @Nullable String> owner;
        try (Connection connection = direction.owner().connection()) {
            owner = table.ownerDigest().ofEach(connection, range);
        }
        Map<Key, @Nullable String> follower = new LinkedHashMap<>(crew.result(other));
        List<Key> suspects = new ArrayList<>();
        for (Map.Entry<Key, @Nullable String> row : owner.entrySet()) {
            String digest = row.getValue();
            String there = follower.remove(row.getKey());
            if (digest == null || !Objects.equals(digest, there)) {
                suspects.add(row.getKey());
            }
        }
        suspects.addAll(follower.keySet());
        return suspects;
    }
}
