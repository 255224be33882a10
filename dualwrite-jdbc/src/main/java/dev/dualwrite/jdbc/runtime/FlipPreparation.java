package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.converge.Workers;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.flip.FlipWork;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.InstanceTable;
import dev.dualwrite.jdbc.control.IntentQueue;
import dev.dualwrite.jdbc.follower.Confirmer;
import dev.dualwrite.jdbc.schema.LogPosition;
import dev.dualwrite.jdbc.schema.LogReader;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.jdbc.schema.WriteCounters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work around a flip: ahead of the freeze, behind it, and after the hand-over. */
final class FlipPreparation implements FlipWork {
    private static final Logger LOG = LoggerFactory.getLogger(FlipPreparation.class);
    private static final Duration AHEAD = Duration.ofSeconds(30);
    private static final Duration ACKNOWLEDGE = Duration.ofSeconds(5);
    private static final Duration PASS = Duration.ofSeconds(2);
    private static final int MARKS = 1000;

    /** For what ends by itself at the deadline, and then says why. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private final Places places;
    private final Settings settings;
    private final Gate gate;
    private final Workers workers;
    private final Audit audit;
    private final AtomicInteger phaseChangesWaiting = new AtomicInteger();

    /** How the owner of the flip that prepares is asked; one flip at a time in an instance. */
    private volatile LogPosition logPosition = LogPosition.UNKNOWN;

    private volatile boolean logReadable;

    /** Where the owner's log may not be read, its counters are. */
    private volatile WriteCounters counters = WriteCounters.UNKNOWN;

    /** Where the owner's log stood when it was looked into last. */
    private volatile Optional<LogPosition.Place> lookedUpTo = Optional.empty();

    FlipPreparation(Places places, Settings settings, Gate gate, Workers workers, Audit audit) {
        this.places = places;
        this.settings = settings;
        this.gate = gate;
        this.workers = workers;
        this.audit = audit;
    }

    /** Somebody wants to change the phase: a flip that has not frozen anything yet ends itself. */
    void phaseChangeWaits() {
        phaseChangesWaiting.incrementAndGet();
    }

    /** The phase is being changed, or not any more. */
    void phaseChangeGoesOn() {
        phaseChangesWaiting.decrementAndGet();
    }

    @Override
    public List<String> prepare(Side owner, Duration budget) {
        try {
            Confirmer confirmer = new Confirmer(places.direction(owner));
            long deadline = System.nanoTime() + AHEAD.toNanos();
            Duration quarter = budget.dividedBy(4);
            Duration left = ahead(owner, confirmer);
            while (left.compareTo(quarter) > 0) {
                if (phaseChangesWaiting.get() > 0) {
                    return List.of("a change of phase in this instance came first");
                }
                if (System.nanoTime() > deadline) {
                    return List.of("what is left to converge and to verify takes " + left.toMillis()
                            + " ms and does not shrink below a quarter of the budget (" + quarter.toMillis()
                            + " ms): lower the load, add workers, or raise the budget");
                }
                workers.hurry();
                left = ahead(owner, confirmer);
            }
            try (Connection connection = places.of(owner).control().connection()) {
                learn(places.of(owner).control(), connection);
            }
            Identifiers.raise(places.of(owner), places.of(owner.other()), settings.idMargin());
            places.of(owner.other()).warm();
            return List.of();
        } catch (SQLException | DualWriteException e) {
            return List.of("preparing failed: " + e.getMessage());
        }
    }

    private void learn(ControlSide owner, Connection connection) throws SQLException {
        logPosition = LogPosition.learn(connection);
        lookedUpTo = Optional.empty();
        Optional<LogPosition.Place> at = logPosition.place(connection);
        logReadable = at.isPresent() && LogReader.readable(connection, at.get());
        counters = logReadable
                ? WriteCounters.UNKNOWN
                : WriteCounters.learn(connection, owner.names().schema(), tables(owner));
    }

