package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a migration from phase to phase as an operator would, and fails with what stopped it. Safe for use by any number of
 * threads, but two that go at a time meet in the gate.
 */
public final class Passage {
    private static final Duration AGREEING = Duration.ofSeconds(20);
    private static final int TRIES = 8;

    private final DualWrite dualWrite;

    public Passage(DualWrite dualWrite) {
        this.dualWrite = dualWrite;
    }

    /** What a flip took: the stall of the one that succeeded, and those of tries that gave up before. */
    public record Flipped(Duration stall, List<Duration> givenUp) {
        public Flipped {
            givenUp = List.copyOf(givenUp);
        }
    }

    /**
     * Goes on to a phase, through those between.
     *
     * @throws AssertionError with what stopped it, or if there is no way
     */
    public void to(Phase wanted) {
        Phase now = dualWrite.ownership().phase();
        while (now != wanted) {
            Phase next = now.wayTo(wanted) == Phase.Way.NONE ? towards(now, wanted) : wanted;
            if (now.wayTo(next) == Phase.Way.FLIP) {
                flip();
            } else {
                enter(next);
                if (now == Phase.SOURCE_ONLY) {
                    DualWrite.BackfillReport copied = dualWrite.backfill();
                    if (!copied.complete()) {
                        throw new AssertionError("the backfill is not complete: " + copied);
                    }
                }
            }
            now = next;
        }
    }

    private static Phase towards(Phase now, Phase wanted) {
        return switch (now) {
            case SOURCE_ONLY, REVERSE_WINDOW -> Phase.DUAL_WRITE;
            case DUAL_WRITE -> wanted == Phase.TARGET_READ ? Phase.SHADOW_READ : Phase.REVERSE_WINDOW;
            case SHADOW_READ, TARGET_READ -> Phase.REVERSE_WINDOW;
            case TARGET_ONLY -> throw new AssertionError("there is no way from TARGET_ONLY to " + wanted);
        };
    }

    /**
     * Verifies and flips, there or back; again if it gave up, because the machine of a test is small.
     *
     * @throws AssertionError if the sides are not equal, the gate stays closed, or every try gave up
     */
    public Flipped flip() {
        verify();
        List<Duration> givenUp = new ArrayList<>();
        FlipOutcome last = tryOnce();
        while (!(last instanceof FlipOutcome.Flipped)) {
            if (last instanceof FlipOutcome.GaveUp gaveUp) {
                givenUp.add(gaveUp.stall());
            }
            if (last instanceof FlipOutcome.Unknown || givenUp.size() == TRIES || refused(last)) {
                throw new AssertionError("did not flip: " + last + "; given up before: " + givenUp.size());
            }
            last = tryOnce();
        }
        return new Flipped(((FlipOutcome.Flipped) last).stall(), givenUp);
    }

    private static boolean refused(FlipOutcome outcome) {
        return outcome instanceof FlipOutcome.Refused;
    }

    /**
     * Verifies and tries to flip once, there or back, whatever comes of it.
     *
     * @throws AssertionError if the sides are not equal
     */
    public FlipOutcome attempt() {
        verify();
        return tryOnce();
    }

    private FlipOutcome tryOnce() {
        Phase to = dualWrite.ownership().phase().flipsTo().orElseThrow();
        FlipOutcome outcome;
        int refused = 0;
        do {
            awaitAgreement(to);
            outcome = to == Phase.DUAL_WRITE ? dualWrite.rollBack() : dualWrite.flip();
        } while (disagreed(outcome) && ++refused < TRIES); // an instance that was struck may fall silent in between
        return outcome;
    }

    private static boolean disagreed(FlipOutcome outcome) {
        return outcome instanceof FlipOutcome.Refused told
                && told.report().failed().stream()
                        .allMatch(check -> check.name().equals("instances-agree"));
    }

    /**
     * Verifies until every row is decided; rows that change all the time need another look.
     *
     * @throws AssertionError if the sides are not equal
     */
    public void verify() {
        DualWrite.VerificationReport report = dualWrite.verify();
        for (int i = 0; i < TRIES && !report.complete(); i++) {
            report = dualWrite.verify();
        }
        if (!report.equal()) {
            throw new AssertionError("the sides are not proven equal: " + report);
        }
    }

    /**
     * Enters one phase that keeps the owner, and does nothing else.
     *
     * @throws AssertionError with what stopped it
     */
    public void enter(Phase phase) {
        awaitAgreement(phase);
        PhaseOutcome outcome = dualWrite.enter(phase);
        if (!(outcome instanceof PhaseOutcome.Entered)) {
            throw new AssertionError("could not enter " + phase + ": " + outcome);
        }
    }

    /** An instance that has just started or seen another epoch says so with its next heartbeat. */
    private void awaitAgreement(Phase phase) {
        Eventually.within(AGREEING)
                .until(
                        "every instance acts by the epoch of the fence",
                        () -> dualWrite.gate(phase).failed().stream()
                                .noneMatch(check -> check.name().equals("instances-agree")));
    }
}
