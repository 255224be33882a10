package dev.dualwrite.model;

import java.util.Set;

/** The part of a coordinator, or of anyone who recovers, that finishes a hand-over. */
final class Finisher extends Actor {
    private static final int READ = 11, STAMPED = 12, LOCKED = 13, OTHER_IS_OPEN = 14;

    private final int me;
    private final Fences fences;

    Finisher(Bounds bounds, Set<Rule> without, int coordinator, Fences fences) {
        super(bounds, without);
        this.me = coordinator;
        this.fences = fences;
    }

    @Override
    void steps(World world, Out out) {
        int at = world.get(me + World.AT);
        int handing = world.get(me + World.SIDE);
        int next = 1 - handing;
        switch (at) {
            case Coordinator.FINISHING -> readHanded(world, handing, out);
            case READ -> readNext(world, next, out);
            case STAMPED -> open(world, next, out);
            case LOCKED -> commit(world, handing, next, out);
            case Coordinator.CLOSING -> close(world, handing, out);
            case OTHER_IS_OPEN -> {
                if (world.fenceFree(handing)) {
                    if (fences.seen(world, handing, World.HANDED_OVER, epoch(world), attempt(world))) {
                        close(world, handing, out);
                    } else {
                        out.add(Step.COMPARE_AND_SET_FAILS, idle(world));
                    }
                }
            }
            default -> throw new IllegalStateException("a coordinator at " + at);
        }
    }

    private int epoch(World world) {
        return world.get(me + World.ROW_EPOCH);
    }

    private int attempt(World world) {
        return world.get(me + World.ROW_ATTEMPT);
    }

    private void readHanded(World world, int handing, Out out) {
        if (world.fenceTaken(handing)) {
            return;
        }
        if (world.side(handing, World.STATE) != World.HANDED_OVER) {
            out.add(Step.FINISH_READS_OWNER, idle(world));
            return;
        }
        World next = at(world, READ);
        next.set(me + World.ROW_EPOCH, world.side(handing, World.EPOCH));
        next.set(me + World.ROW_ATTEMPT, world.side(handing, World.ATTEMPT));
        next.set(me + World.DOUBT, 0);
        out.add(Step.FINISH_READS_OWNER, next);
    }

    private void readNext(World world, int other, Out out) {
        if (!world.fenceTaken(other)) {
            out.add(
                    Step.FINISH_READS_FOLLOWER,
                    world.stampedFor(other, epoch(world), attempt(world)) ? at(world, STAMPED) : judged(world, other));
        }
    }

    /** The next owner was not there to be opened: it is open by now, or it may not be opened. */
    private World judged(World world, int other) {
        return world.side(other, World.STATE) == World.CLOSED || world.side(other, World.EPOCH) < epoch(world)
                ? idle(world)
                : at(world, OTHER_IS_OPEN);
    }

    private void open(World world, int other, Out out) {
        if (!world.fenceFree(other)) {
            return;
        }
        if (keeps(Rule.FINISH_LOOKS_AT_STAMP) && !world.stampedFor(other, epoch(world), attempt(world))) {
            out.add(Step.FINISH_READS_FOLLOWER, judged(world, other));
            return;
        }
        World next = at(world, LOCKED);
        next.set(me + World.OPENING, 1);
        out.add(Step.FINISH_LOCKS_FOLLOWER, next);
    }

    private void commit(World world, int handing, int other, Out out) {
        if (!world.fenceFree(handing)) {
            return;
        }
        boolean held = world.get(me + World.OPENING) != 0;
        boolean still = world.side(handing, World.STATE) == World.HANDED_OVER
                && world.side(handing, World.ATTEMPT) == attempt(world);
        if ((!held && keeps(Rule.OPENING_HELD)) || (!still && keeps(Rule.FINISH_HOLDS_OWNER))) {
            out.add(Step.OPENING_FAILS, idle(world));
            return;
        }
        World next = at(world, Coordinator.CLOSING);
        fences.open(next, other, epoch(world), attempt(world));
        next.set(me + World.OPENING, 0);
        out.add(Step.FINISH_OPENS, next);
    }

    private void close(World world, int handing, Out out) {
        World next = idle(world);
        next.side(handing, World.STATE, World.CLOSED);
        next.side(handing, World.MARKING, 0);
        out.add(Step.CLOSE_OWNER, next);
    }

    private World at(World world, int at) {
        World next = world.copy();
        next.set(me + World.AT, at);
        return next;
    }

    private World idle(World world) {
        World next = world.copy();
        next.forget(me, World.COORDINATOR_CELLS);
        return next;
    }
}
