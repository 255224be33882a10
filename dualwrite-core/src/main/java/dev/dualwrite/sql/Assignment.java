package dev.dualwrite.sql;

import java.util.List;

/**
 * One {@code column = value} of a SET clause.
 *
 * @param column the column, quotes and qualifier taken off
 * @param span where the value stands
 * @param params the JDBC indexes inside the value, ascending
 * @param readsEarlier the value mentions a column that is assigned to its left, so the server computes it with that
 *     column's new value and a SELECT of the same text would answer something else
 */
public record Assignment(String column, Expr value, SourceSpan span, List<Integer> params, boolean readsEarlier) {

    public Assignment {
        params = List.copyOf(params);
    }

    /** Whether a SELECT of the value's text, over the row as it was, gives what the server assigns before conversion. */
    public boolean selectable() {
        return !readsEarlier && !(value instanceof Expr.Default);
    }
}
