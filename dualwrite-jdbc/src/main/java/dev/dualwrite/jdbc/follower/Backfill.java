package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.converge.ErrorClass;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the domain to a follower, chunk by chunk, while both sides live (design, section 5).
 *
 * <p>A chunk holds its own row exclusively on the follower, reads the owner in a snapshot opened after
 * that, and writes the difference of the two sets. A transaction in flight on the owner is not seen by the
 * chunk; its intent comes later and is converged by state. Progress is durable per chunk: any instance can
 * go on. What a chunk cannot write becomes an intent, and the converger deals with it.
 */
public final class Backfill {
    private static final Logger LOG = LoggerFactory.getLogger(Backfill.class);
    private static final int DUPLICATE_KEY = 1062;
    private static final long RUNS_OF_AN_EPOCH = 1000;

    private final Direction direction;
    private final String mapping;
    private final int chunkRows;
    private final Seams seams;

    /**
     * @param mapping a digest of the domain: progress of another one does not count
     * @param chunkRows rows of the owner in one chunk, about
     */
    public Backfill(Direction direction, String mapping, int chunkRows, Seams seams) {
        this.direction = direction;
        this.mapping = mapping;
        this.chunkRows = chunkRows;
        this.seams = seams;
    }

    /**
     * Works until every chunk is done, by this and other instances, or it is told to stop.
     *
     * @return how far the run is
     * @throws DualWriteException DW-5002, if the phase does not capture changes, or changed meanwhile
     */
    public ChunkTable.Progress run(BooleanSupplier stop) throws SQLException {
        Patience patience = new Patience(Duration.ofSeconds(30), stop);
        FenceRow owner = patience.with(this::capturingOwner);
        long run = patience.with(() -> join(owner));
        Map<String, List<ChunkTable.Chunk>> chunks = patience.with(() -> chunks(run));
        while (!stop.getAsBoolean() && patience.with(() -> chunk(run, owner.captureEpoch(), chunks))) {
            LOG.trace("backfill {} goes on", run);
        }
        return patience.with(() -> finish(run, owner.captureEpoch()));
    }

    private FenceRow capturingOwner() throws SQLException {
        try (Connection connection = direction.owner().connection()) {
            FenceRow row = direction
                    .owner()
                    .fence()
                    .read(connection)
                    .orElseThrow(() -> new DualWriteException("DW-5001", "the fence row of the owner is missing"));
            if (row.state() != FenceState.OPEN || !row.phase().capturing()) {
                throw new DualWriteException(
                        "DW-5002",
                        "no backfill while " + row.side() + " is " + row.state() + " in " + row.phase()
                                + ": enter DUAL_WRITE first, so that no change is missed");
            }
            return row;
        }
    }

    /** The run to work on: the newest, done or not, if it is for this capture epoch; else a new one. */
    private long join(FenceRow owner) throws SQLException {
        ControlSide follower = direction.follower();
        while (true) {
            try (Connection connection = follower.connection()) {
                long newest = follower.chunks().newestRun(connection);
                ChunkTable.Progress progress = follower.chunks().progress(connection, newest);
                follower.fence().read(connection).ifPresent(Backfill::atHome); // on a copy nothing counts
                if (newest > 0 && counts(progress, owner.captureEpoch())) {
                    if (!progress.complete()) {
                        announce(connection, newest);
                    }
                    return newest;
                }
                // never a number that was used before the follower was restored: instances know chunks by it
                long run = Math.max(newest + 1, owner.captureEpoch() * RUNS_OF_AN_EPOCH);
                if (create(run, owner)) {
                    announce(connection, run);
                    follower.chunks().purge(connection, run);
                    return run;
                }
            }
        }
    }

    /** Cuts the domain and writes the chunks down; false if another instance did so first. */
    private boolean create(long run, FenceRow owner) throws SQLException {
        ControlSide follower = direction.follower();
        List<ChunkTable.Chunk> chunks = cut();
        try {
            follower.inTransaction(connection -> {
                follower.chunks().create(connection, run, owner.captureEpoch(), mapping, chunks);
                return run;
            });
        } catch (SQLException e) {
            if (e.getErrorCode() == DUPLICATE_KEY) {
                return false;
            }
            throw e;
        }
        LOG.info(
                "{}: backfill {} of {} begins with {} chunks",
                follower.names().migration(),
                run,
                follower.side(),
                chunks.size());
        return true;
    }

    private boolean counts(ChunkTable.Progress progress, long captureEpoch) {
        return progress.captureEpoch() == captureEpoch && progress.mapping().equals(mapping);
    }

