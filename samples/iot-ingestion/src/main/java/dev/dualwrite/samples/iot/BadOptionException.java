package dev.dualwrite.samples.iot;

/** An option that cannot be used. The message says what is wrong, where, and what to do. */
public final class BadOptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadOptionException(String message) {
        super(message);
    }
}
