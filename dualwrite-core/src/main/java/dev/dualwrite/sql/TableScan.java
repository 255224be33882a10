package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the tables of a statement by one walk over its tokens, with a few bits per open parenthesis. It errs towards names
 * that are no tables.
 */
final class TableScan {

    /** A comma is followed by another table. */
    private static final int LIST = 1;
    /** The next name is a table. */
    private static final int EXPECT = 2;
    /** The arguments of a function that has a FROM of its own. */
    private static final int ARGUMENTS = 4;

    private final Tokens tokens;
    private final Ctes ctes;
    private final boolean definition;
    private final Keyword verb;
    private final List<TableRef> refs = new ArrayList<>();
    /** The tokens that are names of tables or CTEs, not of functions. */
    private final BitSet names = new BitSet();

    private int[] frames = new int[16];
    private int[] closes = new int[16];
    private int depth;

    private TableScan(Tokens tokens) {
        this.tokens = tokens;
        this.ctes = new Ctes(tokens);
        this.verb = tokens.keyword(0);
        this.definition = isDefinition(verb);
        closes[0] = tokens.size();
    }

    static TableScan of(Tokens tokens) {
        TableScan scan = new TableScan(tokens);
        int i = 0;
        while (i < tokens.size()) {
            i = scan.step(i);
        }
        return scan;
    }

    List<TableRef> refs() {
        return refs;
    }

    boolean isTableName(int token) {
        return names.get(token);
    }

    private static boolean isDefinition(Keyword verb) {
        return switch (verb) {
            case CREATE, ALTER, DROP, RENAME, TRUNCATE, GRANT, REVOKE, LOCK, FLUSH, CHECK, REPAIR, OPTIMIZE -> true;
            case ANALYZE, CHECKSUM, IMPORT, SHOW, LOAD, CACHE -> true;
            default -> false;
        };
    }

    private int step(int i) {
        if (tokens.is(i, '(')) {
            open(i);
            return i + 1;
        }
        if (tokens.is(i, ')')) {
            if (depth > 0) {
                depth--;
            }
            return i + 1;
        }
        if (tokens.is(i, ',')) {
            set((frame() & LIST) != 0 ? frame() | EXPECT : frame());
            return i + 1;
        }
        boolean expected = (frame() & EXPECT) != 0;
        if (expected && tokens.isName(i) && !isOption(i)) {
            return name(i);
        }
        if (tokens.keyword(i) != Keyword.NONE) {
            keyword(i);
        } else if (expected && !tokens.is(i, '.') && !tokens.is(i, '{')) {
            set(frame() & ~EXPECT);
        }
        return i + 1;
    }

    private void open(int i) {
        boolean expected = (frame() & EXPECT) != 0;
        set(frame() & ~EXPECT);
        depth++;
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
            closes = Arrays.copyOf(closes, depth * 2);
        }
        closes[depth] = tokens.partner(i) < 0 ? tokens.size() : tokens.partner(i);
        frames[depth] = expected
                ? LIST | EXPECT
                : switch (tokens.keyword(i - 1)) {
                    case EXTRACT, TRIM, SUBSTRING, SUBSTR, MID -> ARGUMENTS;
                    case NEXTVAL, LASTVAL, SETVAL -> EXPECT;
                    default -> 0;
                };
    }

    private int name(int i) {
        int next = i + 1;
        int last = i;
        while (tokens.is(next, '.') && tokens.isName(next + 1)) {
            last = next + 1;
            next += 2;
        }
        boolean function = tokens.is(next, '(') && (frame() & LIST) != 0 && !definition;
        set(frame() & ~EXPECT);
        if (function) {
            return next;
        }
        names.set(last);
        String name = tokens.name(last);
        if (last == i && ctes.hides(name, i)) {
            return next;
        }
        String schema = last == i ? null : tokens.name(last - 2);
        refs.add(new TableRef(schema, name, tokens.span(i, next)));
        return next;
    }

    /** Words that may stand before a table and are not reserved. */
    private boolean isOption(int i) {
        return switch (tokens.keyword(i)) {
            case QUICK -> verb == Keyword.DELETE && tokens.is(i + 1, Keyword.FROM);
            case OJ -> tokens.is(i - 1, '{');
            case OUTFILE, DUMPFILE -> tokens.type(i + 1) == TokenType.STRING;
            default -> false;
        };
    }

    private void keyword(int i) {
        switch (tokens.keyword(i)) {
            case FROM -> {
                if ((frame() & ARGUMENTS) == 0) {
                    set(frame() | LIST | EXPECT);
                }
            }
            case JOIN -> {
                if (!tokens.is(i - 1, Keyword.FOR)) {
                    set(frame() | LIST | EXPECT);
                }
            }
            case STRAIGHT_JOIN -> {
                if ((frame() & LIST) != 0) {
                    set(frame() | EXPECT);
                }
            }
            case UPDATE -> update(i);
            case DELETE -> set(i == 0 || verb == Keyword.WITH || isExplain() ? LIST | EXPECT : frame());
            case INSERT, REPLACE -> {
                if (!tokens.is(i + 1, '(')) {
                    set(EXPECT);
                }
            }
            case INTO -> set((frame() & ~LIST) | EXPECT);
            case TABLE -> set(frame() | LIST | EXPECT);
            case TABLES -> set(definition ? frame() | LIST | EXPECT : frame());
            case USING -> {
                if (verb == Keyword.DELETE && depth == 0) {
                    set(frame() | LIST | EXPECT);
                }
            }
            case WITH -> {
                ctes.define(i, closes[depth]);
                set(0);
            }
            case FOR -> forClause(i);
            case ORDER, GROUP -> {
                if (!tokens.is(i - 1, Keyword.FOR)) {
                    set(0);
                }
            }
            case SELECT, WHERE, HAVING, LIMIT, SET, WINDOW, UNION, EXCEPT, INTERSECT, VALUES -> set(0);
            case ON, TO, REFERENCES, LIKE, VIEW -> {
                if (definition) {
                    set(frame() | LIST | EXPECT);
                } else {
                    set(frame() & ~EXPECT);
                }
            }
            case HANDLER, DESC, DESCRIBE, EXPLAIN -> {
                if (i == 0 && !tokens.is(i + 2, '=')) {
                    set(EXPECT);
                }
            }
            case IF, NOT, EXISTS, LATERAL, LOW_PRIORITY, HIGH_PRIORITY, DELAYED, IGNORE, QUICK, OJ -> {
                // what comes next is still a table
            }
            default -> set(frame() & ~EXPECT);
        }
    }

    private void update(int i) {
        boolean other = tokens.is(i - 1, Keyword.FOR) || tokens.is(i - 1, Keyword.KEY) || tokens.is(i - 1, Keyword.ON);
        set(other ? 0 : LIST | EXPECT);
    }

    private void forClause(int i) {
        if (tokens.is(i - 1, Keyword.VALUE)) {
            set(frame() | EXPECT);
        } else if (tokens.is(i + 1, Keyword.UPDATE) || tokens.is(i + 1, Keyword.SHARE)) {
            set(0);
        }
    }

    private boolean isExplain() {
        return switch (verb) {
            case EXPLAIN, DESC, DESCRIBE, ANALYZE -> true;
            default -> false;
        };
    }

    private int frame() {
        return frames[depth];
    }

    private void set(int frame) {
        frames[depth] = frame;
    }
}
