package dev.dualwrite.flip;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two fence rows in memory with the locks and the conditions of the SQL, the queue behind them as numbers, and
 * what must hold after every effect. Only one thread at a time touches it: {@link SimActor} hands over.
 */
final class SimWorld {

    /** What a store does wrong on purpose. */
    enum Bug {
        NONE,
        /** The verdict of a compare-and-set is "the row has the next epoch", not the statement's own count. */
        VERDICT_BY_EPOCH,
        /** Reopening compares nothing. */
        REOPEN_BLIND,
        /** Neither draining nor handing over looks at the queue. */
        HAND_OVER_WITH_INTENTS,
        /** Handing over does not look at what is parked. */
        HAND_OVER_WITH_PARKED,
        /** The opening is committed before the owner has handed over. */
        OPENING_COMMITS_AT_ONCE,
        /** Closing the old owner opens it. */
        CLOSE_REOPENS,
        /** The hand-over is read again before the new owner's commit, and not held. */
        HOLDS_NOTHING
    }

    /** What a statement needs of the row. */
    enum Lock {
        NONE,
        SHARED,
        EXCLUSIVE
    }

    /** Something that was done to a row. */
    record Effect(String what, Side side, String attempt, String actor, FenceRow after) {}

    /** A side as it was at some time. */
    record Copy(FenceRow row, int value) {}

    /** A statement that was sent, whose sender has given up, and that has not arrived. */
    record Late(Side side, Lock lock, @Nullable Object opening, Runnable arrive, Runnable drop) {}

    private static final Duration LONG = Duration.ofDays(1);

    private final Bug bug;
    private final Map<Side, FenceRow> rows = new EnumMap<>(Side.class);
    private final Map<Side, Object> exclusive = new EnumMap<>(Side.class);
    private final Map<Side, Integer> writers = new EnumMap<>(Side.class);
    private final Map<Side, Integer> value = new EnumMap<>(Side.class);
    private final Map<Side, Integer> intents = new EnumMap<>(Side.class);
    private final Map<Side, Integer> parked = new EnumMap<>(Side.class);
    private final List<Effect> history = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private int written;
    private boolean uncaptured;
    private @Nullable String violation;

    SimWorld(Bug bug, Side owner) {
        this.bug = bug;
        Phase phase = owner == Side.SOURCE ? Phase.DUAL_WRITE : Phase.REVERSE_WINDOW;
        for (Side side : Side.values()) {
            boolean owns = side == owner;
            rows.put(
                    side,
                    new FenceRow(
                            side,
                            owns ? FenceState.OPEN : FenceState.CLOSED,
                            phase,
                            owns ? 5 : 4,
                            "start",
                            2,
                            false,
                            0,
                            Duration.ZERO,
                            Duration.ofSeconds(1),
                            "uuid-" + side,
                            "uuid-" + side));
            writers.put(side, 0);
            value.put(side, 0);
            intents.put(side, 0);
            parked.put(side, 0);
        }
    }

    Bug bug() {
        return bug;
    }

    FenceRow row(Side side) {
        return at(rows, side);
    }

    List<Effect> history() {
        return history;
    }

    List<Late> late() {
        return late;
    }

    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    void violated(String what) {
        if (violation == null) {
            violation = what + "; " + this;
        }
    }

    // ---- locks -------------------------------------------------------------------------------------------

    boolean ready(Side side, Lock lock, @Nullable Object opening) {
        Object holder = exclusive.get(side);
        return switch (lock) {
            case NONE -> true;
            case SHARED -> holder == null || holder == opening;
            case EXCLUSIVE -> (holder == null || holder == opening) && at(writers, side) == 0;
        };
    }

    void lock(Side side, Object opening) {
        exclusive.put(side, opening);
    }

    void unlock(Side side, Object opening) {
        if (exclusive.get(side) == opening) {
            exclusive.remove(side);
        }
    }

    // ---- statements --------------------------------------------------------------------------------------

    boolean freeze(FenceRow seen, String attempt, Duration budget, String actor) {
        return compareAndSet(
                "freeze",
                seen,
                seen.state(), // the statement freezes whatever was seen
                row -> with(row, FenceState.FROZEN, row.phase(), seen.epoch() + 1, attempt, LONG, budget),
                true,
                actor);
    }

    boolean reopen(FenceRow seen, String attempt, String actor) {
        if (bug == Bug.REOPEN_BLIND) {
            FenceRow row = row(seen.side());
            put("reopen", with(row, FenceState.OPEN, row.phase(), row.epoch() + 1, attempt), actor);
            return true;
        }
        return compareAndSet(
                "reopen",
                seen,
                FenceState.FROZEN,
                row -> with(row, FenceState.OPEN, row.phase(), seen.epoch() + 1, attempt),
                true,
                actor);
    }

