package dev.dualwrite.model;

import java.util.Set;

/** A worker that works the queue off, in one follower transaction for each unit. */
final class Converging extends Actor {
    static final int IDLE = 0, TOOK = 1, LOCKED = 2, READ = 3, COMMITTED = 4;

    private final int me;

    Converging(Bounds bounds, Set<Rule> without, int number) {
        super(bounds, without);
        this.me = World.CONVERGERS + number * World.CONVERGER_CELLS;
    }

    @Override
    void steps(World world, Out out) {
        int at = world.get(me + World.AT);
        int follower = world.get(me + World.SIDE);
        switch (at) {
            case IDLE -> take(world, out);
            case TOOK -> lock(world, follower, out);
            case LOCKED -> read(world, follower, out);
            case READ -> {
                write(world, follower, out);
                if (bounds.units() > 1 && world.get(me + World.UNITS) != 3) {
                    clash(world, out);
                }
            }
            case COMMITTED -> takeOut(world, follower, out);
            default -> throw new IllegalStateException("a converger at " + at);
        }
        if (at != IDLE) {
            end(world, Step.CONVERGER_ENDS, out);
        }
    }

    private void take(World world, Out out) {
        for (int follower = 0; follower < 2; follower++) {
            for (int lane = 0; lane < (keeps(Rule.LANE_OF_UNIT) ? bounds.units() : bounds.rows()); lane++) {
                int intents = world.side(1 - follower, World.INTENTS)
                        & (keeps(Rule.LANE_OF_UNIT) ? bounds.intentsOf(lane) : bounds.intentsOfRow(lane));
                if (intents == 0) {
                    continue;
                }
                World next = world.copy();
                next.set(me + World.AT, TOOK);
                next.set(me + World.SIDE, follower);
                next.set(me + World.TOOK, intents);
                next.set(me + World.UNITS, 1 << lane);
                next.set(me + World.CHUNKS_SHARED, world.side(follower, World.BACKFILL));
                next.set(me + World.KNOWN_MARKING, world.side(1 - follower, World.MARKING));
                if (keeps(Rule.BACKFILL_UNDER_FENCE)) {
                    next.set(me + World.CHUNKS_SHARED, 0);
                }
                if (keeps(Rule.MARKING_IN_STATEMENT)) {
                    next.set(me + World.KNOWN_MARKING, 0);
                }
                if (!keeps(Rule.OWNER_READ_UNDER_LANE)) {
                    see(next, 1 - follower);
                }
                out.add(Step.CONVERGER_TAKES, next);
            }
        }
    }

    /** Fence, chunk row, lanes. Waiting for one of them with the others held delays others, and no more. */
    private void lock(World world, int follower, Out out) {
        if (world.fenceTaken(follower)) {
            return;
        }
        if (keeps(Rule.FOLLOWER_IS_CLOSED) && world.side(follower, World.STATE) != World.CLOSED) {
            end(world, Step.CONVERGER_STOPS, out);
            return;
        }
        boolean shared = keeps(Rule.BACKFILL_UNDER_FENCE)
                ? world.side(follower, World.BACKFILL) != 0
                : world.get(me + World.CHUNKS_SHARED) != 0;
        if (shared && keeps(Rule.CHUNK_ROW_LOCKED) && Chunk.isTaken(world, follower)) {
            return;
        }
        if (keeps(Rule.CONVERGER_LOCKS_LANE) && laneTaken(world, follower)) {
            return;
        }
        World next = world.copy();
        next.set(me + World.AT, LOCKED);
        next.set(me + World.HOLDS, keeps(Rule.CONVERGER_HOLDS_FENCE) ? 1 : 0);
        next.set(me + World.CHUNKS_SHARED, shared ? 1 : 0);
        out.add(Step.CONVERGER_LOCKS, next);
    }

    private boolean laneTaken(World world, int follower) {
        return taken(world, follower, world.get(me + World.UNITS), me)
                || (keeps(Rule.VERIFIER_LOCKS_LANE) && Verifying.holdsLane(world, follower));
    }

