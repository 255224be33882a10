package dev.dualwrite.campaign;

import java.util.List;
import java.util.stream.Stream;

/** How a client may read. What is not declared to do nothing but read, or locks, is answered by the owner. */
enum Route {
    UNDECLARED("in a transaction that is not declared", false),
    LOCKING("with a lock", false),
    LOCKING_DECLARED("with a lock, declared to only read", false),
    AUTOCOMMIT("in autocommit, not declared", false),
    AUTOCOMMIT_READS("in autocommit, not declared, with autocommitReads()", true),
    AUTOCOMMIT_DECLARED("in autocommit, declared", true),
    REPEATABLE_READ("in a declared transaction at REPEATABLE READ", true),
    READ_COMMITTED("in a declared transaction at READ COMMITTED", true);

    /** What the others are told apart by, beside how they are declared. */
    static final String KEYED = "by a reader with a key";

    static final String KEYLESS = "by a reader without a key";
    static final String TARGET_FIRST = "of the target first, else of the source";

    /** Whatever may move, in the order of the report, but for the routes themselves. */
    static final List<String> OTHERS = Stream.concat(
                    Stream.concat(
                            Stream.of(KEYED, KEYLESS, Read.Elsewhere.TOKEN.toString(), Read.Elsewhere.TIME.toString()),
                            Stream.of(Growth.Kind.values()).map(Growth.Kind::toString)),
                    Stream.of(TARGET_FIRST))
            .toList();

    private final String words;
    private final boolean moves;

    Route(String words, boolean moves) {
        this.words = words;
        this.moves = moves;
    }

    /** Whether a follower may answer. */
    boolean moves() {
        return moves;
    }

    @Override
    public String toString() {
        return words;
    }
}
