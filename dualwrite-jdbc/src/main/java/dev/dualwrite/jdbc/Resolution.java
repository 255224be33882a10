package dev.dualwrite.jdbc;

import java.util.Optional;

/**
 * What became of a transaction that had an idempotency key.
 *
 * @param outcome whether it was committed
 * @param result what was stored with the key by {@link DualWriteConnection#storeResult}; empty if nothing was
 * @param why it is undecided; empty otherwise
 */
public record Resolution(Outcome outcome, Optional<StoredResult> result, String why) {

    /** Whether a transaction was committed. */
    public enum Outcome {
        /** It was, and stays so. */
        COMMITTED,
        /** It was not, and will not be: what it may have done is rolled back. The work is to be done again. */
        NOT_COMMITTED,
        /** Nobody can say yet: it is still open on its server, or no owner answers. Ask again. */
        UNDECIDED
    }
}
