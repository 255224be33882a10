package dev.dualwrite.model;

/** A rule of the protocol, to be taken out of the model. */
enum Rule {
    WRITER_HOLDS_FENCE("a writer holds the owner's fence shared until its transaction ends"),
    INTENT_CHECKS_FENCE("the insert of an intent checks the fence again: the transaction may have lost it unseen"),
    INTENT_IN_TRANSACTION("the intent is written in the transaction of the change"),

    FOLLOWER_IS_CLOSED("who writes on the follower finds its fence CLOSED"),
    OWNER_OWNS("who reads the owner finds that it owns, at an epoch that is not behind the follower's"),
    CONVERGER_HOLDS_FENCE("a converger holds the follower's fence shared until its transaction ends"),
    CONVERGER_LOCKS_LANE("a converger holds the unit's lane until its transaction ends"),
    OWNER_READ_UNDER_LANE("the owner's rows are read after the lane is locked"),
    LANE_OF_UNIT("rows that belong to one unit share one lane"),
    READ_AGAIN_AFTER_CLASH("who needs more lanes begins again at the fence, and reads all rows again"),
    INTENTS_GO_AFTER_COMMIT("intents are taken out after the follower's commit"),
    ONLY_INTENTS_READ_BEFORE("only intents that were read before the owner's rows are taken out"),

    CHUNK_HOLDS_FENCE("a chunk holds the follower's fence shared until its transaction ends"),
    CHUNK_ROW_LOCKED("a chunk holds its row exclusively, convergers of its keys hold it shared"),
    CHUNK_READS_UNDER_ROW("a chunk reads the owner after its row is locked"),
    BACKFILL_UNDER_FENCE("a converger learns under the fence's lock that a backfill is on, not when it takes its work"),

    INTENTS_READ_LAST("a verification reads the intents after the rows of both sides"),
    VERIFIER_LOCKS_LANE("a verification holds the unit's lane while it compares"),
    MARKED_NOT_DELETED("once a verification began, converged intents are marked, not deleted"),
    MARKING_IN_STATEMENT("whether to mark is read in the statement that takes intents out, not when they are read"),
    MARK_GOES_IF_SEEN_BEFORE("a mark goes only by a verification that began after it was set"),
    NOTED_BEFORE_UNMARKED("a divergence is noted before the mark goes"),
    MARKS_VERIFIED_IN_DRAIN("a flip verifies behind the freeze what is marked"),
    DIVERGENCE_ENDS_FLIP("a divergence that is noted behind the freeze ends the flip"),

    FLIP_COMPARES("freezing and handing over compare the row with what was seen"),
    STATE_AND_ATTEMPT("what compares the row compares state and attempt, not the epoch alone"),
    REOPEN_COMPARES("reopening compares the row with what was seen"),
    DRAIN_WAITS("a flip waits behind the freeze until no unmarked intent is left"),
    HAND_OVER_LOOKS("the statement that hands over looks for unmarked intents itself"),
    STAMPED_BEFORE_HAND_OVER("the follower carries the flip's stamp before the hand-over"),
    OPENING_HELD("an opening that lost its lock is not committed"),
    FINISH_LOOKS_AT_STAMP("who finishes a hand-over looks at the stamp again under the lock"),
    FINISH_HOLDS_OWNER("who finishes a hand-over reads it again, and holds it, before the opening is committed"),
    READ_BACK_BY_ATTEMPT("a hand-over in doubt is judged by state and attempt, not by the epoch"),
    UNKNOWN_READ_BACK("a hand-over in doubt is read back, not taken for failed"),
    TOO_LATE_IS_UNKNOWN("what can not be read back any more is told as unknown"),
    ANYONE_REOPENS("anyone reopens a side that was left FROZEN"),
    ANYONE_FINISHES("anyone finishes a hand-over that was left");

    private final String says;

    Rule(String says) {
        this.says = says;
    }

    String says() {
        return says;
    }
}
