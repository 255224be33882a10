package dev.dualwrite.flip;

import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;

/**
 * Hears of each step after it was done, before the next begins. It can delay or end the coordinator, and
 * cannot change what the steps do.
 */
public interface FlipListener {
    /**
     * @param side where the step was done
     * @param epoch the epoch that the step wrote or found
     */
    void after(FlipStep step, Side side, long epoch, String detail);
}
