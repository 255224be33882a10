package dev.dualwrite.model;

import java.util.Set;

/**
 * Verifications of one row, one after the other: a full one, which switches marking on and looks without locks first, and
 * those of what is marked. Both decide under the locks of the unit.
 */
final class Verifying extends Actor {
    static final int IDLE = 0, BEGUN = 1, LOOKED_HERE = 2, LOOKED_THERE = 3, SUSPECTS = 4;
    static final int READ_THERE = 5, READ_BOTH = 6, DECIDED = 7, HALF_DONE = 8;

    /** What was found. */
    static final int EQUAL = 0, DIFFERENT = 1, IN_FLIGHT = 2;

    private static final int ME = World.VERIFIER;
    private static final int CELLS = 9;

    Verifying(Bounds bounds, Set<Rule> without) {
        super(bounds, without);
    }

    static boolean holdsLane(World world, int follower) {
        int at = world.get(ME + World.AT);
        return (at == READ_THERE || at == READ_BOTH) && world.get(ME + World.SIDE) == follower;
    }

    @Override
    void steps(World world, Out out) {
        int at = world.get(ME + World.AT);
        int follower = world.get(ME + World.SIDE);
        int owner = 1 - follower;
        int here = world.side(owner, World.ROWS);
        int there = world.side(follower, World.ROWS);
        switch (at) {
            case IDLE -> begin(world, out);
            case BEGUN -> {
                out.add(Step.VERIFIER_LOOKS, at(world, LOOKED_HERE, World.HERE, here));
                out.add(Step.VERIFIER_LOOKS, at(world, LOOKED_THERE, World.THERE, there));
            }
            case LOOKED_HERE -> looked(world, world.get(ME + World.HERE) == there, out);
            case LOOKED_THERE -> looked(world, world.get(ME + World.THERE) == here, out);
            case SUSPECTS -> lock(world, follower, out);
            case READ_THERE -> out.add(Step.VERIFIER_READS_OWNER, at(world, READ_BOTH, World.HERE, here));
            case READ_BOTH -> decide(world, owner, out);
            case DECIDED -> {
                if (world.get(ME + World.FOUND) != DIFFERENT) {
                    unmark(world, owner, IDLE, out);
                } else if (keeps(Rule.NOTED_BEFORE_UNMARKED)) {
                    note(world, HALF_DONE, out);
                } else {
                    unmark(world, owner, HALF_DONE, out);
                }
            }
            case HALF_DONE -> {
                if (keeps(Rule.NOTED_BEFORE_UNMARKED)) {
                    unmark(world, owner, IDLE, out);
                } else {
                    note(world, IDLE, out);
                }
            }
            default -> throw new IllegalStateException("a verification at " + at);
        }
        if (at != IDLE) {
            end(world, Step.VERIFIER_ENDS, out);
        }
    }

    private void begin(World world, Out out) {
        for (int follower = 0; follower < 2; follower++) {
            int owner = 1 - follower;
            if (world.side(owner, World.STATE) == World.OPEN
                    && (world.get(World.VERIFIED) & (1 << follower)) == 0
                    && world.fenceFree(owner)) {
                World next = begun(world, BEGUN, follower);
                next.set(ME + World.FULL, 1);
                next.side(owner, World.MARKING, 1);
                out.add(Step.VERIFIER_SWITCHES_MARKING_ON, next);
            }
            if (world.side(owner, World.MARKS) != 0) {
                out.add(Step.VERIFIER_TAKES_MARKS, begun(world, SUSPECTS, follower));
            }
        }
    }

    private static World begun(World world, int at, int follower) {
        World next = world.copy();
        next.set(ME + World.AT, at);
        next.set(ME + World.SIDE, follower);
        next.set(ME + World.BEGAN_WITH, world.side(1 - follower, World.MARKS));
        return next;
    }

    /** What is equal at first sight is verified, although nothing was locked. */
    private static void looked(World world, boolean equal, Out out) {
        World next = world.copy();
        next.set(ME + World.AT, equal ? DECIDED : SUSPECTS);
        next.forget(ME + World.THERE, 2);
        out.add(Step.VERIFIER_LOOKS, next);
    }

    private void lock(World world, int follower, Out out) {
        if (world.fenceTaken(follower)) {
            return;
        }
        if (world.side(follower, World.STATE) != World.CLOSED) {
            end(world, Step.VERIFIER_STOPS, out);
            return;
        }
        if (keeps(Rule.VERIFIER_LOCKS_LANE)
                && keeps(Rule.CONVERGER_LOCKS_LANE)
                && Converging.taken(world, follower, 1, -1)) {
            return;
        }
        World next = at(world, READ_THERE, World.THERE, world.side(follower, World.ROWS));
        next.set(ME + World.HOLDS, 1);
        if (!keeps(Rule.INTENTS_READ_LAST)) {
            next.set(ME + World.PENDING, world.side(1 - follower, World.INTENTS) != 0 ? 1 : 0);
        }
        out.add(Step.VERIFIER_LOCKS, next);
    }

    private void decide(World world, int owner, Out out) {
        boolean pending = keeps(Rule.INTENTS_READ_LAST)
                ? world.side(owner, World.INTENTS) != 0
                : world.get(ME + World.PENDING) != 0;
        int found = world.get(ME + World.THERE) == world.get(ME + World.HERE) ? EQUAL : pending ? IN_FLIGHT : DIFFERENT;
        World next = world.copy();
        if (found == DIFFERENT && world.get(ME + World.THERE) != World.WRONG) {
            next.set(World.BROKEN, Invariant.NO_FALSE_DIVERGENCE.number());
        }
        boolean again = found == IN_FLIGHT && world.get(ME + World.FULL) != 0;
        next.forget(ME + World.THERE, 4);
        next.set(ME + World.HOLDS, 0);
        next.set(ME + World.AT, again ? SUSPECTS : DECIDED);
        next.set(ME + World.FOUND, again ? 0 : found);
        out.add(Step.VERIFIER_DECIDES, next);
    }

    private static void note(World world, int then, Out out) {
        World next = world.copy();
        next.set(World.DIVERGENT, 1);
        proceed(next, then);
        out.add(Step.VERIFIER_NOTES, next);
    }

    private void unmark(World world, int owner, int then, Out out) {
        World next = world.copy();
        int marks = world.side(owner, World.MARKS);
        int gone = keeps(Rule.MARK_GOES_IF_SEEN_BEFORE) ? world.get(ME + World.BEGAN_WITH) : marks;
        next.side(owner, World.MARKS, marks & ~gone);
        if (world.get(ME + World.FULL) != 0 && world.owns(owner)) {
            next.set(World.VERIFIED, world.get(World.VERIFIED) | (1 << (1 - owner)));
        }
        proceed(next, then);
        out.add(Step.VERIFIER_UNMARKS, next);
    }

    private static void proceed(World next, int then) {
        if (then == IDLE) {
            next.forget(ME, CELLS);
        } else {
            next.set(ME + World.AT, then);
        }
    }

    private static World at(World world, int at, int cell, int value) {
        World next = world.copy();
        next.set(ME + World.AT, at);
        next.set(ME + cell, value);
        return next;
    }

    private static void end(World world, Step step, Out out) {
        World next = world.copy();
        next.forget(ME, CELLS);
        out.add(step, next);
    }
}
