package dev.dualwrite.model;

/** What can happen in one step, and the method that does it, or that deals with it. {@link StepTest} looks each up. */
enum Step {
    WRITER_READS_FENCE("a writer reads the fence", "jdbc/boundary/Explicit", "lockedRow"),
    WRITER_LOSES_FENCE("a writer's transaction is lost unseen", "jdbc/boundary/Work", "fenceLost"),
    WRITER_WRITES("a writer changes its row and writes the intent", "jdbc/control/IntentWriter", "write"),
    WRITER_WRITES_INTENT("a writer writes the intent after its commit", "jdbc/boundary/Explicit", "flush"),
    WRITER_COMMITS("a writer's commit takes effect", "jdbc/boundary/BoundaryConnection", "commit"),
    WRITER_ROLLS_BACK("a writer is rolled back", "jdbc/boundary/BoundaryConnection", "rollback"),

    CONVERGER_TAKES("a converger reads intents", "jdbc/control/IntentQueue", "peek"),
    CONVERGER_LOCKS("a converger locks fence, chunk row and lanes", "jdbc/follower/FollowerTransaction", "locked"),
    CONVERGER_STOPS("a converger finds no follower, or no owner", "jdbc/follower/FollowerTransaction", "whyStop"),
    CONVERGER_READS_OWNER("a converger reads the owner's rows", "jdbc/follower/FollowerTransaction", "converge"),
    CONVERGER_COMMITS("a converger commits on the follower", "jdbc/follower/FollowerTransaction", "run"),
    CONVERGER_WRITES_WRONG("a converger commits something wrong", "jdbc/follower/FollowerTransaction", "run"),
    CONVERGER_CLASHES("a converger finds that a further unit joins", "jdbc/follower/FollowerTransaction", "clash"),
    CONVERGER_TAKES_OUT("a converger takes its intents out", "jdbc/control/IntentQueue", "acknowledge"),
    CONVERGER_ENDS("a converger ends", "jdbc/control/ControlSide", "inTransaction"),

    CHUNK_BEGINS("a backfill begins", "jdbc/control/FenceTable", "backfill"),
    CHUNK_LOCKS("a chunk locks the fence and its row", "jdbc/control/ChunkTable", "claim"),
    CHUNK_STOPS("a chunk finds that its backfill is over", "jdbc/follower/ChunkStep", "require"),
    CHUNK_READS_OWNER("a chunk reads the owner's rows", "jdbc/follower/ChunkStep", "readOwner"),
    CHUNK_COMMITS("a chunk commits on the follower", "jdbc/follower/ChunkStep", "take"),
    CHUNK_ENDS("a chunk's transaction ends", "jdbc/follower/ChunkStep", "take"),

    VERIFIER_SWITCHES_MARKING_ON("a verification begins, with marking on", "jdbc/follower/Verifier", "markingOwner"),
    VERIFIER_TAKES_MARKS("a verification of what is marked begins", "jdbc/follower/Confirmer", "verifyMarked"),
    VERIFIER_LOOKS("a verification looks without locks", "jdbc/follower/Comparison", "begin"),
    VERIFIER_LOCKS("a verification locks, and reads the follower", "jdbc/follower/Confirmer", "decide"),
    VERIFIER_STOPS("a verification finds no follower", "jdbc/follower/Confirmer", "decide"),
    VERIFIER_READS_OWNER("a verification reads the owner's row", "jdbc/follower/Confirmer", "compare"),
    VERIFIER_DECIDES("a verification reads the intents and decides", "jdbc/control/IntentQueue", "pending"),
    VERIFIER_NOTES("a verification notes a divergence", "jdbc/follower/Confirmer", "note"),
    VERIFIER_UNMARKS("a verification takes marks away", "jdbc/control/IntentQueue", "unmark"),
    VERIFIER_ENDS("a verification ends", "jdbc/follower/Verifier", "run"),

    FLIP_BEGINS("a flip reads the owner, and the gate is open", "flip/FlipCoordinator", "flip"),
    FREEZE("FREEZE", "jdbc/control/FenceTable", "freeze"),
    DRAIN("DRAIN", "jdbc/runtime/FlipPreparation", "drain"),
    STAMP("the follower is stamped", "jdbc/control/FenceTable", "stamp"),
    LOCK_FOLLOWER("LOCK_FOLLOWER", "jdbc/runtime/SqlFenceStore", "open"),
    FOLLOWER_FREES_OPENING("the follower undoes the opening unnoticed", "jdbc/runtime/SqlFenceStore", "idle"),
    HAND_OVER("HAND_OVER", "jdbc/control/FenceTable", "handOver"),
    HAND_OVER_UNANSWERED("HAND_OVER has no answer", "flip/FlipCoordinator", "handOver"),
    HAND_OVER_DELAYED("HAND_OVER has no answer, and is under way", "flip/FlipCoordinator", "handOver"),
    HAND_OVER_ARRIVES("the hand-over that was under way arrives", "jdbc/control/FenceTable", "handOver"),
    READ_BACK("the hand-over in doubt is read back", "flip/FlipCoordinator", "handedOver"),
    OPEN_FOLLOWER("OPEN_FOLLOWER", "jdbc/runtime/SqlFenceStore", "commit"),
    OPENING_FAILS("the opening cannot be committed", "flip/FlipCoordinator", "finish"),
    GIVE_UP("the flip gives up", "flip/FlipCoordinator", "giveUp"),
    REOPEN("the owner is reopened", "jdbc/control/FenceTable", "reopen"),
    REOPEN_CAME_TOO_LATE("reopening finds that somebody was quicker", "flip/FlipCoordinator", "giveUp"),
    COMPARE_AND_SET_FAILS("a compare-and-set finds another row", "jdbc/control/FenceTable", "compareAndSet"),
    COORDINATOR_ENDS("a coordinator ends", "jdbc/runtime/SqlFenceStore", "close"),

    RECOVERY_READS("a recovery meets a flip that was left", "flip/Recovery", "overdue"),
    RECOVERY_REOPENS("a recovery reopens the owner", "jdbc/control/FenceTable", "reopenIfOverdue"),
    FINISH_READS_OWNER("who finishes reads the hand-over", "flip/Recovery", "finish"),
    FINISH_READS_FOLLOWER("who finishes reads the next owner", "flip/FenceRow", "stampedFor"),
    FINISH_LOCKS_FOLLOWER("who finishes locks the next owner", "jdbc/runtime/SqlFenceStore", "open"),
    FINISH_OPENS("who finishes opens the next owner, holding both", "jdbc/runtime/SqlFenceStore", "hold"),
    CLOSE_OWNER("CLOSE_OWNER", "jdbc/control/FenceTable", "close");

    private final String says;
    private final String type;
    private final String method;

    Step(String says, String type, String method) {
        this.says = says;
        this.type = type;
        this.method = method;
    }

    String says() {
        return says;
    }

    /** The source file, from the folder of the modules. */
    String file() {
        return (type.startsWith("jdbc/") ? "dualwrite-jdbc" : "dualwrite-core") + "/src/main/java/dev/dualwrite/" + type
                + ".java";
    }

    String method() {
        return method;
    }
}