    /** Puts the run into the follower's fence row, through the barrier: behind it every converger locks chunks. */
    private void announce(Connection connection, long run) throws SQLException {
        ControlSide follower = direction.follower();
        for (int attempt = 0; attempt < 20; attempt++) {
            FenceRow row = follower.fence()
                    .read(connection)
                    .orElseThrow(() -> new DualWriteException("DW-5001", "the fence row of the follower is missing"));
            if (row.state() != FenceState.CLOSED) {
                throw new DualWriteException("DW-5002", row.side() + " is " + row.state() + ", not a follower");
            }
            atHome(row);
            if (row.backfill() == run || follower.fence().backfill(connection, row, run)) {
                return;
            }
        }
        throw new DualWriteException("DW-5004", "the follower's fence row keeps changing; try again");
    }

    /** Takes a run that is complete out of the follower's fence row, if it still stands there. */
    private void retract(Connection connection, long run) throws SQLException {
        ControlSide follower = direction.follower();
        Optional<FenceRow> row = follower.fence().read(connection);
        if (row.isPresent()
                && row.get().state() == FenceState.CLOSED
                && row.get().backfill() == run) {
            follower.fence().backfill(connection, row.get(), 0);
        }
    }

    /** Whether all of a run is copied, perhaps by others, so that its end is not the end of its right to write. */
    private boolean complete(Connection connection, long run) throws SQLException {
        return direction.follower().chunks().progress(connection, run).complete();
    }

    private List<ChunkTable.Chunk> cut() throws SQLException {
        List<ChunkTable.Chunk> chunks = new ArrayList<>();
        for (Map.Entry<String, Mapping> entry :
                new TreeMap<>(direction.mappings().all(direction.owner().side())).entrySet()) {
            Mapping table = entry.getValue();
            int number = 0;
            @Nullable Key lower = null;
            Optional<Key> next;
            do {
                chunks.add(new ChunkTable.Chunk(table.key().table(), number++, lower));
                try (Connection connection = direction.owner().connection()) {
                    next = table.keyAfter(connection, lower, chunkRows);
                }
                lower = next.orElse(null);
            } while (next.isPresent());
        }
        return chunks;
    }

    private Map<String, List<ChunkTable.Chunk>> chunks(long run) throws SQLException {
        Map<String, List<ChunkTable.Chunk>> byTable = new HashMap<>();
        try (Connection connection = direction.follower().connection()) {
            for (ChunkTable.Chunk chunk : direction.follower().chunks().all(connection, run)) {
                byTable.computeIfAbsent(chunk.table(), ignored -> new ArrayList<>())
                        .add(chunk);
            }
        }
        return byTable;
    }

    /** One chunk, whichever is free; false if none is left. */
    private boolean chunk(long run, long captureEpoch, Map<String, List<ChunkTable.Chunk>> chunks) throws SQLException {
        ControlSide follower = direction.follower();
        Refused refused = new Refused();
        boolean more;
        try {
            more = follower.inTransaction(connection -> {
                FenceRow to = follower.fence().readShared(connection).orElseThrow();
                if (to.backfill() != run && complete(connection, run)) {
                    return false;
                }
                require(to, run);
                Optional<ChunkTable.Chunk> claimed = follower.chunks().claim(connection, run);
                if (claimed.isEmpty()) {
                    claimed = follower.chunks().claimWaiting(connection, run);
                }
                if (claimed.isEmpty()) {
                    return false;
                }
                ChunkTable.Chunk chunk = claimed.get();
                List<ChunkTable.Chunk> siblings = chunks.getOrDefault(chunk.table(), List.of());
                @Nullable Key upper = chunk.number() + 1 < siblings.size()
                        ? siblings.get(chunk.number() + 1).lower()
                        : null;
                long rows = copy(connection, to, captureEpoch, chunk, upper, refused);
                follower.chunks().done(connection, run, chunk, rows);
                return true;
            });
        } catch (SQLException e) {
            if (refused.keys.isEmpty() || ErrorClass.of(e.getErrorCode(), e.getSQLState()) == ErrorClass.TRANSIENT) {
                throw e;
            }
            handToConverger(run, refused, e);
            return true;
        }
        seams.afterChunk();
        return more;
    }

    private static void require(FenceRow row, long run) {
        if (row.state() != FenceState.CLOSED || row.backfill() != run) {
            throw new DualWriteException(
                    "DW-5005",
                    "backfill " + run + " of " + row.side() + " is over: the side is " + row.state()
                            + " and its backfill is " + row.backfill());
        }
        atHome(row);
    }

