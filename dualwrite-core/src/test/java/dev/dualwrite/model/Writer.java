package dev.dualwrite.model;

import java.util.Set;

/** An application's transaction that changes one row. Its outcome may be decided long after its caller has lost it. */
final class Writer extends Actor {
    static final int NEW = 0, BEGUN = 1, LOST = 2, WRITTEN = 3, UNLOGGED = 4, DONE = 5;

    private final int number;
    private final int me;

    Writer(Bounds bounds, Set<Rule> without, int number) {
        super(bounds, without);
        this.number = number;
        this.me = World.WRITERS + number * World.WRITER_CELLS;
    }

    @Override
    void steps(World world, Out out) {
        switch (world.get(me + World.AT)) {
            case NEW -> begin(world, out);
            case BEGUN -> {
                World lost = world.copy();
                lost.set(me + World.AT, LOST);
                lost.set(me + World.HOLDS, 0);
                out.add(Step.WRITER_LOSES_FENCE, lost);
                write(world, out);
                end(world, out);
            }
            case LOST -> write(world, out);
            case WRITTEN -> {
                commit(world, out);
                end(world, out);
            }
            case UNLOGGED -> {
                World logged = world.copy();
                addIntent(logged, world.get(me + World.SIDE));
                done(logged);
                out.add(Step.WRITER_WRITES_INTENT, logged);
                end(world, out);
            }
            default -> {}
        }
    }

    /** Writers of one row are alike: they begin in one order. */
    private void begin(World world, Out out) {
        boolean turn = bounds.rowOf(number) != bounds.rowOf(0)
                || number == 0
                || world.get(me - World.WRITER_CELLS + World.AT) != NEW;
        for (int side = 0; side < 2 && turn; side++) {
            if (world.side(side, World.STATE) == World.OPEN && !world.fenceTaken(side)) {
                World next = world.copy();
                next.set(me + World.AT, BEGUN);
                next.set(me + World.SIDE, side);
                next.set(me + World.HOLDS, keeps(Rule.WRITER_HOLDS_FENCE) ? 1 : 0);
                next.set(me + World.READ_EPOCH, world.side(side, World.EPOCH));
                out.add(Step.WRITER_READS_FENCE, next);
            }
        }
    }

    /** Changes the row and writes its intent, through the fence. */
    private void write(World world, Out out) {
        int side = world.get(me + World.SIDE);
        if (rowTaken(world, side)) {
            return;
        }
        boolean holds = world.get(me + World.HOLDS) != 0;
        boolean checks = keeps(Rule.INTENT_CHECKS_FENCE);
        if (!holds && checks && world.fenceTaken(side)) {
            return;
        }
        World next = world.copy();
        if (!holds
                && checks
                && !(world.side(side, World.STATE) == World.OPEN
                        && world.side(side, World.EPOCH) == world.get(me + World.READ_EPOCH))) {
            done(next);
            out.add(Step.WRITER_ROLLS_BACK, next);
            return;
        }
        next.set(me + World.AT, WRITTEN);
        if (checks && keeps(Rule.WRITER_HOLDS_FENCE)) {
            next.set(me + World.HOLDS, 1);
        }
        out.add(Step.WRITER_WRITES, next);
    }

    private boolean rowTaken(World world, int side) {
        for (int i = 0; i < bounds.writers(); i++) {
            int other = World.WRITERS + i * World.WRITER_CELLS;
            if (other != me
                    && world.get(other + World.AT) == WRITTEN
                    && world.get(other + World.SIDE) == side
                    && bounds.rowOf(i) == bounds.rowOf(number)) {
                return true;
            }
        }
        return false;
    }

    private void commit(World world, Out out) {
        int side = world.get(me + World.SIDE);
        int row = bounds.rowOf(number);
        World next = world.copy();
        next.side(side, World.ROWS + row, world.side(side, World.ROWS + row) + 1);
        next.set(World.TRUTH + row, world.get(World.TRUTH + row) + 1);
        if (keeps(Rule.INTENT_IN_TRANSACTION)) {
            addIntent(next, side);
            done(next);
        } else {
            next.set(me + World.AT, UNLOGGED);
            next.set(me + World.HOLDS, 0);
        }
        out.add(Step.WRITER_COMMITS, next);
    }

    private void addIntent(World world, int side) {
        world.side(side, World.INTENTS, world.side(side, World.INTENTS) | (1 << number));
    }

    private void end(World world, Out out) {
        World next = world.copy();
        done(next);
        out.add(Step.WRITER_ROLLS_BACK, next);
    }

    private void done(World world) {
        world.forget(me, World.WRITER_CELLS);
        world.set(me + World.AT, DONE);
    }
}
