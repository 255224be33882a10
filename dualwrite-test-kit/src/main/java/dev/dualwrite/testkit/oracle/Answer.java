package dev.dualwrite.testkit.oracle;

/** What the caller of a transaction was told. */
public enum Answer {
    /** It is stored. */
    COMMITTED,
    /** Nothing of it is stored. */
    ROLLED_BACK,
    /** Nothing: the connection or the caller died first. It is stored whole, or not at all. */
    UNKNOWN
}
