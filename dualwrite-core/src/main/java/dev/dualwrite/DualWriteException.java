package dev.dualwrite;

/**
 * The root of what the library's own API throws. What a host sees through JDBC is an {@code
 * SQLException} instead, with the same codes in its message.
 *
 * <p>The message says what happened, in which state, and what to do next. It holds keys where they help
 * and never any other value of a row.
 */
public class DualWriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code stable, {@code DW-nnnn}; listed in {@code docs/codes.md}
     * @param message without the code, which is put in front of it
     */
    public DualWriteException(String code, String message) {
        super(code + " " + message);
        this.code = code;
    }

    /** As {@link #DualWriteException(String, String)}, with a cause. */
    public DualWriteException(String code, String message, Throwable cause) {
        super(code + " " + message, cause);
        this.code = code;
    }

    /** The stable code, {@code DW-nnnn}. */
    public final String code() {
        return code;
    }
}
