package dev.dualwrite.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Visits every state that any order of steps reaches, breadth first, so that the way to a violation is a shortest one.
 * Convergers are alike, and so are coordinators: states that differ only by which is which are one.
 */
final class Explorer {
    /** Beyond this a configuration is too large for the build's memory. */
    private static final int MOST = 8_000_000;

    private final Bounds bounds;
    private final List<Actor> actors = new ArrayList<>();
    private final States states = new States();
    private final Graph graph = new Graph();
    private final BitSet atRest = new BitSet();
    private final Set<Step> taken = EnumSet.noneOf(Step.class);
    private int now;

    Explorer(Bounds bounds, Set<Rule> without) {
        this.bounds = bounds;
        for (int i = 0; i < bounds.writers(); i++) {
            actors.add(new Writer(bounds, without, i));
        }
        for (int i = 0; i < bounds.convergers(); i++) {
            actors.add(new Converging(bounds, without, i));
        }
        if (bounds.chunks() > 0) {
            actors.add(new Chunk(bounds, without));
        }
        if (bounds.verification()) {
            actors.add(new Verifying(bounds, without));
        }
        for (int i = 0; i < bounds.coordinators(); i++) {
            actors.add(new Coordinator(bounds, without, i));
        }
        actors.add(new Fences(bounds, without));
    }

    /**
     * What came of it.
     *
     * @param states how many there are, or were visited before the violation
     * @param taken the steps that were taken at least once
     * @param trace each step, and the state behind it
     */
    record Verdict(int states, Set<Step> taken, Optional<Invariant> broken, List<String> trace) {}

    Verdict explore() {
        states.add(World.initial(), -1);
        for (now = 0; now < states.size(); now++) {
            World world = states.get(now);
            Optional<Invariant> broken = Invariant.brokenIn(world, bounds);
            if (broken.isPresent()) {
                return new Verdict(states.size(), taken, broken, trace(now));
            }
            if (Invariant.atRest(world)) {
                atRest.set(now);
            }
            actors.forEach(actor -> actor.steps(world, this::reach));
            graph.visited();
            if (states.size() > MOST) {
                throw new IllegalStateException(bounds.name() + " has more than " + MOST + " states");
            }
        }
        int lost = graph.lost(atRest);
        return lost < 0
                ? new Verdict(states.size(), taken, Optional.empty(), List.of())
                : new Verdict(states.size(), taken, Optional.of(Invariant.COMES_TO_REST), trace(lost));
    }

    private void reach(Step step, World next) {
        taken.add(step);
        graph.leadsTo(states.add(canonical(next), now));
    }

    private World canonical(World world) {
        if (bounds.convergers() == 2) {
            sort(world.cells(), World.CONVERGERS, World.CONVERGER_CELLS);
        }
        if (bounds.coordinators() == 2) {
            sort(world.cells(), World.COORDINATORS, World.COORDINATOR_CELLS);
        }
        return world;
    }

    /** Brings the two actors that begin here into order. */
    private static void sort(byte[] cells, int begin, int count) {
        int second = begin + count;
        if (Arrays.compare(cells, begin, second, cells, second, second + count) > 0) {
            byte[] first = Arrays.copyOfRange(cells, begin, second);
            System.arraycopy(cells, second, cells, begin, count);
            System.arraycopy(first, 0, cells, second, count);
        }
    }

    private List<String> trace(int last) {
        Deque<Integer> way = new ArrayDeque<>();
        for (int index = last; index >= 0; index = states.reachedFrom(index)) {
            way.addFirst(index);
        }
        List<String> trace = new ArrayList<>();
        int before = way.removeFirst();
        for (int index : way) {
            trace.add(step(states.get(before), states.get(index)) + " [" + states.get(index) + "]");
            before = index;
        }
        return trace;
    }

    /** Which step led from one state to the next is found again by taking all of them. */
    private String step(World from, World to) {
        List<String> found = new ArrayList<>();
        for (Actor actor : actors) {
            actor.steps(from, (step, next) -> {
                if (Arrays.equals(canonical(next).cells(), to.cells())) {
                    found.add(step.says());
                }
            });
        }
        return found.get(0);
    }
}
