package dev.dualwrite.campaign;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Does the steps of a plan. A step that faults keep from succeeding is left, and tried again at the end if it matters. */
final class Operator {
    private static final Duration REST = Duration.ofMillis(400);

    /** For so long what is late has time to be seen. */
    private static final Duration LATER = Duration.ofMillis(700);

    private final Plan plan;
    private final DualWrite dualWrite;
    private final Child child;
    private final Progress progress;
    private final Timeline timeline;
    private final Shelf shelf;
    private final Tally tally;

    Operator(
            Plan plan,
            DualWrite dualWrite,
            Child child,
            Progress progress,
            Timeline timeline,
            Shelf shelf,
            Tally tally) {
        this.plan = plan;
        this.dualWrite = dualWrite;
        this.child = child;
        this.progress = progress;
        this.timeline = timeline;
        this.shelf = shelf;
        this.tally = tally;
    }

    void run() throws InterruptedException {
        List<Step> steps = plan.steps();
        for (int i = 0; i < steps.size(); i++) {
            progress.activity(dualWrite.ownership().phase().name());
            progress.step(i);
            progress.await(steps.get(i).after(), REST);
            act(steps.get(i));
        }
        progress.activity(dualWrite.ownership().phase().name());
        progress.await(8, REST);
    }

    private void act(Step step) throws InterruptedException {
        switch (step.act()) {
            case ENTER -> enter(step.byChild());
            case BACKFILL -> backfill();
            case VERIFY -> verify();
            case MOVE -> move(step.byChild());
            case KILL_SWITCH -> killSwitch();
            case HOLD -> hold();
            case PAUSE_BACKFILL -> pauseBackfill();
            case LEAVE_AND_ENTER -> leave();
            case MOVE_READS -> moveReads();
            case STEP_BACK -> {
                progress.activity("STEP_BACK");
                phase(dualWrite::stepBack);
                progress.await(20, LATER);
            }
            case FINISH -> {
                if (dualWrite.ownership().phase() == Phase.REVERSE_WINDOW) {
                    progress.activity("FINISH");
                    enter(Phase.TARGET_ONLY);
                }
            }
        }
    }

    private void enter(boolean byChild) throws InterruptedException {
        progress.activity("ENTER");
        if (byChild && child.alive()) {
            timeline.uncertain();
            String said = child.operate("enter");
            tally.byChild(said);
            if (Tally.word(said).equals("Entered")) {
                certain(Timeline.State.of(Phase.DUAL_WRITE));
            }
        }
        for (int i = 0; i < 20 && dualWrite.ownership().phase() == Phase.SOURCE_ONLY; i++) {
            PhaseOutcome outcome = enter(Phase.DUAL_WRITE);
            if (!(outcome instanceof PhaseOutcome.Entered)) {
                progress.await(5, Duration.ofMillis(200));
            }
        }
    }

    private PhaseOutcome enter(Phase phase) {
        return phase(() -> dualWrite.enter(phase));
    }

    private PhaseOutcome phase(Supplier<PhaseOutcome> change) {
        PhaseOutcome outcome = timeline.phase(change);
        progress.reported();
        tally.phase(outcome);
        return outcome;
    }

    private FlipOutcome moveOwner() {
        Side to = dualWrite.ownership().owner().other();
        FlipOutcome outcome = timeline.move(to, () -> ChildMain.move(dualWrite, to));
        progress.reported();
        return outcome;
    }

    private void certain(Timeline.State state) {
        timeline.certain(state);
        progress.reported();
    }

    private void backfill() {
        progress.activity("BACKFILL");
        for (int i = 0; i < 10 && dualWrite.ownership().phase().capturing(); i++) {
            if (attempt("backfill", () -> dualWrite.backfill().complete())) {
                return;
            }
            progress.await(5, Duration.ofMillis(200));
        }
    }

    private void verify() {
        progress.activity("VERIFY");
        boolean refusing = plan.faults().stream().anyMatch(fault -> fault.kind() == Fault.Kind.REFUSE);
        if (dualWrite.ownership().phase().capturing()) {
            attempt("verify", () -> {
                DualWrite.VerificationReport report = dualWrite.verify();
                if (refusing) {
                    tally.add(
                            "differences while a table refused rows",
                            report.divergences().size());
                } else {
                    tally.divergences(report.divergences());
                }
                return report.complete();
            });
        }
    }

    /** What fails by a fault is tried again or left; what fails otherwise is seen at the end. */
    private boolean attempt(String what, Supplier<Boolean> act) {
        try {
            return act.get();
        } catch (DualWriteException e) {
            tally.refused(what + ' ' + e.code());
            return false;
        }
    }

