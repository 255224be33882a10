package dev.dualwrite.jdbc.compare;

/** A side has not answered. */
final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    private final Why why;

    enum Why {
        /** The answer is larger than what is compared. */
        TOO_LARGE,
        /** It failed, or took too long. */
        FAILED
    }

    Unanswered(Why why, String what) {
        super(what);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
