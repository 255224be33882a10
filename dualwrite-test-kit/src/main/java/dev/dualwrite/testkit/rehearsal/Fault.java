package dev.dualwrite.testkit.rehearsal;

/** Something that goes wrong in a rehearsal, under load. {@link Faults} has the usual ones. */
public interface Fault {
    /** What it is called in the report. */
    String name();

    /**
     * Strikes, waits until it has hit, and lets go again.
     *
     * @return what it has hit, in words
     * @throws AssertionError if it has hit nothing: a fault that nobody noticed proves nothing
     */
    String strike(Scene scene) throws Exception;
}