    /** Whether a converger other than this one holds one of these lanes. */
    static boolean taken(World world, int follower, int lanes, int except) {
        for (int i = 0; i < 2; i++) {
            int other = World.CONVERGERS + i * World.CONVERGER_CELLS;
            int at = world.get(other + World.AT);
            if (other != except
                    && (at == LOCKED || at == READ)
                    && world.get(other + World.SIDE) == follower
                    && (world.get(other + World.UNITS) & lanes) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a converger holds the chunk's row shared. */
    static boolean sharesChunk(World world, int follower) {
        for (int i = 0; i < 2; i++) {
            int other = World.CONVERGERS + i * World.CONVERGER_CELLS;
            int at = world.get(other + World.AT);
            if ((at == LOCKED || at == READ)
                    && world.get(other + World.SIDE) == follower
                    && world.get(other + World.CHUNKS_SHARED) != 0) {
                return true;
            }
        }
        return false;
    }

    private void read(World world, int follower, Out out) {
        if (!mayCopyTo(world, follower)) {
            end(world, Step.CONVERGER_STOPS, out);
            return;
        }
        World next = world.copy();
        next.set(me + World.AT, READ);
        if (keeps(Rule.OWNER_READ_UNDER_LANE)) {
            see(next, 1 - follower);
        }
        out.add(Step.CONVERGER_READS_OWNER, next);
    }

    private void see(World next, int owner) {
        for (int row = 0; row < bounds.rows(); row++) {
            boolean kept = !keeps(Rule.READ_AGAIN_AFTER_CLASH) && next.get(me + World.SEEN + row) != 0;
            if (writes(next, row) && !kept) {
                next.set(me + World.SEEN + row, next.side(owner, World.ROWS + row) + 1); // 0: not read
            }
        }
    }

    private boolean writes(World world, int row) {
        return bounds.units() == 1 || (world.get(me + World.UNITS) & (1 << row)) != 0;
    }

    private void write(World world, int follower, Out out) {
        World next = world.copy();
        boolean changes = false;
        for (int row = 0; row < bounds.rows(); row++) {
            if (writes(world, row)) {
                int wanted = world.get(me + World.SEEN + row) - 1;
                changes |= world.side(follower, World.ROWS + row) != wanted;
                next.side(follower, World.ROWS + row, wanted);
            }
        }
        next.set(me + World.AT, COMMITTED);
        next.set(me + World.HOLDS, 0);
        next.forget(me + World.SEEN, 3);
        if (!keeps(Rule.INTENTS_GO_AFTER_COMMIT)) {
            // the queue was cleared first; the follower's commit may still fail
            World failed = world.copy();
            without(failed, 1 - follower, world.get(me + World.TOOK));
            failed.forget(me, World.CONVERGER_CELLS);
            out.add(Step.CONVERGER_TAKES_OUT, failed);
        }
        out.add(Step.CONVERGER_COMMITS, next);
        if (changes && world.get(World.DEFECTS) < bounds.defects()) {
            World wrong = next.copy();
            wrong.side(follower, World.ROWS, World.WRONG);
            wrong.set(World.DEFECTS, world.get(World.DEFECTS) + 1);
            out.add(Step.CONVERGER_WRITES_WRONG, wrong);
        }
    }

    /** Another unit holds a unique value that this one needs: it joins. */
    private void clash(World world, Out out) {
        World next = world.copy();
        next.set(me + World.AT, TOOK);
        next.set(me + World.UNITS, 3);
        next.set(me + World.HOLDS, 0);
        next.set(me + World.CHUNKS_SHARED, 0);
        if (keeps(Rule.READ_AGAIN_AFTER_CLASH)) {
            next.forget(me + World.SEEN, 2);
        }
        if (!keeps(Rule.OWNER_READ_UNDER_LANE)) {
            see(next, 1 - next.get(me + World.SIDE));
        }
        out.add(Step.CONVERGER_CLASHES, next);
    }

    /** One intent of a unit is enough to become a mark, if it is still this converger's to take. */
    private void takeOut(World world, int follower, Out out) {
        int owner = 1 - follower;
        if (world.fenceTaken(owner)) {
            return;
        }
        World next = world.copy();
        int took = keeps(Rule.ONLY_INTENTS_READ_BEFORE) ? world.get(me + World.TOOK) : 3;
        int there = took & world.side(owner, World.INTENTS);
        int kept = took & -took;
        boolean marking = keeps(Rule.MARKING_IN_STATEMENT)
                ? world.side(owner, World.MARKING) != 0
                : world.get(me + World.KNOWN_MARKING) != 0;
        without(next, owner, there);
        if (marking && keeps(Rule.MARKED_NOT_DELETED)) {
            int marks = (there & kept) != 0 ? kept : there;
            next.side(owner, World.MARKS, world.side(owner, World.MARKS) | marks);
        }
        next.forget(me, World.CONVERGER_CELLS);
        out.add(Step.CONVERGER_TAKES_OUT, next);
    }

    private static void without(World world, int owner, int intents) {
        world.side(owner, World.INTENTS, world.side(owner, World.INTENTS) & ~intents);
    }

    /** Crashes, loses its connection, or stops: what it holds is freed, what it wrote is undone. */
    private void end(World world, Step step, Out out) {
        World next = world.copy();
        next.forget(me, World.CONVERGER_CELLS);
        out.add(step, next);
    }
}
