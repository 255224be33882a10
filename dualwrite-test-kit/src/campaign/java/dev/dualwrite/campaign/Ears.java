package dev.dualwrite.campaign;

import dev.dualwrite.testkit.oracle.Answer;

/** Who hears what clients are told. Thread-safe. */
interface Ears {
    /** Said before the commit is sent: what is never answered is unknown. */
    void begun(String client, long number, Attempt attempt);

    /** The transaction of this number has ended. */
    void told(String client, long number, Attempt attempt, Answer answer);

    /** A read was answered. */
    default void read(Read read) {}

    /** A client was told something that cannot be. */
    void wrong(String client, String what);
}
