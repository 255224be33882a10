package dev.dualwrite.jdbc.follower;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dualwrite.converge.ErrorClass;
import dev.dualwrite.converge.Round;
import dev.dualwrite.converge.Waiters;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.Intent;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Lanes;
import dev.dualwrite.key.Unit;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works the repair queue off: takes intents, makes the follower's rows equal to the owner's current ones,
 * takes the intents out. It never replays a statement, so it does not matter how often, in which order or
 * by whom a unit is converged. Thread-safe; several may run in several processes.
 */
public final class Converger {
    private static final Logger LOG = LoggerFactory.getLogger(Converger.class);
    private static final int PAGE = 400;

    /** Units that one transaction takes on to untangle their unique values; a longer chain is parked. */
    private static final int CLASH_UNITS = 400;

    /** Clashes in a row that name no further unit: the first decides on replacing, others race with a converger. */
    private static final int FRUITLESS_CLASHES = 4;

    private static final int UNKNOWN_ATTEMPTS = 3;

    private final Waiters waiters;
    private final Seams seams;

    /** Whether there was more than a page: then workers begin at different lanes, which costs a statement more. */
    private volatile boolean backlog = true;

    private final Map<String, Boolean> strangers = new ConcurrentHashMap<>();
    private final Cache<Unit, Integer> attempts = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    public Converger(Waiters waiters, Seams seams) {
        this.waiters = waiters;
        this.seams = seams;
    }

    /** One round: some of the queue, in one follower transaction if the follower takes it so. */
    public Round round(Direction direction) {
        try {
            long began = System.nanoTime();
            List<Intent> page;
            try (Connection connection = direction.owner().connection()) {
                int from = backlog ? ThreadLocalRandom.current().nextInt(Lanes.COUNT) : 0;
                page = direction.owner().queue().peek(connection, from, PAGE);
            }
            backlog = page.size() == PAGE;
            if (page.size() < PAGE) {
                waiters.seen(
                        page.stream()
                                .map(intent -> ByteBuffer.wrap(intent.id().bytes()))
                                .collect(Collectors.toSet()),
                        began);
            }
            if (page.isEmpty()) {
                return new Round.Idle();
            }
            seams.afterPeek();
            Collection<WorkUnit> units = group(direction, page);
            return units.isEmpty() ? new Round.Idle() : converge(direction, units, page.size() == PAGE);
        } catch (SQLException e) {
            return new Round.Failed(e);
        }
    }

    /** By unit; intents of tables that this instance does not know are left to those that do. */
    private Collection<WorkUnit> group(Direction direction, List<Intent> page) {
        Map<Unit, WorkUnit> units = new LinkedHashMap<>();
        for (Intent intent : page) {
            if (!direction.mappings().knows(intent.table())) {
                if (strangers.putIfAbsent(intent.table(), true) == null) {
                    LOG.error(
                            "DW-4001 {}: intents name the table {}, which is not in the domain of this instance: start all"
                                    + " instances with the same tables",
                            direction.owner().names().migration(),
                            intent.table());
                }
                continue;
            }
            units.computeIfAbsent(intent.unit(), unit -> new WorkUnit(unit, intent.table(), intent.key()))
                    .intents()
                    .add(intent);
        }
        return units.values();
    }

    private Round converge(Direction direction, Collection<WorkUnit> units, boolean more) throws SQLException {
        Convergence outcome = transaction(direction).run(units, false, false);
        if (outcome instanceof Convergence.Committed committed) {
            return new Round.Done(acknowledge(direction.owner(), committed), more);
        }
        if (outcome instanceof Convergence.Stopped stopped) {
            return new Round.Held(stopped.reason());
        }
        if (outcome instanceof Convergence.Failed failed && passes(failed)) {
            return new Round.Failed(failed.cause());
        }
        if (outcome instanceof Convergence.Busy) {
            return new Round.Idle();
        }
        boolean clashed = outcome instanceof Convergence.Clash;
        if (clashed) {
            seams.afterClash();
        }
        Tally tally = new Tally();
        Round stop = divided(direction, List.copyOf(units), clashed, tally);
        if (stop != null) {
            return stop;
        }
        return tally.done == 0 && tally.unknown != null
                ? new Round.Failed(tally.unknown)
                : new Round.Done(tally.done, more);
    }

