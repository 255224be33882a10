package dev.dualwrite.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import org.jspecify.annotations.Nullable;

/**
 * The transaction could not keep or reach the owner: a flip came between, or no side is open. It is rolled
 * back and nothing of it is stored; run it again. SQLState {@code 40001}, which frameworks retry.
 */
public final class OwnershipException extends SQLTransactionRollbackException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code {@code DW-3nnn}, listed in {@code docs/codes.md}
     * @param message what happened, in which state, and what to do; without the code
     * @param cause what the server said, if it said something
     */
    public OwnershipException(String code, String message, @Nullable SQLException cause) {
        super(code + " " + message, "40001", cause);
        this.code = code;
    }

    /** The stable code. */
    public String code() {
        return code;
    }
}
