package dev.dualwrite.jdbc.compare;

import java.util.Locale;

/** What is counted of a shape. */
enum Count {
    /** Executions that were seen. */
    EXECUTIONS,
    /** Chosen to be compared. */
    SAMPLED,
    /** Both sides answer the same. */
    MATCHED,
    /** They do not, and go on not to. */
    DIFFERENT,
    /** Matched, though not at first sight. */
    LAGGED,
    /** It could not be decided. */
    UNSETTLED,
    /** Not compared for want of room, or of an answer from the other side. */
    DROPPED,
    /** Of those dropped, without an answer from the other side. */
    CANDIDATE_ERRORS,
    /** The owner was asked twice to measure noise. */
    NOISE_CHECKS,
    /** The owner has answered otherwise the second time. */
    NOISE;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
