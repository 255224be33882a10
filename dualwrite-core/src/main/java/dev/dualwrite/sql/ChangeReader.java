package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.List;

/** Reads an UPDATE or a DELETE; the first clause that is not understood ends it. */
final class ChangeReader {

    private final Text text;
    private final Tokens tokens;
    private final Clauses clauses;
    private final int end;

    ChangeReader(Text text) {
        this.text = text;
        this.tokens = text.tokens();
        this.clauses = text.clauses();
        this.end = text.end();
    }

    Statement update() {
        int i = tokens.is(1, Keyword.LOW_PRIORITY) ? 2 : 1;
        if (tokens.is(i, Keyword.IGNORE)) {
            return text.other(Kind.UPDATE_IGNORE, "UPDATE IGNORE");
        }
        Clauses.Target target = clauses.tableWithAlias(i);
        if (target == null) {
            Clauses.Target named = clauses.table(i);
            return named == null
                    ? text.unknown("UPDATE without a table")
                    : text.other(clauses.afterTable(named.next(), Kind.MULTI_TABLE_UPDATE), "UPDATE");
        }
        if (!tokens.is(target.next(), Keyword.SET)) {
            return text.other(clauses.afterTable(target.next(), Kind.MULTI_TABLE_UPDATE), "UPDATE");
        }
        if (clauses.hasOutside(Keyword.RETURNING)) {
            return text.other(Kind.RETURNING, "UPDATE ... RETURNING");
        }
        List<Assignment> assignments = new ArrayList<>();
        int where = new SetReader(text, target).read(target.next() + 1, assignments);
        if (where < 0) {
            return text.unknown("the SET clause of an UPDATE");
        }
        Clause clause = where(where, target, Kind.ORDERED_UPDATE, Kind.UPDATE_LIMIT);
        if (clause instanceof Refused refused) {
            return text.other(refused.kind(), "UPDATE");
        }
        return new Statement.Update(
                text.reading(),
                target.table(),
                target.alias(),
                tokens.span(target.from(), target.next()),
                assignments,
                ((Condition) clause).where(),
                tokens.end(end - 1));
    }

    Statement delete() {
        int i = 1;
        if (tokens.is(i, Keyword.LOW_PRIORITY)) {
            i++;
        }
        if (tokens.is(i, Keyword.QUICK) && !tokens.is(i + 1, ',') && !tokens.is(i + 1, '.')) {
            i++;
        }
        if (tokens.is(i, Keyword.IGNORE)) {
            return text.other(Kind.DELETE_IGNORE, "DELETE IGNORE");
        }
        if (!tokens.is(i, Keyword.FROM)) {
            return text.other(tokens.isName(i) ? Kind.MULTI_TABLE_DELETE : Kind.UNKNOWN, "DELETE without FROM");
        }
        Clauses.Target target = clauses.table(i + 1);
        if (target == null) {
            return text.unknown("DELETE without a table");
        }
        if (clauses.hasOutside(Keyword.RETURNING)) {
            return text.other(Kind.RETURNING, "DELETE ... RETURNING");
        }
        Clauses.Target aliased = clauses.tableWithAlias(i + 1);
        if (aliased == null) {
            return text.other(clauses.afterTable(target.next(), Kind.MULTI_TABLE_DELETE), "DELETE");
        }
        int next = aliased.next();
        boolean clauseFollows = next == end
                || tokens.is(next, Keyword.WHERE)
                || tokens.is(next, Keyword.ORDER)
                || tokens.is(next, Keyword.LIMIT);
        if (!clauseFollows) {
            return text.other(clauses.afterTable(next, Kind.MULTI_TABLE_DELETE), "DELETE");
        }
        Clause clause = where(next, aliased, Kind.ORDERED_DELETE, Kind.DELETE_LIMIT);
        if (clause instanceof Refused refused) {
            return text.other(refused.kind(), "DELETE");
        }
        return new Statement.Delete(
                text.reading(),
                aliased.table(),
                aliased.alias(),
                tokens.span(aliased.from(), next),
                ((Condition) clause).where(),
                tokens.end(end - 1));
    }

    private sealed interface Clause {}

    private record Condition(Where where) implements Clause {}

    private record Refused(Kind kind) implements Clause {}

    /** What stands from here to the end: a condition or nothing. */
    private Clause where(int from, Clauses.Target target, Kind ordered, Kind limited) {
        int next = from;
        Where where = WhereReader.none();
        if (tokens.is(from, Keyword.WHERE)) {
            next = clauses.expressionEnd(from + 1, end);
            if (!clauses.cuttable(from + 1, next) || isCursor(from + 1)) {
                return new Refused(Kind.UNKNOWN);
            }
            where = new WhereReader(tokens, text.exprs(), clauses, target).read(from + 1, next);
        }
        if (next == end) {
            boolean cuttable = clauses.cuttable(target.from(), target.next()) && tokens.outside(end - 1);
            return cuttable ? new Condition(where) : new Refused(Kind.UNKNOWN);
        }
        if (tokens.is(next, Keyword.LIMIT)) {
            return new Refused(limited);
        }
        if (tokens.is(next, Keyword.ORDER) && tokens.is(next + 1, Keyword.BY)) {
            return new Refused(clauses.hasOutside(Keyword.LIMIT) ? limited : ordered);
        }
        return new Refused(Kind.UNKNOWN);
    }

    private boolean isCursor(int i) {
        return tokens.is(i, Keyword.CURRENT) && tokens.is(i + 1, Keyword.OF);
    }
}
