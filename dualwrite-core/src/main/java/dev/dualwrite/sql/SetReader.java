package dev.dualwrite.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the SET clause of an UPDATE or INSERT. */
final class SetReader {

    private final Text text;
    private final Tokens tokens;
    private final Clauses.Target target;

    SetReader(Text text, Clauses.Target target) {
        this.text = text;
        this.tokens = text.tokens();
        this.target = target;
    }

    /** The token after the clause, or -1 if it was not understood, assigns a column twice, or cannot be cut. */
    int read(int from, List<Assignment> assignments) {
        Set<String> assigned = new HashSet<>();
        int i = from;
        while (true) {
            int value = i + 1;
            while (value - i < 5 && tokens.is(value, '.')) {
                value += 2;
            }
            Expr.ColumnRef column = value > text.end() ? null : text.exprs().column(i, value);
            boolean assigns = tokens.is(value, '=') || tokens.is(value, ":=");
            value++;
            int to = text.clauses().expressionEnd(value, text.end());
            if (column == null
                    || !assigns
                    || !target.isMeantBy(column)
                    || !text.clauses().cuttable(value, to)) {
                return -1;
            }
            Expr expr = text.exprs().read(value, to);
            boolean readsEarlier = reads(expr, assigned);
            if (!assigned.add(Names.fold(column.name()))) {
                return -1;
            }
            assignments.add(new Assignment(
                    column.name(), expr, tokens.span(value, to), text.exprs().params(value, to), readsEarlier));
            if (!tokens.is(to, ',')) {
                return to;
            }
            i = to + 1;
        }
    }

    private static boolean reads(Expr expr, Set<String> assigned) {
        if (expr instanceof Expr.ColumnRef column) {
            return assigned.contains(Names.fold(column.name()));
        }
        return expr instanceof Expr.Opaque opaque
                && opaque.identifiers().stream().anyMatch(name -> assigned.contains(Names.fold(name)));
    }
}
