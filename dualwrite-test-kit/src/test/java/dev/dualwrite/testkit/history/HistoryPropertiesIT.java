package dev.dualwrite.testkit.history;

import java.time.Duration;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * The oracle holds after any history, on two servers. Histories are drawn for 8 seconds from the end of the first, or for {@code
 * -Ddualwrite.histories.seconds=}, and at least three of them; a failure prints jqwik's seed, the drawn and the shrunk history.
 * {@code -Ddualwrite.history="a.begin; a.write(1)"} does one again, a hundred times, and draws none.
 */
class HistoryPropertiesIT {
    private static final long NANOS =
            Duration.ofSeconds(Long.getLong("dualwrite.histories.seconds", 8)).toNanos();
    private static final int LEAST = 3;
    private static final String ONE = System.getProperty("dualwrite.history", "");
    private static final int AGAIN = 100;

    // jqwik runs the tries of a property one after the other, in one thread
    private static long firstEnded;
    private static int done;
    private static boolean failed;

    @Property(tries = 100_000, shrinking = ShrinkingMode.FULL, afterFailure = AfterFailureMode.RANDOM_SEED)
    void theOracleHoldsAfterAnyHistory(@ForAll History history) {
        boolean shrinking = failed;
        if (!shrinking && enough()) {
            return; // the time is over, and what is left of the tries with it
        }
        done++;
        try {
            HistoryRunner.isolated().run(ONE.isEmpty() ? history : History.parse(ONE));
        } catch (AssertionError e) {
            if (!shrinking) {
                System.out.println("history " + done + " failed: " + e.getMessage());
            }
            failed = true;
            throw e;
        } finally {
            firstEnded = done == 1 ? System.nanoTime() : firstEnded; // it may have started the servers
        }
    }

    private static boolean enough() {
        return ONE.isEmpty() ? done >= LEAST && System.nanoTime() - firstEnded > NANOS : done == AGAIN;
    }

    @AfterContainer
    static void tellHowMany() {
        System.out.println("histories done: " + done);
    }
}
