package dev.dualwrite.model;

import java.util.Set;

/** Something that takes steps, each of which no other step interrupts. */
abstract class Actor {
    final Bounds bounds;
    private final Set<Rule> without;

    Actor(Bounds bounds, Set<Rule> without) {
        this.bounds = bounds;
        this.without = without;
    }

    /** Receives what can happen next. */
    @FunctionalInterface
    interface Out {
        void add(Step step, World next);
    }

    /** All steps that this actor can take in a state. Does not change it. */
    abstract void steps(World world, Out out);

    final boolean keeps(Rule rule) {
        return !without.contains(rule);
    }

    /** As {@code Direction.whyNotCopy}: whether the other side's row says that it owns, and is not behind. */
    final boolean mayCopyTo(World world, int follower) {
        int owner = 1 - follower;
        return !keeps(Rule.OWNER_OWNS)
                || (world.owns(owner) && world.side(owner, World.EPOCH) >= world.side(follower, World.EPOCH));
    }
}
