package dev.dualwrite.flip;

import dev.dualwrite.FenceState;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimActor.Point;
import dev.dualwrite.flip.SimWorld.Bug;
import dev.dualwrite.flip.SimWorld.Effect;
import dev.dualwrite.flip.SimWorld.Late;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Real {@link FlipCoordinator}s and real {@link Recovery} over a {@link SimWorld}, one step at a time. What each
 * flip reports is checked against what was done, at once and at the end.
 *
 * <p>Time is anybody's guess here: a FROZEN row is always overdue, and a flip has a day.
 */
final class Sim {
    static final Duration DAY = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SimWorld world;
    private final List<SimActor> actors = new ArrayList<>();
    private final Map<String, FlipOutcome> outcomes = new LinkedHashMap<>();
    private boolean disturbed;

    Sim(Bug bug, Side owner) {
        this.world = new SimWorld(bug, owner);
    }

    SimWorld world() {
        return world;
    }

    List<SimActor> actors() {
        return actors;
    }

    Map<String, FlipOutcome> outcomes() {
        return outcomes;
    }

    // ---- who takes part -------------------------------------------------------------------------------------

    static Phase next(Side owner) {
        return owner == Side.SOURCE ? Phase.REVERSE_WINDOW : Phase.DUAL_WRITE;
    }

    SimActor flip(Side from) {
        return flip(from, DAY);
    }

    SimActor flip(Side from, Duration budget) {
        return add("flip" + actors.size(), actor -> {
            try (SimStore owner = new SimStore(world, actor, from, false);
                    SimStore follower = new SimStore(world, actor, from.other(), false)) {
                SimWork work = new SimWork(world, actor);
                reported(actor, new FlipCoordinator(owner, follower, work, work, budget).flip(next(from)));
            }
        });
    }

    /** An instance that looks at both sides once and does about them what has to be done. */
    SimActor recover() {
        return add("recovery" + actors.size(), actor -> {
            for (Side side : Side.values()) {
                try (SimStore here = new SimStore(world, actor, side, false);
                        SimStore there = new SimStore(world, actor, side.other(), false)) {
                    recover(here, there);
                } catch (StoreException e) {
                    disturbed = true; // it is tried again by whoever looks next
                }
            }
        });
    }

    private static void recover(SimStore here, SimStore there) throws StoreException {
        FenceRow row = here.read();
        if (row.state() == FenceState.FROZEN) {
            Recovery.reopen(here, PATIENCE);
        } else if (row.state() == FenceState.HANDED_OVER) {
            Recovery.finish(here, there, PATIENCE);
        }
    }

    private SimActor add(String name, SimActor.Body body) {
        SimActor actor = new SimActor(name, body);
        actors.add(actor);
        return actor;
    }

    // ---- how it goes on -------------------------------------------------------------------------------------

