package dev.dualwrite.samples.orders.sales;

import org.jspecify.annotations.Nullable;

/** Generated identifiers. */
final class Ids {
    private Ids() {}

    static long of(@Nullable Long id) {
        if (id == null) {
            throw new IllegalStateException("an entity has its id once it is persisted");
        }
        return id;
    }
}
