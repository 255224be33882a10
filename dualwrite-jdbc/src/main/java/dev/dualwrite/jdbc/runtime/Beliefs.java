package dev.dualwrite.jdbc.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.FenceState;
import dev.dualwrite.Ownership;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.OwnershipException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process believes of the two fence rows. A belief only says where to try; the fence decides in
 * every transaction. A row on another server than the one that wrote it, or with an epoch below one seen
 * before, is not believed until the other side was read (design, section 3.1a).
 *
 * <p>Thread-safe. Nothing is called with the lock held.
 */
final class Beliefs {
    private static final Logger LOG = LoggerFactory.getLogger(Beliefs.class);

    /** For so long a contradiction may still resolve itself by the other side being read. */
    private static final Duration CONTRADICTED = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock") private final Map<Side, Seen> seen = new EnumMap<>(Side.class);

    @GuardedBy("lock") private final Map<Side, String> unreachable = new EnumMap<>(Side.class);

    @GuardedBy("lock") private final Map<Side, String> contradictions = new EnumMap<>(Side.class);

    @GuardedBy("lock") private final Map<Side, String> fallen = new EnumMap<>(Side.class);

    @GuardedBy("lock") private long highest;

    @GuardedBy("lock") private int waiting;

    @GuardedBy("lock") private boolean ended;

    /** Written under {@code lock}, read without: one reference, and any of its values is a mere belief. */
    private volatile Side owner = Side.SOURCE;

    /** Which side was seen to own, and when; written under {@code lock}, read without. */
    private volatile Confirmed confirmed = new Confirmed(
            Side.SOURCE,
            Phase.SOURCE_ONLY,
            System.nanoTime() - Duration.ofDays(1).toNanos());

    /** A side that owned, in this phase, when its row began to be read. */
    private record Confirmed(Side owner, Phase phase, long readAt) {}

    /**
     * A row, when it began to be read, and since when it is known that the side is in this state by this attempt.
     */
    private record Seen(FenceRow row, long readAt, long knownAt) {}

    Side owner() {
        return owner;
    }

