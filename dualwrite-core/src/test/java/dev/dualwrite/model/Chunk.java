package dev.dualwrite.model;

import java.util.Set;

/** A backfill of one chunk, which holds all rows. Which side follows is its belief, as it is the library's. */
final class Chunk extends Actor {
    static final int NEW = 0, STARTED = 1, LOCKED = 2, READ = 3, DONE = 4;
    private static final int ME = World.CHUNK;

    Chunk(Bounds bounds, Set<Rule> without) {
        super(bounds, without);
    }

    /** Whether the chunk's row is held exclusively. */
    static boolean isTaken(World world, int follower) {
        int at = world.get(ME + World.AT);
        return (at == LOCKED || at == READ) && world.get(ME + World.SIDE) == follower;
    }

    @Override
    void steps(World world, Out out) {
        int at = world.get(ME + World.AT);
        int follower = world.get(ME + World.SIDE);
        switch (at) {
            case NEW -> start(world, out);
            case STARTED -> lock(world, follower, out);
            case LOCKED -> read(world, follower, out);
            case READ -> {
                World next = world.copy();
                for (int row = 0; row < bounds.rows(); row++) {
                    next.side(follower, World.ROWS + row, world.get(ME + World.COPY + row));
                }
                done(next);
                out.add(Step.CHUNK_COMMITS, next);
            }
            default -> {
                return;
            }
        }
        if (at != NEW) {
            stop(world, Step.CHUNK_ENDS, out);
        }
    }

    private void start(World world, Out out) {
        for (int follower = 0; follower < 2; follower++) {
            if (world.side(follower, World.STATE) == World.CLOSED
                    && world.owns(1 - follower)
                    && world.fenceFree(follower)) {
                World next = world.copy();
                next.side(follower, World.BACKFILL, 1);
                next.set(ME + World.AT, STARTED);
                next.set(ME + World.SIDE, follower);
                if (!keeps(Rule.CHUNK_READS_UNDER_ROW)) {
                    copy(next, 1 - follower);
                }
                out.add(Step.CHUNK_BEGINS, next);
            }
        }
    }

    private void lock(World world, int follower, Out out) {
        if (world.fenceTaken(follower)) {
            return;
        }
        if (keeps(Rule.FOLLOWER_IS_CLOSED)
                && (world.side(follower, World.STATE) != World.CLOSED || world.side(follower, World.BACKFILL) == 0)) {
            stop(world, Step.CHUNK_STOPS, out);
            return;
        }
        if (keeps(Rule.CHUNK_ROW_LOCKED) && Converging.sharesChunk(world, follower)) {
            return;
        }
        World next = world.copy();
        next.set(ME + World.AT, LOCKED);
        next.set(ME + World.HOLDS, keeps(Rule.CHUNK_HOLDS_FENCE) ? 1 : 0);
        out.add(Step.CHUNK_LOCKS, next);
    }

    private void read(World world, int follower, Out out) {
        if (!mayCopyTo(world, follower)) {
            stop(world, Step.CHUNK_STOPS, out);
            return;
        }
        World next = world.copy();
        next.set(ME + World.AT, READ);
        if (keeps(Rule.CHUNK_READS_UNDER_ROW)) {
            copy(next, 1 - follower);
        }
        out.add(Step.CHUNK_READS_OWNER, next);
    }

    private void copy(World next, int owner) {
        for (int row = 0; row < bounds.rows(); row++) {
            next.set(ME + World.COPY + row, next.side(owner, World.ROWS + row));
        }
    }

    private static void stop(World world, Step step, Out out) {
        World next = world.copy();
        done(next);
        out.add(step, next);
    }

    private static void done(World world) {
        world.forget(ME, 5);
        world.set(ME + World.AT, DONE);
    }
}
