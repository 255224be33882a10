package dev.dualwrite.benchmarks;

/** Counts what reaches the stub. Of one thread. */
final class Calls {
    long updates;
    long reads;
    long intents;
    long fences;
    long begins;
    long commits;

    /**
     * What was counted.
     *
     * @param updates of the application
     * @param reads of the application
     * @param intents that were written
     * @param fences how often the fence was asked
     * @param begins as text
     * @param commits as text or by the driver
     */
    record Counts(long updates, long reads, long intents, long fences, long begins, long commits) {}

    Counts counts() {
        return new Counts(updates, reads, intents, fences, begins, commits);
    }
}
