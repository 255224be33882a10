package dev.dualwrite.model;

import java.util.List;
import java.util.Optional;

/** What holds in every state. The three before the last are judged by the step that could break them. */
enum Invariant {
    ONE_OWNER("I1: at most one side owns"),
    WRITERS_UNDER_OPEN_FENCE("I2: a transaction that has changed rows is on an OPEN side"),
    NOTHING_LOST("each committed change is on the owner, and nothing else"),
    NO_INTENT_MEANS_EQUAL("I4: a unit without an unmarked intent is equal on both sides"),
    QUEUE_OF_THE_OWNER("no unmarked intent is on a side that does not own"),
    HANDED_OVER_EQUAL("what is handed over is equal on both sides"),
    TOLD_THE_TRUTH("a flip told as done is handed over, one told as given up never will be"),
    NO_FALSE_DIVERGENCE("what is noted as a divergence is one"),
    COMES_TO_REST("from everywhere a way leads to one side OPEN, the other CLOSED, nobody at work, no intent left");

    private static final List<Invariant> NUMBERED = List.of(values());

    private final String says;

    Invariant(String says) {
        this.says = says;
    }

    String says() {
        return says;
    }

    /** What {@link World#BROKEN} holds for it. */
    int number() {
        return NUMBERED.indexOf(this) + 1;
    }

    /** The first that does not hold. */
    static Optional<Invariant> brokenIn(World world, Bounds bounds) {
        if (world.get(World.BROKEN) != 0) {
            return Optional.of(NUMBERED.get(world.get(World.BROKEN) - 1));
        }
        if (world.owns(0) && world.owns(1)) {
            return Optional.of(ONE_OWNER);
        }
        for (int i = 0; i < bounds.writers(); i++) {
            int writer = World.WRITERS + i * World.WRITER_CELLS;
            if (world.get(writer + World.AT) == Writer.WRITTEN
                    && world.side(world.get(writer + World.SIDE), World.STATE) != World.OPEN) {
                return Optional.of(WRITERS_UNDER_OPEN_FENCE);
            }
        }
        for (int owner = 0; owner < 2; owner++) {
            int state = world.side(owner, World.STATE);
            int other = world.side(1 - owner, World.STATE);
            if (!world.owns(owner) && !(state == World.HANDED_OVER && other == World.CLOSED)) {
                continue;
            }
            if (world.side(1 - owner, World.INTENTS) != 0) {
                return Optional.of(QUEUE_OF_THE_OWNER);
            }
            Optional<Invariant> broken = rows(world, owner, bounds);
            if (broken.isPresent()) {
                return broken;
            }
        }
        return Optional.empty();
    }

    private static Optional<Invariant> rows(World world, int owner, Bounds bounds) {
        for (int row = 0; row < bounds.rows(); row++) {
            int here = world.side(owner, World.ROWS + row);
            if (here != world.get(World.TRUTH + row)) {
                return Optional.of(NOTHING_LOST);
            }
            boolean queued = (world.side(owner, World.INTENTS) & bounds.intentsOf(bounds.unitOf(row))) != 0;
            if (!queued && bounds.defects() == 0 && here != world.side(1 - owner, World.ROWS + row)) {
                return Optional.of(NO_INTENT_MEANS_EQUAL);
            }
        }
        return Optional.empty();
    }

    /** Whether all is done that somebody began. */
    static boolean atRest(World world) {
        int owner = world.side(0, World.STATE) == World.OPEN ? 0 : 1;
        for (int i = 0; i < 2; i++) {
            if (world.get(World.CONVERGERS + i * World.CONVERGER_CELLS + World.AT) != Converging.IDLE
                    || world.get(World.COORDINATORS + i * World.COORDINATOR_CELLS + World.AT) != Coordinator.IDLE) {
                return false;
            }
        }
        return world.side(owner, World.STATE) == World.OPEN
                && world.side(1 - owner, World.STATE) == World.CLOSED
                && world.side(0, World.INTENTS) == 0
                && world.side(1, World.INTENTS) == 0;
    }
}
