package dev.dualwrite.sql;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The WHERE clause of a single-table statement. A row is selected only if all {@link #terms} hold.
 *
 * <p>The terms say what the text says. What the server takes for equal depends on the column's type and collation, and on
 * the type of the value.
 *
 * @param span the condition, without the word WHERE; null if there is none and every row is selected
 * @param params the JDBC indexes inside, ascending
 * @param terms the condition cut at its outermost ANDs; one opaque term if that cannot be done safely
 * @param functions what looks like a call, each once
 * @param subquery contains a query
 */
public record Where(
        @Nullable SourceSpan span,
        List<Integer> params,
        List<Term> terms,
        Set<FunctionRef> functions,
        boolean subquery) {

    public Where {
        params = List.copyOf(params);
        terms = List.copyOf(terms);
        functions = Set.copyOf(functions);
    }
}
