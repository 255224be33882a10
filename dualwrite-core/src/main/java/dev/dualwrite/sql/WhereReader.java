package dev.dualwrite.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cuts a condition at its outermost ANDs. Every token is visited a bounded number of times, without recursion. */
final class WhereReader {

    private static final Row NO_ROW = new Row(List.of());

    private record Range(int from, int to) {}

    private final Tokens tokens;
    private final Exprs exprs;
    private final Clauses clauses;
    private final Clauses.Target target;
    private final List<Term> terms = new ArrayList<>();

    WhereReader(Tokens tokens, Exprs exprs, Clauses clauses, Clauses.Target target) {
        this.tokens = tokens;
        this.exprs = exprs;
        this.clauses = clauses;
        this.target = target;
    }

    static Where none() {
        return new Where(null, List.of(), List.of(), Set.of(), false, List.of());
    }

    Where read(int from, int to) {
        Deque<Range> open = new ArrayDeque<>();
        open.push(new Range(from, to));
        while (!open.isEmpty()) {
            Range range = strip(open.pop());
            List<Range> parts = split(range);
            if (parts.isEmpty()) {
                terms.add(opaque(range));
            } else if (parts.size() == 1) {
                terms.add(term(range));
            } else {
                for (int i = parts.size() - 1; i >= 0; i--) {
                    open.push(parts.get(i));
                }
            }
        }
        return new Where(
                tokens.span(from, to),
                exprs.params(from, to),
                terms,
                exprs.functions(from, to),
                subquery(from, to),
                subqueryEnds(from, to));
    }

    private @Nullable List<Integer> subqueryEnds(int from, int to) {
        List<Integer> ends = new ArrayList<>();
        for (int i = from; i < to; i++) {
            switch (tokens.keyword(i)) {
                case SELECT -> {
                    int end = tokens.partner(i - 1);
                    if (end < 0 || end >= to || !tokens.outside(end) || !tokens.outside(i)) {
                        return null;
                    }
                    ends.add(tokens.start(end));
                }
                // no plain SELECT, or one that ends in a clause of its own
                case TABLE, VALUES, WITH, UNION, EXCEPT, INTERSECT, FOR, LOCK, INTO, PROCEDURE -> {
                    return null;
                }
                default -> {
                    // goes on
                }
            }
        }
        Collections.sort(ends);
        return ends;
    }

    private boolean subquery(int from, int to) {
        for (int i = from; i < to; i++) {
            switch (tokens.keyword(i)) {
                case SELECT, TABLE, VALUES, WITH -> {
                    return true;
                }
                default -> {
                    // goes on
                }
            }
        }
        return false;
    }

    private Range strip(Range range) {
        int from = range.from();
        int to = range.to();
        while (to - from > 2 && tokens.partner(from) == to - 1 && tokens.is(from, '(')) {
            from++;
            to--;
        }
        return new Range(from, to);
    }

    /** The terms, or none if the range must not be cut. */
    private List<Range> split(Range range) {
        List<Range> parts = new ArrayList<>();
        int start = range.from();
        int betweens = 0;
        for (int i = range.from(); i < range.to(); i = tokens.is(i, '(') ? tokens.partner(i) + 1 : i + 1) {
            Keyword keyword = tokens.keyword(i);
            boolean and = keyword == Keyword.AND || tokens.is(i, "&&");
            if (and && betweens > 0 && keyword == Keyword.AND) {
                betweens--;
            } else if (and) {
                if (i == start) {
                    return List.of();
                }
                parts.add(new Range(start, i));
                start = i + 1;
            } else if (keyword == Keyword.BETWEEN) {
                betweens++;
            } else if (forbidsCutting(i)) {
                return List.of();
            }
        }
        if (betweens > 0 || start >= range.to()) {
            return List.of();
        }
        parts.add(new Range(start, range.to()));
        return parts;
    }

    private boolean forbidsCutting(int i) {
        return switch (tokens.keyword(i)) {
            case OR, XOR, CASE, SELECT, TABLE, VALUES, WITH -> true;
            default -> tokens.is(i, "||") || tokens.is(i, ":=") || tokens.is(i, ',');
        };
    }

    private Term.Opaque opaque(Range range) {
        return new Term.Opaque(tokens.span(range.from(), range.to()));
    }

    private Term term(Range range) {
        Term term = null;
        if (tokens.is(range.from(), '(')) {
            term = rows(range);
        }
        if (term == null) {
            term = columnFirst(range);
        }
        if (term == null) {
            term = columnLast(range);
        }
        return term == null ? opaque(range) : term;
    }

    /** {@code column = value} or {@code column IN (...)}. */
    private @Nullable Term columnFirst(Range range) {
        int operator = range.from() + 1;
        while (operator - range.from() < 5 && tokens.is(operator, '.')) {
            operator += 2;
        }
        String column = column(range.from(), operator);
        if (column == null) {
            return null;
        }
        SourceSpan span = tokens.span(range.from(), range.to());
        if (tokens.is(operator, '=')) {
            Expr value = value(operator + 1, range.to());
            return value == null ? null : new Term.Equal(span, column, value);
        }
        int list = operator + 1;
        if (tokens.is(operator, Keyword.IN) && tokens.is(list, '(') && tokens.partner(list) == range.to() - 1) {
            List<Expr> values = values(list);
            return values == null ? null : new Term.In(span, column, values);
        }
        return null;
    }

