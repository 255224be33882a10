package dev.dualwrite.sql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tokens of one text. Filled by {@link Lexer}, afterwards only read; used by one thread. */
final class Tokens {

    private final String sql;
    private TokenType[] types;
    private Keyword[] keywords;
    private int[] starts;
    private int[] ends;
    /** For a parenthesis the other one or -1; for a parameter its JDBC index; for a symbol its first character. */
    private int[] extras;
    /** The number of the executable comment that the token stands in, 0 for none. */
    private int[] comments;

    private int size;
    private int params;
    private boolean executableComment;
    private boolean setVarHint;
    private boolean balanced = true;
    private @Nullable String trouble;

    Tokens(String sql) {
        this.sql = sql;
        int capacity = Math.max(16, sql.length() / 4);
        types = new TokenType[capacity];
        keywords = new Keyword[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        extras = new int[capacity];
        comments = new int[capacity];
    }

    void add(TokenType type, Keyword keyword, int start, int end, int comment) {
        if (size == types.length) {
            int capacity = size * 2;
            types = Arrays.copyOf(types, capacity);
            keywords = Arrays.copyOf(keywords, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            extras = Arrays.copyOf(extras, capacity);
            comments = Arrays.copyOf(comments, capacity);
        }
        types[size] = type;
        keywords[size] = keyword;
        starts[size] = start;
        ends[size] = end;
        comments[size] = comment;
        extras[size] = -1;
        if (type == TokenType.PARAM) {
            params++;
            extras[size] = params;
        }
        size++;
    }

    /** Pairs the parentheses; to be called once, at the end. */
    void pair() {
        int[] open = new int[16];
        int depth = 0;
        for (int i = 0; i < size; i++) {
            if (is(i, '(')) {
                if (depth == open.length) {
                    open = Arrays.copyOf(open, depth * 2);
                }
                open[depth++] = i;
            } else if (is(i, ')')) {
                if (depth == 0) {
                    balanced = false;
                } else {
                    int partner = open[--depth];
                    extras[partner] = i;
                    extras[i] = partner;
                }
            }
        }
        balanced &= depth == 0;
    }

    /** Says that the server, the driver and this lexer may not cut the text alike; the first reason stays. */
    void trouble(String reason) {
        if (trouble == null) {
            trouble = reason;
        }
    }

    void executableComment() {
        executableComment = true;
    }

    void setVarHint() {
        setVarHint = true;
    }

    String sql() {
        return sql;
    }

    int size() {
        return size;
    }

    int params() {
        return params;
    }

    boolean hasExecutableComment() {
        return executableComment;
    }

    boolean hasSetVarHint() {
        return setVarHint;
    }

    boolean isBalanced() {
        return balanced;
    }

    @Nullable String trouble() {
        return trouble;
    }

    TokenType type(int i) {
        return i >= 0 && i < size ? types[i] : TokenType.NOTHING;
    }

    /** The keyword, or NONE for anything that is not an unquoted, unqualified keyword. */
    Keyword keyword(int i) {
        return i >= 0 && i < size ? keywords[i] : Keyword.NONE;
    }

    boolean is(int i, Keyword keyword) {
        return keyword(i) == keyword;
    }

    /** Whether the token is this one character. */
    boolean is(int i, char symbol) {
        return type(i) == TokenType.SYMBOL && ends[i] - starts[i] == 1 && sql.charAt(starts[i]) == symbol;
    }

    /** Whether the token is this symbol of more than one character. */
    boolean is(int i, String symbol) {
        return type(i) == TokenType.SYMBOL
                && ends[i] - starts[i] == symbol.length()
                && sql.startsWith(symbol, starts[i]);
    }

    /** Whether the token can be a name: quoted, or a word that is not reserved. */
    boolean isName(int i) {
        TokenType type = type(i);
        return type == TokenType.QUOTED || (type == TokenType.WORD && !keywords[i].reserved());
    }

    /** The parenthesis that belongs to this one, or -1. */
    int partner(int i) {
        return is(i, '(') || is(i, ')') ? extras[i] : -1;
    }

    /** The JDBC index of a parameter. */
    int param(int i) {
        return extras[i];
    }

    int start(int i) {
        return starts[i];
    }

    int end(int i) {
        return ends[i];
    }

    /** The text as written. */
    String text(int i) {
        return sql.substring(starts[i], ends[i]);
    }

    /** The name, quotes taken off. */
    String name(int i) {
        return type(i) == TokenType.QUOTED || type(i) == TokenType.DOUBLE_STRING
                ? Literals.unquote(sql, starts[i], ends[i])
                : text(i);
    }

    /** The text from one token to the one before {@code to}. */
    SourceSpan span(int from, int to) {
        return new SourceSpan(starts[from], ends[to - 1]);
    }

    /** Whether the tokens can be cut out without cutting through an executable comment. */
    boolean cuttable(int from, int to) {
        return from < to && comments[from] == comments[to - 1];
    }

    /** Whether new text can be put after this token without getting into an executable comment. */
    boolean outside(int i) {
        return comments[i] == 0;
    }
}
