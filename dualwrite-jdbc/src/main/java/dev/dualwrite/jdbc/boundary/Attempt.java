package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import org.jspecify.annotations.Nullable;

/** What came of running something on the side that was believed to own. */
sealed interface Attempt<T extends @Nullable Object> {

    /** It ran, and this is its answer. */
    record Done<T extends @Nullable Object>(T answer) implements Attempt<T> {}

    /** Nothing was done, and nothing is held: this side owns now. */
    record TryOn<T extends @Nullable Object>(Side side) implements Attempt<T> {}
}
