package dev.dualwrite.testkit.fault;

/** On which side of a statement a connection is cut. The client cannot tell the two apart; that is the point. */
public enum Moment {
    /** The server never sees the statement. */
    BEFORE,
    /** The server has carried the statement out and answered; the client never sees the answer. */
    AFTER
}