    /** Whether no unit is to blame, so that all are tried again later. */
    private static boolean passes(Convergence.Failed failed) {
        return ErrorClass.of(failed.cause().getErrorCode(), failed.cause().getSQLState()) == ErrorClass.TRANSIENT;
    }

    /** What has come of the parts of a batch. */
    private static final class Tally {
        private int done;
        private @Nullable SQLException unknown;
    }

    /**
     * Something in a batch was refused. A clash is mostly settled by taking the holders of the unique values in; else
     * the batch is halved until what is refused stands alone, so that it blocks nobody else.
     *
     * @param clashed whether it is worth trying as a whole
     * @return why to stop; null if every part was dealt with
     */
    private @Nullable Round divided(Direction direction, List<WorkUnit> units, boolean clashed, Tally tally)
            throws SQLException {
        if (units.size() == 1) {
            return alone(direction, units.get(0), tally);
        }
        if (clashed) {
            Convergence outcome = withHolders(direction, units);
            if (outcome instanceof Convergence.Committed committed) {
                tally.done += acknowledge(direction.owner(), committed);
                return null;
            }
            if (outcome instanceof Convergence.Stopped stopped) {
                return new Round.Held(stopped.reason());
            }
            if (outcome instanceof Convergence.Failed failed && passes(failed)) {
                return new Round.Failed(failed.cause());
            }
        }
        int middle = units.size() / 2;
        Round stop = divided(direction, units.subList(0, middle), true, tally);
        return stop != null ? stop : divided(direction, units.subList(middle, units.size()), true, tally);
    }

    /** All of them in one transaction, with whoever holds a unique value that one of them needs. */
    private Convergence withHolders(Direction direction, List<WorkUnit> units) throws SQLException {
        Map<Unit, WorkUnit> together = new LinkedHashMap<>();
        units.forEach(unit -> together.put(unit.unit(), unit));
        while (true) {
            Convergence outcome = transaction(direction).run(together.values(), true, true);
            if (!(outcome instanceof Convergence.Clash clash)
                    || clash.others().isEmpty()
                    || together.size() + clash.others().size() > units.size() + CLASH_UNITS) {
                return outcome;
            }
            clash.others().forEach(other -> together.putIfAbsent(other.unit(), other));
            seams.afterClash();
        }
    }

    private @Nullable Round alone(Direction direction, WorkUnit unit, Tally tally) throws SQLException {
        Result result = one(direction, unit);
        if (result.round() instanceof Round.Failed failed) {
            if (!result.goOn()) {
                return failed;
            }
            tally.unknown = (SQLException) failed.cause();
        } else if (result.round() instanceof Round.Done one) {
            tally.done += one.intents();
        } else if (result.round() instanceof Round.Held held) {
            return held;
        }
        return null;
    }

    /**
     * How one unit went.
     *
     * @param goOn whether the other units may still be tried after a failure
     */
    private record Result(Round round, boolean goOn) {}

