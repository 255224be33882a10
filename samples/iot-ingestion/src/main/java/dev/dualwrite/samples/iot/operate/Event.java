package dev.dualwrite.samples.iot.operate;

/**
 * Something that happened.
 *
 * @param at milliseconds since 1970
 * @param kind of event
 * @param text in words
 */
public record Event(long at, Kind kind, String text) {
    /** How an event is shown. */
    public enum Kind {
        /** A phase is in force from here on. */
        PHASE,
        /** Somebody breaks something, or mends it. */
        FAULT,
        /** What the operator does, and what the library answers. */
        STEP,
        /** Something that should not have happened. */
        ERROR
    }
}
