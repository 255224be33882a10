package dev.dualwrite.flip;

import org.jspecify.annotations.Nullable;

/**
 * A server did not do what the coordinator asked, or it is not known whether it did: the connection broke,
 * or the statement was cancelled at its deadline. The coordinator never guesses; it reads back with a
 * lock.
 */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
