package dev.dualwrite.flip;

import dev.dualwrite.FenceState;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Moves ownership from one side to the other, in the steps of the design (section 3.2).
 *
 * <p>The owner's own row is the only arbiter. Before the hand-over anyone may give up, which needs the
 * owner alone. After it nobody can; anyone finishes ({@link Recovery}). A coordinator that is stopped
 * between two steps and comes back fails at its next compare-and-set. An unknown outcome is read back with
 * a lock, never guessed.
 *
 * <p>Runs in the caller's thread; one object, one flip.
 */
public final class FlipCoordinator {
    /** Beyond the budget nothing is waited for, but giving up has to get through. */
    private static final Duration GIVING_UP = Duration.ofSeconds(2);

    /** Of the budget: the writers wait until the owner is open again, too. At most a tenth of it. */
    private static final Duration KEPT_FOR_REOPENING = Duration.ofMillis(50);

    private final FenceStore owner;
    private final FenceStore follower;
    private final FlipWork work;
    private final FlipListener listener;
    private final Duration budget;

    /**
     * @param budget how long writers may wait, from the freeze to the hand-over; the flip gives up by itself
     *     when the steps do not fit
     */
    public FlipCoordinator(
            FenceStore owner, FenceStore follower, FlipWork work, FlipListener listener, Duration budget) {
        this.owner = owner;
        this.follower = follower;
        this.work = work;
        this.listener = listener;
        this.budget = budget;
    }

    /**
     * Flips to the phase that a flip from the present one leads to.
     *
     * @throws StoreException if the owner could not be read before anything was changed
     */
    public FlipOutcome flip(Phase to) throws StoreException {
        FenceRow open = owner.read();
        if (!allows(open, to)) {
            return refused(open, to);
        }
        GateReport dry = work.gate(open, to);
        if (!dry.open()) {
            return new FlipOutcome.Refused(dry); // before anything is prepared
        }
        List<String> unprepared = work.prepare(owner.side(), budget);
        if (!unprepared.isEmpty()) {
            return new FlipOutcome.GaveUp(FlipStep.PREPARE, Duration.ZERO, unprepared);
        }
        listener.after(FlipStep.PREPARE, owner.side(), open.epoch(), "");
        open = owner.read();
        if (!allows(open, to)) {
            return refused(open, to); // preparing takes long enough for somebody else's flip
        }
        GateReport report = work.gate(open, to);
        if (!report.open()) {
            return new FlipOutcome.Refused(report);
        }
        List<String> holders = owner.holders(budget);
        if (!holders.isEmpty()) {
            return new FlipOutcome.GaveUp(FlipStep.GATE, Duration.ZERO, holders);
        }
        listener.after(FlipStep.GATE, owner.side(), open.epoch(), report.toString());
        return freeze(open, to);
    }

    private static boolean allows(FenceRow row, Phase to) {
        return row.state() == FenceState.OPEN && row.phase().wayTo(to) == Phase.Way.FLIP;
    }

    private FlipOutcome refused(FenceRow row, Phase to) {
        return new FlipOutcome.Refused(new GateReport(
                row.phase(),
                to,
                List.of(new GateReport.Check(
                        "phase-allows",
                        false,
                        owner.side() + " is " + row.state() + " in " + row.phase() + ", from which no flip leads to "
                                + to
                                + (row.phase() == Phase.TARGET_ONLY
                                        ? ": the rollback boundary is passed; roll forward, and repair what is wrong where it"
                                                + " is now"
                                        : "")))));
    }

