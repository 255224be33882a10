package dev.dualwrite.sql;

import java.util.List;

/**
 * One of the terms that a WHERE clause joins by AND. All terms but {@link Opaque} are exact: the term's text is this
 * comparison and nothing else.
 */
public sealed interface Term {

    /** Where the term stands. */
    SourceSpan span();

    /** {@code column = value} or {@code value = column}. */
    record Equal(SourceSpan span, String column, Expr value) implements Term {}

    /** {@code column IN (value, ...)}; never a subquery. */
    record In(SourceSpan span, String column, List<Expr> values) implements Term {

        public In {
            values = List.copyOf(values);
        }
    }

    /** {@code (a, b) = (1, 2)} or {@code (a, b) IN ((1, 2), (3, 4))}; every row is as long as the columns. */
    record RowIn(SourceSpan span, List<String> columns, List<Row> rows) implements Term {

        public RowIn {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** Anything else. It may only narrow what the other terms select. */
    record Opaque(SourceSpan span) implements Term {}
}
