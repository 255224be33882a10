package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.sql.Assignment;
import dev.dualwrite.sql.Expr;
import dev.dualwrite.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of one table of the domain, and from where its keys are known. */
sealed interface Change {

    Table table();

    /**
     * An INSERT.
     *
     * @param rows for each row, one part for each key column; null where the server generates the value
     * @param firstIdKnown whether the driver's first generated id can be relied on
     */
    record Insert(Table table, List<List<@Nullable Expr>> rows, boolean firstIdKnown) implements Change {}

    /**
     * An UPDATE or DELETE.
     *
     * @param statement the one or the other
     * @param pinned the keys that the condition names, each one part for each key column; null if it does not
     *     name keys
     * @param assigned what an UPDATE assigns to key columns
     * @param repeatable whether the condition answers the same when it is asked twice
     * @param lockable whether the queries in the condition can be made to lock all that they read
     * @param byRowAlone whether the condition's answer depends on nothing but the row and constants
     */
    record Rows(
            Table table,
            Statement.Selective statement,
            @Nullable List<List<Expr>> pinned,
            List<KeyAssignment> assigned,
            boolean repeatable,
            boolean lockable,
            boolean byRowAlone)
            implements Change {

        /** Whether afterwards a key may be gone. */
        boolean removes() {
            return statement instanceof Statement.Delete || !assigned.isEmpty();
        }
    }

    /** @param column the position in the key */
    record KeyAssignment(int column, Assignment assignment) {}
}