    boolean stamp(Side side, FenceRow frozen, String actor) {
        FenceRow row = row(side);
        boolean may = row.state() == FenceState.CLOSED && row.epoch() < frozen.epoch();
        if (may) {
            put("stamp", with(row, row.state(), row.phase(), frozen.epoch(), frozen.attempt()), actor);
        }
        return may;
    }

    boolean handOver(FenceRow seen, String actor) {
        Side side = seen.side();
        return compareAndSet(
                "handOver",
                seen,
                FenceState.FROZEN,
                row -> with(
                        row, FenceState.HANDED_OVER, row.phase(), seen.epoch() + 1, row.attempt(), LONG, row.budget()),
                (at(intents, side) == 0 || bug == Bug.HAND_OVER_WITH_INTENTS)
                        && (at(parked, side) == 0 || bug == Bug.HAND_OVER_WITH_PARKED),
                actor);
    }

    boolean close(FenceRow seen, String actor) {
        FenceState to = bug == Bug.CLOSE_REOPENS ? FenceState.OPEN : FenceState.CLOSED;
        return compareAndSet(
                "close",
                seen,
                FenceState.HANDED_OVER,
                row -> with(row, to, row.phase(), row.epoch(), row.attempt()),
                true,
                actor);
    }

    boolean changePhase(FenceRow seen, Phase phase, String attempt, String actor) {
        boolean changed = compareAndSet(
                "changePhase",
                seen,
                FenceState.OPEN,
                row -> with(row, FenceState.OPEN, phase, seen.epoch() + 1, attempt),
                true,
                actor);
        if (changed && !phase.capturing()) {
            uncaptured = true;
        }
        return changed;
    }

    /** What the other side's row would become, if it may. */
    Optional<FenceRow> opened(Side side, FenceRow handingOver, Phase phase, long epoch) {
        FenceRow row = row(side);
        return row.stampedFor(handingOver.attempt(), epoch)
                ? Optional.of(with(row, FenceState.OPEN, phase, epoch, handingOver.attempt()))
                : Optional.empty();
    }

    /** An operator opens the side that has handed over, if nobody keeps him from it. */
    boolean forceOpen(Side side) {
        FenceRow row = row(side);
        if (row.state() != FenceState.HANDED_OVER || !ready(side, Lock.EXCLUSIVE, null)) {
            return false;
        }
        put("forceOpen", with(row, FenceState.OPEN, row.phase(), row.epoch() + 1_000_000, "operator"), "operator");
        return true;
    }

    /** What a copy of this side, taken now, would have. */
    Copy copy(Side side) {
        return new Copy(row(side), at(value, side));
    }

    /** The server is replaced by a copy; its sessions are gone already. */
    void restore(Copy copy) {
        rows.put(copy.row().side(), copy.row());
        value.put(copy.row().side(), copy.value());
    }

    void put(String what, FenceRow row, String actor) {
        FenceRow before = row(row.side());
        rows.put(row.side(), row);
        history.add(new Effect(what, row.side(), row.attempt(), actor, row));
        if (row.epoch() < before.epoch()) {
            violated("the epoch of " + row.side() + " fell from " + before.epoch() + " to " + row.epoch());
        }
        check();
    }

    private boolean compareAndSet(
            String what, FenceRow seen, FenceState from, UnaryOperator<FenceRow> to, boolean also, String actor) {
        FenceRow row = row(seen.side());
        boolean equal = row.state() == from
                && row.state() == seen.state()
                && row.epoch() == seen.epoch()
                && row.attempt().equals(seen.attempt())
                && also;
        if (equal) {
            put(what, to.apply(row), actor);
        }
        return bug == Bug.VERDICT_BY_EPOCH ? row(seen.side()).epoch() == seen.epoch() + 1 : equal;
    }

    private static FenceRow with(FenceRow row, FenceState state, Phase phase, long epoch, String attempt) {
        return with(row, state, phase, epoch, attempt, Duration.ZERO, row.budget());
    }

    private static FenceRow with(
            FenceRow row,
            FenceState state,
            Phase phase,
            long epoch,
            String attempt,
            Duration frozenFor,
            Duration budget) {
        return new FenceRow(
                row.side(),
                state,
                phase,
                epoch,
                attempt,
                row.captureEpoch(),
                row.marking(),
                row.backfill(),
                frozenFor,
                budget,
                row.serverUuid(),
                row.actualUuid());
    }

    // ---- what goes on beside the flip ---------------------------------------------------------------------

