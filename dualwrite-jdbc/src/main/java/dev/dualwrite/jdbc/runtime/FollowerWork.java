package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Side;
import dev.dualwrite.converge.Workers;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.DivergenceTable;
import dev.dualwrite.jdbc.control.ParkedTable;
import dev.dualwrite.jdbc.control.VerificationTable;
import dev.dualwrite.jdbc.follower.Backfill;
import dev.dualwrite.jdbc.follower.Controls;
import dev.dualwrite.jdbc.follower.Direction;
import dev.dualwrite.jdbc.follower.Verifier;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What brings a follower to where its owner is, and proves it: backfill, verification, repair, unparking. Thread-safe. */
public final class FollowerWork {
    private final Settings settings;
    private final Places places;
    private final Beliefs beliefs;
    private final Workers workers;
    private final Audit audit;
    private final Seams seams;
    private final String mapping;
    private final BooleanSupplier stopped;
    private final Wishes wishes;
    private final Latencies latencies;
    private final Rate copied = new Rate(System::nanoTime);
    private final Rate compared = new Rate(System::nanoTime);

    FollowerWork(
            Settings settings,
            Places places,
            Beliefs beliefs,
            Workers workers,
            Audit audit,
            Seams seams,
            String mapping,
            BooleanSupplier stopped,
            Wishes wishes,
            Latencies latencies) {
        this.settings = settings;
        this.places = places;
        this.beliefs = beliefs;
        this.workers = workers;
        this.audit = audit;
        this.seams = seams;
        this.mapping = mapping;
        this.stopped = stopped;
        this.wishes = wishes;
        this.latencies = latencies;
    }

    private ControlSide owner() throws SQLException {
        return places.of(beliefs.owner()).control();
    }

    public ChunkTable.Progress backfill() throws SQLException {
        Direction direction = places.direction(beliefs.owner());
        ChunkTable.Progress progress = new Backfill(
                        direction,
                        places.digest(mapping),
                        settings.tuning(),
                        new OfBackfill(wishes.cancellation()),
                        seams)
                .run();
        audit.add(
                direction.follower().side(),
                beliefs.epoch(),
                "backfill",
                progress.done() + " of " + progress.chunks() + " chunks, " + progress.rows() + " rows");
        return progress;
    }

    public Verifier.Result verify() throws SQLException {
        for (Side side : Side.values()) {
            Optional<String> changed = places.of(side).changedSchema();
            if (changed.isPresent()) {
                throw new DualWriteException("DW-5012", changed.get());
            }
        }
        Direction direction = places.direction(beliefs.owner());
        String digest = places.digest(mapping);
        ControlSide follower = direction.follower();
        FenceRow row;
        try (Connection connection = direction.owner().connection()) {
            row = direction.owner().fence().read(connection).orElseThrow();
        }
        if (row.side() == Side.SOURCE && row.phase().capturing()) {
            try (Connection connection = follower.connection()) {
                ChunkTable.Progress progress =
                        follower.chunks().progress(connection, follower.chunks().newestRun(connection));
                if (!progress.complete()
                        || progress.captureEpoch() != row.captureEpoch()
                        || !progress.mapping().equals(digest)) {
                    throw new DualWriteException(
                            "DW-5003",
                            "nothing to verify before the backfill of this phase is complete: run backfill()");
                }
            }
        }
        Verifier.Result result = new Verifier(direction, digest, settings.tuning(), new OfVerification(), seams).run();
        audit.add(
                follower.side(),
                beliefs.epoch(),
                "verification",
                (result.complete() ? "complete, " : "not complete, ") + result.rows() + " rows, "
                        + result.divergences().size() + " divergences, " + result.unsettled() + " unsettled");
        return result;
    }

    /** What a verification hears: a pause and a cancellation are for backfills. */
    private class OfVerification implements Controls {
        @Override
        public boolean stopped() {
            return stopped.getAsBoolean();
        }

        @Override
        public boolean paused() {
            return false;
        }

        @Override
        public Duration ownerLatency() {
            return latencies.p99();
        }
    }

    /** What a backfill hears that began when this was the last cancellation. */
    private final class OfBackfill extends OfVerification {
        private final String cancellation;

        OfBackfill(String cancellation) {
            this.cancellation = cancellation;
        }

