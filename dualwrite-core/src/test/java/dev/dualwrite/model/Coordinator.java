package dev.dualwrite.model;

import java.util.Set;

/**
 * Flips and recovers. Whatever it knows of a row may be out of date when it acts on it; between any two steps it may stop
 * for as long as it likes, or end. A flip's number is its attempt.
 */
final class Coordinator extends Actor {
    static final int IDLE = 0, PLANNED = 1, FROZE = 2, DRAINED = 3, STAMPED = 4, LOCKED = 5, IN_DOUBT = 6, HANDED = 7;
    static final int GIVING_UP = 8, RECOVERING = 9, FINISHING = 10;

    /** Holds its own side, to close it; the fence of the other side is held by {@link World#OPENING}. */
    static final int CLOSING = 15;

    private final int me;
    private final Fences fences;
    private final Finisher finisher;

    Coordinator(Bounds bounds, Set<Rule> without, int number) {
        super(bounds, without);
        this.me = World.COORDINATORS + number * World.COORDINATOR_CELLS;
        this.fences = new Fences(bounds, without);
        this.finisher = new Finisher(bounds, without, me, fences);
    }

    @Override
    void steps(World world, Out out) {
        int at = world.get(me + World.AT);
        int owner = world.get(me + World.SIDE);
        switch (at) {
            case IDLE -> begin(world, out);
            case PLANNED -> freeze(world, owner, out);
            case FROZE -> drain(world, owner, out);
            case DRAINED -> stamp(world, owner, out);
            case STAMPED -> open(world, owner, out);
            case LOCKED -> handOver(world, owner, out);
            case IN_DOUBT -> readBack(world, owner, out);
            case HANDED -> commitOpening(world, owner, out);
            case GIVING_UP -> reopen(world, owner, out);
            case RECOVERING -> recover(world, owner, out);
            default -> finisher.steps(world, out);
        }
        if (at != IDLE) {
            World ended = world.copy();
            ended.forget(me, World.COORDINATOR_CELLS);
            out.add(Step.COORDINATOR_ENDS, ended);
        }
        if (world.get(me + World.OPENING) != 0) {
            World lost = world.copy();
            lost.set(me + World.OPENING, 0);
            out.add(Step.FOLLOWER_FREES_OPENING, lost);
        }
    }

    private void begin(World world, Out out) {
        for (int owner = 0; owner < 2; owner++) {
            int state = world.side(owner, World.STATE);
            if (state == World.OPEN && world.get(World.FLIPS) < bounds.flips() && gate(world, 1 - owner)) {
                out.add(Step.FLIP_BEGINS, knows(world, PLANNED, owner));
            } else if (state == World.FROZEN && keeps(Rule.ANYONE_REOPENS)) {
                out.add(Step.RECOVERY_READS, knows(world, RECOVERING, owner));
            } else if (state == World.HANDED_OVER && keeps(Rule.ANYONE_FINISHES)) {
                World next = world.copy();
                next.set(me + World.AT, FINISHING);
                next.set(me + World.SIDE, owner);
                out.add(Step.RECOVERY_READS, next);
            }
        }
    }

    private boolean gate(World world, int follower) {
        return !bounds.verification()
                || ((world.get(World.VERIFIED) & (1 << follower)) != 0 && world.get(World.DIVERGENT) == 0);
    }

    private World knows(World world, int at, int owner) {
        World next = world.copy();
        next.set(me + World.AT, at);
        next.set(me + World.SIDE, owner);
        next.set(me + World.ROW_EPOCH, world.side(owner, World.EPOCH));
        next.set(me + World.ROW_ATTEMPT, world.side(owner, World.ATTEMPT));
        return next;
    }

    private int epoch(World world) {
        return world.get(me + World.ROW_EPOCH);
    }

    private int attempt(World world) {
        return world.get(me + World.ROW_ATTEMPT);
    }

    private void freeze(World world, int owner, Out out) {
        if (world.get(World.FLIPS) == bounds.flips() || !world.fenceFree(owner)) {
            return;
        }
        if (keeps(Rule.FLIP_COMPARES) && !fences.seen(world, owner, World.OPEN, epoch(world), attempt(world))) {
            idle(world, Step.COMPARE_AND_SET_FAILS, out);
            return;
        }
        World next = world.copy();
        int flip = world.get(World.FLIPS) + 1;
        next.set(World.FLIPS, flip);
        Fences.row(next, owner, World.FROZEN, epoch(world) + 1, flip);
        next.set(me + World.AT, FROZE);
        next.set(me + World.ROW_EPOCH, epoch(world) + 1);
        next.set(me + World.ROW_ATTEMPT, flip);
        out.add(Step.FREEZE, next);
    }

    private void drain(World world, int owner, Out out) {
        giveUp(world, out);
        boolean drained = world.side(owner, World.INTENTS) == 0 || !keeps(Rule.DRAIN_WAITS);
        boolean marks =
                bounds.verification() && keeps(Rule.MARKS_VERIFIED_IN_DRAIN) && world.side(owner, World.MARKS) != 0;
        boolean divergent = world.get(World.DIVERGENT) != 0 && keeps(Rule.DIVERGENCE_ENDS_FLIP);
        if (drained && !marks && !divergent) {
            out.add(Step.DRAIN, at(world, DRAINED));
        }
    }

