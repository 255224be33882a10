package dev.dualwrite.jdbc.transparency;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Random;
import java.util.SplittableRandom;

/** Draws values, and by which setter they are given. */
final class Values {
    private static final String[] TEXTS = {"", "a", "it's", "b\\c", "\"q\"", "ä€", "n3", "\n", "%", "same"};

    private final SplittableRandom random;
    private boolean streams = true;

    Values(SplittableRandom random) {
        this.random = random;
    }

    /** Whether values are given as what can be read only once, too. */
    void streams(boolean on) {
        streams = on;
    }

    /** A number that may be a key. */
    Value number(long number) {
        String literal = Long.toString(number);
        return switch (random.nextInt(9)) {
            case 0, 1 -> new Value(literal, "setLong(" + number + ")", (s, i) -> s.setLong(i, number));
            case 2, 3 -> new Value(literal, "setInt(" + number + ")", (s, i) -> s.setInt(i, (int) number));
            case 4 -> new Value(literal, "setObject(" + number + "L)", (s, i) -> s.setObject(i, number));
            case 5 ->
                new Value(
                        literal, "setObject(" + number + "L, BIGINT)", (s, i) -> s.setObject(i, number, Types.BIGINT));
            case 6 ->
                new Value(
                        literal,
                        "setObject(" + number + ", JDBCType.INTEGER)",
                        (s, i) -> s.setObject(i, (int) number, JDBCType.INTEGER));
            case 7 -> new Value(literal, "setString(\"" + number + "\")", (s, i) -> s.setString(i, literal));
            default ->
                new Value(
                        literal,
                        "setBigDecimal(" + number + ")",
                        (s, i) -> s.setBigDecimal(i, BigDecimal.valueOf(number)));
        };
    }

    Value key() {
        return number(random.nextInt(8) == 0 ? random.nextInt(101, 130) : random.nextInt(1, 16));
    }

    Value small() {
        return random.nextInt(12) == 0 ? none(Types.INTEGER) : number(random.nextInt(0, 12));
    }

    Value none(int type) {
        return switch (random.nextInt(3)) {
            case 0 -> new Value("NULL", "setNull(" + type + ")", (s, i) -> s.setNull(i, type));
            case 1 -> new Value("NULL", "setObject(null)", (s, i) -> s.setObject(i, null));
            default -> new Value("NULL", "setString(null)", (s, i) -> s.setString(i, null));
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted.append(c == '\'' ? "''" : c == '\\' ? "\\\\" : c == '\n' ? "\\n" : String.valueOf(c));
        }
        return quoted.append('\'').toString();
    }

    /** A text by a call that can be made again and again. */
    Value plainText(String text) {
        String literal = quoted(text);
        return switch (random.nextInt(4)) {
            case 0 -> new Value(literal, "setObject(" + literal + ")", (s, i) -> s.setObject(i, text));
            case 1 ->
                new Value(
                        literal, "setObject(" + literal + ", VARCHAR)", (s, i) -> s.setObject(i, text, Types.VARCHAR));
            default -> new Value(literal, "setString(" + literal + ")", (s, i) -> s.setString(i, text));
        };
    }

    /** A text that is no key, also as a stream. */
    Value text(String text) {
        String literal = quoted(text);
        return switch (streams ? random.nextInt(8) : 7) {
            case 0 ->
                new Value(
                        literal,
                        "setCharacterStream(" + literal + ")",
                        (s, i) -> s.setCharacterStream(i, new StringReader(text)));
            case 1 ->
                new Value(
                        literal,
                        "setCharacterStream(" + literal + ", " + text.length() + ")",
                        (s, i) -> s.setCharacterStream(i, new StringReader(text), text.length()));
            case 2 -> new Value(literal, "setNString(" + literal + ")", (s, i) -> s.setNString(i, text));
            case 3 -> new Value(literal, "setClob(" + literal + ")", (s, i) -> s.setClob(i, new StringReader(text)));
            default -> plainText(text);
        };
    }

    /** What a unique column is given: often there already, sometimes too long. */
    String name() {
        return random.nextInt(14) == 0 ? "a name that is too long" : "n" + random.nextInt(1, 30);
    }

    Value uniqueName() {
        return random.nextInt(6) == 0 ? none(Types.VARCHAR) : text(name());
    }

    String note() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    /** Often with more digits than the column has. */
    Value decimal() {
        return decimal(random.nextInt(0, 100) + "." + random.nextInt(0, 10_000));
    }

    /** For many rows at once: in which order they warn depends on the server's plan. */
    Value cents() {
        return decimal(random.nextInt(0, 100) + ".5");
    }

    private Value decimal(String literal) {
        BigDecimal number = new BigDecimal(literal);
        return switch (random.nextInt(4)) {
            case 0 ->
                new Value(
                        literal,
                        "setObject(" + literal + ", DECIMAL, 1)",
                        (s, i) -> s.setObject(i, number, Types.DECIMAL, 1));
            case 1 -> new Value(literal, "setString(\"" + literal + "\")", (s, i) -> s.setString(i, literal));
            case 2 -> new Value(literal, "setDouble(" + literal + ")", (s, i) -> s.setDouble(i, number.doubleValue()));
            default -> new Value(literal, "setBigDecimal(" + literal + ")", (s, i) -> s.setBigDecimal(i, number));
        };
    }