        @Override
        public boolean stopped() {
            return super.stopped() || !wishes.cancellation().equals(cancellation);
        }

        @Override
        public boolean paused() {
            return wishes.backfillPaused();
        }
    }

    /**
     * How far the backfill of the present follower is, whoever runs it.
     *
     * @param run its number
     */
    public record Copying(
            long run, ChunkTable.Progress progress, double perSecond, Optional<Duration> left, boolean paused) {}

    /** How far the newest backfill of the present follower is. */
    public Copying copying() throws SQLException {
        ControlSide follower = places.direction(beliefs.owner()).follower();
        long run;
        ChunkTable.Progress progress;
        try (Connection connection = follower.connection()) {
            run = follower.chunks().newestRun(connection);
            progress = follower.chunks().progress(connection, run);
        }
        double perSecond = progress.complete() ? 0 : copied.perSecond(run, progress.rows());
        return new Copying(
                run,
                progress,
                perSecond,
                progress.complete()
                        ? Optional.of(Duration.ZERO)
                        : Rate.left(progress.estimate() - progress.rows(), perSecond),
                wishes.backfillPaused());
    }

    /** How far the newest verification is, whoever runs it. */
    public record Comparing(boolean running, long rows, long estimate, double perSecond, Optional<Duration> left) {}

    /** How far the newest verification is; all zero if there was none. */
    public Comparing comparing() throws SQLException {
        ControlSide record = places.of(Side.SOURCE).control();
        Optional<VerificationTable.Verification> newest;
        try (Connection connection = record.connection()) {
            newest = record.verifications().newest(connection);
        }
        if (newest.isEmpty()) {
            return new Comparing(false, 0, 0, 0, Optional.empty());
        }
        VerificationTable.Verification v = newest.get();
        double perSecond = v.running() ? compared.perSecond(v.run(), v.rows()) : 0;
        return new Comparing(
                v.running(),
                v.rows(),
                Math.max(v.rows(), v.estimate()),
                perSecond,
                v.running() ? Rate.left(v.estimate() - v.rows(), perSecond) : Optional.of(Duration.ZERO));
    }

    /** Queues the units of all divergences; what comes out equal is forgotten. */
    public int repair() throws SQLException {
        Direction direction = places.direction(beliefs.owner());
        ControlSide record = places.of(Side.SOURCE).control();
        List<DivergenceTable.Divergence> divergences;
        try (Connection connection = record.connection()) {
            divergences = record.divergences().list(connection, 10_000);
        }
        SideSchema schema = places.of(direction.owner().side()).require().schema();
        List<Captured> keys = divergences.stream()
                .map(divergence -> new Captured(schema.require(divergence.table()), divergence.key()))
                .toList();
        enqueue(keys);
        return keys.size();
    }

    /** Queues rows to be made equal, each with its unit. */
    void enqueue(List<Captured> keys) throws SQLException {
        if (!keys.isEmpty()) {
            Backfill.enqueue(places.direction(beliefs.owner()).owner(), keys);
            workers.hurry();
        }
    }

    public List<ParkedTable.Parked> parked(int limit) throws SQLException {
        ControlSide owner = owner();
        try (Connection connection = owner.connection()) {
            return owner.parked().list(connection, limit);
        }
    }

    /** Queues all parked units once more. Each stays parked, and is known to be behind, until it is converged. */
    public int unpark() throws SQLException {
        ControlSide owner = owner();
        SideSchema schema = places.of(owner.side()).require().schema();
        List<ParkedTable.Parked> parked = parked(10_000);
        if (parked.isEmpty()) {
            return 0;
        }
        int count = owner.inTransaction(connection -> {
            FenceRow row = owner.fence().readShared(connection).orElseThrow();
            List<Captured> keys = parked.stream()
                    .map(one -> new Captured(schema.require(one.table()), one.key()))
                    .toList();
            if (row.state() != FenceState.OPEN
                    || !owner.intents().write(connection, row.epoch(), keys, new ArrayList<>())) {
                throw new DualWriteException(
                        "DW-5006", owner.side() + " is " + row.state() + ": nothing is queued until a side is open");
            }
            return parked.size();
        });
        audit.add(owner.side(), beliefs.epoch(), "unpark", count + " units");
        workers.hurry();
        return count;
    }
}
