package dev.dualwrite.testkit.history;

/**
 * What a step of a history can be, the simplest first: a failing history shrinks towards the beginning of this list. Steps
 * of clients stand before those of the operator, and those before what goes wrong.
 */
public enum Kind {
    /** A client changes the row of a key, or inserts it if it is not there. */
    WRITE("write", By.CLIENT, 1, 12),
    /** A client deletes the row of a key, if it is there. */
    DELETE("delete", By.CLIENT, 1, 5),
    /** A client gives the row of the first key the second one, if that is free. */
    CHANGE_KEY("changeKey", By.CLIENT, 2, 5),
    /** The rows of two keys exchange the values of their unique column. */
    UNIQUE_SWAP("uniqueSwap", By.CLIENT, 2, 4),
    /** A client writes all keys between two, those included, by JDBC batches. */
    BATCH("batch", By.CLIENT, 2, 4),
    /** A client begins a transaction; without, each of its changes is one by itself. */
    BEGIN("begin", By.CLIENT, 0, 9),
    /** It commits its transaction. */
    COMMIT("commit", By.CLIENT, 0, 7),
    /** It undoes its transaction. */
    ROLLBACK("rollback", By.CLIENT, 0, 3),
    /** It sets a savepoint, in place of the one that it has. */
    SAVEPOINT("savepoint", By.CLIENT, 0, 5),
    /** It undoes what it did behind its savepoint, which stays. */
    UNDO("undo", By.CLIENT, 0, 4),

    /** Waits until the follower is equal to the owner. */
    CONVERGE("converge", By.OPERATOR, 0, 4),
    /** The operator copies what was there before the migration. */
    BACKFILL("backfill", By.OPERATOR, 0, 3),
    /** The operator verifies, having copied; nothing may differ. */
    VERIFY("verify", By.OPERATOR, 0, 2),
    /** The operator copies, verifies and flips to the target. */
    FLIP("flip", By.OPERATOR, 0, 3),
    /** The operator verifies and flips back to the source. */
    ROLLBACK_FLIP("rollbackFlip", By.OPERATOR, 0, 3),
    /** A flip, in the direction that is possible, loses its connection to the follower before it hands over, and gives up. */
    GIVE_UP("giveUp", By.OPERATOR, 0, 1),

    /** A client's commit is lost on its way to the server; the client cannot know. */
    COMMIT_LOST("commitLost", By.CLIENT, 0, 1),
    /** A client's commit is carried out and its answer lost; the client cannot know. */
    ANSWER_LOST("answerLost", By.CLIENT, 0, 1),
    /** The follower's server cannot be reached, until {@link #RESTORE}. */
    OUTAGE("outage", By.ACCIDENT, 0, 2),
    /** The outage ends. */
    RESTORE("restore", By.ACCIDENT, 0, 2),
    /** The library's own threads stand still in whatever they do, until {@link #RESUME}. */
    PAUSE("pause", By.ACCIDENT, 0, 2),
    /** They go on. */
    RESUME("resume", By.ACCIDENT, 0, 2),
    /** All connections of the instance break at once: those of the clients, in their transactions, and the library's own. */
    CRASH("crash", By.ACCIDENT, 0, 2);

    /** Who does it. */
    enum By {
        CLIENT,
        OPERATOR,
        ACCIDENT
    }

    private final String word;
    private final By by;
    private final int keys;
    private final int weight;

    Kind(String word, By by, int keys, int weight) {
        this.word = word;
        this.by = by;
        this.keys = keys;
        this.weight = weight;
    }

    /** How it is written in the text of a history. */
    public String word() {
        return word;
    }

    /** Whether one of the clients does it. */
    public boolean ofClient() {
        return by == By.CLIENT;
    }

    /** How many keys it names: 0 to 2. */
    public int keys() {
        return keys;
    }

    /** How often it is drawn, against the others. */
    int weight() {
        return weight;
    }
}
