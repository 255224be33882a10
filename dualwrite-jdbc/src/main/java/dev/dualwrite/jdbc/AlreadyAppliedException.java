package dev.dualwrite.jdbc;

import java.sql.SQLNonTransientException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transaction with this idempotency key has committed before. The one that asked is rolled back and has done nothing; call
 * {@code rollback()}, and answer as was answered then. SQLState {@code 23000}.
 */
public final class AlreadyAppliedException extends SQLNonTransientException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final transient @Nullable StoredResult result;

    /** @param result what was stored with the key; null if nothing was */
    public AlreadyAppliedException(String key, @Nullable StoredResult result) {
        super(
                "DW-3012 the idempotency key '" + key
                        + "' was applied before; this transaction is rolled back and has done"
                        + " nothing. Call rollback(), and answer as before.",
                "23000");
        this.key = key;
        this.result = result;
    }

    /** The key. */
    public String key() {
        return key;
    }

    /** What the transaction that committed stored by {@link DualWriteConnection#storeResult}; empty if nothing, or after serialization. */
    public Optional<StoredResult> result() {
        return Optional.ofNullable(result);
    }
}
