package dev.dualwrite.flip;

import dev.dualwrite.FlipStep;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimActor.Point;
import dev.dualwrite.flip.SimWorld.Lock;
import java.time.Duration;
import java.util.List;

/** What a simulated flip has done for it: as little as the protocol allows, so that the protocol itself is tried. */
final class SimWork implements FlipWork, FlipListener {
    private final SimWorld world;
    private final SimActor actor;

    SimWork(SimWorld world, SimActor actor) {
        this.world = world;
        this.actor = actor;
    }

    /** FAIL: it says no; BREAK: it throws. */
    private boolean fine(String what) {
        Directive how = actor.stop(new Point(what, true, null, Lock.NONE));
        if (how == Directive.BREAK) {
            throw new IllegalStateException(what + " met something unexpected");
        }
        return how == Directive.GO;
    }

    @Override
    public List<String> prepare(Side owner, Duration budget) {
        return fine("prepare") ? List.of() : List.of("not prepared");
    }

    @Override
    public GateReport gate(FenceRow owner, Phase to) {
        boolean open = fine("gate") && world.verified();
        return new GateReport(owner.phase(), to, List.of(new GateReport.Check("verified", open, "")));
    }

    @Override
    public List<String> drain(FenceRow frozen, Phase to, long deadline) {
        boolean fine = fine("drain");
        if (world.bug() == SimWorld.Bug.HAND_OVER_WITH_INTENTS) {
            return List.of();
        }
        world.converge(frozen.side());
        return fine && world.drained(frozen.side()) ? List.of() : List.of("not drained");
    }

    @Override
    public List<String> awaitAcknowledged(Side owner, long epoch) {
        return fine("awaitAcknowledged") ? List.of() : List.of("somebody");
    }

    @Override
    public void after(FlipStep step, Side side, long epoch, String detail) {
        fine("after " + step);
    }
}
