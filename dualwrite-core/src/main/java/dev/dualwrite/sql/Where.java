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
 * @param subqueryEnds where the text of each query in it ends, ascending, if each is a plain SELECT in parentheses that
 *     could take a locking clause there; null if one is not
 */
public record Where(
        @Nullable SourceSpan span,
        List<Integer> params,
        List<Term> terms,
        Set<FunctionRef> functions,
        boolean subquery,
        @Nullable List<Integer> subqueryEnds) {

    public Where {
        params = List.copyOf(params);
        terms = List.copyOf(terms);
        functions = Set.copyOf(functions);
        subqueryEnds = subqueryEnds == null ? null : List.copyOf(subqueryEnds);
    }
}
