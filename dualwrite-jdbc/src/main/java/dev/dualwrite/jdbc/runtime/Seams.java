package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FlipStep;

/**
 * Places at which a test stands between two steps: it can delay, fail or end the process there, and cannot
 * change what any step does. A released library runs with {@link #NONE}; the way to set another is
 * package-private.
 */
public interface Seams {
    /** Nobody stands anywhere. */
    Seams NONE = new Seams() {};

    /** The owner has committed; nobody was told yet. */
    default void afterOwnerCommit() {}

    /** A converger has read intents and holds nothing yet. */
    default void afterPeek() {}

    /** A converger holds the follower's fence and its lanes. */
    default void afterLanesLocked() {}

    /** A converger has read the owner's rows. */
    default void afterOwnerRead() {}

    /** A converger has changed one table of several. */
    default void betweenFollowerStatements() {}

    /** A converger met a clash of unique values and holds nothing; it is about to start over with more units. */
    default void afterClash() {}

    default void beforeFollowerCommit() {}

    /** The follower has committed; the intents are still there. */
    default void afterFollowerCommit() {}

    /** A chunk has read the owner's rows and written nothing yet. */
    default void afterChunkRead() {}

    /** A chunk is committed. */
    default void afterChunk() {}

    /** A page of a verification is done and its progress durable. */
    default void afterVerifiedPage() {}

    default void afterFlipStep(FlipStep step) {}
}
