package dev.dualwrite;

import java.util.Optional;

/**
 * Where an operator's wishes come from beside the API and the control table. Flags ask; the fence decides:
 * no flag moves ownership by itself, and a flag that contradicts the fence changes nothing but is
 * reported.
 *
 * <p>Called from a thread of the library every 250 ms, never on a caller's path. It may be slow or
 * throw; then the phase stays what it is. Must be thread-safe.
 */
public interface FlagSource {

    /**
     * The phase that is wished for. A change of it while the process runs is a wish, tried until it is fulfilled or
     * changes again; then it is over and does not undo what is decided later. What it says at start-up is only
     * compared with the fence.
     */
    Optional<Phase> requestedPhase();

    /** Whether flips and changes of phase have to wait. */
    default boolean hold() {
        return false;
    }

    /** Whether converging and waiting for it have to stop at once. Intents go on being written. */
    default boolean kill() {
        return false;
    }

    /** A source that wishes for nothing. */
    static FlagSource none() {
        return Optional::empty;
    }
}
