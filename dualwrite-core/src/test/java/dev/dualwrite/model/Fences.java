package dev.dualwrite.model;

import java.util.Set;

/** What the statements of the fence table do, and what callers are told of them. */
final class Fences extends Actor {

    Fences(Bounds bounds, Set<Rule> without) {
        super(bounds, without);
    }

    /** A hand-over that was given up for lost arrives. */
    @Override
    void steps(World world, Out out) {
        int owner = world.get(World.LATE_SIDE);
        if (world.get(World.LATE) == 0 || !world.fenceFree(owner)) {
            return;
        }
        int epoch = world.get(World.LATE_EPOCH);
        int attempt = world.get(World.LATE_ATTEMPT);
        World next = world.copy();
        if (mayHandOver(world, owner, epoch, attempt)) {
            handOver(next, owner, epoch, attempt);
        }
        next.forget(World.LATE, 4);
        out.add(Step.HAND_OVER_ARRIVES, next);
    }

    /** The condition of every compare-and-set. */
    boolean seen(World world, int side, int state, int epoch, int attempt) {
        return keeps(Rule.STATE_AND_ATTEMPT)
                ? world.isRow(side, state, epoch, attempt)
                : world.side(side, World.EPOCH) == epoch;
    }

    boolean mayHandOver(World world, int owner, int epoch, int attempt) {
        return (seen(world, owner, World.FROZEN, epoch, attempt) || !keeps(Rule.FLIP_COMPARES))
                && (world.side(owner, World.INTENTS) == 0 || !keeps(Rule.HAND_OVER_LOOKS));
    }

    /** This one commit is the flip: what it hands over must be equal, and nobody may have been told that it was given up. */
    World handOver(World next, int owner, int epoch, int attempt) {
        row(next, owner, World.HANDED_OVER, epoch + 1, attempt);
        next.set(World.HANDED, next.get(World.HANDED) | bit(attempt));
        for (int row = 0; row < bounds.rows(); row++) {
            if (next.side(0, World.ROWS + row) != next.side(1, World.ROWS + row)) {
                next.set(World.BROKEN, Invariant.HANDED_OVER_EQUAL.number());
            }
        }
        told(next);
        return next;
    }

    /** As {@code FlipCoordinator.handedOver}. */
    boolean handedOver(World world, int owner, int epoch, int attempt) {
        int state = world.side(owner, World.STATE);
        return keeps(Rule.READ_BACK_BY_ATTEMPT)
                ? world.side(owner, World.ATTEMPT) == attempt && (state == World.HANDED_OVER || state == World.CLOSED)
                : world.side(owner, World.EPOCH) == epoch + 1;
    }

    static void reopen(World next, int owner, int epoch, int attempt) {
        row(next, owner, World.OPEN, epoch + 1, attempt | World.REOPENED);
    }

    void open(World next, int side, int epoch, int attempt) {
        row(next, side, World.OPEN, epoch, attempt);
        next.side(side, World.BACKFILL, 0);
        next.side(side, World.MARKING, next.side(1 - side, World.MARKING));
        next.set(World.VERIFIED, 0);
    }

    static void row(World next, int side, int state, int epoch, int attempt) {
        next.side(side, World.STATE, state);
        next.side(side, World.EPOCH, epoch);
        next.side(side, World.ATTEMPT, attempt);
    }

    void tellGaveUp(World next, int attempt) {
        next.set(World.GAVE_UP, next.get(World.GAVE_UP) | bit(attempt));
        told(next);
    }

    void tellFlipped(World next, int attempt) {
        next.set(World.FLIPPED, next.get(World.FLIPPED) | bit(attempt));
        told(next);
    }

    private static void told(World next) {
        int handed = next.get(World.HANDED);
        if ((next.get(World.GAVE_UP) & handed) != 0 || (next.get(World.FLIPPED) & ~handed) != 0) {
            next.set(World.BROKEN, Invariant.TOLD_THE_TRUTH.number());
        }
    }

    private static int bit(int attempt) {
        return 1 << (attempt & 3);
    }
}
