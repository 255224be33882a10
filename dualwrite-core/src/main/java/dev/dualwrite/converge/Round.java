package dev.dualwrite.converge;

/** What one round of a worker came to. */
public sealed interface Round {

    /**
     * Intents were taken and are done.
     *
     * @param intents how many
     * @param more whether the queue holds more than one round takes
     */
    record Done(int intents, boolean more) implements Round {}

    /** There was nothing to do, or other workers hold the lanes of what there was. */
    record Idle() implements Round {}

    /** The follower, or the owner, did not answer as it should; what was taken is still in the queue. */
    record Failed(Throwable cause) implements Round {}

    /** Converging must not go on until something changes: the kill switch, a flip, another server. */
    record Held(String reason) implements Round {}
}
