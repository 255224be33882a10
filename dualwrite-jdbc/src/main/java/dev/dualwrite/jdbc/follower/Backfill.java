package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the domain to a follower, chunk by chunk, while both sides live (design, section 5). The chunks are cut
 * and written down before the first is copied. Several workers of several instances take them; each is copied in
 * {@linkplain ChunkStep steps}, whose size follows the time that they may hold the chunk for.
 *
 * <p>A transaction in flight on the owner is not seen by a step; its intent comes later and is converged by state.
 * Progress is durable per step: any instance can go on. What a step cannot write becomes an intent, and the
 * converger deals with it.
 */
public final class Backfill {
    /** For so long keys are tried to be queued, where others who queue are in the way. */
    private static final Duration QUEUEING = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(Backfill.class);
    private static final int DUPLICATE_KEY = 1062;
    private static final long RUNS_OF_AN_EPOCH = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long PAUSED = 50;
    private static final int FIRST_STEP = 20;

    /** To change a fence row that others may change, too. */
    private static final int ATTEMPTS = 20;

    private final Direction direction;
    private final String mapping;
    private final Tuning tuning;
    private final Controls controls;
    private final Seams seams;
    private final Pace pace;

    /** By table: rows of different tables take different times. */
    private final Map<String, StepSize> sizes = new ConcurrentHashMap<>();

    /**
     * @param mapping a digest of the domain: progress of another one does not count
     */
    public Backfill(Direction direction, String mapping, Tuning tuning, Controls controls, Seams seams) {
        this.direction = direction;
        this.mapping = mapping;
        this.tuning = tuning;
        this.controls = controls;
        this.seams = seams;
        this.pace = new Pace(direction.owner(), controls::ownerLatency, tuning.maxLatency(), tuning.maxLag());
    }

    /**
     * Works until every chunk is done, by this and other instances, or it is told to stop.
     *
     * @return how far the run is
     * @throws DualWriteException DW-5002, if the phase does not capture changes; DW-5005, if it changed meanwhile
     */
    public ChunkTable.Progress run() throws SQLException {
        Patience patience = new Patience(PATIENCE, controls::stopped);
        FenceRow owner = patience.with(this::capturingOwner);
        long run = patience.with(() -> join(owner));
        ChunkQueue queue = patience.with(() -> new ChunkQueue(direction.follower(), run));
        ChunkStep step = new ChunkStep(direction, run, owner.captureEpoch(), seams);
        try (Crew crew =
                new Crew("dualwrite-" + direction.follower().names().migration() + "-backfill", tuning.workers())) {
            crew.all(() -> work(queue, step, crew));
        }
        return patience.with(() -> finish(run, owner.captureEpoch()));
    }

    /** What one worker does. */
    private void work(ChunkQueue queue, ChunkStep step, Crew crew) throws SQLException {
        Patience patience = new Patience(PATIENCE, () -> stopped(crew));
        ChunkStep.Outcome outcome = ChunkStep.Outcome.DONE;
        while (outcome != ChunkStep.Outcome.RUN_OVER && !stopped(crew)) {
            Optional<ChunkQueue.Taken> next = patience.with(queue::take);
            if (next.isEmpty()) {
                return;
            }
            ChunkQueue.Taken taken = next.get();
            StepSize size = sizes.computeIfAbsent(
                    taken.chunk().table(), ignored -> new StepSize(FIRST_STEP, tuning.chunkRows() + 1, tuning.step()));
            do {
                if (!mayGoOn(patience, crew)) {
                    return;
                }
                outcome = patience.with(() -> step.take(taken.chunk(), taken.upper(), taken.waiting(), size));
            } while (outcome == ChunkStep.Outcome.MORE);
            boolean free = outcome == ChunkStep.Outcome.DONE;
            patience.with(() -> {
                queue.back(taken, free);
                return free;
            });
        }
    }

    private boolean stopped(Crew crew) {
        return controls.stopped() || crew.failed();
    }

    /** Waits while an operator or the load asks for it; false if it is time to end. */
    private boolean mayGoOn(Patience patience, Crew crew) throws SQLException {
        patience.with(() -> {
            pace.await(() -> stopped(crew));
            return pace;
        });
        while (controls.paused() && !stopped(crew)) {
            if (!Sleep.millis(PAUSED)) {
                return false;
            }
        }
        return !stopped(crew);
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
                follower.fence().read(connection).ifPresent(ChunkStep::atHome);
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
        List<ChunkTable.Planned> chunks = cut();
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
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FenceRow row = follower.fence()
                    .read(connection)
                    .orElseThrow(() -> new DualWriteException("DW-5001", "the fence row of the follower is missing"));
            if (row.state() != FenceState.CLOSED) {
                throw new DualWriteException("DW-5002", row.side() + " is " + row.state() + ", not a follower");
            }
            ChunkStep.atHome(row);
            if (row.backfill() == run || follower.fence().backfill(connection, row, run)) {
                return;
            }
        }
        throw new DualWriteException("DW-5004", "the follower's fence row keeps changing; try again");
    }

    /** Takes a run that is complete out of the follower's fence row, if it still stands there. */
    private void retract(Connection connection, long run) throws SQLException {
        FenceTable fence = direction.follower().fence();
        boolean stands = true;
        for (int attempt = 0; stands && attempt < ATTEMPTS; attempt++) { // the row may just have got another epoch
            Optional<FenceRow> row = fence.read(connection);
            stands = row.isPresent()
                    && row.get().state() == FenceState.CLOSED
                    && row.get().backfill() == run
                    && !fence.backfill(connection, row.get(), 0);
        }
    }

    private List<ChunkTable.Planned> cut() throws SQLException {
        List<ChunkTable.Planned> chunks = new ArrayList<>();
        for (Map.Entry<String, Mapping> entry :
                new TreeMap<>(direction.mappings().all(direction.owner().side())).entrySet()) {
            Mapping table = entry.getValue();
            int number = 0;
            @Nullable Key lower = null;
            Optional<Key> next;
            do {
                long rows = tuning.chunkRows();
                try (Connection connection = direction.owner().connection()) {
                    next = table.keyAt(connection, KeyRange.chunk(lower, null), tuning.chunkRows());
                    if (next.isEmpty()) {
                        rows = table.countOwner(connection, KeyRange.chunk(lower, null));
                    }
                }
                chunks.add(
                        new ChunkTable.Planned(new ChunkTable.Chunk(table.key().table(), number++, lower), rows));
                lower = next.orElse(null);
            } while (next.isPresent());
        }
        return chunks;
    }

    /**
     * Puts keys into the repair queue, through the owner's fence like any writer.
     *
     * @throws DualWriteException DW-5006, if the owner is not open
     */
    public static void enqueue(ControlSide owner, List<Captured> keys) throws SQLException {
        new Patience(QUEUEING, () -> false)
                .with(() -> owner.inTransaction(connection -> {
                    FenceRow row = owner.fence().readShared(connection).orElseThrow();
                    if (row.state() != FenceState.OPEN
                            || !owner.intents().write(connection, row.epoch(), keys, new ArrayList<>())) {
                        throw new DualWriteException(
                                "DW-5006",
                                owner.side() + " is " + row.state() + ": nothing is queued until a side is open");
                    }
                    return row;
                }));
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
