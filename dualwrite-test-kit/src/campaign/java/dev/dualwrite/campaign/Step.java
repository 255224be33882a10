package dev.dualwrite.campaign;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that an operator does.
 *
 * @param after how many answers clients get before it
 * @param byChild whether it is the instance in the child that does it
 */
record Step(Act act, int after, boolean byChild) {

    /** What an operator does. */
    enum Act {
        ENTER,
        BACKFILL,
        VERIFY,
        /** Flips, or rolls back, to the side that does not own. */
        MOVE,
        /** On, and after some answers off. */
        KILL_SWITCH,
        /** On, a flip that has to be refused, off. */
        HOLD,
        /** Pauses and goes on, cancels, and copies to the end. */
        PAUSE_BACKFILL,
        /** Back to SOURCE_ONLY, and in again with a new backfill. */
        LEAVE_AND_ENTER,
        /** Reads are compared, then all of them move, or a part. */
        MOVE_READS,
        /** One step back of reads. */
        STEP_BACK,
        /** Past the rollback boundary; only from the target. */
        FINISH
    }

    static List<Step> draw(Draw draw) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(Act.ENTER, draw.between(3, 20), draw.chance(20)));
        steps.add(new Step(draw.chance(15) ? Act.PAUSE_BACKFILL : Act.BACKFILL, draw.between(0, 10), false));
        steps.add(new Step(Act.VERIFY, draw.between(0, 15), false));
        if (draw.chance(60)) {
            steps.add(new Step(Act.MOVE_READS, draw.between(0, 10), false));
            if (draw.chance(40)) {
                steps.add(new Step(Act.STEP_BACK, draw.between(5, 25), false));
            }
        }
        int more = draw.between(1, 2);
        for (int i = 0; i < more; i++) {
            Act act = draw.chance(70)
                    ? Act.MOVE
                    : draw.of(Act.VERIFY, Act.KILL_SWITCH, Act.HOLD, Act.LEAVE_AND_ENTER, Act.MOVE);
            steps.add(new Step(act, draw.between(3, 25), draw.chance(40)));
        }
        if (draw.chance(6)) {
            steps.add(new Step(Act.FINISH, draw.between(3, 10), false));
        }
        return List.copyOf(steps);
    }
}