    private FlipOutcome freeze(FenceRow open, Phase to) throws StoreException {
        String attempt = UUID.randomUUID().toString();
        long start = System.nanoTime();
        Duration tenth = budget.dividedBy(10);
        Duration kept = tenth.compareTo(KEPT_FOR_REOPENING) < 0 ? tenth : KEPT_FOR_REOPENING;
        long deadline = start + budget.minus(kept).toNanos();
        boolean froze;
        String why = "";
        try {
            froze = owner.freeze(open, attempt, budget, left(deadline));
        } catch (StoreException e) {
            why = e.toString();
            FenceRow now;
            try {
                now = owner.readLocked(GIVING_UP);
            } catch (StoreException unread) {
                unread.addSuppressed(e);
                return new FlipOutcome.Unknown(FlipStep.FREEZE, unread);
            }
            froze = now.state() == FenceState.FROZEN && now.attempt().equals(attempt);
        }
        if (!froze) {
            return new FlipOutcome.GaveUp(
                    FlipStep.FREEZE,
                    since(start),
                    List.of(
                            why.isEmpty()
                                    ? owner.side()
                                            + " changed while it was to be frozen: another flip or change of phase"
                                            + " came first"
                                    : FenceStore.heldUp(owner.side(), budget, why)));
        }
        FenceRow frozen = new FenceRow(
                open.side(),
                FenceState.FROZEN,
                open.phase(),
                open.epoch() + 1,
                attempt,
                open.captureEpoch(),
                open.marking(),
                open.backfill(),
                Duration.ZERO,
                budget,
                open.serverUuid(),
                open.actualUuid());
        try {
            listener.after(FlipStep.FREEZE, owner.side(), frozen.epoch(), "");
            List<String> wrong = work.drain(frozen, to, deadline);
            if (!wrong.isEmpty()) {
                return giveUp(FlipStep.DRAIN, frozen, start, false, wrong);
            }
            listener.after(FlipStep.DRAIN, owner.side(), frozen.epoch(), "");
            return handOver(frozen, to, start, deadline);
        } catch (RuntimeException e) {
            return giveUp(FlipStep.DRAIN, frozen, start, true, List.of("unexpected: " + e));
        }
    }

    private FlipOutcome handOver(FenceRow frozen, Phase to, long start, long deadline) {
        long epoch = frozen.epoch() + 1;
        Optional<FenceStore.Opening> opening;
        try {
            if (!follower.stamp(frozen, left(deadline))) {
                return giveUp(
                        FlipStep.LOCK_FOLLOWER,
                        frozen,
                        start,
                        false,
                        List.of(follower.side() + " is not CLOSED below epoch " + frozen.epoch()
                                + " on the server that it was on, or is an older copy: read both fence rows and"
                                + " status()"));
            }
            opening = follower.open(frozen, to, epoch, left(deadline));
        } catch (StoreException e) {
            return giveUp(FlipStep.LOCK_FOLLOWER, frozen, start, false, List.of(e.toString()));
        }
        if (opening.isEmpty()) {
            return giveUp(
                    FlipStep.LOCK_FOLLOWER,
                    frozen,
                    start,
                    false,
                    List.of(follower.side() + " does not carry this flip's stamp any more: read both fence rows"));
        }
        try (FenceStore.Opening next = opening.get()) {
            listener.after(FlipStep.LOCK_FOLLOWER, follower.side(), epoch, "");
            if (System.nanoTime() > deadline) {
                next.undo();
                return giveUp(
                        FlipStep.LOCK_FOLLOWER, frozen, start, false, List.of("the budget of " + budget + " is spent"));
            }
            boolean handed;
            boolean inDoubt = false;
            try {
                handed = owner.handOver(frozen, left(deadline));
            } catch (StoreException e) {
                inDoubt = true;
                try {
                    handed = handedOver(owner.readLocked(GIVING_UP), frozen);
                } catch (StoreException unread) {
                    unread.addSuppressed(e);
                    return new FlipOutcome.Unknown(FlipStep.HAND_OVER, unread);
                }
            }
            if (!handed) {
                next.undo();
                return giveUp(
                        FlipStep.HAND_OVER,
                        frozen,
                        start,
                        inDoubt,
                        List.of("an intent or a parked key came up behind the fence, or another instance gave this flip"
                                + " up"));
            }
            listener.after(FlipStep.HAND_OVER, owner.side(), epoch, "");
            try {
                next.commit();
            } catch (StoreException e) {
                return finish(frozen, epoch, start, e);
            }
        }
        Duration stall = since(start);
        listener.after(FlipStep.OPEN_FOLLOWER, follower.side(), epoch, "stall " + stall.toMillis() + " ms");
        return closeOwner(frozen, epoch, stall);
    }