    /** One step, or the end of a wait if it cannot go on. */
    void step(SimActor actor, Directive how) {
        if (!actor.live()) {
            return;
        }
        Directive told = how == Directive.GO && !actor.ready() ? Directive.FAIL : how;
        disturbed |= told != Directive.GO;
        actor.step(told);
        Throwable failure = actor.failure();
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** So many steps, or fewer if it ends. */
    void steps(SimActor actor, int count) {
        for (int i = 0; i < count && actor.live(); i++) {
            step(actor, Directive.GO);
        }
    }

    /**
     * To its end. Where it waits for a lock, the server ends the session that holds it ({@code lose}), or the
     * wait ends.
     */
    void finish(SimActor actor, boolean lose) {
        while (actor.live()) {
            if (!actor.ready() && lose) {
                actors.stream()
                        .filter(other -> other != actor)
                        .flatMap(other -> other.stores().stream())
                        .filter(SimStore::holds)
                        .forEach(this::lose);
                if (!actor.ready() && !world.late().isEmpty()) {
                    arrive(0, true);
                }
            }
            step(actor, Directive.GO);
        }
    }

    void lose(SimStore store) {
        disturbed = true;
        store.lose();
    }

    /** A statement that is under way arrives, or never will. */
    void arrive(int index, boolean drop) {
        Late late = world.late().get(index);
        if (drop) {
            world.late().remove(late);
            late.drop().run();
        } else if (world.ready(late.side(), late.lock(), late.opening())) {
            world.late().remove(late);
            late.arrive().run();
        }
    }

    /** What is under way arrives, dead sessions end, whoever is still there ends; then recovery runs. */
    void quiet() {
        for (SimActor actor : actors) {
            if (actor.killed()) {
                actor.stores().forEach(SimStore::lose);
            }
        }
        List.copyOf(actors).forEach(actor -> finish(actor, true));
        for (Side side : Side.values()) {
            world.endWrite(side, true);
        }
        while (!world.late().isEmpty()) {
            int before = world.late().size();
            arrive(0, false);
            if (world.late().size() == before) {
                arrive(0, true);
            }
        }
        for (int round = 0; round < 3; round++) {
            SimActor last = new SimActor("last", ignored -> {});
            last.step(Directive.GO);
            for (Side side : Side.values()) {
                try {
                    recover(new SimStore(world, last, side, true), new SimStore(world, last, side.other(), true));
                } catch (StoreException e) {
                    world.violated("recovery that nobody disturbs fails: " + e);
                }
            }
        }
        world.checkQuiet();
        outcomes.forEach((name, outcome) -> {
            if (!(outcome instanceof FlipOutcome.Flipped) && !(outcome instanceof FlipOutcome.Unknown)) {
                attempt(name)
                        .filter(attempt -> did("handOver", attempt))
                        .ifPresent(attempt -> world.violated(name + " reported " + outcome + " and had handed over"));
            }
        });
    }

    Optional<String> violation() {
        return world.violation();
    }

    // ---- whether it was true --------------------------------------------------------------------------------

    /** The attempt with which an actor froze, if it did. */
    private Optional<String> attempt(String actor) {
        return world.history().stream()
                .filter(effect -> effect.actor().equals(actor) && effect.what().equals("freeze"))
                .map(Effect::attempt)
                .findFirst();
    }

    private boolean did(String what, String attempt) {
        return world.history().stream()
                .anyMatch(
                        effect -> effect.what().equals(what) && effect.attempt().equals(attempt));
    }

    private void reported(SimActor actor, FlipOutcome outcome) {
        String name = actor.name();
        outcomes.put(name, outcome);
        Optional<String> attempt = attempt(name);
        if (outcome instanceof FlipOutcome.Flipped flipped) {
            boolean handed = attempt.isPresent() && did("handOver", attempt.get());
            boolean opened = attempt.isPresent()
                    && world.history().stream()
                            .anyMatch(effect -> effect.what().equals("open")
                                    && effect.attempt().equals(attempt.get())
                                    && effect.after().epoch() == flipped.epoch());
            if (!handed || !opened) {
                world.violated(name + " reported " + outcome + ", but handed over: " + handed + ", opened: " + opened);
            }
        } else if (outcome instanceof FlipOutcome.GaveUp gaveUp) {
            if (attempt.isPresent() && did("handOver", attempt.get())) {
                world.violated(name + " reported " + outcome + " and had handed over");
            }
            // a freeze that arrives after it was read back ends by its own budget, and nobody can tell earlier
            if (attempt.isPresent()
                    && gaveUp.at() != FlipStep.FREEZE
                    && List.of(Side.values()).stream()
                            .map(world::row)
                            .anyMatch(row -> row.state() == FenceState.FROZEN
                                    && row.attempt().equals(attempt.get()))) {
                world.violated(name + " reported " + outcome + " and left the owner FROZEN");
            }
        } else if (outcome instanceof FlipOutcome.Refused) {
            if (world.history().stream().anyMatch(effect -> effect.actor().equals(name))) {
                world.violated(name + " reported " + outcome + " and had changed something");
            }
        } else if (!disturbed || !(outcome instanceof FlipOutcome.Unknown)) {
            world.violated(name + " reported " + outcome + " though everything answered");
        }
    }

    /** Where an actor stands, for messages. */
    static String where(SimActor actor) {
        Point point = actor.point();
        return point == null
                ? actor.name() + " has ended"
                : actor.name() + (point.done() ? " after " : " before ") + point.what();
    }
}
