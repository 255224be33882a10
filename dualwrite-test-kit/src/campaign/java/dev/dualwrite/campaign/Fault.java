package dev.dualwrite.campaign;

import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.FailPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that goes wrong.
 *
 * @param step while the operator is at this step, or later
 * @param after so many answers to clients since that step began
 * @param side whose network or server it is; of no meaning for seams and the child
 * @param point the statement, for what happens at one
 * @param nth which of these statements, or passages of a seam, from 1
 * @param seam for what happens at one
 * @param millis how long it lasts
 */
record Fault(Kind kind, int step, int after, Side side, FailPoint point, int nth, String seam, int millis) {

    /** What goes wrong. */
    enum Kind {
        CUT_BEFORE,
        CUT_AFTER,
        HOLD,
        DELAY,
        DOWN,
        STALL,
        BLACK_HOLE,
        KILL_SESSIONS,
        /** A table of one side refuses some rows. */
        REFUSE,
        /** An instance in this JVM stands still at a seam. */
        SEAM_PAUSE,
        /** The child stands at a seam and is stopped, wholly. */
        CHILD_STOP_AT,
        /** The child dies at a seam. */
        CHILD_HALT_AT,
        CHILD_STOP,
        CHILD_KILL
    }

    private static final List<Kind> OFTEN = List.of(
            Kind.CUT_BEFORE,
            Kind.CUT_AFTER,
            Kind.CUT_BEFORE,
            Kind.CUT_AFTER,
            Kind.HOLD,
            Kind.SEAM_PAUSE,
            Kind.KILL_SESSIONS,
            Kind.CHILD_STOP_AT);

    static final List<String> SEAMS = Stream.concat(
                    Stream.of(
                            "afterOwnerCommit",
                            "afterPeek",
                            "afterLanesLocked",
                            "afterOwnerRead",
                            "betweenFollowerStatements",
                            "afterClash",
                            "beforeFollowerCommit",
                            "afterFollowerCommit",
                            "afterChunkRead",
                            "afterChunk",
                            "afterVerifiedPage"),
                    Arrays.stream(FlipStep.values()).map(Enum::name))
            .toList();

    static List<Fault> draw(Draw draw, List<Step> steps) {
        List<Fault> faults = new ArrayList<>();
        boolean childLives = true;
        int count = draw.between(0, 8);
        for (int i = 0; i < count; i++) {
            int number = draw.between(0, steps.size() - 1);
            Step step = steps.get(number);
            boolean inFlip = step.act() == Step.Act.MOVE && draw.chance(35);
            Kind kind = inFlip ? whoMoves(draw, step) : draw.chance(60) ? draw.of(OFTEN) : draw.of(Kind.values());
            boolean ends = kind == Kind.CHILD_KILL || kind == Kind.CHILD_HALT_AT;
            if (ends && !childLives) {
                kind = Kind.CUT_BEFORE;
            }
            childLives &= !ends;
            faults.add(new Fault(
                    kind,
                    number,
                    inFlip ? 0 : draw.between(0, 12),
                    draw.of(Side.values()),
                    draw.chance(20) ? FailPoint.COMMIT : draw.of(FailPoint.values()),
                    inFlip ? 1 : draw.of(1, 1, 2, 3, 7, 20),
                    inFlip ? draw.of(FlipStep.values()).name() : draw.of(SEAMS),
                    lasts(draw, kind)));
        }
        faults.sort((a, b) -> a.step() != b.step() ? a.step() - b.step() : a.after() - b.after());
        return List.copyOf(faults);
    }

    /** What happens to whoever moves ownership in this step. */
    private static Kind whoMoves(Draw draw, Step step) {
        return !step.byChild() ? Kind.SEAM_PAUSE : draw.of(Kind.CHILD_STOP_AT, Kind.CHILD_HALT_AT);
    }

    private static int lasts(Draw draw, Kind kind) {
        return switch (kind) {
            case DELAY -> draw.between(100, 500);
            case SEAM_PAUSE, CHILD_STOP_AT, CHILD_STOP -> draw.of(20, 100, 300, 600, 1_500);
            case HOLD -> draw.of(20, 100, 300, 1_200);
            default -> draw.between(20, 500);
        };
    }

    boolean atStatement() {
        return kind == Kind.CUT_BEFORE || kind == Kind.CUT_AFTER || kind == Kind.HOLD;
    }

    boolean atSeam() {
        return kind == Kind.SEAM_PAUSE || kind == Kind.CHILD_STOP_AT || kind == Kind.CHILD_HALT_AT;
    }

    /** Whether the seam is a step of a flip. */
    boolean inFlip() {
        return SEAMS.indexOf(seam) >= SEAMS.size() - FlipStep.values().length;
    }

    /** Where it hits, for the coverage. */
    String where() {
        if (atSeam()) {
            return kind + " " + seam;
        }
        if (atStatement()) {
            return kind + " " + side + " " + point;
        }
        return kind == Kind.CHILD_STOP || kind == Kind.CHILD_KILL ? kind.toString() : kind + " " + side;
    }

    @Override
    public String toString() {
        return where() + (atStatement() || atSeam() ? " #" + nth : "") + " at step " + step + "+" + after + " for "
                + millis + " ms";
    }
}