    private static void atHome(FenceRow row) {
        if (!row.atHome()) {
            throw new DualWriteException(
                    "DW-5005",
                    row.side() + " is another server (" + row.actualUuid() + ") than its fence row was written on ("
                            + row.serverUuid() + "): acceptServer(" + row.side() + "), then backfill");
        }
    }

    /** What a chunk wanted to write when the follower refused it. */
    private static final class Refused {
        private ChunkTable.@Nullable Chunk chunk;
        private final List<Captured> keys = new ArrayList<>();
    }

    private long copy(
            Connection connection,
            FenceRow to,
            long captureEpoch,
            ChunkTable.Chunk chunk,
            @Nullable Key upper,
            Refused refused)
            throws SQLException {
        Mapping mapped = direction.mappings().of(direction.owner().side(), chunk.table());
        List<Mapping.KeyedRow> wanted;
        try (Connection reader = direction.owner().connection()) {
            FenceRow owner = direction.owner().fence().read(reader).orElseThrow();
            if (owner.captureEpoch() != captureEpoch) {
                throw new DualWriteException(
                        "DW-5005", "the phase changed: what was copied no longer counts, start the backfill anew");
            }
            Optional<String> stop = Direction.whyNotCopy(owner, to);
            if (stop.isPresent()) {
                throw new DualWriteException("DW-5005", "the backfill stops: " + stop.get());
            }
            wanted = mapped.rangeOwner(reader, chunk.lower(), true, upper, 0);
        }
        seams.afterChunkRead();
        Map<Key, RowImage> extra = new HashMap<>();
        for (Mapping.KeyedRow row : mapped.rangeFollower(connection, chunk.lower(), true, upper, 0)) {
            extra.put(row.key(), row.image());
        }
        List<RowImage> inserts = new ArrayList<>();
        List<Mapping.Change> updates = new ArrayList<>();
        List<Key> touched = new ArrayList<>();
        for (Mapping.KeyedRow row : wanted) {
            RowImage there = extra.remove(row.key());
            if (there == null) {
                inserts.add(row.image());
                touched.add(row.key());
            } else if (!there.equals(row.image())) {
                updates.add(new Mapping.Change(there, row.image()));
                touched.add(row.key());
            }
        }
        touched.addAll(extra.keySet());
        try {
            mapped.delete(connection, List.copyOf(extra.keySet()));
            mapped.update(connection, updates);
            mapped.insert(connection, inserts);
        } catch (SQLException e) {
            refused.chunk = chunk;
            touched.forEach(key -> refused.keys.add(new Captured(mapped.follower(), key)));
            throw e;
        }
        return wanted.size();
    }

    /**
     * The chunk met a row that the follower does not take now: its keys go into the queue, through the
     * owner's fence, and once they stand there the chunk is done.
     */
    private void handToConverger(long run, Refused refused, SQLException cause) throws SQLException {
        ChunkTable.Chunk chunk = refused.chunk;
        if (chunk == null) {
            throw cause;
        }
        LOG.info(
                "{}: chunk {} of {} met error {} and goes through the queue",
                direction.follower().names().migration(),
                chunk.number(),
                chunk.table(),
                cause.getErrorCode());
        enqueue(direction.owner(), refused.keys);
        direction.follower().inTransaction(connection -> {
            require(direction.follower().fence().readShared(connection).orElseThrow(), run);
            direction.follower().chunks().done(connection, run, chunk, refused.keys.size());
            return chunk;
        });
    }

    /**
     * Puts keys into the repair queue, through the owner's fence like any writer.
     *
     * @throws DualWriteException DW-5006, if the owner is not open
     */
    public static void enqueue(ControlSide owner, List<Captured> keys) throws SQLException {
        owner.inTransaction(connection -> {
            FenceRow row = owner.fence().readShared(connection).orElseThrow();
            if (row.state() != FenceState.OPEN
                    || !owner.intents().write(connection, row.epoch(), keys, new ArrayList<>())) {
                throw new DualWriteException(
                        "DW-5006", owner.side() + " is " + row.state() + ": nothing is queued until a side is open");
            }
            return row;
        });
    }

    private ChunkTable.Progress finish(long run, long captureEpoch) throws SQLException {
        try (Connection connection = direction.follower().connection()) {
            ChunkTable.Progress progress = direction.follower().chunks().progress(connection, run);
            if (progress.complete() && counts(progress, captureEpoch)) {
                retract(connection, run);
            }
            return progress;
        }
    }
}