    private void stamp(World world, int owner, Out out) {
        int follower = 1 - owner;
        giveUp(world, out);
        if (!keeps(Rule.STAMPED_BEFORE_HAND_OVER)) {
            World next = at(world, LOCKED); // the lock may be lost anyway
            out.add(Step.LOCK_FOLLOWER, next);
            return;
        }
        if (!world.fenceFree(follower)) {
            return;
        }
        if (world.side(follower, World.STATE) == World.CLOSED && world.side(follower, World.EPOCH) < epoch(world)) {
            World next = at(world, STAMPED);
            next.side(follower, World.EPOCH, epoch(world));
            next.side(follower, World.ATTEMPT, attempt(world));
            out.add(Step.STAMP, next);
        }
    }

    private void open(World world, int owner, Out out) {
        int follower = 1 - owner;
        giveUp(world, out);
        if (world.fenceFree(follower) && world.stampedFor(follower, epoch(world) + 1, attempt(world))) {
            World next = at(world, LOCKED);
            next.set(me + World.OPENING, 1);
            out.add(Step.LOCK_FOLLOWER, next);
        }
    }

    /** Sends the one statement that is the flip; it is answered, or it is not. */
    private void handOver(World world, int owner, Out out) {
        giveUp(world, out);
        World doubt = at(world, IN_DOUBT);
        doubt.set(me + World.DOUBT, 1);
        out.add(Step.HAND_OVER_UNANSWERED, doubt);
        if (world.get(World.LATE) == 0) {
            World late = doubt.copy();
            late.set(World.LATE, 1);
            late.set(World.LATE_SIDE, owner);
            late.set(World.LATE_EPOCH, epoch(world));
            late.set(World.LATE_ATTEMPT, attempt(world));
            out.add(Step.HAND_OVER_DELAYED, late);
        }
        if (world.fenceFree(owner)) {
            if (fences.mayHandOver(world, owner, epoch(world), attempt(world))) {
                out.add(Step.HAND_OVER, fences.handOver(at(world, HANDED), owner, epoch(world), attempt(world)));
                out.add(Step.HAND_OVER_UNANSWERED, fences.handOver(doubt.copy(), owner, epoch(world), attempt(world)));
            } else {
                out.add(Step.COMPARE_AND_SET_FAILS, undone(world));
            }
        }
    }

    private void readBack(World world, int owner, Out out) {
        if (!keeps(Rule.UNKNOWN_READ_BACK)) {
            World guessed = world.copy();
            fences.tellGaveUp(guessed, attempt(world));
            guessed.forget(me, World.COORDINATOR_CELLS);
            out.add(Step.READ_BACK, guessed);
        } else if (!world.fenceTaken(owner)) {
            out.add(
                    Step.READ_BACK,
                    fences.handedOver(world, owner, epoch(world), attempt(world)) ? at(world, HANDED) : undone(world));
        }
    }

    private void commitOpening(World world, int owner, Out out) {
        World next = at(world, FINISHING);
        if (world.get(me + World.OPENING) == 0 && keeps(Rule.OPENING_HELD)) {
            out.add(Step.OPENING_FAILS, next);
            return;
        }
        fences.open(next, 1 - owner, epoch(world) + 1, attempt(world));
        fences.tellFlipped(next, attempt(world));
        next.set(me + World.OPENING, 0);
        out.add(Step.OPEN_FOLLOWER, next);
    }

    private void giveUp(World world, Out out) {
        out.add(Step.GIVE_UP, undone(world));
    }

    private World undone(World world) {
        World next = at(world, GIVING_UP);
        next.set(me + World.OPENING, 0);
        return next;
    }

    /** Gives up. What it comes to, if somebody else was quicker, is read with a lock. */
    private void reopen(World world, int owner, Out out) {
        boolean compares = keeps(Rule.REOPEN_COMPARES);
        if (world.fenceFree(owner)
                && (!compares || fences.seen(world, owner, World.FROZEN, epoch(world), attempt(world)))) {
            World next = world.copy();
            Fences.reopen(next, owner, epoch(world), attempt(world));
            fences.tellGaveUp(next, attempt(world));
            next.forget(me, World.COORDINATOR_CELLS);
            out.add(Step.REOPEN, next);
        } else if (!world.fenceTaken(owner)) {
            World next = world.copy();
            if (fences.handedOver(world, owner, epoch(world), attempt(world))) {
                next.set(me + World.AT, FINISHING);
            } else if (world.side(owner, World.STATE) == World.FROZEN
                    && world.side(owner, World.ATTEMPT) == attempt(world)) {
                return; // somebody holds the row: the same again
            } else {
                boolean unknown = keeps(Rule.TOO_LATE_IS_UNKNOWN)
                        && world.get(me + World.DOUBT) != 0
                        && world.side(owner, World.EPOCH) > epoch(world) + 1;
                if (!unknown) {
                    fences.tellGaveUp(next, attempt(world));
                }
                next.forget(me, World.COORDINATOR_CELLS);
            }
            out.add(Step.REOPEN_CAME_TOO_LATE, next);
        }
    }

    private void recover(World world, int owner, Out out) {
        if (!world.fenceFree(owner)) {
            return;
        }
        boolean compares = keeps(Rule.REOPEN_COMPARES);
        if (compares && !fences.seen(world, owner, World.FROZEN, epoch(world), attempt(world))) {
            idle(world, Step.COMPARE_AND_SET_FAILS, out);
            return;
        }
        World next = world.copy();
        Fences.reopen(next, owner, epoch(world), attempt(world));
        next.forget(me, World.COORDINATOR_CELLS);
        out.add(Step.RECOVERY_REOPENS, next);
    }

    private World at(World world, int at) {
        World next = world.copy();
        next.set(me + World.AT, at);
        return next;
    }

    private void idle(World world, Step step, Out out) {
        World next = world.copy();
        next.forget(me, World.COORDINATOR_CELLS);
        out.add(step, next);
    }
}