    /** A row was read, by whomever. */
    void saw(FenceRow row, long readAt) {
        lock.lock();
        try {
            Seen before = seen.get(row.side());
            boolean newest = before == null || before.readAt() - readAt <= 0;
            if (newest) {
                seen.put(row.side(), new Seen(row, readAt, knownSince(before, row)));
            }
            unreachable.remove(row.side());
            if (newest && believable(row)) {
                contradictions.remove(row.side());
                highest = Math.max(highest, row.epoch());
                if (row.owns()) {
                    owner = row.side();
                    confirmed = new Confirmed(row.side(), row.phase(), readAt);
                } else if (owner == row.side()) {
                    owner = row.side().other();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static long knownSince(@Nullable Seen before, FenceRow row) {
        return before != null
                        && before.row().state() == row.state()
                        && before.row().attempt().equals(row.attempt())
                ? before.knownAt()
                : System.nanoTime();
    }

    @GuardedBy("lock") private boolean believable(FenceRow row) {
        if (!row.atHome() || !row.owns()) {
            return row.atHome();
        }
        Seen other = seen.get(row.side().other());
        return row.epoch() >= highest
                && !fallen.containsKey(row.side())
                && (other == null || !row.contends(other.row()));
    }

    /** Whether a row that claims ownership must not be believed before the other side was read. */
    boolean doubtful(FenceRow row) {
        lock.lock();
        try {
            return !believable(row);
        } finally {
            lock.unlock();
        }
    }

    void unreachable(Side side, Exception cause) {
        lock.lock();
        try {
            unreachable.put(side, cause.toString());
        } finally {
            lock.unlock();
        }
    }

    /** A side's row contradicts what is known, in words with what to do; or no longer. */
    void contradiction(Side side, @Nullable String what) {
        lock.lock();
        try {
            if (what == null) {
                contradictions.remove(side);
            } else {
                contradictions.put(side, what);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Optional<String> contradiction(Side side) {
        lock.lock();
        try {
            return contradicted(side);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock") private Optional<String> contradicted(Side side) {
        return olderThanHandOver(side)
                .or(() -> Optional.ofNullable(contradictions.get(side)))
                .or(() -> Optional.ofNullable(fallen.get(side))
                        .map(what -> what + "; look what is missing there, then acceptServer(" + side
                                + "), backfill and verify"));
    }

    /** A side's database was found to be an older copy of itself, in words; or no longer. */
    void fellBack(Side side, Optional<String> what) {
        lock.lock();
        try {
            what.ifPresentOrElse(text -> fallen.put(side, text), () -> fallen.remove(side));
        } finally {
            lock.unlock();
        }
    }

    Optional<String> fellBack(Side side) {
        lock.lock();
        try {
            return Optional.ofNullable(fallen.get(side));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether this side was to be opened and has fallen back to before the flip that hands over to it: it does not carry
     * the flip's stamp, although it was read after the hand-over.
     */
    @GuardedBy("lock") private Optional<String> olderThanHandOver(Side side) {
        Seen handing = seen.get(side.other());
        Seen next = seen.get(side);
        if (handing == null
                || next == null
                || handing.row().state() != FenceState.HANDED_OVER
                || next.row().state() != FenceState.CLOSED
                || next.readAt() - handing.knownAt() < 0
                || next.row().epoch() > handing.row().epoch()
                || next.row().stampedFor(handing.row().attempt(), handing.row().epoch())) {
            return Optional.empty();
        }
        return Optional.of(side.other() + " has handed over at epoch "
                + handing.row().epoch() + ", and " + side
                + " is a copy from before that, at epoch " + next.row().epoch()
                + ": nobody owns; acceptServer(" + side.other() + ") takes the hand-over back and loses nothing that "
                + side.other() + " has"
                + (next.row().epoch() == handing.row().epoch()
                        ? ""
                        : ", acceptServer(" + side + ") opens the copy as it is"));
    }

    Optional<String> whyUnreachable(Side side) {
        lock.lock();
        try {
            return Optional.ofNullable(unreachable.get(side));
        } finally {
            lock.unlock();
        }
    }

    Optional<FenceRow> row(Side side) {
        lock.lock();
        try {
            return Optional.ofNullable(seen.get(side)).map(Seen::row);
        } finally {
            lock.unlock();
        }
    }

    /** The highest epoch that was seen on any side. */
    long epoch() {
        lock.lock();
        try {
            return highest;
        } finally {
            lock.unlock();
        }
    }

    /** The ownership as last seen; SOURCE_ONLY and CLOSED before anything was seen. */
    Ownership ownership() {
        lock.lock();
        try {
            Seen last = seen.get(owner);
            return last == null
                    ? new Ownership(owner, FenceState.CLOSED, Phase.SOURCE_ONLY, 0)
                    : new Ownership(
                            owner,
                            last.row().state(),
                            last.row().phase(),
                            last.row().epoch());
        } finally {
            lock.unlock();
        }
    }

    /** The ownership as last seen, and how long ago; for ever ago before anything was seen. */
    Belief belief() {
        lock.lock();
        try {
            Seen last = seen.get(owner);
            return new Belief(
                    ownership(),
                    last == null ? Duration.ofDays(1) : Duration.ofNanos(System.nanoTime() - last.readAt()));
        } finally {
            lock.unlock();
        }
    }

    /** What is believed, and for how long it was not looked at. */
    record Belief(Ownership ownership, Duration age) {}

    /** Whether a transaction that holds this row shared may write on its side. */
    boolean admits(FenceRow row) {
        boolean believed = !doubtful(row);
        saw(row, System.nanoTime());
        return believed && row.state() == FenceState.OPEN;
    }

    /** Whether this side was seen to own within so short a time. */
    boolean confirmed(Side side, Duration age) {
        Confirmed last = confirmed;
        return last.owner() == side && System.nanoTime() - last.readAt() <= age.toNanos();
    }

    /**
     * Whether this side was seen to own within so short a time. If it was not looked at lately, waits until it is, for so long at the
     * most; a side of which that is not known then does not count as the owner.
     */
    boolean stillOwns(Side side, Duration age, Duration patience) {
        if (confirmed(side, age)) {
            return true;
        }
        lock.lock();
        try {
            waiting++;
            try {
                long left = patience.toNanos();
                while (!ended && owner == side && !confirmed(side, age)) {
                    if (left <= 0) {
                        return false;
                    }
                    left = changed.awaitNanos(left);
                }
                return owner == side;
            } finally {
                waiting--;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody looks any more: what was seen last stays what is believed. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this side was seen within so short a time to own in a phase in which a cohort reads from the other. */
    boolean confirmedCohort(Side side, Duration age) {
        Confirmed last = confirmed;
        return last.owner() == side
                && last.phase().reads() == Phase.Reads.COHORT
                && System.nanoTime() - last.readAt() <= age.toNanos();
    }

    /** Whether this side's row was read within so short a time, and it follows there and nothing contradicts it. */
    boolean seenWithin(Side side, Duration age) {
        lock.lock();
        try {
            Seen last = seen.get(side);
            return last != null
                    && System.nanoTime() - last.readAt() <= age.toNanos()
                    && last.row().state() == FenceState.CLOSED
                    && last.row().atHome()
                    && !unreachable.containsKey(side)
                    && !contradictions.containsKey(side)
                    && !fallen.containsKey(side);
        } finally {
            lock.unlock();
        }
    }

    /** Whether plain reads may run on the side of this row, which was just read: it owns, frozen or not. */
    boolean serves(FenceRow row) {
        boolean believed = !doubtful(row);
        saw(row, System.nanoTime());
        return believed && row.owns();
    }

    /** Whether somebody waits for a side to open: then the fences are looked at more often. */
    boolean awaited() {
        lock.lock();
        try {
            return waiting > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a row, read after this call began, that says OPEN and can be believed. */
    Side awaitOpen(Duration patience) throws SQLException {
        long began = System.nanoTime();
        lock.lock();
        try {
            waiting++;
            try {
                return awaitOpen(began, patience);
            } finally {
                waiting--;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OwnershipException("DW-3001", "interrupted while waiting for a side to open", null);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock") private Side awaitOpen(long began, Duration patience) throws SQLException, InterruptedException {
        long deadline = began + patience.toNanos();
        while (true) {
            for (Seen one : seen.values()) {
                if (one.readAt() >= began && one.row().state() == FenceState.OPEN && believable(one.row())) {
                    return one.row().side();
                }
            }
            long now = System.nanoTime();
            if (now - began > CONTRADICTED.toNanos()) {
                for (Side side : Side.values()) {
                    Optional<String> what = contradicted(side);
                    if (what.isPresent()) {
                        throw new OwnershipException("DW-3010", what.get(), null);
                    }
                }
            }
            if (now >= deadline) {
                throw new OwnershipException(
                        "DW-3001",
                        "no side opened within " + patience + " (" + describe() + "); nothing was written, try again",
                        null);
            }
            boolean told = changed.await(Math.min(deadline - now, CONTRADICTED.toNanos()), TimeUnit.NANOSECONDS);
            LOG.trace("waiting for a side to open, told of a change: {}", told);
        }
    }

    @GuardedBy("lock") private String describe() {
        StringBuilder text = new StringBuilder();
        for (Side side : Side.values()) {
            Seen last = seen.get(side);
            text.append(text.length() == 0 ? "" : ", ").append(side).append(' ');
            text.append(
                    last == null
                            ? "never seen"
                            : last.row().state() + " at epoch " + last.row().epoch());
            if (unreachable.containsKey(side)) {
                text.append(", unreachable: ").append(unreachable.get(side));
            }
        }
        return text.toString();
    }
}
