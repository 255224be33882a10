package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a complete expression between two tokens. */
final class Exprs {

    private final Tokens tokens;
    private final boolean noBackslashEscapes;

    Exprs(Tokens tokens, boolean noBackslashEscapes) {
        this.tokens = tokens;
        this.noBackslashEscapes = noBackslashEscapes;
    }

    /** What stands in these tokens, of which there is at least one. */
    Expr read(int from, int to) {
        Expr simple = simple(from, to);
        return simple == null ? opaque(from, to) : simple;
    }

    private @Nullable Expr simple(int from, int to) {
        int count = to - from;
        if (count == 1) {
            Expr single = single(from);
            if (single != null) {
                return single;
            }
        } else if (count == 2) {
            Expr pair = pair(from);
            if (pair != null) {
                return pair;
            }
        }
        if (tokens.type(from) == TokenType.STRING) {
            return strings(from, to);
        }
        return column(from, to);
    }

    private @Nullable Expr single(int i) {
        return switch (tokens.type(i)) {
            case PARAM -> new Expr.Param(tokens.param(i));
            case INTEGER -> new Expr.IntegerLiteral(tokens.text(i));
            case DECIMAL -> new Expr.DecimalLiteral(tokens.text(i));
            case HEX -> hex(tokens.text(i).substring(2));
            case WORD ->
                switch (tokens.keyword(i)) {
                    case NULL -> new Expr.Null();
                    case DEFAULT -> new Expr.Default();
                    default -> null;
                };
            default -> null;
        };
    }

    /** A signed number, or {@code x'1F'}. */
    private @Nullable Expr pair(int i) {
        if (tokens.is(i, '-') || tokens.is(i, '+')) {
            String sign = tokens.is(i, '-') ? "-" : "";
            return switch (tokens.type(i + 1)) {
                case INTEGER -> new Expr.IntegerLiteral(sign + tokens.text(i + 1));
                case DECIMAL -> new Expr.DecimalLiteral(sign + tokens.text(i + 1));
                default -> null;
            };
        }
        boolean hex = tokens.type(i) == TokenType.WORD
                && tokens.text(i).equalsIgnoreCase("x")
                && tokens.type(i + 1) == TokenType.STRING
                && tokens.start(i + 1) == tokens.end(i);
        if (!hex) {
            return null;
        }
        String digits = tokens.text(i + 1);
        digits = digits.substring(1, digits.length() - 1);
        return digits.length() % 2 == 0 ? hex(digits) : null;
    }

    private static @Nullable Expr hex(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), 16) < 0 || digits.charAt(i) > 'f') {
                return null;
            }
        }
        String even = digits.length() % 2 == 0 ? digits : "0" + digits;
        return new Expr.HexLiteral(even.toLowerCase(Locale.ROOT));
    }

    private @Nullable Expr strings(int from, int to) {
        StringBuilder value = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (tokens.type(i) != TokenType.STRING) {
                return null;
            }
            Literals.decode(tokens.sql(), tokens.start(i), tokens.end(i), noBackslashEscapes, value);
        }
        return new Expr.StringLiteral(value.toString());
    }

    /** A name with at most two qualifiers, if the tokens are nothing else. */
    Expr.@Nullable ColumnRef column(int from, int to) {
        int count = to - from;
        if (count != 1 && count != 3 && count != 5) {
            return null;
        }
        for (int i = from; i < to; i++) {
            boolean fits = (i - from) % 2 == 0 ? tokens.isName(i) : tokens.is(i, '.');
            if (!fits) {
                return null;
            }
        }
        return new Expr.ColumnRef(count == 1 ? null : tokens.name(to - 3), tokens.name(to - 1));
    }

    private Expr.Opaque opaque(int from, int to) {
        Set<String> identifiers = new LinkedHashSet<>();
        Set<FunctionRef> functions = new LinkedHashSet<>();
        boolean floating = false;
        for (int i = from; i < to; i++) {
            floating |= tokens.type(i) == TokenType.FLOAT;
            FunctionRef function = function(tokens, i);
            if (function != null) {
                functions.add(function);
            } else if (tokens.isName(i)) {
                identifiers.add(tokens.name(i));
            }
        }
        return new Expr.Opaque(tokens.span(from, to), params(from, to), identifiers, functions, floating);
    }

    List<Integer> params(int from, int to) {
        List<Integer> params = new ArrayList<>();
        for (int i = from; i < to; i++) {
            if (tokens.type(i) == TokenType.PARAM) {
                params.add(tokens.param(i));
            }
        }
        return params;
    }

    Set<FunctionRef> functions(int from, int to) {
        Set<FunctionRef> functions = new LinkedHashSet<>();
        for (int i = from; i < to; i++) {
            FunctionRef function = function(tokens, i);
            if (function != null) {
                functions.add(function);
            }
        }
        return functions;
    }

    /** The function that is called at this token, if any. */
    static @Nullable FunctionRef function(Tokens tokens, int i) {
        TokenType type = tokens.type(i);
        if (type != TokenType.WORD && type != TokenType.QUOTED) {
            return null;
        }
        boolean called = tokens.is(i + 1, '(') && !tokens.is(i - 1, Keyword.AS);
        boolean listed = switch (tokens.keyword(i)) {
            case CURRENT_DATE,
                    CURRENT_TIME,
                    CURRENT_TIMESTAMP,
                    CURRENT_USER,
                    CURRENT_ROLE,
                    LOCALTIME,
                    LOCALTIMESTAMP,
                    UTC_DATE,
                    UTC_TIME,
                    UTC_TIMESTAMP -> true;
            case RESERVED, IF, LEFT, RIGHT, REPLACE, INSERT, MOD, DEFAULT -> called;
            default -> called && tokens.isName(i);
        };
        if (!listed) {
            return null;
        }
        boolean qualified = tokens.is(i - 1, '.') && i >= 2;
        return new FunctionRef(qualified ? tokens.name(i - 2) : null, tokens.name(i));
    }
}
