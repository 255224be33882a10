package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.Ownership;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who owns, as an instance believes it, while its watches, its writers and its callers tell and ask at the same time. The
 * orders of threads are those that the model checker finds; waits that end after a time are beyond it, and are raced.
 */
@Timeout(600)
class BeliefsRaceTest {
    private static final int ORDERS = 100;

    /** After so long who waits looks again by itself. */
    private static final Duration LOOKS = Duration.ofSeconds(2);

    private static FenceRow row(Side side, FenceState state, long epoch) {
        Phase phase = side == Side.SOURCE ? Phase.DUAL_WRITE : Phase.REVERSE_WINDOW;
        return new FenceRow(
                side, state, phase, epoch, "attempt " + epoch, 1, false, 0, Duration.ZERO, Duration.ZERO, "u", "u");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** What one of them throws is thrown here. */
    private static void together(Runnable one, Runnable other) {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread first = noting(one, thrown);
        Thread second = noting(other, thrown);
        first.start();
        second.start();
        try {
            first.join();
            second.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Throwable what = thrown.get();
        if (what != null) {
            throw new AssertionError(what);
        }
    }

    private static Thread noting(Runnable work, AtomicReference<@Nullable Throwable> thrown) {
        return new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                thrown.set(e);
            }
        });
    }

    /** A watch that read the source before the flip tells of it late, beside one that read both sides after it. */
    @Tag("orders")
    @Test
    void whatWasReadBeforeAFlipDoesNotTakeItBackHoweverLateItIsTold() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Beliefs beliefs = new Beliefs();
            together(() -> beliefs.saw(row(Side.SOURCE, FenceState.OPEN, 5), 1), () -> {
                beliefs.saw(row(Side.SOURCE, FenceState.CLOSED, 7), 3);
                beliefs.saw(row(Side.TARGET, FenceState.OPEN, 7), 4);
            });
            check(beliefs.owner() == Side.TARGET, "the source is believed to own");
            check(beliefs.epoch() == 7, "the epoch is " + beliefs.epoch());
            check(!beliefs.doubtful(row(Side.TARGET, FenceState.OPEN, 7)), "the owner is doubted");
            check(beliefs.doubtful(row(Side.SOURCE, FenceState.OPEN, 5)), "the old owner is believed");
        });
    }

    /** What is asked beside a flip is one moment: never the new epoch with the old owner, or the other way round. */
    @Tag("orders")
    @Test
    void ownershipIsToldAsItWasAtOneMoment() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Beliefs beliefs = new Beliefs();
            beliefs.saw(row(Side.SOURCE, FenceState.OPEN, 5), 1);
            together(
                    () -> {
                        beliefs.saw(row(Side.SOURCE, FenceState.HANDED_OVER, 7), 2);
                        beliefs.saw(row(Side.TARGET, FenceState.OPEN, 7), 3);
                    },
                    () -> {
                        Ownership told = beliefs.ownership();
                        boolean before =
                                told.owner() == Side.SOURCE && told.epoch() == 5 && told.phase() == Phase.DUAL_WRITE;
                        boolean nobody = told.owner() == Side.TARGET && told.epoch() == 0;
                        boolean after = told.owner() == Side.TARGET
                                && told.epoch() == 7
                                && told.phase() == Phase.REVERSE_WINDOW;
                        check(before || nobody || after, told.toString());
                    });
        });
    }

    /** A writer that holds the old owner's row and one that holds the new one's: at most the new one is admitted for good. */
    @Tag("orders")
    @Test
    void ofTwoSidesThatClaimToOwnTheLowerEpochIsNotAdmittedOnceTheHigherWasSeen() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Beliefs beliefs = new Beliefs();
            AtomicReference<@Nullable Boolean> old = new AtomicReference<>();
            together(
                    () -> check(beliefs.admits(row(Side.TARGET, FenceState.OPEN, 7)), "the owner is refused"),
                    () -> old.set(beliefs.admits(row(Side.SOURCE, FenceState.OPEN, 5))));
            check(old.get() != null, "answered");
            check(!beliefs.admits(row(Side.SOURCE, FenceState.OPEN, 5)), "the old owner is admitted");
            check(beliefs.owner() == Side.TARGET, "the source is believed to own");
        });
    }

    /** Told once, when it is known that somebody waits: nobody looks again by itself for two seconds. */
    @Test
    void whoWaitsForASideToOpenHearsOfItWhenItIsTold() throws Exception {
        int late = 0;
        for (int i = 1; i <= 500; i++) {
            Beliefs beliefs = new Beliefs();
            AtomicReference<@Nullable Object> heard = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    heard.set(beliefs.awaitOpen(Duration.ofSeconds(60)));
                } catch (SQLException e) {
                    heard.set(e);
                }
            });
            caller.start();
            while (!beliefs.awaited()) {
                Thread.onSpinWait();
            }
            long told = System.nanoTime();
            beliefs.saw(row(Side.TARGET, FenceState.OPEN, i), told);
            caller.join();
            late += System.nanoTime() - told < LOOKS.toNanos() ? 0 : 1;
            assertThat(late).as("a busy machine may be late at times").isLessThan(10);
            assertThat(heard.get()).isEqualTo(Side.TARGET);
            assertThat(beliefs.awaited()).isFalse();
        }
    }
}
