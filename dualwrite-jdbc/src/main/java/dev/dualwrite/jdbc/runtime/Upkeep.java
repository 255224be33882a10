package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.follower.Confirmer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done now and then: hearing wishes, telling the follower the epoch, verifying what changed,
 * sealing, forgetting what is old. One thread; whatever fails is tried again.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration RETRY_WISH = Duration.ofSeconds(2);
    private static final Duration PURGE = Duration.ofMinutes(1);
    private static final Duration FORGET_INSTANCES = Duration.ofDays(1);
    private static final Duration FORGET_AUDIT = Duration.ofDays(365);
    private static final Duration VERIFY = Duration.ofSeconds(1);
    private static final int MARKS = 500;

    private final Migration migration;
    private final ReadersWish readers;
    private final Thread thread;
    private volatile boolean closed;

    // only touched by the thread
    private long notBefore = System.nanoTime();
    private long lastPurge = System.nanoTime() - PURGE.toNanos();
    private Optional<Granting> granting = Optional.empty();
    private String told = "";

    /** A wish that is being granted. */
    private record Granting(Phase wish, Thread thread) {}

    Upkeep(Migration migration) {
        this.migration = migration;
        this.readers = new ReadersWish(migration);
        this.thread = new Thread(this::run, "dualwrite-" + migration.settings().name() + "-upkeep");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                migration.flagReader().watch();
                Side side = migration.beliefs().owner();
                Optional<Place.Known> known = migration.places().of(side).known();
                if (known.isPresent()
                        && migration.beliefs().whyUnreachable(side).isEmpty()) {
                    ControlSide owner = known.get().control();
                    hear(owner);
                    readers.grant(owner);
                    mirror(owner);
                    verifyAhead(owner);
                    migration.sealing().keep();
                    purge(owner);
                    clearLeftWish(owner.side().other());
                }
            } catch (SQLException | DualWriteException e) {
                LOG.debug(
                        "{}: upkeep failed and is tried again: {}",
                        migration.settings().name(),
                        e.toString());
            } catch (RuntimeException e) {
                LOG.error(
                        "{}: upkeep met an unexpected error and goes on",
                        migration.settings().name(),
                        e);
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                if (closed) {
                    return;
                }
            }
        }
    }

    private void hear(ControlSide owner) throws SQLException {
        Wishes wishes = migration.wishes();
        migration.readFlags(owner);
        Phase inForce = migration.ownership().phase();
        if (wishes.tableWish().isPresent() && wishes.tableWish().get() == inForce) {
            clearWish(owner);
        }
        Optional<Phase> wish =
                wishes.tableWish().filter(phase -> phase != inForce).or(wishes.source()::wish);
        wishes.fulfilled(inForce); // by whomever
        if (granting.isPresent()) {
            if (granting.get().thread().isAlive()) {
                return;
            }
            Phase granted = granting.get().wish();
            granting = Optional.empty();
            if (inForce == granted) {
                wishes.fulfilled(granted);
                clearWish(owner);
            } else {
                notBefore = System.nanoTime() + RETRY_WISH.toNanos();
            }
        } else if (wish.isPresent() && inForce.wayTo(wish.get()) == Phase.Way.NONE) {
            tellOnce(inForce, wish.get());
        } else if (wish.isPresent() && wishes.held().isEmpty() && System.nanoTime() >= notBefore) {
            granting = Optional.of(grant(inForce, wish.get()));
        }
    }

    private void tellOnce(Phase inForce, Phase wish) {
        String what = "from " + inForce + " no step leads to " + wish + ", which is wished for";
        if (!what.equals(told)) {
            told = what;
            LOG.warn("DW-5027 {}: {}", migration.settings().name(), what);
        }
    }

    /** In a thread of its own, so that a kill or a hold is heard meanwhile. */
    private Granting grant(Phase inForce, Phase wish) {
        Thread thread = new Thread(
                () -> {
                    String outcome = switch (inForce.wayTo(wish)) {
                        case FLIP -> migration.transitions().flip(wish).toString();
                        case BARRIER -> migration.transitions().enter(wish).toString();
                        case NONE -> "no way leads from " + inForce + " to " + wish;
                    };
                    LOG.info("{}: {} was wished for: {}", migration.settings().name(), wish, outcome);
                },
                "dualwrite-" + migration.settings().name() + "-wish");
        thread.setDaemon(true);
        thread.start();
        return new Granting(wish, thread);
    }

    /**
     * A wish that a flip has fulfilled stands on the side that owned before. Whoever flipped may have died before
     * taking it away, and there it would come back with the ownership.
     */
    private void clearLeftWish(Side follower) throws SQLException {
        Optional<Place.Known> known = migration.places().of(follower).known();
        if (known.isEmpty() || migration.beliefs().whyUnreachable(follower).isPresent()) {
            return;
        }
        ControlSide control = known.get().control();
        String wish;
        try (Connection connection = control.connection()) {
            wish = control.flags().read(connection).get(Wishes.PHASE);
        }
        if (wish != null && wish.equalsIgnoreCase(migration.ownership().phase().name())) {
            clearWish(control);
        }
    }

    /** A wish of the table that is fulfilled is over: it must not undo a later decision. */
    private static void clearWish(ControlSide owner) throws SQLException {
        owner.inTransaction(connection -> {
            owner.flags().clear(connection, Wishes.PHASE);
            return owner;
        });
    }

    /** The follower's database has to know the highest epoch too, for the day on which the owner's does not. */
    private void mirror(ControlSide owner) throws SQLException {
        Optional<FenceRow> owns = migration.beliefs().row(owner.side());
        Optional<FenceRow> follows = migration.beliefs().row(owner.side().other());
        Optional<Place.Known> other =
                migration.places().of(owner.side().other()).known();
        if (owns.isEmpty()
                || follows.isEmpty()
                || other.isEmpty()
                || owns.get().state() != FenceState.OPEN
                || follows.get().state() != FenceState.CLOSED
                || !follows.get().atHome()
                || follows.get().epoch() >= owns.get().epoch()
                || migration.beliefs().whyUnreachable(owner.side().other()).isPresent()) {
            return;
        }
        ControlSide follower = other.get().control();
        try {
            follower.inTransaction(connection -> follower.fence()
                            .readExclusiveNoWait(connection)
                            .isPresent()
                    && follower.fence()
                            .mirror(connection, follows.get(), owns.get().epoch()));
        } catch (SQLException e) {
            if (!follower.dialect().isLockNotAvailable(e)) {
                throw e;
            }
            // next time: convergers would queue behind whoever waits for the row
        }
    }

    private void verifyAhead(ControlSide owner) throws SQLException {
        Optional<FenceRow> row = migration.beliefs().row(owner.side());
        if (row.isEmpty()
                || !row.get().marking()
                || row.get().state() != FenceState.OPEN
                || migration.wishes().killed()
                || migration.beliefs().whyUnreachable(owner.side().other()).isPresent()) {
            return;
        }
        Confirmer confirmer = new Confirmer(migration.places().direction(owner.side()));
        long began = System.nanoTime();
        int read;
        do {
            read = confirmer.verifyMarked(MARKS);
        } while (read == MARKS
                && !closed
                && !migration.wishes().killed()
                && System.nanoTime() - began < VERIFY.toNanos()); // wishes are heard in between
    }

    /** On both sides: each has rows of its own, whoever owns; but the ledger moves. */
    private void purge(ControlSide owner) throws SQLException {
        if (System.nanoTime() - lastPurge < PURGE.toNanos()) {
            return;
        }
        lastPurge = System.nanoTime();
        for (Side side : Side.values()) {
            Optional<Place.Known> known = migration.places().of(side).known();
            if (known.isPresent() && migration.beliefs().whyUnreachable(side).isEmpty()) {
                ControlSide control = known.get().control();
                try (Connection connection = control.connection()) {
                    control.instances().purge(connection, FORGET_INSTANCES);
                    control.attestations().purge(connection, FORGET_INSTANCES);
                    control.audit().purge(connection, FORGET_AUDIT);
                }
            }
        }
        migration.purgeLedger(owner);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(15_000);
            if (granting.isPresent()) {
                granting.get().thread().join(15_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