    Value bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        String hex = HexFormat.of().formatHex(bytes);
        String literal = bytes.length == 0 ? "''" : "x'" + hex + "'";
        return switch (streams ? random.nextInt(5) : 4) {
            case 0 ->
                new Value(
                        literal,
                        "setBinaryStream(" + hex + ")",
                        (s, i) -> s.setBinaryStream(i, new ByteArrayInputStream(bytes)));
            case 1 ->
                new Value(literal, "setBlob(" + hex + ")", (s, i) -> s.setBlob(i, new ByteArrayInputStream(bytes)));
            case 2 -> new Value(literal, "setObject(" + hex + ")", (s, i) -> s.setObject(i, bytes));
            case 3 ->
                new Value(
                        literal,
                        "setBinaryStream(" + hex + ", " + bytes.length + ")",
                        (s, i) -> s.setBinaryStream(i, new ByteArrayInputStream(bytes), bytes.length));
            default -> new Value(literal, "setBytes(" + hex + ")", (s, i) -> s.setBytes(i, bytes));
        };
    }

    Value day() {
        LocalDate day = LocalDate.of(2026, 1 + random.nextInt(12), 1 + random.nextInt(28));
        String literal = "'" + day + "'";
        return switch (random.nextInt(3)) {
            case 0 -> new Value(literal, "setObject(LocalDate " + day + ")", (s, i) -> s.setObject(i, day));
            case 1 -> new Value(literal, "setString(" + day + ")", (s, i) -> s.setString(i, day.toString()));
            default -> new Value(literal, "setDate(" + day + ")", (s, i) -> s.setDate(i, Date.valueOf(day)));
        };
    }

    Value moment() {
        LocalDateTime at =
                LocalDateTime.of(2026, 1 + random.nextInt(2), 1 + random.nextInt(28), 12, 30, 15, 123_456_000);
        String literal = "'" + at.toString().replace('T', ' ') + "'";
        return switch (random.nextInt(3)) {
            case 0 -> new Value(literal, "setObject(LocalDateTime " + at + ")", (s, i) -> s.setObject(i, at));
            case 1 ->
                new Value(
                        literal,
                        "setString(" + at + ")",
                        (s, i) -> s.setString(i, at.toString().replace('T', ' ')));
            default ->
                new Value(literal, "setTimestamp(" + at + ")", (s, i) -> s.setTimestamp(i, Timestamp.valueOf(at)));
        };
    }

    Value clock() {
        LocalTime time = LocalTime.of(random.nextInt(24), random.nextInt(60), random.nextInt(60));
        String text = time.format(java.time.format.DateTimeFormatter.ISO_LOCAL_TIME);
        String literal = "'" + text + "'";
        return switch (random.nextInt(3)) {
            case 0 -> new Value(literal, "setObject(LocalTime " + text + ")", (s, i) -> s.setObject(i, time));
            case 1 -> new Value(literal, "setString(" + text + ")", (s, i) -> s.setString(i, text));
            default -> new Value(literal, "setTime(" + text + ")", (s, i) -> s.setTime(i, Time.valueOf(time)));
        };
    }

    /** Not as a BigInteger: what that arrives as, prepared on the server, depends on what was there before it. */
    Value great() {
        BigInteger number = new BigInteger(64, new Random(random.nextInt(20)));
        String literal = number.toString();
        return random.nextBoolean()
                ? new Value(literal, "setString(" + number + ")", (s, i) -> s.setString(i, literal))
                : new Value(
                        literal, "setBigDecimal(" + number + ")", (s, i) -> s.setBigDecimal(i, new BigDecimal(number)));
    }

    Value floating() {
        double number = random.nextInt(-1000, 1000) / 8.0;
        return switch (random.nextInt(3)) {
            case 0 -> new Value("" + number, "setFloat(" + number + ")", (s, i) -> s.setFloat(i, (float) number));
            case 1 -> new Value("" + number, "setObject(" + number + ")", (s, i) -> s.setObject(i, number));
            default -> new Value("" + number, "setDouble(" + number + ")", (s, i) -> s.setDouble(i, number));
        };
    }

    Value longText() {
        String text = "0123456789".repeat(random.nextInt(1, 40));
        String literal = quoted(text);
        return streams && random.nextBoolean()
                ? new Value(
                        literal,
                        "setAsciiStream(" + text.length() + " digits)",
                        (s, i) ->
                                s.setAsciiStream(i, new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII))))
                : text(text);
    }

    Value flag() {
        boolean on = random.nextBoolean();
        return new Value(on ? "1" : "0", "setBoolean(" + on + ")", (s, i) -> s.setBoolean(i, on));
    }
}
