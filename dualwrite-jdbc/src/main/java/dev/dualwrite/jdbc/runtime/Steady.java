package dev.dualwrite.jdbc.runtime;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is said again and again, and whether to go by it: only what is said three times in a row, and by nobody who keeps
 * changing his mind. Not thread-safe.
 */
final class Steady<T> {
    private static final int TIMES = 3;

    /** Of so many answers, so many changes are too many. */
    private static final int ANSWERS = 12;

    private static final int CHANGES = 4;

    private @Nullable T said;
    private int times;

    /** One bit for each of the last answers: whether it differed from the one before. */
    private int changes;

    void hear(T value) {
        boolean changed = said != null && !value.equals(said);
        changes = ((changes << 1) | (changed ? 1 : 0)) & ((1 << ANSWERS) - 1);
        times = changed || said == null ? 1 : times + 1;
        said = value;
    }

    /** What to go by; empty while that is not clear. */
    Optional<T> settled() {
        return times >= TIMES && !contradictory() ? Optional.ofNullable(said) : Optional.empty();
    }

    /** Whether it changes to and fro. */
    boolean contradictory() {
        return Integer.bitCount(changes) >= CHANGES;
    }
}
