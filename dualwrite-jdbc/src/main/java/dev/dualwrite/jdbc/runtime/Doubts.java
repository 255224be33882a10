package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FenceState;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.flip.Recovery;
import dev.dualwrite.flip.StoreException;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an instance does by itself about a row that cannot stand: a flip that somebody left, and a row that
 * is on another server, or older, than it should be (design, sections 3.1a and 3.2). One thread, apart from
 * the watches, because it may have to wait for the other side.
 */
final class Doubts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Deadlock and lock wait: the row is there, and somebody is changing it. */
    private static final Set<Integer> LOCKED = Set.of(1205, 1213);

    private final Places places;
    private final Settings settings;
    private final Beliefs beliefs;
    private final Pulses pulses;
    private final Audit audit;
    private final ExecutorService thread;
    private final AtomicBoolean busy = new AtomicBoolean();

    Doubts(Places places, Settings settings, Beliefs beliefs, Pulses pulses, Audit audit) {
        this.places = places;
        this.settings = settings;
        this.beliefs = beliefs;
        this.pulses = pulses;
        this.audit = audit;
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread t = new Thread(work, "dualwrite-" + settings.name() + "-recovery");
            t.setDaemon(true);
            return t;
        });
    }

    /** A row was read; if it calls for something, that is begun, unless something is under way. */
    void consider(Place place, FenceRow row) {
        boolean overdue = Recovery.overdue(row);
        if (!overdue && !doubtful(row)) {
            return;
        }
        if (busy.compareAndSet(false, true)) {
            thread.execute(() -> {
                try {
                    if (doubtful(row)) {
                        resolve(place, row);
                    } else {
                        recover(place, row);
                    }
                } catch (StoreException | SQLException e) {
                    LOG.debug("{}: {} could not be mended now: {}", settings.name(), place.side(), e.toString());
                } catch (RuntimeException e) {
                    LOG.error("{}: mending {} met an unexpected error", settings.name(), place.side(), e);
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private boolean doubtful(FenceRow row) {
        return beliefs.doubtful(row);
    }

    private void recover(Place place, FenceRow row) throws StoreException {
        if (row.state() == FenceState.FROZEN) {
            try (SqlFenceStore owner = new SqlFenceStore(place, PATIENCE, pulses)) {
                if (Recovery.reopen(owner, PATIENCE)) {
                    audit.add(
                            place.side(),
                            row.epoch() + 1,
                            "recovery-reopened",
                            "frozen for " + row.frozenFor().toMillis() + " ms, budget "
                                    + row.budget().toMillis() + " ms; attempt " + row.attempt());
                }
            }
            return;
        }
        try (SqlFenceStore handing = new SqlFenceStore(place, PATIENCE, pulses);
                SqlFenceStore next = new SqlFenceStore(places.of(place.side().other()), PATIENCE, pulses)) {
            boolean standing = handing.read().state() == FenceState.HANDED_OVER;
            if (Recovery.finish(handing, next, PATIENCE) && standing) {
                audit.add(
                        place.side().other(),
                        row.epoch(),
                        "recovery-finished",
                        "hand-over by attempt " + row.attempt());
            }
        }
    }

    /**
     * Reads the other side, with a lock, because a flip may be between its steps there; the higher epoch wins. If
     * it cannot be read, an operator has to decide.
     */
    private void resolve(Place place, FenceRow row) throws SQLException {
        Side side = place.side();
        boolean lower = row.epoch() < beliefs.epoch();
        String way = row.state() == FenceState.HANDED_OVER ? "forceOpen(" : "acceptServer(";
        Optional<String> fallen = row.atHome() && !lower ? beliefs.fellBack(side) : Optional.empty();
        String found = fallen.isPresent()
                ? fallen.get()
                : row.atHome()
                        ? side + " says " + row.state() + " at epoch " + row.epoch() + ", below epoch "
                                + beliefs.epoch() + " that was seen before"
                        : side + " is on another server (" + row.actualUuid() + ") than its fence row was written on ("
                                + row.serverUuid() + ")";
        if (!row.owns() && row.state() != FenceState.HANDED_OVER) {
            beliefs.contradiction(
                    side,
                    found + ": converging to it has stopped; acceptServer(" + side + "), then backfill and verify");
            return;
        }
        Optional<FenceRow> other;
        try {
            ControlSide control = places.of(side.other()).reach().control();
            try (Connection connection = control.connection()) {
                other = control.fence().readShared(connection);
            }
        } catch (SQLException e) {
            if (LOCKED.contains(e.getErrorCode())) {
                return; // an opening is under way there: the next look will tell
            }
            beliefs.contradiction(
                    side,
                    found + ", and " + side.other() + " cannot be read: writes are refused; bring " + side.other()
                            + " back, or " + way + side + ")");
            return;
        }
        if (other.isEmpty()) {
            beliefs.contradiction(side, found + ", and " + side.other() + " has no fence row");
            return;
        }
        FenceRow known = other.get();
        ControlSide control = places.of(side).control();
        if (row.contends(known)) {
            beliefs.contradiction(
                    side,
                    side + " and " + side.other() + " both own at epoch " + row.epoch()
                            + ", so writes are refused: look what each has, then acceptServer of the one to go on with;"
                            + " the other one is closed by that");
        } else if (!known.atHome()) {
            beliefs.contradiction(
                    side,
                    found + ", and " + side.other()
                            + " is on another server, too: bring one of the former servers back," + " or acceptServer("
                            + side + ")");
        } else if (known.epoch() >= row.epoch() && known.state() != FenceState.CLOSED && !row.openedBy(known)) {
            // a side that is only handing over must still find its partner below its epoch when it is accepted
            long epoch = known.owns() ? known.epoch() : row.epoch();
            try (Connection connection = control.connection()) {
                if (control.fence().demote(connection, row, epoch)) {
                    audit.add(
                            side,
                            known.epoch(),
                            "older-copy-closed",
                            found + "; " + side.other() + " owns at epoch " + known.epoch());
                }
            }
        } else if (fallen.isPresent()) {
            beliefs.contradiction(side, null); // what to do is said with the fall itself
        } else if (known.epoch() <= row.epoch() && row.epoch() >= beliefs.epoch()) {
            pulses.accept(control); // first: an adopted side with a low pulse would be an older copy
            try (Connection connection = control.connection()) {
                if (control.fence().adopt(connection, row)) {
                    audit.add(
                            side,
                            row.epoch(),
                            "server-adopted",
                            found + "; " + side.other() + " knows no higher epoch");
                }
            }
        } else {
            beliefs.contradiction(
                    side,
                    found + ", and " + side.other() + " has seen epoch " + known.epoch()
                            + ": commits may be missing here; look, then acceptServer(" + side + ")");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("{}: a recovery did not end in time", settings.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
