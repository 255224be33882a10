package dev.dualwrite.campaign;

import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Tokens of counters that clients of this process were told to be stored. Nothing removes them: so whoever reads them on the target
 * first, and else on the source, finds each. Thread-safe.
 */
final class Shelf {
    private static final long SEEN = 1_000_000_000L;

    private final Deque<String> tokens = new ConcurrentLinkedDeque<>();
    private volatile Optional<Long> since = Optional.empty();

    void stored(String token) {
        tokens.addFirst(token);
    }

    Optional<String> newest() {
        return Optional.ofNullable(tokens.peekFirst());
    }

    /** From now on they are read on the target first, or not. */
    void targetFirst(boolean on) {
        since = on ? Optional.of(System.nanoTime()) : Optional.empty();
    }

    /** Whether whoever looks from then on finds all that is here: what instances know of the cohort is not older than a second. */
    boolean complete(long began) {
        return since.filter(then -> began - then > SEEN).isPresent();
    }
}
