package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.KeyType;
import dev.dualwrite.key.Sql;
import dev.dualwrite.sql.Expr;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gives to key columns, as the server will store or compare it. A value is computed here
 * only where it is certain what the server makes of it; else the server is asked, or the statement refused.
 */
final class KeyValues {
    private static final BigInteger EXACT_IN_DOUBLE = BigInteger.ONE.shiftLeft(53);

    private final Table table;
    private final KeySpec spec;
    private final SessionFacts facts;
    private final Parameters parameters;
    private final String sql;

    KeyValues(Table table, SessionFacts facts, Parameters parameters, String sql) {
        this.table = table;
        this.spec = table.key();
        this.facts = facts;
        this.parameters = parameters;
        this.sql = sql;
    }

    /** What becomes of a value. */
    sealed interface Stored {
        /** It is this, canonically. */
        record Known(String value) implements Stored {}

        /** The server makes a value. */
        record Generated() implements Stored {}

        /** It is NULL, which no key column takes: the server will say so. */
        record Null() implements Stored {}

        /** The server has to be asked: each expression answers one value that it may be. */
        record Ask(List<Question> expressions) implements Stored {}
    }

    /** What an INSERT or an assignment stores. */
    Stored stored(int column, Expr value) throws SQLException {
        KeyColumn key = spec.columns().get(column);
        if (value instanceof Expr.Null) {
            return new Stored.Null();
        }
        if (value instanceof Expr.Default && generates(key)) {
            // where 0 is a value, it is the default
            return facts.zeroIsExplicit() ? new Stored.Known("0") : new Stored.Generated();
        }
        if (value instanceof Expr.Param param) {
            Object raw = parameters.raw(param.index());
            if (raw == Slot.NULL) {
                return generates(key) ? new Stored.Generated() : new Stored.Null();
            }
            if (raw == Slot.STREAM) {
                throw Refusal.STREAM.exception("A key " + name(key) + " given as a stream");
            }
            if (raw instanceof BigInteger number
                    && number.bitLength() > 63
                    && key.type() == KeyType.INTEGER
                    && !facts.strict()) {
                throw wrongType(
                        key); // MariaDB with server-prepared statements: another number arrives, and 0 is stored
            }
            if (raw == Slot.FLOATING && spelt(key)) {
                throw wrongType(key);
            }
            return escaped(raw)
                    ? ask(column, key, "?", List.of(param.index()))
                    : stored(column, key, raw, "?", List.of(param.index()));
        }
        if (value instanceof Expr.IntegerLiteral literal) {
            return stored(column, key, new BigInteger(literal.text()), literal.text(), List.of());
        }
        if (value instanceof Expr.DecimalLiteral literal) {
            return stored(column, key, new BigDecimal(literal.text()), literal.text(), List.of());
        }
        if (value instanceof Expr.StringLiteral literal) {
            if (!sendable(literal.value()) && !facts.charset().equals("utf8mb4")) {
                throw Refusal.KEY_TYPE.exception("A key " + name(key) + " given as a literal");
            }
            return stored(column, key, literal.value(), Sql.text(literal.value()), List.of());
        }
        if (value instanceof Expr.HexLiteral literal && key.type() == KeyType.BINARY) {
            return binary(column, key, literal.bytes());
        }
        if (value instanceof Expr.Opaque opaque) {
            if (spelt(key) && opaque.floating()) {
                throw wrongType(key);
            }
            for (int index : opaque.params()) {
                if (spelt(key) && parameters.raw(index) == Slot.FLOATING) {
                    throw Refusal.KEY_TYPE.exception("A key " + name(key) + " computed from parameter " + index);
                }
            }
            if (key.type() == KeyType.INTEGER) {
                for (int index : opaque.params()) {
                    if (!(parameters.raw(index) instanceof Long)) {
                        throw Refusal.KEY_TYPE.exception("A key " + name(key) + " computed from parameter " + index);
                    }
                }
            }
            return computed(column, key, "(" + opaque.span().in(sql) + ")", opaque.params());
        }
        throw Refusal.KEY_TYPE.exception("A key " + name(key));
    }

    private Stored stored(int column, KeyColumn key, Object raw, String text, List<Integer> params)
            throws SQLException {
        return switch (key.type()) {
            case INTEGER -> integer(key, wholeNumber(raw).orElseThrow(() -> wrongType(key)));
            case YEAR -> {
                BigInteger year = wholeNumber(raw).orElseThrow(() -> wrongType(key));
                if (year.bitLength() > 15 || year.intValue() < 1901 || year.intValue() > 2155) {
                    throw wrongType(key);
                }
                yield new Stored.Known(year.toString());
            }
            case TEXT ->
                raw instanceof String value && sendable(value, key)
                        ? new Stored.Known(fitted(key, value))
                        : ask(column, key, text, params);
            case BINARY -> raw instanceof byte[] value ? binary(column, key, value) : ask(column, key, text, params);
            case DECIMAL, DATE, DATETIME -> ask(column, key, text, params);
        };
    }

