package dev.dualwrite;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Where an operator's wishes come from beside the API and the control table. Flags ask; the fence decides:
 * no flag moves ownership by itself, and a flag that contradicts the fence changes nothing but is
 * reported.
 *
 * <p>Called from a thread of its own every 250 ms, never on a caller's path, and each question by itself: one that is
 * answered by an exception, by null or by what is not allowed leaves what it asks for as it was. While an answer is waited for,
 * everything stays as it was. {@code DualWrite.status()} says so. Must be thread-safe.
 */
public interface FlagSource {

    /**
     * The phase that is wished for. A change of it while the process runs is a wish, tried until it is fulfilled or
     * changes again; then it is over and does not undo what is decided later; saying
     * nothing for a while and the same again is no change. It has to be said three times in a row. What
     * it says at start-up is only compared with the fence.
     */
    Optional<Phase> requestedPhase();

    /** Whether flips and changes of phase have to wait. At once when it is said; over when it is said no more three times in a row. */
    default boolean hold() {
        return false;
    }

    /**
     * Whether converging and waiting for it have to stop at once. Intents go on being written. Over when it is said no more
     * three times in a row.
     */
    default boolean kill() {
        return false;
    }

    /**
     * The share of all readers whose reads the target answers in {@link Phase#TARGET_READ}, 0 to 100; empty for no opinion. As with
     * the phase, a change is a wish, and what is said at start-up is none. The share only grows: a smaller one than it is changes
     * nothing, but 0 after more takes everybody out.
     */
    default OptionalDouble readPercent() {
        return OptionalDouble.empty();
    }

    /**
     * By attribute, the values of it whose bearers belong to the cohort too; empty for no opinion. Whoever is added while the process
     * runs is taken in; leaving somebody out again changes nothing.
     */
    default Map<String, Set<String>> readCohort() {
        return Map.of();
    }

    /** The share of reads that are compared, 0 to 100; empty for no opinion. In force as long as it is said. */
    default OptionalDouble sampling() {
        return OptionalDouble.empty();
    }

    /** Whether backfills stand still. In force as long as it is said. */
    default boolean paused() {
        return false;
    }

    /** What the questions are put to, one look long: a source that takes all its answers from one place does so here. */
    default FlagSource now() {
        return this;
    }

    /** A source that wishes for nothing. */
    static FlagSource none() {
        return Optional::empty;
    }
}