    private Result one(Direction direction, WorkUnit unit) throws SQLException {
        Map<Unit, WorkUnit> together = new LinkedHashMap<>();
        together.put(unit.unit(), unit);
        SQLException last = null;
        int fruitless = 0;
        for (int round = 0; fruitless < FRUITLESS_CLASHES && together.size() <= CLASH_UNITS; round++) {
            Convergence outcome = transaction(direction).run(together.values(), true, round > 0);
            if (outcome instanceof Convergence.Committed committed) {
                attempts.invalidate(unit.unit());
                return new Result(new Round.Done(acknowledge(direction.owner(), committed), false), true);
            }
            if (outcome instanceof Convergence.Stopped stopped) {
                return new Result(new Round.Held(stopped.reason()), false);
            }
            if (outcome instanceof Convergence.Clash clash) {
                last = clash.cause();
                fruitless = clash.others().isEmpty() ? fruitless + 1 : 0;
                clash.others().forEach(other -> together.putIfAbsent(other.unit(), other));
                seams.afterClash();
            } else if (outcome instanceof Convergence.Failed failed) {
                last = failed.cause();
                switch (ErrorClass.of(last.getErrorCode(), last.getSQLState())) {
                    case TRANSIENT -> {
                        return new Result(new Round.Failed(last), false);
                    }
                    case UNKNOWN -> {
                        int tried = attempts.get(unit.unit(), ignored -> 0) + 1;
                        attempts.put(unit.unit(), tried);
                        if (tried < UNKNOWN_ATTEMPTS) {
                            return new Result(new Round.Failed(last), true);
                        }
                    }
                    case ORDERING, PERMANENT -> {}
                }
                break;
            }
        }
        return new Result(new Round.Done(park(direction.owner(), unit, last), false), true);
    }

    private FollowerTransaction transaction(Direction direction) {
        return new FollowerTransaction(direction, seams);
    }

    /** After the follower's commit: takes exactly the intents out that were read before the owner's rows. */
    private int acknowledge(ControlSide owner, Convergence.Committed committed) throws SQLException {
        List<Intent> intents = committed.units().stream()
                .flatMap(unit -> unit.intents().stream())
                .toList();
        try (Connection connection = owner.connection()) {
            // each statement by itself: a process that is stopped here must not go on holding the owner's fence
            for (Map.Entry<Unit, String> parked : committed.parked().entrySet()) {
                owner.parked().removeAsRead(connection, parked.getKey(), parked.getValue());
            }
            // Of a unit's intents one is enough to become a mark, if it is still this converger's to take: if not,
            // whoever took it has read less than this one.
            List<Intent> kept = committed.units().stream()
                    .flatMap(unit -> unit.intents().stream().limit(1))
                    .toList();
            List<Intent> others = committed.units().stream()
                    .flatMap(unit -> unit.intents().stream().skip(1))
                    .toList();
            int taken =
                    owner.queue().acknowledge(connection, kept, owner.dialect().lockShared());
            if (taken == kept.size()) {
                owner.queue().remove(connection, others);
            } else {
                owner.queue().acknowledge(connection, others, owner.dialect().lockShared());
            }
        }
        waiters.done(intents.stream().map(intent -> intent.id().bytes()).toList());
        return intents.size();
    }

    /**
     * Parks a unit in the transaction that takes its intents out (or marks them), if they are all still there: if
     * not, somebody else has dealt with the unit since, and knows better.
     */
    private int park(ControlSide owner, WorkUnit unit, @Nullable SQLException cause) throws SQLException {
        int code = cause == null ? 0 : cause.getErrorCode();
        String state = cause == null || cause.getSQLState() == null ? "HY000" : cause.getSQLState();
        String reason = "converging " + unit.table() + " " + unit.key() + " failed with error " + code + " (" + state
                + "): " + Advice.of(code);
        boolean parked = owner.inTransaction(connection -> {
            int taken = owner.queue()
                    .acknowledge(connection, unit.intents(), owner.dialect().lockShared());
            if (taken < unit.intents().size()) {
                connection.rollback();
                return false;
            }
            owner.parked().park(connection, unit.unit(), unit.table(), unit.key(), code, state, reason, 1);
            return true;
        });
        if (!parked) {
            return 0;
        }
        LOG.warn("DW-4002 {}: parked; {}", owner.names().migration(), reason);
        List<byte[]> ids =
                unit.intents().stream().map(intent -> intent.id().bytes()).toList();
        waiters.done(ids);
        return ids.size();
    }
}
