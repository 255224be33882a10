package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a text means on one side, in one catalog.
 *
 * @param domain a table of the domain, or a view, that it uses; null if none
 * @param outside a table outside of the domain that it uses; null if none
 * @param change how its keys are captured; of {@link Action#CHANGE} only
 * @param refused why it must not run; null if it may
 * @param tables of the domain that it uses, in lower case; all of them if it uses a view
 */
record Plan(
        Statement statement,
        Action action,
        @Nullable String domain,
        @Nullable String outside,
        @Nullable Change change,
        @Nullable Refused refused,
        Set<String> tables) {

    private static final Set<String> OF_SESSION = Set.of(
            "last_insert_id",
            "found_rows",
            "row_count",
            "connection_id",
            "get_lock",
            "is_used_lock",
            "is_free_lock",
            "release_lock",
            "release_all_locks",
            "nextval",
            "lastval",
            "setval");

    /** What a statement does, as far as the boundary cares. */
    enum Action {
        /** Reads without locks, unless the isolation level takes them. */
        READ,
        /** Reads and locks. */
        LOCKING_READ,
        /** Changes one table of the domain. */
        CHANGE,
        /** Changes tables outside of the domain. */
        OUTSIDE_CHANGE,
        /** May commit the transaction. */
        IMPLICIT_COMMIT,
        /** Changes the session. */
        SESSION,
        /** Neither reads nor changes a table. */
        NEUTRAL
    }

    /** A refusal before it is thrown: plans are cached, exceptions are not. */
    record Refused(Refusal why, String what) {}

    /** This statement, refused. */
    Plan refused(Refusal why, String what) {
        return new Plan(statement, Action.NEUTRAL, null, null, null, new Refused(why, what), Set.of());
    }

    /** @throws StatementRefusedException if it must not run */
    void check() throws StatementRefusedException {
        if (refused != null) {
            throw refused.why().exception(refused.what());
        }
    }

    /**
     * Whether it may open the snapshot that later reads of the transaction answer from. A query that locks may read
     * some of its tables without.
     */
    boolean opensSnapshot() {
        boolean tables = domain != null || outside != null;
        return tables && (action == Action.READ || action == Action.LOCKING_READ);
    }

    /** Whether it works on tables, and does the same whether autocommit is switched off or a BEGIN came before it. */
    boolean plain() {
        boolean tables = domain != null || outside != null;
        boolean read =
                (action == Action.READ || action == Action.LOCKING_READ) && !(statement instanceof Statement.Other);
        return tables && (read || action == Action.CHANGE || action == Action.OUTSIDE_CHANGE);
    }

    /** Whether it changes or locks rows of the domain at this isolation level. */
    boolean needsFence(boolean serializable) {
        return domain != null
                && (action == Action.CHANGE
                        || action == Action.OUTSIDE_CHANGE
                        || action == Action.LOCKING_READ
                        || (action == Action.READ && serializable));
    }

    /** Whether it reads rows of the domain, and neither changes nor locks any at this isolation level. */
    boolean plainRead(boolean serializable) {
        return domain != null && action == Action.READ && !serializable;
    }

    /**
     * Whether it may as well be answered by the other side: a query of the domain alone that locks nothing and answers nothing
     * that is of the session.
     */
    boolean movable() {
        return domain != null
                && outside == null
                && action == Action.READ
                && statement instanceof Statement.Select select
                && !select.into()
                && !select.features().userVariables()
                && !select.features().systemVariables()
                && OF_SESSION.stream().noneMatch(select.features()::calls);
    }

    /** Whether it leaves locks on rows outside of the domain. */
    boolean locksOutside(boolean serializable) {
        return outside != null
                && (action == Action.OUTSIDE_CHANGE
                        || action == Action.CHANGE
                        || action == Action.LOCKING_READ
                        || (action == Action.READ && serializable));
    }

    /** Whether a transaction that it was the first statement of has bound itself to a side. */
    boolean binds() {
        return domain != null || outside != null || (action != Action.READ && action != Action.NEUTRAL);
    }
}