    /** The hand-over is committed and the follower's commit is not known: finish, as anyone would. */
    private FlipOutcome finish(FenceRow frozen, long epoch, long start, StoreException cause) {
        try {
            if (!Recovery.finish(owner, follower, GIVING_UP)) {
                FenceRow now = owner.read();
                boolean finished = now.state() == FenceState.CLOSED && now.atHome() && handedOver(now, frozen);
                if (!finished) { // by another instance meanwhile
                    throw new StoreException(
                            owner.side() + " is " + now.state() + " at epoch " + now.epoch()
                                    + (now.epoch() < epoch
                                            ? ", below epoch " + epoch + " at which it handed over: it is an older copy"
                                            : "; whether " + follower.side() + " was opened at " + epoch
                                                    + " before cannot be told"),
                            null);
                }
            }
        } catch (StoreException e) {
            e.addSuppressed(cause);
            return new FlipOutcome.Unknown(FlipStep.OPEN_FOLLOWER, e);
        }
        Duration stall = since(start);
        listener.after(
                FlipStep.OPEN_FOLLOWER, follower.side(), epoch, "by recovery, stall " + stall.toMillis() + " ms");
        return closeOwner(frozen, epoch, stall);
    }

    private FlipOutcome closeOwner(FenceRow frozen, long epoch, Duration stall) {
        List<String> unacknowledged;
        try {
            try {
                Recovery.finish(owner, follower, GIVING_UP);
                listener.after(FlipStep.CLOSE_OWNER, owner.side(), epoch, "");
            } catch (StoreException e) {
                // The new owner is open and takes writes; whoever sees the old row next closes it.
                listener.after(
                        FlipStep.CLOSE_OWNER,
                        owner.side(),
                        epoch,
                        "left to recovery, epoch " + frozen.epoch() + ": " + e);
            }
            unacknowledged = work.awaitAcknowledged(follower.side(), epoch);
        } catch (RuntimeException e) {
            // Nothing that fails behind the flip makes it undone.
            unacknowledged = List.of("not known: " + e);
        }
        return new FlipOutcome.Flipped(epoch, stall, unacknowledged);
    }

    /** Whether the owner's row says that this attempt's hand-over is committed; somebody else may have finished it. */
    private static boolean handedOver(FenceRow now, FenceRow frozen) {
        return now.attempt().equals(frozen.attempt())
                && (now.state() == FenceState.HANDED_OVER || now.state() == FenceState.CLOSED);
    }

    /**
     * Opens the owner again, which whoever came first may have done already.
     *
     * @param inDoubt whether the hand-over was sent and its answer is not known
     */
    private FlipOutcome giveUp(FlipStep at, FenceRow frozen, long start, boolean inDoubt, List<String> reasons) {
        try {
            boolean reopened;
            try {
                reopened = owner.reopen(frozen, UUID.randomUUID().toString(), GIVING_UP);
            } catch (StoreException e) {
                reopened = false;
            }
            if (!reopened) {
                FenceRow now = owner.readLocked(GIVING_UP);
                if (handedOver(now, frozen)) {
                    return finish(
                            frozen, frozen.epoch() + 1, start, new StoreException("the hand-over arrived late", null));
                }
                if (now.state() == FenceState.FROZEN && now.attempt().equals(frozen.attempt())) {
                    reopened = owner.reopen(now, UUID.randomUUID().toString(), GIVING_UP);
                    if (!reopened) {
                        throw new StoreException("the fence of " + owner.side() + " could not be reopened", null);
                    }
                } else if (inDoubt && now.epoch() > frozen.epoch() + 1) {
                    throw new StoreException(
                            owner.side() + " is " + now.state() + " at epoch " + now.epoch()
                                    + " by now; whether the hand-over at " + (frozen.epoch() + 1)
                                    + " was committed before cannot be told",
                            null);
                }
            }
        } catch (StoreException e) {
            return new FlipOutcome.Unknown(at, e);
        }
        return new FlipOutcome.GaveUp(at, since(start), reasons);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }
}
