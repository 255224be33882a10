package dev.dualwrite.flip;

import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.time.Duration;
import java.util.List;

/** What a flip has done for it between its own steps. */
public interface FlipWork {

    /**
     * Step 0: marking on, converge and verify ahead until what is left fits a quarter of the budget, raise
     * the next owner's identifiers, warm its pool.
     *
     * @return why it must not go on, each with what to do; empty if it may
     */
    List<String> prepare(Side owner, Duration budget);

    /** The gate. Evaluating it changes nothing. */
    GateReport gate(FenceRow owner, Phase to);

    /**
     * Step 3: waits until no unmarked intent is left, then verifies the marked units, then evaluates the
     * checks that are exact only behind the fence.
     *
     * @param deadline {@link System#nanoTime()} at which it must have come back
     * @return what is wrong; empty if nothing is
     */
    List<String> drain(FenceRow frozen, Phase to, long deadline);

    /** Waits until every live instance has seen the epoch, for a bounded time; the names of those that have not. */
    List<String> awaitAcknowledged(Side owner, long epoch);
}
