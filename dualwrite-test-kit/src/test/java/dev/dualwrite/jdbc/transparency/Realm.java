package dev.dualwrite.jdbc.transparency;

import java.util.SplittableRandom;

/** Which tables a transaction uses: those that move, those that stay, or both. */
enum Realm {
    MOVED,
    STAYING,
    BOTH;

    static final String STAYING_PREFIX = "o_";

    /** What stands before the name of a table. */
    String prefix(SplittableRandom random) {
        return switch (this) {
            case MOVED -> "";
            case STAYING -> STAYING_PREFIX;
            case BOTH -> random.nextBoolean() ? "" : STAYING_PREFIX;
        };
    }
}