    /** Whether a number becomes a text in it, which for floating-point ones is not the text that a cast makes. */
    private static boolean spelt(KeyColumn key) {
        return key.type() == KeyType.TEXT || key.type() == KeyType.BINARY;
    }

    private SQLException wrongType(KeyColumn key) {
        return Refusal.KEY_TYPE.exception("A key " + name(key));
    }

    /** Out of strict mode the server stores the nearest value; in strict mode it stores none. */
    private Stored integer(KeyColumn key, BigInteger value) {
        int bits = key.bytes() * 8;
        BigInteger least = key.unsigned()
                ? BigInteger.ZERO
                : BigInteger.ONE.shiftLeft(bits - 1).negate();
        BigInteger most =
                BigInteger.ONE.shiftLeft(key.unsigned() ? bits : bits - 1).subtract(BigInteger.ONE);
        BigInteger stored = value.max(least).min(most);
        return stored.signum() == 0 && generates(key) && !facts.zeroIsExplicit()
                ? new Stored.Generated()
                : new Stored.Known(stored.toString());
    }

    private Stored binary(int column, KeyColumn key, byte[] value) {
        byte[] stored = value.length > key.length() ? Arrays.copyOf(value, key.length()) : value;
        return new Stored.Known(spec.canonical(column, stored)
                .orElseThrow(() -> new IllegalStateException("bytes that fit have a canonical form")));
    }

    private Stored ask(int column, KeyColumn key, String text, List<Integer> params) throws SQLException {
        return switch (key.type()) {
            case INTEGER -> new Stored.Ask(integers(column, key, text, params));
            case DECIMAL, BINARY, DATETIME ->
                new Stored.Ask(List.of(new Question(spec.castExpression(column, text), params)));
            case TEXT ->
                new Stored.Ask(List.of(new Question(
                        spec.castExpression(column, "CONVERT(" + text + " USING " + key.charset() + ")"), params)));
            // the server may round the time of day to the next day when it stores, and not when it casts
            case DATE ->
                new Stored.Ask(List.of(
                        new Question(spec.castExpression(column, text), params),
                        new Question(spec.castExpression(column, "CAST(" + text + " AS DATETIME)"), params)));
            case YEAR -> throw wrongType(key);
        };
    }

    /**
     * Out of strict mode also what it is with the other sign: a cast wraps what is too great for it round, and the column
     * takes the nearest value.
     */
    private List<Question> integers(int column, KeyColumn key, String text, List<Integer> params) {
        Question question = new Question(spec.castExpression(column, text), params);
        if (facts.strict()) {
            return List.of(question);
        }
        String other = key.unsigned() ? "SIGNED" : "UNSIGNED";
        return List.of(question, new Question("CAST(CAST(" + text + " AS " + other + ") AS CHAR)", params));
    }

    /** A value that the server computes out of the row that it stands in. */
    Stored asked(int column, String text) throws SQLException {
        return computed(column, spec.columns().get(column), text, List.of());
    }

    /**
     * As {@link #ask}, of an expression whose type only the server knows. If it is a floating-point number, which the
     * server spells in another way when it stores it as a text than when it casts it, {@link Question} refuses the
     * answer; the probe itself always answers NULL, and evaluates nothing.
     */
    private Stored computed(int column, KeyColumn key, String text, List<Integer> params) throws SQLException {
        Stored stored = ask(column, key, text, params);
        if (!spelt(key) || !(stored instanceof Stored.Ask ask)) {
            return stored;
        }
        List<Question> questions = new ArrayList<>(ask.expressions());
        questions.add(new Question("IF(FALSE, " + text + ", NULL)", params));
        return new Stored.Ask(List.copyOf(questions));
    }

    /** What the server answered to a question about this column, as it fits into the column. */
    String answered(int column, String answer) {
        KeyColumn key = spec.columns().get(column);
        return switch (key.type()) {
            case TEXT -> fitted(key, answer);
            case BINARY -> answer.length() > 2 * key.length() ? answer.substring(0, 2 * key.length()) : answer;
            // where a 0 would generate a value it is asked for by generatesFor, or the statement is an UPDATE
            case INTEGER -> integer(key, new BigInteger(answer)) instanceof Stored.Known known ? known.value() : "0";
            case DECIMAL, DATE, DATETIME, YEAR -> answer;
        };
    }

