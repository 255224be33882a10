package dev.dualwrite.campaign;

import dev.dualwrite.testkit.fault.Statement;
import java.util.function.Predicate;

/** A kind of statement at which a connection is cut or a statement is held: what is said, and of what. */
enum Point {
    COMMIT("COMMIT", ""),
    READ_FENCE("SELECT", "dualwrite_fence"),
    CHANGE_FENCE("UPDATE", "dualwrite_fence"),
    WRITE_INTENT("INSERT", "dualwrite_intent"),
    READ_INTENT("SELECT", "dualwrite_intent"),
    MARK_INTENT("UPDATE", "dualwrite_intent"),
    REMOVE_INTENT("DELETE", "dualwrite_intent"),
    LOCK_LANE("SELECT", "dualwrite_lane"),
    READ_CHUNK("SELECT", "dualwrite_backfill_chunk"),
    CHANGE_CHUNK("UPDATE", "dualwrite_backfill_chunk"),
    VERIFICATION("", "dualwrite_verification"),
    HEARTBEAT("", "dualwrite_instance"),
    READ_ROWS("SELECT", "trail"),
    INSERT_ROWS("INSERT", "trail"),
    UPDATE_ROWS("UPDATE", "trail"),
    DELETE_ROWS("DELETE", "");

    private final String verb;
    private final String object;

    /** @param object a control table; or what the statement holds that is about rows, and no control table */
    Point(String verb, String object) {
        this.verb = verb;
        this.object = object;
    }

    Predicate<Statement> which() {
        if (this == COMMIT) {
            return Statement.isCommit();
        }
        Predicate<Statement> which = Statement.startsWith(verb).and(Statement.contains(object));
        return object.startsWith("dualwrite_")
                ? which
                : which.and(Statement.contains("dualwrite_").negate());
    }
}
