package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an INSERT; the first clause that is not understood ends it. */
final class InsertReader {

    private final Text text;
    private final Tokens tokens;
    private final int end;
    private final List<String> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    InsertReader(Text text) {
        this.text = text;
        this.tokens = text.tokens();
        this.end = text.end();
    }

    Statement read() {
        int i = 1;
        if (tokens.is(i, Keyword.DELAYED)) {
            return text.other(Kind.INSERT_DELAYED, "INSERT DELAYED");
        }
        if (tokens.is(i, Keyword.LOW_PRIORITY) || tokens.is(i, Keyword.HIGH_PRIORITY)) {
            i++;
        }
        if (tokens.is(i, Keyword.IGNORE)) {
            return text.other(Kind.INSERT_IGNORE, "INSERT IGNORE");
        }
        if (tokens.is(i, Keyword.INTO)) {
            i++;
        }
        Clauses.Target target = text.clauses().table(i);
        if (target == null) {
            return text.unknown("INSERT without a table");
        }
        i = target.next();
        if (tokens.is(i, Keyword.PARTITION)) {
            return text.other(Kind.PARTITION, "INSERT ... PARTITION");
        }
        boolean list = tokens.is(i, '(');
        if (list) {
            if (beginsQuery(i + 1) || tokens.is(i + 1, '(')) {
                return text.other(Kind.INSERT_SELECT, "INSERT ... SELECT");
            }
            if (!columns(i, target)) {
                return text.unknown("the column list of an INSERT");
            }
            i = tokens.partner(i) + 1;
        }
        Statement refused = values(i, list, target);
        return refused == null ? new Statement.Insert(text.reading(), target.table(), columns, rows) : refused;
    }

    private boolean beginsQuery(int i) {
        return switch (tokens.keyword(i)) {
            case SELECT, WITH, TABLE -> true;
            case VALUES -> tokens.is(i + 1, Keyword.ROW);
            default -> false;
        };
    }

    private boolean columns(int open, Clauses.Target target) {
        int close = tokens.partner(open);
        int i = open + 1;
        if (i == close) {
            return true;
        }
        Set<String> seen = new HashSet<>();
        while (i <= close) {
            int to = text.clauses().expressionEnd(i, close);
            Expr.ColumnRef column = to <= i || (to < close && !tokens.is(to, ','))
                    ? null
                    : text.exprs().column(i, to);
            if (column == null || !target.isMeantBy(column) || !seen.add(Names.fold(column.name()))) {
                return false;
            }
            columns.add(column.name());
            i = to + 1;
        }
        return true;
    }

    /** Reads the rows; the statement to refuse with, or null if everything was understood. */
    private @Nullable Statement values(int i, boolean list, Clauses.Target target) {
        if (tokens.is(i, Keyword.VALUES) || tokens.is(i, Keyword.VALUE)) {
            if (tokens.is(i + 1, Keyword.ROW)) {
                return text.other(Kind.INSERT_VALUES_ROW, "INSERT ... VALUES ROW");
            }
            return rows(i + 1);
        }
        if (tokens.is(i, Keyword.SET) && !list) {
            return assignments(i + 1, target);
        }
        if (beginsQuery(i) || tokens.is(i, '(')) {
            return text.other(Kind.INSERT_SELECT, "INSERT ... SELECT");
        }
        return text.unknown("INSERT without VALUES");
    }

    private @Nullable Statement rows(int from) {
        int i = from;
        while (tokens.is(i, '(')) {
            List<Expr> values = row(i);
            if (values == null || (!columns.isEmpty() && values.size() != columns.size())) {
                return text.unknown("a row of an INSERT");
            }
            rows.add(new Row(values));
            i = tokens.partner(i) + 1;
            if (i == end) {
                return null;
            }
            if (!tokens.is(i, ',')) {
                return tail(i);
            }
            i++;
        }
        return text.unknown("a row of an INSERT");
    }

    private @Nullable List<Expr> row(int open) {
        int close = tokens.partner(open);
        List<Expr> values = new ArrayList<>();
        int i = open + 1;
        if (i == close) {
            return values;
        }
        while (true) {
            int to = text.clauses().expressionEnd(i, close);
            if (!text.clauses().cuttable(i, to) || (to < close && !tokens.is(to, ','))) {
                return null;
            }
            values.add(text.exprs().read(i, to));
            if (to == close) {
                return values;
            }
            i = to + 1;
        }
    }

    private @Nullable Statement assignments(int from, Clauses.Target target) {
        List<Assignment> assignments = new ArrayList<>();
        int i = new SetReader(text, target).read(from, assignments);
        if (i < 0) {
            return text.unknown("the SET clause of an INSERT");
        }
        List<Expr> values = new ArrayList<>();
        for (Assignment assignment : assignments) {
            columns.add(assignment.column());
            values.add(assignment.value());
        }
        rows.add(new Row(values));
        return i == end ? null : tail(i);
    }

    private Statement tail(int i) {
        return switch (tokens.keyword(i)) {
            case AS -> text.other(Kind.INSERT_ROW_ALIAS, "INSERT ... AS");
            case ON ->
                tokens.is(i + 1, Keyword.DUPLICATE)
                        ? text.other(Kind.INSERT_ON_DUPLICATE, "INSERT ... ON DUPLICATE KEY UPDATE")
                        : text.unknown("what follows an INSERT");
            case RETURNING -> text.other(Kind.RETURNING, "INSERT ... RETURNING");
            default -> text.unknown("what follows an INSERT");
        };
    }
}
