package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.SealTriggers;
import dev.dualwrite.jdbc.schema.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a side that has handed over sealed for as long as it follows (design, section 3.2, step 7). The triggers are made
 * behind the flip and not within it, by one instance at a time: they wait for whoever uses the table, and what comes later
 * queues behind them meanwhile. A side that
 * owns again keeps them, because whoever takes them away would hold its writers up; there they let everybody pass.
 * Thread-safe.
 */
final class Sealing {
    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Settings settings;
    private final Places places;
    private final Beliefs beliefs;
    private final Audit audit;
    private final Map<Side, Seen> seen = new EnumMap<>(Side.class); // guarded by this
    private final Map<Side, Long> askedAt = new EnumMap<>(Side.class); // guarded by this
    private final Map<Side, List<SealTriggers.Refused>> refused = new EnumMap<>(Side.class); // guarded by this

    /** What was found or done last: whether it is as it should be, for how the fence row then was. */
    private record Seen(FenceRow row, Phase phase, boolean wanted, String wrong, long at) {
        boolean holds(FenceRow now, Phase inForce) {
            Duration age = Duration.ofNanos(System.nanoTime() - at);
            return wrong.isEmpty()
                    ? row.state() == now.state()
                            && row.attempt().equals(now.attempt())
                            && phase == inForce
                            && age.compareTo(LOOK_AGAIN) < 0
                    : age.compareTo(RETRY) < 0;
        }
    }

    Sealing(Settings settings, Places places, Beliefs beliefs, Audit audit) {
        this.settings = settings;
        this.places = places;
        this.beliefs = beliefs;
        this.audit = audit;
    }

    /** Seals and unseals what follows, as it should be. */
    void keep() {
        if (!settings.sealing()) {
            return;
        }
        for (Side side : Side.values()) {
            Optional<FenceRow> row = beliefs.row(side);
            if (row.isEmpty()
                    || row.get().state() != FenceState.CLOSED
                    || !row.get().atHome()
                    || places.of(side).known().isEmpty()
                    || beliefs.whyUnreachable(side).isPresent()) {
                note(side, Optional.empty());
                continue;
            }
            Phase phase = beliefs.ownership().phase();
            Optional<Seen> before = before(side);
            if (before.isEmpty() || !before.get().holds(row.get(), phase)) {
                boolean wanted = wanted(row.get(), phase);
                if (!wanted && phase != Phase.SOURCE_ONLY) {
                    note(side, Optional.empty()); // another instance may want it
                    continue;
                }
                String wrong = "";
                try {
                    if (!settle(side, wanted)) {
                        continue; // another instance is about it
                    }
                } catch (SQLException e) {
                    wrong = String.valueOf(e.getMessage());
                    if (before.isEmpty() || !before.get().wrong().equals(wrong)) {
                        LOG.warn("{}: {} is not {}: {}", settings.name(), side, wanted ? "sealed" : "unsealed", wrong);
                    }
                }
                note(side, Optional.of(new Seen(row.get(), phase, wanted, wrong, System.nanoTime())));
            }
            if (wanted(row.get(), phase)) {
                tell(side);
            }
        }
    }

    /** Who was refused is told as long as he is there, and recorded once. */
    private void tell(Side side) {
        long moment = System.nanoTime();
        synchronized (this) {
            if (moment - askedAt.getOrDefault(side, moment - ASK_AGAIN.toNanos()) < ASK_AGAIN.toNanos()) {
                return;
            }
            askedAt.put(side, moment);
        }
        ControlSide control = places.of(side).known().orElseThrow().control();
        List<SealTriggers.Refused> now;
        try (Connection connection = control.connection()) {
            now = control.seal().refused(connection);
        } catch (SQLException e) {
            LOG.debug("{}: whom the seal of {} has refused could not be asked", settings.name(), side, e);
            return;
        }
        List<SealTriggers.Refused> before;
        synchronized (this) {
            before = refused.getOrDefault(side, List.of());
            refused.put(side, now);
        }
        for (SealTriggers.Refused one : now) {
            if (!before.contains(one)) {
                LOG.warn(
                        "DW-3011 {}: {} has written moved tables of {}, which does not own, past the library, and was refused:"
                                + " it is to be stopped, or to use the library",
                        settings.name(),
                        one,
                        side);
                audit.once(side, beliefs.epoch(), "refused", one + " wrote past the library");
            }
        }
    }

