package dev.dualwrite.sql;

/** The strongest row locks that a query asks for, anywhere in its text. */
public enum Locking {
    NONE,
    /** {@code FOR SHARE} or {@code LOCK IN SHARE MODE}. */
    SHARE,
    /** {@code FOR UPDATE}. */
    UPDATE
}