    private List<String> tables(ControlSide owner) throws SQLException {
        return places.of(owner.side()).require().schema().tables().values().stream()
                .map(Table::name)
                .toList();
    }

    private Map<String, Long> counted(ControlSide owner) throws SQLException {
        if (!counters.known()) {
            return Map.of();
        }
        try (Connection connection = owner.connection()) {
            return counters.read(connection, owner.names().schema(), tables(owner));
        }
    }

    /** Works the marks off once, and tells how long the freeze would have to wait now. */
    private Duration ahead(Side owner, Confirmer confirmer) throws SQLException {
        long began = System.nanoTime();
        long done = 0;
        int read;
        do {
            read = confirmer.verifyMarked(MARKS);
            done += read;
        } while (read == MARKS && phaseChangesWaiting.get() == 0 && System.nanoTime() - began < PASS.toNanos());
        long each = done == 0 ? 0 : (System.nanoTime() - began) / done;
        ControlSide control = places.of(owner).control();
        try (Connection connection = control.connection()) {
            IntentQueue.Depth depth = control.queue().depth(connection);
            return depth.oldest().plusNanos(each * depth.marked());
        }
    }

    @Override
    public GateReport gate(FenceRow owner, Phase to) {
        return gate.evaluate(owner, to);
    }

    /**
     * A server that does not answer must not keep the application waiting: what is under way then is left to a thread of
     * its own. It may go on, as converging and verifying may at any time.
     */
    @Override
    public List<String> drain(FenceRow frozen, Phase to, long deadline) {
        AtomicReference<String> doing = new AtomicReference<>("converging what is queued");
        FutureTask<List<String>> task = new FutureTask<>(() -> drain(frozen, deadline, doing));
        Thread thread = new Thread(task, "dualwrite-" + settings.name() + "-drain");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(deadline - System.nanoTime() + GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return List.of(doing.get() + " did not end within the budget: a server does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("the thread that flips was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        }
    }

    private List<String> drain(FenceRow frozen, long deadline, AtomicReference<String> doing) {
        try {
            ControlSide owner = places.of(frozen.side()).control();
            Optional<LogPosition.Place> frozenAt = logPlace(owner);
            Map<String, Long> countedFirst = counted(owner);
            if (!drained(owner, deadline)) {
                return List.of("the queue was not empty within the budget: is the follower slow, or another instance's"
                        + " converger stopped with a lane?");
            }
            if (System.nanoTime() > deadline) {
                return List.of("the budget is spent"); // and nobody waits for this thread any more
            }
            notePosition(owner, frozen.epoch());
            doing.set("verifying what changed since the verification");
            Confirmer confirmer = new Confirmer(places.direction(frozen.side()));
            while (confirmer.verifyMarked(MARKS) > 0) {
                if (System.nanoTime() > deadline) {
                    return List.of("what changed since the verification could not be verified within the budget");
                }
            }
            doing.set("evaluating the gate");
            List<String> wrong = new ArrayList<>(gate.exact(frozen, deadline));
            frozenAt.flatMap(from -> outsider(owner, frozen.epoch(), from)).ifPresent(wrong::add);
            Set<String> counted = WriteCounters.changed(countedFirst, counted(owner));
            if (!counted.isEmpty()) {
                wrong.add(foundOutsider(owner, frozen.epoch(), counted, "by the counters of its tables"));
            }
            if (System.nanoTime() > deadline) {
                wrong.add("the budget is spent");
            }
            return wrong;
        } catch (SQLException | DualWriteException e) {
            return List.of("draining failed: " + e.getMessage());
        }
    }

    private Optional<LogPosition.Place> logPlace(ControlSide owner) throws SQLException {
        try (Connection connection = owner.connection()) {
            return logPosition.place(connection);
        }
    }

    /**
     * Whether somebody has written moved tables since the owner was frozen, past the library and its fence. The last look: what
     * is committed behind it is not noticed. Then nothing is known to be equal any more.
     */
    private Optional<String> outsider(ControlSide owner, long epoch, LogPosition.Place from) {
        try (Connection connection = owner.connection()) {
            Optional<LogPosition.Place> to = logPosition.place(connection);
            lookedUpTo = logReadable ? to : Optional.empty();
            if (to.isEmpty() || to.get().equals(from)) {
                return Optional.empty();
            }
            LogReader.Answer answer = log(owner).changed(connection, from, to.get());
            if (!answer.whyNot().isEmpty()) {
                audit.add(owner.side(), epoch, "flip-log-not-read", answer.whyNot());
            }
            if (answer.changed().isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(foundOutsider(
                    owner, epoch, answer.changed(), "in its log behind " + from.file() + " " + from.offset()));
        } catch (SQLException e) {
            return Optional.of("no-outside-writer: could not be evaluated: " + e.getMessage());
        }
    }

    private LogReader log(ControlSide owner) throws SQLException {
        return new LogReader(
                owner.names().schema(), tables(owner), owner.names().prefix());
    }

    private String foundOutsider(ControlSide owner, long epoch, Set<String> changed, String where) throws SQLException {
        String tables = String.join(", ", new TreeSet<>(changed));
        ControlSide source = places.of(Side.SOURCE).control();
        try (Connection verified = source.connection()) {
            source.verifications().distrust(verified);
        }
        audit.add(owner.side(), epoch, "outside-writer", tables + ", found " + where);
        return "no-outside-writer: somebody wrote " + tables + " of " + owner.side()
                + " past the library while it was frozen (found " + where
                + "): end that writer, then verify() and repair()";
    }

    /**
     * What was committed between the last look and the hand-over. The flip stands; but that nothing counts as verified any more
     * keeps the way back shut until somebody has verified, who finds it.
     */
    private void lookBehind(Side side, long epoch) {
        Optional<LogPosition.Place> from = lookedUpTo;
        if (from.isEmpty()) {
            return;
        }
        try {
            ControlSide handedOver = places.of(side).control();
            Set<String> changed;
            try (Connection connection = handedOver.connection()) {
                changed = log(handedOver).changedBeforeTheFence(connection, from.get());
            }
            if (!changed.isEmpty()) {
                LOG.warn(
                        "{}: {}",
                        settings.name(),
                        foundOutsider(handedOver, epoch, changed, "in its log right before the hand-over"));
            }
        } catch (SQLException e) {
            audit.add(side, epoch, "flip-log-not-read", String.valueOf(e.getMessage()));
        }
    }

    /** Up to here the owner's log holds what it wrote as the owner; for people who look for what went astray. */
    private void notePosition(ControlSide owner, long epoch) {
        try (Connection connection = owner.connection()) {
            audit.add(owner.side(), epoch, "flip-log-position", logPosition.read(connection));
        } catch (SQLException e) {
            audit.add(owner.side(), epoch, "flip-log-position", "not known: " + e.getMessage());
        }
    }

    private boolean drained(ControlSide owner, long deadline) throws SQLException {
        while (true) {
            try (Connection connection = owner.connection()) {
                if (owner.queue().drained(connection)) {
                    return true;
                }
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
            workers.hurry();
            workers.roundNow();
        }
    }

    @Override
    public List<String> awaitAcknowledged(Side owner, long epoch) {
        lookBehind(owner.other(), epoch);
        long deadline = System.nanoTime() + ACKNOWLEDGE.toNanos();
        List<String> behind = List.of();
        while (true) {
            try (Connection connection = places.of(owner).control().connection()) {
                behind = places.of(owner).control().instances().list(connection).stream()
                        .filter(instance -> instance.silent().compareTo(settings.heartbeatTimeout()) < 0
                                && instance.epoch() < epoch)
                        .map(InstanceTable.Instance::name)
                        .toList();
                if (behind.isEmpty()) {
                    return behind;
                }
            } catch (SQLException e) {
                behind = List.of("unknown: " + e.getMessage());
            }
            if (System.nanoTime() > deadline) {
                return behind;
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return behind;
            }
        }
    }
}