    /** A follower that never owned may still be loaded by other means, unless the host says that it is not. */
    private boolean wanted(FenceRow closed, Phase phase) {
        return (settings.sealTarget() || closed.captureEpoch() > 0) && phase != Phase.SOURCE_ONLY;
    }

    private synchronized Optional<Seen> before(Side side) {
        return Optional.ofNullable(seen.get(side));
    }

    private synchronized void note(Side side, Optional<Seen> now) {
        now.ifPresentOrElse(is -> seen.put(side, is), () -> seen.remove(side));
    }

    /** Answers false if it was not this instance's turn. */
    private boolean settle(Side side, boolean wanted) throws SQLException {
        ControlSide control = places.of(side).control();
        Collection<String> tables = tables(side);
        return patiently(control, connection -> {
            if (!control.seal().alone(connection)) {
                return false;
            }
            if (!wanted) {
                dropped(control, control.seal().drop(connection, tables));
                return true;
            }
            List<SealTriggers.Trigger> missing = control.seal().missing(connection, tables);
            for (SealTriggers.Trigger trigger : missing) {
                Optional<FenceRow> now = control.fence().read(connection);
                if (now.isEmpty() || now.get().state() != FenceState.CLOSED) {
                    return false; // its writers are not held up for this
                }
                control.seal().create(connection, trigger);
            }
            if (!missing.isEmpty()) {
                audit.add(
                        side, beliefs.epoch(), "sealed", missing.size() + " triggers on " + String.join(", ", tables));
            }
            return true;
        });
    }

    private void dropped(ControlSide control, int triggers) {
        if (triggers > 0) {
            audit.add(control.side(), beliefs.epoch(), "unsealed", triggers + " triggers");
        }
    }

    private List<String> tables(Side side) throws SQLException {
        return places.of(side).require().schema().tables().values().stream()
                .map(Table::name)
                .sorted()
                .toList();
    }

    /** What is done to the triggers of a side. */
    @FunctionalInterface
    private interface Change {
        boolean on(Connection connection) throws SQLException;
    }

    /** Others queue behind a DDL that waits: it waits a second for each table, the least that a server knows. */
    private boolean patiently(ControlSide control, Change change) throws SQLException {
        Place place = places.of(control.side());
        try (Connection connection = control.connection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET SESSION lock_wait_timeout = 1");
                return change.on(connection);
            } finally {
                place.discard(connection);
            }
        }
    }

    /**
     * Takes the seal away from a side that owns, or for good where none is kept.
     *
     * @throws DualWriteException DW-5013, if the side is kept sealed
     * @throws SQLException if somebody uses a table for too long
     */
    void unseal(Side side) throws SQLException {
        ControlSide control = places.of(side).control();
        List<String> tables = tables(side);
        try (Connection connection = control.connection()) {
            Optional<FenceRow> row = control.fence().read(connection);
            if (settings.sealing()
                    && row.isPresent()
                    && row.get().state() == FenceState.CLOSED
                    && wanted(row.get(), beliefs.ownership().phase())) {
                throw new DualWriteException(
                        "DW-5013",
                        side + " follows, and this instance would seal it again: start every instance with"
                                + " sealing(false) first");
            }
        }
        patiently(control, connection -> {
            dropped(control, control.seal().drop(connection, tables));
            return true;
        });
    }

    /** For the status; empty if there is nothing to say. */
    Optional<String> says(Side side) {
        return before(side)
                .flatMap(is -> !is.wrong().isEmpty()
                        ? Optional.of((is.wanted() ? "not sealed: " : "not unsealed: ") + is.wrong())
                        : is.wanted() ? Optional.of("sealed" + whom(side)) : Optional.empty());
    }

    private synchronized String whom(Side side) {
        List<SealTriggers.Refused> refusedNow = refused.getOrDefault(side, List.of());
        return refusedNow.isEmpty()
                ? ""
                : ", and refused "
                        + refusedNow.stream()
                                .map(SealTriggers.Refused::toString)
                                .collect(Collectors.joining(", "));
    }
}
