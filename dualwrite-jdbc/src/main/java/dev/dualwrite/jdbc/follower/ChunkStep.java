package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.converge.ErrorClass;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.ChunkTable.Chunk;
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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the next rows of one chunk, in one transaction of the follower that holds the chunk's row exclusively
 * (invariant I4): the owner is read after that, in a snapshot opened after it, and the difference of the two sets
 * of rows is written. How far the chunk is stands in its row, written in the same transaction. Between two steps
 * the chunk is free, so that convergers of its keys never wait for longer than a step.
 */
final class ChunkStep {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkStep.class);

    private final Direction direction;
    private final long run;
    private final long captureEpoch;
    private final Seams seams;

    ChunkStep(Direction direction, long run, long captureEpoch, Seams seams) {
        this.direction = direction;
        this.run = run;
        this.captureEpoch = captureEpoch;
        this.seams = seams;
    }

    /** What a step came to. */
    enum Outcome {
        /** The chunk has more rows. */
        MORE,
        /** The chunk is copied. */
        DONE,
        /** The chunk is done, or another holds it. */
        NOT_FREE,
        /** The whole run is complete, by others. */
        RUN_OVER
    }

    /** What the follower refused. */
    private static final class Refused {
        private @Nullable Copied copied;
        private @Nullable Key from;
        private final List<Captured> keys = new ArrayList<>();
    }

    /**
     * The rows of a step.
     *
     * @param last the key up to which the chunk is copied now, null if to its end
     * @param bytes of the owner's rows, about
     */
    private record Copied(long rows, long bytes, @Nullable Key last) {}

    /**
     * Takes one step.
     *
     * @param upper where the chunk ends, null if it is the last of its table
     * @param wait whether to wait for a chunk that another holds
     * @param size how many rows; is told how long they took
     * @throws DualWriteException DW-5005, if the run is over or its phase has changed
     */
    Outcome take(Chunk chunk, @Nullable Key upper, boolean wait, StepSize size) throws SQLException {
        ControlSide follower = direction.follower();
        Refused refused = new Refused();
        Outcome outcome;
        try {
            outcome = follower.inTransaction(connection -> {
                FenceRow to = follower.fence().readShared(connection).orElseThrow();
                if (to.backfill() != run
                        && follower.chunks().progress(connection, run).complete()) {
                    return Outcome.RUN_OVER;
                }
                require(to);
                Optional<ChunkTable.Claim> claim = follower.chunks().claim(connection, run, chunk, wait);
                if (claim.isEmpty()) {
                    return Outcome.NOT_FREE;
                }
                long began = System.nanoTime();
                refused.from = claim.get().reached();
                Copied copied = copy(connection, to, chunk, rest(chunk, upper, refused.from), size.rows(), refused);
                follower.chunks().advance(connection, run, chunk, copied.last(), copied.rows());
                size.took((int) copied.rows(), copied.bytes(), Duration.ofNanos(System.nanoTime() - began));
                return copied.last() == null ? Outcome.DONE : Outcome.MORE;
            });
        } catch (SQLException e) {
            Copied copied = refused.copied;
            if (copied == null || ErrorClass.of(e.getErrorCode(), e.getSQLState()) == ErrorClass.TRANSIENT) {
                throw e;
            }
            outcome = handToConverger(chunk, refused, copied, e);
        }
        if (outcome == Outcome.MORE || outcome == Outcome.DONE) {
            seams.afterChunk();
        }
        return outcome;
    }

    private static KeyRange rest(Chunk chunk, @Nullable Key upper, @Nullable Key reached) {
        KeyRange whole = KeyRange.chunk(chunk.lower(), upper);
        return reached == null ? whole : whole.behind(reached);
    }

    private void require(FenceRow row) {
        if (row.state() != FenceState.CLOSED || row.backfill() != run) {
            throw new DualWriteException(
                    "DW-5005",
                    "backfill " + run + " of " + row.side() + " is over: the side is " + row.state()
                            + " and its backfill is " + row.backfill());
        }
        atHome(row);
    }

    /** On a copy of the follower nothing counts that was done before. */
    static void atHome(FenceRow row) {
        if (!row.atHome()) {
            throw new DualWriteException(
                    "DW-5005",
                    row.side() + " is another server (" + row.actualUuid() + ") than its fence row was written on ("
                            + row.serverUuid() + "): acceptServer(" + row.side() + "), then backfill");
        }
    }

    private Copied copy(Connection connection, FenceRow to, Chunk chunk, KeyRange rest, int limit, Refused refused)
            throws SQLException {
        Mapping mapped = direction.mappings().of(direction.owner().side(), chunk.table());
        List<Mapping.KeyedRow> wanted = readOwner(connection, to, mapped, rest, limit);
        seams.afterChunkRead();
        boolean toTheEnd = wanted.size() < limit;
        @Nullable Key last = toTheEnd ? null : wanted.get(wanted.size() - 1).key();
        Map<Key, RowImage> extra = new HashMap<>();
        for (Mapping.KeyedRow row : mapped.rangeFollower(connection, last == null ? rest : rest.upTo(last))) {
            extra.put(row.key(), row.image());
        }
        List<RowImage> inserts = new ArrayList<>();
        List<Mapping.Change> updates = new ArrayList<>();
        List<Key> touched = new ArrayList<>();
        List<RowImage> written = new ArrayList<>();
        long bytes = 0;
        for (Mapping.KeyedRow row : wanted) {
            bytes += row.image().bytes();
            RowImage there = extra.remove(row.key());
            if (there == null) {
                inserts.add(row.image());
                touched.add(row.key());
                written.add(row.image());
            } else if (!there.equals(row.image())) {
                updates.add(new Mapping.Change(there, row.image()));
                touched.add(row.key());
                written.add(row.image());
            }
        }
        List<Key> writtenKeys = List.copyOf(touched);
        touched.addAll(extra.keySet());
        Copied copied = new Copied(wanted.size(), bytes, last);
        try {
            mapped.delete(connection, List.copyOf(extra.keySet()));
            mapped.update(connection, updates);
            mapped.insert(connection, inserts);
            mapped.prove(connection, writtenKeys, written);
        } catch (SQLException e) {
            refused.copied = copied;
            touched.forEach(key -> refused.keys.add(new Captured(mapped.follower(), key)));
            throw e;
        }
        return copied;
    }

    private List<Mapping.KeyedRow> readOwner(
            Connection connection, FenceRow to, Mapping mapped, KeyRange range, int limit) throws SQLException {
        try (Connection reader = direction.owner().connection()) {
            FenceRow owner = direction.owner().fence().read(reader).orElseThrow();
            if (owner.captureEpoch() != captureEpoch) {
                throw new DualWriteException(
                        "DW-5005", "the phase changed: what was copied no longer counts, start the backfill anew");
            }
            Optional<String> stop = Direction.whyNotCopy(owner, to);
            if (stop.isEmpty()) {
                stop = direction.whyFallenBack(connection, reader);
            }
            if (stop.isPresent()) {
                throw new DualWriteException("DW-5005", "the backfill stops: " + stop.get());
            }
            return mapped.rangeOwner(reader, range, limit);
        }
    }

    /**
     * The step met a row that the follower does not take now: its keys go into the queue, through the owner's
     * fence, and once they stand there the step is done, unless another has taken it meanwhile.
     */
    private Outcome handToConverger(Chunk chunk, Refused refused, Copied copied, SQLException cause)
            throws SQLException {
        LOG.info(
                "{}: {} rows of chunk {} of {} met error {} and go through the queue",
                direction.follower().names().migration(),
                refused.keys.size(),
                chunk.number(),
                chunk.table(),
                cause.getErrorCode());
        Backfill.enqueue(direction.owner(), refused.keys);
        ControlSide follower = direction.follower();
        return follower.inTransaction(connection -> {
            require(follower.fence().readShared(connection).orElseThrow());
            Optional<ChunkTable.Claim> claim = follower.chunks().claim(connection, run, chunk, true);
            if (claim.isEmpty()) {
                return Outcome.DONE;
            }
            if (Objects.equals(claim.get().reached(), refused.from)) {
                follower.chunks().advance(connection, run, chunk, copied.last(), copied.rows());
            }
            return copied.last() == null ? Outcome.DONE : Outcome.MORE;
        });
    }
}
