package dev.dualwrite.sql;

import org.jspecify.annotations.Nullable;

/** Finds the places in a statement on one table where its clauses begin and end. */
final class Clauses {

    private final Tokens tokens;
    /** The token after the statement, a semicolon left out. */
    private final int end;

    Clauses(Tokens tokens, int end) {
        this.tokens = tokens;
        this.end = end;
    }

    /** A table, its alias, and the token after both. */
    record Target(TableRef table, @Nullable String alias, int from, int next) {

        /** Whether a qualifier before a column can mean nothing but this table. */
        boolean isMeantBy(Expr.ColumnRef column) {
            String qualifier = column.qualifier();
            return qualifier == null || qualifier.equalsIgnoreCase(alias == null ? table.name() : alias);
        }
    }

    /** The table at this token, without an alias, or null if there is none. */
    @Nullable Target table(int from) {
        if (!tokens.isName(from)) {
            return null;
        }
        int last = from;
        if (tokens.is(from + 1, '.') && tokens.isName(from + 2)) {
            last = from + 2;
        }
        String schema = last == from ? null : tokens.name(from);
        TableRef table = new TableRef(schema, tokens.name(last), tokens.span(from, last + 1));
        return new Target(table, null, from, last + 1);
    }

    /** The table at this token with the alias that follows, or null if there is none. */
    @Nullable Target tableWithAlias(int from) {
        Target target = table(from);
        if (target == null) {
            return null;
        }
        int alias = tokens.is(target.next(), Keyword.AS) ? target.next() + 1 : target.next();
        if (alias >= end || !tokens.isName(alias)) {
            return alias == target.next() ? target : null;
        }
        return new Target(target.table(), tokens.name(alias), from, alias + 1);
    }

    /** The first comma, or word that cannot belong to an expression, outside of parentheses; else {@code to}. */
    int expressionEnd(int from, int to) {
        int i = from;
        while (i < to && !tokens.is(i, ',') && !endsExpression(i)) {
            i = tokens.is(i, '(') ? tokens.partner(i) + 1 : i + 1;
        }
        return i;
    }

    private boolean endsExpression(int i) {
        return switch (tokens.keyword(i)) {
            case SELECT, TABLE, FROM, SET, INTO, UPDATE, DELETE, WHERE, ORDER, GROUP, HAVING, LIMIT, WINDOW -> true;
            case JOIN, STRAIGHT_JOIN, INNER, CROSS, NATURAL, ON, USING, AS, UNION, EXCEPT, INTERSECT -> true;
            case FOR, LOCK, WITH, PARTITION, PROCEDURE, USE, FORCE, IGNORE, RETURNING, CREATE, ALTER, DROP, CALL ->
                true;
            case INSERT, REPLACE, LEFT, RIGHT, VALUES -> !tokens.is(i + 1, '(');
            default -> tokens.is(i, ';');
        };
    }

    /** Why something else than the clauses of a statement on one table follows the table. */
    Kind afterTable(int i, Kind severalTables) {
        if (tokens.is(i, ',') || (tokens.is(i, '.') && severalTables == Kind.MULTI_TABLE_DELETE)) {
            return severalTables;
        }
        return switch (tokens.keyword(i)) {
            case JOIN, STRAIGHT_JOIN, INNER, CROSS, LEFT, RIGHT, NATURAL -> severalTables;
            case PARTITION -> Kind.PARTITION;
            case USE, FORCE, IGNORE -> Kind.INDEX_HINT;
            case FOR -> tokens.is(i + 1, Keyword.PORTION) ? Kind.PORTION : Kind.UNKNOWN;
            case USING -> severalTables == Kind.MULTI_TABLE_DELETE ? Kind.DELETE_USING : Kind.UNKNOWN;
            default -> Kind.UNKNOWN;
        };
    }

    /** Whether the word stands outside of all parentheses. */
    boolean hasOutside(Keyword keyword) {
        for (int i = 0; i < end; i = tokens.is(i, '(') ? tokens.partner(i) + 1 : i + 1) {
            if (tokens.is(i, keyword)) {
                return true;
            }
        }
        return false;
    }

    /** Whether these tokens can be cut out, and text put behind them. */
    boolean cuttable(int from, int to) {
        return from < to && tokens.outside(from) && tokens.outside(to - 1);
    }
}