    void beginWrite(Side side) {
        if (row(side).state() == FenceState.OPEN && ready(side, Lock.SHARED, null)) {
            writers.merge(side, 1, Integer::sum);
        }
    }

    void endWrite(Side side, boolean commit) {
        if (at(writers, side) == 0) {
            return;
        }
        writers.merge(side, -1, Integer::sum);
        if (commit) {
            written++;
            value.merge(side, 1, Integer::sum);
            if (row(side).phase().capturing()) {
                intents.merge(side, 1, Integer::sum);
            }
        }
        check();
    }

    /** Makes the other side equal to this one, if there are intents that ask for it. */
    void converge(Side owner) {
        Side follower = owner.other();
        if (at(intents, owner) > 0
                && row(follower).state() == FenceState.CLOSED
                && ready(follower, Lock.SHARED, null)) {
            intents.put(owner, 0);
            if (at(parked, owner) == 0) {
                value.put(follower, at(value, owner));
            }
        }
        check();
    }

    /** An intent that no change of ours made: the log capture, or a difference that was found. */
    void strayIntent(Side owner) {
        if (row(owner).owns()) {
            intents.merge(owner, 1, Integer::sum);
        }
    }

    void park(Side owner) {
        if (at(intents, owner) > 0 && row(owner).state() == FenceState.OPEN) {
            parked.put(owner, 1);
            intents.put(owner, 0);
        }
    }

    void unpark(Side owner) {
        if (at(parked, owner) > 0) {
            parked.put(owner, 0);
            intents.merge(owner, 1, Integer::sum);
        }
    }

    /** Copies everything anew, as a backfill does behind a phase in which nothing was captured. */
    void backfill() {
        for (Side owner : Side.values()) {
            Side follower = owner.other();
            if (row(owner).state() == FenceState.OPEN
                    && row(owner).phase().capturing()
                    && row(follower).state() == FenceState.CLOSED
                    && ready(follower, Lock.SHARED, null)) {
                value.put(follower, at(value, owner));
                uncaptured = false;
            }
        }
    }

    /** Changes the phase under a coordinator, where the table of transitions knows a barrier. */
    void otherPhase() {
        for (Side side : Side.values()) {
            FenceRow row = row(side);
            if (row.state() == FenceState.OPEN
                    && row.phase() != Phase.REVERSE_WINDOW
                    && ready(side, Lock.EXCLUSIVE, null)) {
                Phase to = row.phase() == Phase.DUAL_WRITE ? Phase.SOURCE_ONLY : Phase.DUAL_WRITE;
                if (row.phase().wayTo(to) == Phase.Way.BARRIER) {
                    changePhase(row, to, "phase-" + history.size(), "operator");
                }
                return;
            }
        }
    }

    boolean verified() {
        return !uncaptured;
    }

    boolean drained(Side owner) {
        return at(intents, owner) == 0;
    }

    // ---- what must hold ------------------------------------------------------------------------------------

    private void check() {
        if (row(Side.SOURCE).state() == FenceState.OPEN && row(Side.TARGET).state() == FenceState.OPEN) {
            violated("two sides are OPEN");
        }
        for (Side side : Side.values()) {
            if (row(side).state() == FenceState.OPEN) {
                if (at(value, side) != written) {
                    violated("the owner " + side + " has " + at(value, side) + " of " + written + " commits");
                }
                if (row(side).phase().owner() != side) {
                    violated(side + " is OPEN in " + row(side).phase());
                }
            }
        }
    }

    /** To be asked when nobody is at work any more and recovery has run. */
    void checkQuiet() {
        check();
        long open = rows.values().stream()
                .filter(row -> row.state() == FenceState.OPEN)
                .count();
        long closed = rows.values().stream()
                .filter(row -> row.state() == FenceState.CLOSED)
                .count();
        if (open != 1 || closed != 1) {
            violated("not one side OPEN and the other CLOSED");
        }
    }

    private static <T> T at(Map<Side, T> map, Side side) {
        T found = map.get(side);
        if (found == null) {
            throw new IllegalStateException("nothing is known of " + side);
        }
        return found;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        rows.values()
                .forEach(row -> text.append(row.side())
                        .append(' ')
                        .append(row.state())
                        .append('@')
                        .append(row.epoch())
                        .append(' '));
        history.forEach(effect -> text.append("\n  ")
                .append(effect.actor())
                .append(": ")
                .append(effect.what())
                .append(' ')
                .append(effect.side())
                .append(" -> ")
                .append(effect.after().state())
                .append('@')
                .append(effect.after().epoch()));
        return text.toString();
    }
}
