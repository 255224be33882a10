package dev.dualwrite.jdbc.boundary;

/**
 * What is certain of a transaction's isolation level. A session's new level counts at once if the server has no
 * transaction yet, and from the next one on if it has; which of the two is not asked, so both are allowed for.
 *
 * @param locksGaps whether it surely locks the gaps between the rows that it locks
 * @param repeatableRead whether it may answer plain reads from the time of its first one
 */
record Isolation(boolean locksGaps, boolean repeatableRead) {

    /** Of a transaction that begins now. */
    static Isolation of(SessionFacts facts) {
        return new Isolation(facts.repeatableRead() || facts.serializable(), facts.repeatableRead());
    }

    /** Of a transaction that goes on with the session as it is now. */
    Isolation and(SessionFacts facts) {
        Isolation now = of(facts);
        return new Isolation(locksGaps && now.locksGaps, repeatableRead || now.repeatableRead);
    }
}