    /** {@code value = column}, the value being no more than three tokens long. */
    private @Nullable Term columnLast(Range range) {
        for (int equals = range.from() + 1; equals <= range.from() + 3 && equals < range.to() - 1; equals++) {
            if (tokens.is(equals, '=')) {
                String column = column(equals + 1, range.to());
                Expr value = column == null ? null : exprs.read(range.from(), equals);
                boolean plain = value != null && !(value instanceof Expr.Opaque) && !(value instanceof Expr.Default);
                return column == null || value == null || !plain
                        ? null
                        : new Term.Equal(tokens.span(range.from(), range.to()), column, value);
            }
        }
        return null;
    }

    /** {@code (a, b) = (...)} or {@code (a, b) IN ((...), ...)}. */
    private @Nullable Term rows(Range range) {
        int columnsEnd = tokens.partner(range.from());
        int operator = columnsEnd + 1;
        int open = operator + 1;
        if (open >= range.to() || !tokens.is(open, '(') || tokens.partner(open) != range.to() - 1) {
            return null;
        }
        List<String> columns = new ArrayList<>();
        for (int i = range.from() + 1; i <= columnsEnd; ) {
            int end = clauses.expressionEnd(i, columnsEnd);
            String column = end <= i ? null : column(i, end);
            if (column == null || (end < columnsEnd && !tokens.is(end, ','))) {
                return null;
            }
            columns.add(column);
            i = end + 1;
        }
        List<Row> rows = new ArrayList<>();
        if (tokens.is(operator, '=')) {
            rows.add(row(open, columns.size()));
        } else if (tokens.is(operator, Keyword.IN)) {
            int i = open + 1;
            while (i < range.to() - 1) {
                if (!tokens.is(i, '(')) {
                    return null;
                }
                rows.add(row(i, columns.size()));
                i = tokens.partner(i) + 1;
                if (i < range.to() - 1 && (!tokens.is(i, ',') || i == range.to() - 2)) {
                    return null;
                }
                i++;
            }
        }
        if (rows.isEmpty() || rows.contains(NO_ROW)) {
            return null;
        }
        return new Term.RowIn(tokens.span(range.from(), range.to()), columns, rows);
    }

    private Row row(int open, int size) {
        List<Expr> values = values(open);
        return values == null || values.size() != size ? NO_ROW : new Row(values);
    }

    /** The values in a parenthesis, or null if they are not all understood as single values. */
    private @Nullable List<Expr> values(int open) {
        int close = tokens.partner(open);
        List<Expr> values = new ArrayList<>();
        int i = open + 1;
        while (i <= close) {
            int end = clauses.expressionEnd(i, close);
            if (end < close && !tokens.is(end, ',')) {
                return null;
            }
            Expr value = value(i, end);
            if (value == null) {
                return null;
            }
            values.add(value);
            i = end + 1;
        }
        return values;
    }

    private @Nullable String column(int from, int to) {
        Expr.ColumnRef column = to > tokens.size() ? null : exprs.column(from, to);
        return column == null || !target.isMeantBy(column) ? null : column.name();
    }

    /** A complete value, or null if there is any doubt that an operator binds less tightly than the comparison. */
    private @Nullable Expr value(int from, int to) {
        if (from >= to) {
            return null;
        }
        Expr value = exprs.read(from, to);
        if (value instanceof Expr.Opaque && !isArithmetic(from, to)) {
            return null;
        }
        return value instanceof Expr.Default ? null : value;
    }

    private boolean isArithmetic(int from, int to) {
        for (int i = from; i < to; i = tokens.is(i, '(') ? tokens.partner(i) + 1 : i + 1) {
            if (!isOperand(i) && !isOperator(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOperand(int i) {
        return switch (tokens.type(i)) {
            case QUOTED, STRING, INTEGER, DECIMAL, FLOAT, HEX, PARAM, USER_VARIABLE, SYSTEM_VARIABLE -> true;
            case WORD ->
                switch (tokens.keyword(i)) {
                    case ANY, SOME, ALL, MEMBER, SOUNDS, ESCAPE -> false;
                    default -> tokens.isName(i) || Exprs.function(tokens, i) != null;
                };
            default -> false;
        };
    }

    private boolean isOperator(int i) {
        return tokens.is(i, '+')
                || tokens.is(i, '-')
                || tokens.is(i, '*')
                || tokens.is(i, '/')
                || tokens.is(i, '%')
                || tokens.is(i, '.')
                || isPlainParenthesis(i);
    }

    /** The arguments of a function, or a parenthesis that begins with a single value and thus with no query. */
    private boolean isPlainParenthesis(int i) {
        return tokens.is(i, '(')
                && (Exprs.function(tokens, i - 1) != null
                        || tokens.isName(i + 1)
                        || tokens.type(i + 1) == TokenType.PARAM
                        || tokens.type(i + 1) == TokenType.INTEGER);
    }
}
