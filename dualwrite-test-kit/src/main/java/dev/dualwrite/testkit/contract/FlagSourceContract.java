package dev.dualwrite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.testkit.fault.Eventually;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * A {@link FlagSource} of a host: it wishes for nothing by itself, tells each wish within {@link #patience()}, keeps its flags
 * apart, changes nothing by being asked, and can be asked by any thread while it changes.
 */
public abstract class FlagSourceContract {
    private static final int ASKING = 4;

    /** For the subclass, once for each test. */
    protected FlagSourceContract() {}

    /** The source under test; the same within a test, and at its beginning nobody has wished for anything. */
    protected abstract FlagSource flags();

    /** Sets the wish for a phase, as the host's operator does; empty takes it back. */
    protected abstract void request(Optional<Phase> wished);

    /** Sets or releases {@link FlagSource#hold()}. A source that has no such flag does nothing, and says so by {@link #holds()}. */
    protected abstract void hold(boolean on);

    /** As {@link #hold(boolean)}, for {@link FlagSource#kill()} and {@link #kills()}. */
    protected abstract void kill(boolean on);

    /** Whether the source can hold. */
    protected boolean holds() {
        return true;
    }

    /** Whether the source can kill. */
    protected boolean kills() {
        return true;
    }

    /**
     * Sets the wish for readers, sampling and pace ({@link FlagSource#readPercent()} and those after it); empty, or nobody, takes it back. A
     * source that has no such flags does nothing, and says so by {@link #names()}.
     */
    protected void readers(
            OptionalDouble percent, Map<String, Set<String>> members, OptionalDouble sampling, boolean paused) {}

    /** Whether the source has flags of readers, sampling and pace. */
    protected boolean names() {
        return false;
    }

    /** How long a change may take until it is told. */
    protected Duration patience() {
        return Duration.ofSeconds(5);
    }

    @Test
    final void wishesForNothingByItself() {
        assertTold(Optional.empty(), false, false);
    }

    @Test
    final void tellsEachPhaseThatIsWishedForAndForgetsIt() {
        for (Phase phase : Phase.values()) {
            request(Optional.of(phase));
            awaitTold(Optional.of(phase), false, false);
        }
        request(Optional.empty());
        awaitTold(Optional.empty(), false, false);
    }

    @Test
    final void keepsTheThreeApart() {
        hold(true);
        awaitTold(Optional.empty(), holds(), false);
        kill(true);
        awaitTold(Optional.empty(), holds(), kills());
        hold(false);
        awaitTold(Optional.empty(), false, kills());
        request(Optional.of(Phase.DUAL_WRITE));
        awaitTold(Optional.of(Phase.DUAL_WRITE), false, kills());
        kill(false);
        awaitTold(Optional.of(Phase.DUAL_WRITE), false, false);
    }

    @Test
    final void beingAskedChangesNothing() {
        request(Optional.of(Phase.DUAL_WRITE));
        hold(true);
        awaitTold(Optional.of(Phase.DUAL_WRITE), holds(), false);
        for (int i = 0; i < 100; i++) {
            assertTold(Optional.of(Phase.DUAL_WRITE), holds(), false);
        }
    }

    @Test
    final void tellsReadersSamplingAndPaceIfItHasThem() {
        assertReaders(OptionalDouble.empty(), Map.of(), OptionalDouble.empty(), false);
        Map<String, Set<String>> members = Map.of("tenant", Set.of("a", "b"), "region", Set.of("north"));
        readers(OptionalDouble.of(2.5), Map.of(), OptionalDouble.empty(), false);
        awaitReaders(OptionalDouble.of(2.5), Map.of(), OptionalDouble.empty(), false);
        readers(OptionalDouble.of(0), members, OptionalDouble.of(100), true);
        awaitReaders(OptionalDouble.of(0), members, OptionalDouble.of(100), true);
        assertTold(Optional.empty(), false, false);
        readers(OptionalDouble.empty(), Map.of(), OptionalDouble.of(5), false);
        awaitReaders(OptionalDouble.empty(), Map.of(), OptionalDouble.of(5), false);
        readers(OptionalDouble.empty(), Map.of(), OptionalDouble.empty(), false);
        awaitReaders(OptionalDouble.empty(), Map.of(), OptionalDouble.empty(), false);
    }

    @Test
    final void saysTheSameInOneLook() {
        request(Optional.of(Phase.DUAL_WRITE));
        awaitTold(Optional.of(Phase.DUAL_WRITE), false, false);
        FlagSource look = flags().now();
        assertThat(look.requestedPhase()).contains(Phase.DUAL_WRITE);
        assertThat(look.hold()).isFalse();
        assertThat(look.kill()).isFalse();
        assertThat(look.now().requestedPhase()).contains(Phase.DUAL_WRITE);
    }

    @Test
    final void canBeAskedByAnyThreadWhileItChanges() throws InterruptedException {
        FlagSource flags = flags();
        AtomicBoolean ended = new AtomicBoolean();
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        CountDownLatch asked = new CountDownLatch(ASKING);
        Thread[] threads = new Thread[ASKING];
        for (int i = 0; i < ASKING; i++) {
            threads[i] = new Thread(() -> {
                try {
                    do {
                        flags.hold();
                        flags.kill();
                        Optional<Phase> phase = flags.requestedPhase();
                        assertThat(phase)
                                .isIn(Optional.empty(), Optional.of(Phase.DUAL_WRITE), Optional.of(Phase.SOURCE_ONLY));
                        asked.countDown();
                    } while (!ended.get());
                } catch (Throwable e) {
                    wrong.add(e);
                    asked.countDown();
                }
            });
            threads[i].start();
        }
        asked.await();
        for (int i = 0; i < 50; i++) {
            request(Optional.of(i % 2 == 0 ? Phase.DUAL_WRITE : Phase.SOURCE_ONLY));
            hold(i % 2 == 0);
            kill(i % 3 == 0);
        }
        request(Optional.empty());
        hold(false);
        kill(false);
        ended.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
        awaitTold(Optional.empty(), false, false);
    }

    private void awaitTold(Optional<Phase> phase, boolean hold, boolean kill) {
        Eventually.within(patience()).untilAsserted(() -> assertTold(phase, hold, kill));
    }

    private void assertTold(Optional<Phase> phase, boolean hold, boolean kill) {
        assertThat(flags().requestedPhase()).as("phase that is wished for").isEqualTo(phase);
        assertThat(flags().hold()).as("hold").isEqualTo(hold);
        assertThat(flags().kill()).as("kill").isEqualTo(kill);
    }

    private void awaitReaders(
            OptionalDouble percent, Map<String, Set<String>> members, OptionalDouble sampling, boolean paused) {
        Eventually.within(patience()).untilAsserted(() -> assertReaders(percent, members, sampling, paused));
    }

    private void assertReaders(
            OptionalDouble percent, Map<String, Set<String>> members, OptionalDouble sampling, boolean paused) {
        FlagSource look = flags().now();
        assertThat(look.readPercent()).as("share of readers").isEqualTo(names() ? percent : OptionalDouble.empty());
        assertThat(look.readCohort()).as("readers").isEqualTo(names() ? members : Map.of());
        assertThat(look.sampling()).as("sampling").isEqualTo(names() ? sampling : OptionalDouble.empty());
        assertThat(look.paused()).as("pace").isEqualTo(names() && paused);
    }
}