    /** Whether the server generates a key where an expression that an INSERT gives answered this. */
    boolean generatesFor(int column, @Nullable String answer) {
        KeyColumn key = spec.columns().get(column);
        return generates(key) && (answer == null || integer(key, new BigInteger(answer)) instanceof Stored.Generated);
    }

    private static String fitted(KeyColumn key, String value) {
        String cut = value.codePointCount(0, value.length()) > key.length()
                ? value.substring(0, value.offsetByCodePoints(0, key.length()))
                : value;
        return key.fixed() ? KeySpec.withoutTrailingSpaces(cut) : cut;
    }

    /**
     * The key value of every row for which {@code column = value} holds.
     *
     * @return empty if that is not certain
     */
    Optional<String> compared(int column, Expr value) throws SQLException {
        KeyColumn key = spec.columns().get(column);
        Object raw = raw(value);
        if (value instanceof Expr.Param && escaped(raw)) {
            return Optional.empty();
        }
        return switch (key.type()) {
            case INTEGER ->
                wholeNumber(raw)
                        .filter(number -> !inexact(value, raw) || number.abs().compareTo(EXACT_IN_DOUBLE) < 0)
                        .flatMap(number -> spec.canonical(column, number));
            case TEXT ->
                raw instanceof String text && sendable(text, key) ? spec.canonical(column, text) : Optional.empty();
            case BINARY -> raw instanceof byte[] ? spec.canonical(column, raw) : Optional.empty();
            case DECIMAL, DATE, DATETIME, YEAR -> Optional.empty();
        };
    }

    /** Whether the server compares it with a whole number by way of a double, so that it may hold for several rows. */
    private static boolean inexact(Expr value, Object raw) {
        return raw instanceof String
                || (value instanceof Expr.Param && raw instanceof BigInteger number && beyondLong(number));
    }

    private static boolean beyondLong(BigInteger number) {
        return number.bitLength() > 63;
    }

    private Object raw(Expr value) throws SQLException {
        if (value instanceof Expr.Param param) {
            return parameters.raw(param.index());
        }
        if (value instanceof Expr.IntegerLiteral literal) {
            return new BigInteger(literal.text());
        }
        if (value instanceof Expr.StringLiteral literal) {
            return literal.value();
        }
        return value instanceof Expr.HexLiteral literal ? literal.bytes() : Slot.UNKNOWN;
    }

    private static Optional<BigInteger> wholeNumber(Object raw) {
        if (raw instanceof Long value) {
            return Optional.of(BigInteger.valueOf(value));
        }
        if (raw instanceof BigInteger value) {
            return Optional.of(value);
        }
        if (raw instanceof BigDecimal value) {
            return value.stripTrailingZeros().scale() <= 0 && value.precision() - value.scale() < 40
                    ? Optional.of(value.toBigIntegerExact())
                    : Optional.empty();
        }
        return raw instanceof String text && text.matches("-?[0-9]{1,30}")
                ? Optional.of(new BigInteger(text))
                : Optional.empty();
    }

    private boolean generates(KeyColumn key) {
        return table.autoIncrement()
                .filter(auto -> auto.name().equals(key.name()))
                .isPresent();
    }

    private String name(KeyColumn key) {
        return table.name() + "." + key.name();
    }

    /** Whether a text arrives at the server as it is. */
    private boolean sendable(String text) {
        return ascii(text) || (facts.charset().equals("utf8mb4") && wellFormed(text));
    }

    /** Whether a text arrives at the server as it is, and stands in the column as it is. */
    private boolean sendable(String text, KeyColumn key) {
        return ascii(text) || (sendable(text) && key.charset().equals("utf8mb4"));
    }

    /**
     * Whether the driver may send a text in an escaped form that the server does not take for one: it learns of
     * NO_BACKSLASH_ESCAPES late. The server is asked by the same call then.
     */
    private boolean escaped(Object raw) {
        return facts.noBackslashEscapes()
                && raw instanceof String text
                && text.chars().anyMatch(c -> c < 0x20 || "\\'\"\u00a5\u20a9".indexOf(c) >= 0);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static boolean wellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Where the table stands, for queries of our own. */
    static String qualified(Table table) {
        return Sql.name(table.schema()) + "." + Sql.name(table.name());
    }

    /** One SELECT that asks several questions at once. */
    static Question all(List<Question> expressions) {
        return new Question(
                expressions.stream().map(Question::sql).collect(Collectors.joining(", ", "SELECT ", " LIMIT 1")),
                expressions.stream().flatMap(e -> e.params().stream()).toList());
    }

    /** The positions of a list. */
    static List<Integer> positions(List<?> list) {
        return IntStream.range(0, list.size()).boxed().toList();
    }
}