    private void move(boolean byChild) throws InterruptedException {
        Phase phase = dualWrite.ownership().phase();
        if (phase.flipsTo().isEmpty()) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            progress.activity(phase.owner() == Side.SOURCE ? "FLIP" : "ROLL_BACK");
            if (byChild && child.alive()) {
                if (moveByChild()) {
                    progress.await(20, LATER);
                    return;
                }
            } else {
                FlipOutcome outcome = moveOwner();
                tally.flip(outcome);
                if (!(outcome instanceof FlipOutcome.GaveUp) && !(outcome instanceof FlipOutcome.Refused)) {
                    progress.await(20, LATER);
                    return;
                }
            }
            if (dualWrite.ownership().phase().reads() != Phase.Reads.OWNER) {
                enter(Phase.DUAL_WRITE); // what a fault has kept from being compared does, too
            }
            verify(); // what a fault has kept from being verified keeps the gate closed
        }
    }

    /** Whether there is nothing more to be tried. */
    private boolean moveByChild() throws InterruptedException {
        Optional<Timeline.State> before = timeline.uncertain();
        String said = child.operate("move");
        String word = Tally.word(said);
        if (word.equals("Flipped")) {
            certain(new Timeline.State(Side.valueOf(said.split(" ", 2)[0]), false));
        } else if (word.equals("GaveUp") || word.equals("Refused")) {
            before.ifPresent(this::certain);
        }
        return tally.byChild(said);
    }

    private void killSwitch() {
        progress.activity("KILL_SWITCH");
        if (attempt("kill", () -> killed(true))) {
            progress.await(10, REST);
        }
        attempt("kill off", () -> killed(false));
    }

    private boolean killed(boolean on) {
        dualWrite.kill(on);
        return true;
    }

    private boolean held(boolean on) {
        dualWrite.hold(on);
        return true;
    }

    private void hold() {
        progress.activity("HOLD");
        if (attempt("hold", () -> held(true))
                && dualWrite.ownership().phase().flipsTo().isPresent()) {
            FlipOutcome outcome = moveOwner();
            if (outcome instanceof FlipOutcome.Flipped) {
                throw new AssertionError("flipped while it was held: " + outcome);
            }
            tally.count("flips held back");
        }
        attempt("hold off", () -> held(false));
    }

    private void pauseBackfill() {
        progress.activity("BACKFILL");
        attempt("pause", () -> {
            dualWrite.pauseBackfill(true);
            return true;
        });
        insist(
                "a pause can be taken back",
                () -> { // which is durable: the backfill would stand still for ever
                    dualWrite.pauseBackfill(false);
                    return true;
                });
        attempt("cancel", () -> {
            dualWrite.cancelBackfill();
            return true;
        });
        backfill();
    }

    /** Reads are compared, until the gate lets some of them move, if a fault does not keep it closed. */
    private void moveReads() {
        progress.activity("MOVE_READS");
        if (dualWrite.ownership().phase() != Phase.DUAL_WRITE) {
            return;
        }
        verify();
        shelf.targetFirst(false); // entering empties the cohort
        enter(Phase.SHADOW_READ);
        for (int i = 0; i < 12 && dualWrite.ownership().phase() == Phase.SHADOW_READ; i++) {
            progress.await(4, Duration.ofMillis(150));
            PhaseOutcome outcome = enter(Phase.TARGET_READ);
            if (outcome instanceof PhaseOutcome.Entered) {
                tally.count("reads could move");
                progress.await(1, Duration.ofMillis(50));
            } else if (outcome instanceof PhaseOutcome.Refused refused && i == 11) {
                refused.report().failed().forEach(check -> tally.count("reads kept by " + check.name()));
            }
        }
        if (dualWrite.ownership().phase() != Phase.TARGET_READ) {
            return;
        }
        if (plan.targetFirst() && attempt("target first", this::targetFirst)) {
            shelf.targetFirst(true);
        }
        for (Growth growth : plan.cohort()) {
            if (attempt("cohort", () -> growth.by(dualWrite))) {
                tally.count("cohort grown by " + growth.kind().name());
                progress.await(60, REST.multipliedBy(3));
            }
        }
    }

    private boolean targetFirst() {
        dualWrite.readTargetFirst(Counters.TOKEN);
        return true;
    }

    private void leave() throws InterruptedException {
        Phase now = dualWrite.ownership().phase();
        if (!now.capturing() || now.owner() != Side.SOURCE) {
            return;
        }
        progress.activity("LEAVE");
        enter(Phase.SOURCE_ONLY);
        progress.await(8, REST);
        enter(false);
        backfill();
    }

    /** All faults are over: switches are back, what was parked is queued, and the follower can be made equal. */
    void settle() {
        progress.activity("SETTLE");
        insist("the switches can be put back", () -> {
            dualWrite.kill(false);
            dualWrite.hold(false);
            dualWrite.pauseBackfill(false);
            return true;
        });
        if (dualWrite.ownership().phase().capturing() && dualWrite.ownership().owner() == Side.SOURCE) {
            insist("a backfill ends", () -> dualWrite.backfill().complete());
        }
    }

    /** All clients have ended: what was parked is queued again, until nothing is. */
    void drain() {
        insist("the queue is empty and nothing is parked", () -> {
            dualWrite.unpark();
            DualWrite.Status status = dualWrite.status();
            return status.parked() == 0
                    && (status.queued() == 0 || !status.ownership().phase().capturing());
        });
    }

    /** With nothing wrong any more the library itself finds both sides equal, and ownership can move. */
    void conclude() {
        progress.activity("CONCLUDE");
        if (!dualWrite.ownership().phase().capturing()) {
            return;
        }
        insist("a verification ends", () -> {
            DualWrite.VerificationReport report = dualWrite.verify();
            tally.divergences(report.divergences());
            return report.complete();
        });
        if (plan.moreAtTheEnd()) {
            insist("reads come back", () -> {
                phase(dualWrite::stepBack);
                return dualWrite.ownership().phase().reads() == Phase.Reads.OWNER;
            });
            Side owner = dualWrite.ownership().owner();
            insist("ownership moves once more", () -> {
                FlipOutcome outcome = moveOwner();
                tally.flip(outcome);
                if (!(outcome instanceof FlipOutcome.Flipped)) {
                    throw new IllegalStateException(outcome.toString());
                }
                return dualWrite.ownership().owner() != owner;
            });
        }
    }

    private void insist(String what, Supplier<Boolean> act) {
        Eventually.within(Duration.ofSeconds(60)).until(act::get, () -> "STUCK: " + what.toLowerCase(Locale.ROOT));
    }
}
