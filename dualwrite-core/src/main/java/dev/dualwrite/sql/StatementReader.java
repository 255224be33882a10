package dev.dualwrite.sql;

import java.util.Locale;
import java.util.Objects;

/**
 * Says what a SQL text is, and fails closed: what is not understood completely is {@link Statement.Other}.
 *
 * <p>Reading takes time and memory in proportion to the text, uses no recursion, and gives an answer for any text
 * whatever. It knows no tables and asks no server; a caller caches the answers by text. Thread-safe.
 *
 * <p>The server must get the text in a character set in which no byte of a longer character is a quote or a backslash,
 * such as utf8mb4 or latin1, but not sjis or gbk.
 */
public final class StatementReader {

    private static final String CHANGE_INSIDE = "a change inside of another statement";

    private final SqlDialect dialect;

    /** A reader for sessions of this dialect. */
    public StatementReader(SqlDialect dialect) {
        this.dialect = Objects.requireNonNull(dialect);
    }

    /** Reads one text; never throws, whatever the text is. */
    public Statement read(String sql) {
        Tokens tokens = Lexer.lex(sql, dialect);
        Reading reading = ReadingScan.of(tokens);
        int end = tokens.size();
        if (tokens.is(end - 1, ';')) {
            end--;
        }
        Text text = new Text(
                tokens, end, reading, new Clauses(tokens, end), new Exprs(tokens, dialect.noBackslashEscapes()));
        String trouble = tokens.trouble();
        if (trouble != null) {
            return text.unknown(trouble);
        }
        for (int i = 0; i < end; i++) {
            if (tokens.is(i, ';')) {
                return text.other(Kind.MULTI_STATEMENT, "more than one statement");
            }
        }
        if (end <= 0) {
            return text.other(Kind.EMPTY, "no statement");
        }
        if (!tokens.isBalanced()) {
            return text.unknown("parentheses that do not match");
        }
        return classify(text);
    }

    private static Statement classify(Text text) {
        Tokens tokens = text.tokens();
        return switch (tokens.keyword(0)) {
            case SELECT, TABLE, VALUES -> select(text);
            case WITH -> with(text);
            case INSERT, UPDATE, DELETE -> change(text);
            default -> {
                if (tokens.is(0, '(')) {
                    yield parenthesised(text);
                }
                yield tokens.is(0, '{') ? escape(text) : new OtherReader(text).read();
            }
        };
    }

    private static Statement change(Text text) {
        Tokens tokens = text.tokens();
        if (tokens.hasSetVarHint()) {
            return text.unknown("a SET_VAR hint");
        }
        if (text.reading().features().jdbcEscape()) {
            return text.other(Kind.JDBC_ESCAPE, tokens.text(0).toUpperCase(Locale.ROOT));
        }
        Statement statement = switch (tokens.keyword(0)) {
            case INSERT -> new InsertReader(text).read();
            case UPDATE -> new ChangeReader(text).update();
            default -> new ChangeReader(text).delete();
        };
        return statement instanceof Statement.Other || !changesInside(text) ? statement : text.unknown(CHANGE_INSIDE);
    }

    /** Whether INSERT, UPDATE, DELETE or REPLACE stands anywhere but at the beginning, not as a function. */
    private static boolean changesInside(Text text) {
        Tokens tokens = text.tokens();
        for (int i = 1; i < text.end(); i++) {
            boolean changes = switch (tokens.keyword(i)) {
                case DELETE -> true;
                case UPDATE -> !tokens.is(i - 1, Keyword.FOR);
                case INSERT, REPLACE -> !tokens.is(i + 1, '(');
                default -> false;
            };
            if (changes) {
                return true;
            }
        }
        return false;
    }

    private static Statement parenthesised(Text text) {
        int i = 0;
        while (text.tokens().is(i, '(')) {
            i++;
        }
        return switch (text.tokens().keyword(i)) {
            case SELECT, TABLE, VALUES, WITH -> select(text);
            default -> text.unknown("a parenthesis that is no query");
        };
    }

    private static Statement with(Text text) {
        int i = new Ctes(text.tokens()).define(0, text.end());
        return switch (text.tokens().keyword(i)) {
            case SELECT, TABLE, VALUES -> select(text);
            case UPDATE, DELETE, INSERT, REPLACE -> text.other(Kind.CTE_DML, "WITH");
            default -> text.tokens().is(i, '(') ? select(text) : text.unknown("WITH");
        };
    }

    /** {@code {call p(?)}} or {@code {? = call f(?)}}. */
    private static Statement escape(Text text) {
        Tokens tokens = text.tokens();
        boolean result = tokens.type(1) == TokenType.PARAM && tokens.is(2, '=');
        return tokens.is(result ? 3 : 1, Keyword.CALL)
                ? text.other(Kind.CALL, "CALL")
                : text.unknown("a brace at the beginning");
    }

    private static Statement select(Text text) {
        Tokens tokens = text.tokens();
        if (changesInside(text)) {
            return text.unknown(CHANGE_INSIDE);
        }
        Locking locking = Locking.NONE;
        boolean into = false;
        boolean ordered = false;
        boolean limited = text.reading().mentions("FETCH");
        int depth = 0;
        for (int i = 0; i < text.end(); i++) {
            depth += tokens.is(i, '(') ? 1 : tokens.is(i, ')') ? -1 : 0;
            switch (tokens.keyword(i)) {
                case INTO -> into = true;
                case ORDER -> ordered |= depth == 0;
                case LIMIT -> limited = true;
                case FOR -> locking = stronger(locking, lock(tokens, i));
                case LOCK -> locking = stronger(locking, Locking.SHARE);
                default -> {
                    // nothing to remember
                }
            }
        }
        return new Statement.Select(text.reading(), locking, into, ordered, limited);
    }

    private static Locking lock(Tokens tokens, int i) {
        return switch (tokens.keyword(i + 1)) {
            case UPDATE -> Locking.UPDATE;
            case SHARE -> Locking.SHARE;
            default -> Locking.NONE;
        };
    }

    private static Locking stronger(Locking one, Locking other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
