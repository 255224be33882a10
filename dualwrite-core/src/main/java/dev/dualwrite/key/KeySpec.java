package dev.dualwrite.key;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The primary key of one table: how its values are read canonically, written as literals, and told
 * apart. Immutable.
 *
 * <p>A key's <em>unit</em> is a digest of its class. Where every column compares by its canonical text
 * the unit is computed here; a column with a collation needs the server's {@code WEIGHT_STRING}, and the
 * unit is an expression that the owner's server evaluates. Both follow one formula: the first 16 bytes of
 * SHA-256 over {@code table:part,part}, where a part is the canonical text, or the upper-case hexadecimal
 * of the weights without the trailing weights of spaces where the collation ignores those.
 *
 * @param table the logical table name
 * @param columns of the primary key, in its order
 */
public record KeySpec(String table, List<KeyColumn> columns) {

    public KeySpec {
        columns = List.copyOf(columns);
    }

    /** Whether units are computed without asking a server. */
    public boolean comparesByText() {
        return columns.stream().allMatch(KeyColumn::comparesByText);
    }

    /** The key's unit, if it can be known without asking a server. */
    public Optional<Unit> unit(Key key) {
        if (!comparesByText()) {
            return Optional.empty();
        }
        String joined = table + ':' + String.join(",", key.values());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(joined.getBytes(StandardCharsets.UTF_8));
            return Optional.of(new Unit(Arrays.copyOf(digest, Unit.LENGTH)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** An SQL expression for the key's unit, {@code BINARY(16)}; a literal if it is known here. */
    public String unitExpression(Key key) {
        Optional<Unit> known = unit(key);
        if (known.isPresent()) {
            return Sql.binary(known.get().bytes());
        }
        String parts = IntStream.range(0, columns.size())
                .mapToObj(i -> classExpression(
                        columns.get(i),
                        literal(i, key.values().get(i)),
                        key.values().get(i)))
                .collect(Collectors.joining(", ',', "));
        return digest(parts);
    }

    /** An SQL expression for the unit of the row that a statement is at, by its key columns. */
    public String unitOfRow(String qualifier) {
        return digest(columns.stream()
                .map(column -> {
                    String name = qualifier + Sql.name(column.name());
                    return column.comparesByText() ? canonicalText(column, name) : Sql.hex(weights(column, name));
                })
                .collect(Collectors.joining(", ',', ")));
    }

    /** An SQL expression for {@link Key#encode} of the row that a statement is at. */
    public String encodedRow(String qualifier) {
        return columns.stream()
                .map(column -> canonicalText(column, qualifier + Sql.name(column.name())))
                .map(text -> Sql.unhex("LPAD(HEX(LENGTH(" + text + ")), 4, '0')") + ", " + text)
                .collect(Collectors.joining(", ", "CONCAT(", ")"));
    }

    private static String canonicalText(KeyColumn column, String expression) {
        return "CONVERT(" + canonicalExpression(column, expression) + " USING utf8mb4)";
    }

    private String digest(String parts) {
        return Sql.unhex("LEFT(SHA2(CONCAT(" + asciiText(table + ":") + ", " + parts + "), 256), 32)");
    }

    private static String classExpression(KeyColumn column, String literal, String value) {
        return column.comparesByText() ? asciiText(value) : Sql.hex(weights(column, literal));
    }

    /** The weights of a text under its column's collation, as the server compares them. */
    public static String weights(KeyColumn column, String literal) {
        String text = collated(column, literal);
        if (!column.padSpace()) {
            return "WEIGHT_STRING(" + text + ")";
        }
        String space = collated(column, "_utf8mb4' '");
        List<String> parts = levels(column.collation()).stream()
                .map(level ->
                        "TRIM(TRAILING WEIGHT_STRING(" + space + level + ") FROM WEIGHT_STRING(" + text + level + "))")
                .toList();
        return parts.size() == 1 ? parts.get(0) : "CONCAT_WS(X'7C', " + String.join(", ", parts) + ")";
    }

    /**
     * A collation of several levels compares one after another, each padded by itself, so that trailing spaces
     * leave weights in the middle of the whole. Only MariaDB has such collations that pad, and knows LEVEL.
     */
    private static List<String> levels(String collation) {
        if (!collation.contains("uca1400")) {
            return List.of("");
        }
        List<String> levels = new ArrayList<>(List.of(" LEVEL 1"));
        if (collation.contains("_as_")) {
            levels.add(" LEVEL 2");
        }
        if (collation.endsWith("_cs")) {
            levels.add(" LEVEL 3");
        }
        return levels;
    }

    private static String collated(KeyColumn column, String literal) {
        return "CONVERT(" + literal + " USING " + column.charset() + ") COLLATE " + column.collation();
    }

    /** Bytes that no charset of a session changes; SHA2 sees them as UTF-8. */
    private static String asciiText(String value) {
        return "_binary " + Sql.binary(value.getBytes(StandardCharsets.UTF_8)).replace("_binary''", "''");
    }

    /** A literal for a canonical value, compared with the column by the column's own rules. */
    public String literal(int column, String value) {
        return switch (columns.get(column).type()) {
            case INTEGER, DECIMAL, YEAR -> number(value);
            case TEXT -> Sql.text(value);
            case BINARY -> value.isEmpty() ? "_binary''" : "0x" + hex(value);
            case DATE -> "DATE'" + temporal(value) + "'";
            case DATETIME -> "TIMESTAMP'" + temporal(value) + "'";
        };
    }

    private static String number(String value) {
        return new BigDecimal(value).toPlainString();
    }

    private static String hex(String value) {
        if (value.length() % 2 != 0 || !value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("not a canonical binary key: " + value);
        }
        return value;
    }

    private static String temporal(String value) {
        if (!value.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.' || c == ' ')) {
            throw new IllegalArgumentException("not a canonical temporal key: " + value);
        }
        return value;
    }

    /** {@code `a` = 1 AND `b` = 0x61}: the row with this key. */
    public String predicate(Key key) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> Sql.name(columns.get(i).name()) + " = "
                        + literal(i, key.values().get(i)))
                .collect(Collectors.joining(" AND "));
    }

    /** {@code `a` IN (1, 2)} or its form for several columns: the rows with these keys; never empty. */
    public String predicate(List<Key> keys) {
        return keys.stream().map(this::tuple).collect(Collectors.joining(", ", columnTuple() + " IN (", ")"));
    }

    private String columnTuple() {
        return columns.size() == 1
                ? Sql.name(columns.get(0).name())
                : columns.stream().map(c -> Sql.name(c.name())).collect(Collectors.joining(", ", "(", ")"));
    }

    /** The key as an SQL row: {@code 1} or {@code (1, 0x61)}. */
    public String tuple(Key key) {
        return columns.size() == 1
                ? literal(0, key.values().get(0))
                : IntStream.range(0, columns.size())
                        .mapToObj(i -> literal(i, key.values().get(i)))
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Expressions that read the key columns canonically, each to be taken with {@code getString}. */
    public List<String> selectList(String qualifier) {
        return columns.stream()
                .map(column -> canonicalExpression(column, qualifier + Sql.name(column.name())))
                .toList();
    }

    /** An expression that makes any value what the column would hold, canonically. */
    public String castExpression(int column, String expression) {
        KeyColumn c = columns.get(column);
        String cast = switch (c.type()) {
            case INTEGER -> "CAST(" + expression + " AS " + (c.unsigned() ? "UNSIGNED" : "SIGNED") + ")";
            case DECIMAL -> "CAST(" + expression + " AS DECIMAL(" + c.length() + "," + c.scale() + "))";
            case TEXT -> "CONVERT(" + expression + " USING utf8mb4)";
            case BINARY -> "CAST(" + expression + " AS BINARY" + (c.fixed() ? "(" + c.length() + ")" : "") + ")";
            case DATE -> "CAST(" + expression + " AS DATE)";
            case DATETIME -> "CAST(" + expression + " AS DATETIME(" + c.scale() + "))";
            case YEAR -> "CAST(" + expression + " AS UNSIGNED)";
        };
        return canonicalExpression(c, cast);
    }

    private static String canonicalExpression(KeyColumn column, String expression) {
        return switch (column.type()) {
            case TEXT -> expression;
            case BINARY -> "LOWER(HEX(" + expression + "))";
            case INTEGER, DECIMAL, DATE, DATETIME, YEAR -> "CAST(" + expression + " AS CHAR)";
        };
    }

    /**
     * A value that a driver or a literal gave, as canonical text, where that needs no server: integers for
     * INTEGER, text for TEXT, bytes for BINARY.
     *
     * @return empty if the server has to be asked, or the value does not fit the column
     */
    public Optional<String> canonical(int index, Object value) {
        KeyColumn column = columns.get(index);
        return switch (column.type()) {
            case INTEGER ->
                integer(value).filter(number -> fits(column, number)).map(BigInteger::toString);
            case TEXT ->
                value instanceof String text && text.codePointCount(0, text.length()) <= column.length()
                        ? Optional.of(column.fixed() ? withoutTrailingSpaces(text) : text)
                        : Optional.empty();
            case BINARY ->
                value instanceof byte[] bytes && bytes.length <= column.length()
                        ? Optional.of(java.util.HexFormat.of()
                                .formatHex(column.fixed() ? Arrays.copyOf(bytes, column.length()) : bytes)
                                .toLowerCase(Locale.ROOT))
                        : Optional.empty();
            case DECIMAL, DATE, DATETIME, YEAR -> Optional.empty();
        };
    }

    /** Without U+0020 at the very end, and nothing else: a space before a line's end is no trailing one. */
    public static String withoutTrailingSpaces(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static Optional<BigInteger> integer(Object value) {
        if (value instanceof BigInteger big) {
            return Optional.of(big);
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return Optional.of(BigInteger.valueOf(((Number) value).longValue()));
        }
        return Optional.empty();
    }

    private static boolean fits(KeyColumn column, BigInteger number) {
        int bits = column.bytes() * 8;
        return column.unsigned() ? number.signum() >= 0 && number.bitLength() <= bits : number.bitLength() <= bits - 1;
    }
}
