package dev.dualwrite.jdbc.boundary;

/**
 * What the boundary makes of something that an application does. What is expected stands in the tables of
 * {@link StatementKinds} and {@link JdbcFeatures}; what happens is found out by a {@link Judge}.
 *
 * @param code of a refusal, or the server's or driver's own of what was passed on; empty if there was no error, {@code *} if
 *     there may be one
 */
record Verdict(Outcome outcome, String code) {
    static final Verdict CAPTURED = new Verdict(Outcome.CAPTURED, "");
    static final Verdict SUPERSET = new Verdict(Outcome.SUPERSET, "");
    static final Verdict PASSED = new Verdict(Outcome.PASSED, "");
    static final Verdict PASSED_WHATEVER = new Verdict(Outcome.PASSED, "*");
    static final Verdict UNCAPTURED = new Verdict(Outcome.UNCAPTURED, "");

    enum Outcome {
        /** The captured keys are those of the rows that changed. */
        CAPTURED("captured"),
        /** They are among the captured ones. */
        SUPERSET("superset"),
        /** No moved row changed, and nothing was captured. */
        PASSED("passed on"),
        /** By the boundary; nothing changed anywhere. */
        REFUSED("refused"),
        /** Moved rows changed, and nothing was captured, as it has to be where nothing is converged. */
        UNCAPTURED("not captured"),
        /** The worst: a row changed that was not captured, or something changed that was refused. */
        LOST("lost");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    static Verdict refused(Refusal why) {
        return new Verdict(Outcome.REFUSED, why.code());
    }

    /** Passed on to a server or driver that says no. */
    static Verdict failing(int code) {
        return new Verdict(Outcome.PASSED, Integer.toString(code));
    }

    /** Whether this is what was expected. */
    boolean is(Verdict expected) {
        return outcome == expected.outcome && (expected.code.equals("*") || code.equals(expected.code));
    }

    /** For a reader of the documentation. */
    String text() {
        if (code.isEmpty() || code.equals("*")) {
            return outcome.word;
        }
        return outcome.word + (outcome == Outcome.REFUSED ? " (" + code + ")" : ", answered by error " + code);
    }
}
