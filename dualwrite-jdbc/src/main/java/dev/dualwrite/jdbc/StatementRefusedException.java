package dev.dualwrite.jdbc;

import java.sql.SQLNonTransientException;

/**
 * A statement could not be captured exactly and was refused before it reached a server. Nothing was
 * changed, and the transaction it belongs to can go on. SQLState {@code 0A000}.
 */
public final class StatementRefusedException extends SQLNonTransientException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code {@code DW-2nnn}, listed in {@code docs/codes.md}
     * @param message what was refused, why, and what to do instead; without the code
     */
    public StatementRefusedException(String code, String message) {
        super(code + " " + message, "0A000");
        this.code = code;
    }

    /** The stable code. */
    public String code() {
        return code;
    }
}
