package dev.dualwrite.testkit.fault;

/** What a client asks of a server, as far as a test cares. */
public enum Command {
    /** A statement as text. */
    QUERY,
    /** A statement as text, to be prepared. */
    PREPARE,
    /** A statement that was prepared before; its text is not repeated. */
    EXECUTE,
    /** A sign of life. */
    PING,
    /** Clears the session. */
    RESET,
    /** Goes without an answer: the end of the connection, of a statement, or a piece of a parameter. */
    UNANSWERED,
    /** All else. */
    OTHER;

    static Command of(int code) {
        return switch (code) {
            case 0x03 -> QUERY;
            case 0x16 -> PREPARE;
            case 0x17 -> EXECUTE;
            case 0x0e -> PING;
            case 0x1f -> RESET;
            case 0x01, 0x18, 0x19 -> UNANSWERED;
            default -> OTHER;
        };
    }

    boolean hasText() {
        return this == QUERY || this == PREPARE;
    }
}
