package dev.dualwrite.jdbc;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * A column as a Java program has it: read from a session in UTC, and set by each call that suits it. It shares nothing with the
 * library's codecs.
 */
enum Typed {
    NUMBER,
    FLOAT,
    DOUBLE,
    DATE,
    TIME,
    DATETIME,
    TIMESTAMP,
    YEAR,
    TEXT,
    WORD,
    BYTES;

    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
    private static final DateTimeFormatter WALL = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    static Typed of(String type) {
        String name = type.split("[ (]", 2)[0].toLowerCase(Locale.ROOT);
        if (type.contains("CHARACTER SET binary")) {
            return BYTES;
        }
        return switch (name) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "boolean", "decimal" -> NUMBER;
            case "float" -> FLOAT;
            case "double" -> DOUBLE;
            case "date" -> DATE;
            case "time" -> TIME;
            case "datetime" -> DATETIME;
            case "timestamp" -> TIMESTAMP;
            case "year" -> YEAR;
            // streams go as bytes, which only a column of the session's character set takes for a text
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                type.contains("CHARACTER SET") ? WORD : TEXT;
            case "json", "enum", "set", "inet4", "inet6", "uuid" -> WORD;
            default -> BYTES;
        };
    }

    /** What to select; the server's own text of FLOAT lacks digits. */
    String expression(String column) {
        return this == FLOAT ? "CAST(" + column + " AS DOUBLE)" : column;
    }

    @Nullable Object read(ResultSet row, int index) throws SQLException {
        Object value = switch (this) {
            case NUMBER -> row.getObject(index);
            case FLOAT -> (float) row.getDouble(index);
            case DOUBLE -> row.getDouble(index);
            case DATE -> row.getObject(index, LocalDate.class);
            case DATETIME -> row.getObject(index, LocalDateTime.class);
            case TIMESTAMP -> row.getTimestamp(index);
            case YEAR -> row.getInt(index);
            case TIME, TEXT, WORD -> row.getString(index);
            case BYTES -> row.getBytes(index);
        };
        return row.wasNull() ? null : value;
    }

    /** A call that sets a parameter. */
    private interface Way {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    /**
     * Sets a parameter by one of the ways that there are for its value.
     *
     * @param way which of them, in turn
     * @param zone of the session
     */
    void set(PreparedStatement statement, int index, @Nullable Object value, int way, ZoneId zone) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
            return;
        }
        List<Way> ways = switch (this) {
            // as BigInteger a number beyond a long does not arrive in server-prepared statements of MariaDB
            case NUMBER -> number(value instanceof BigInteger whole ? new BigDecimal(whole) : value);
            case FLOAT ->
                List.of(
                        (s, i) -> s.setFloat(i, (Float) value),
                        (s, i) -> s.setObject(i, value),
                        (s, i) -> s.setDouble(i, (Float) value));
            case DOUBLE -> floating((Double) value);
            case DATE -> date((LocalDate) value);
            case TIME -> time((String) value);
            case DATETIME -> datetime((LocalDateTime) value);
            case TIMESTAMP -> timestamp((Timestamp) value, zone);
            case YEAR ->
                List.of(
                        (s, i) -> s.setInt(i, (Integer) value),
                        (s, i) -> s.setString(i, value.toString()),
                        (s, i) -> s.setShort(i, ((Integer) value).shortValue()));
            case TEXT -> text((String) value);
            case WORD ->
                List.of(
                        (s, i) -> s.setString(i, (String) value),
                        (s, i) -> s.setObject(i, value),
                        (s, i) -> s.setObject(i, value, Types.VARCHAR));
            case BYTES -> bytes((byte[]) value);
        };
        ways.get(Math.floorMod(way, ways.size())).set(statement, index);
    }

    private static List<Way> number(Object value) {
        if (value instanceof Boolean truth) {
            return List.of((s, i) -> s.setBoolean(i, truth), (s, i) -> s.setObject(i, value));
        }
        return List.of(
                (s, i) -> s.setObject(i, value),
                (s, i) -> s.setBigDecimal(i, new BigDecimal(value.toString())),
                (s, i) -> s.setString(i, value.toString()),
                (s, i) -> s.setObject(i, value.toString(), Types.DECIMAL, 30));
    }

    private static List<Way> floating(double value) {
        if (value == 0 && 1 / value < 0) {
            // the driver's text of it is an exact number, which has no sign
            return List.of((s, i) -> s.setString(i, "-0e0"));
        }
        return List.of((s, i) -> s.setDouble(i, value), (s, i) -> s.setObject(i, value));
    }

    private static List<Way> date(LocalDate value) {
        return List.of(
                (s, i) -> s.setObject(i, value),
                (s, i) -> s.setString(i, value.toString()),
                (s, i) -> s.setObject(i, value.toString(), Types.DATE),
                (s, i) -> s.setDate(i, Date.valueOf(value)));
    }

    /** No type of Java but text and durations holds every TIME. */
    private static List<Way> time(String value) {
        String[] parts = value.replace("-", "").split(":", -1);
        Duration size = Duration.ofHours(Long.parseLong(parts[0]))
                .plusMinutes(Long.parseLong(parts[1]))
                .plus(Duration.parse("PT" + parts[2] + "S"));
        Duration duration = value.startsWith("-") ? size.negated() : size;
        Way asDay = duration.isNegative() || duration.toHours() > 23
                ? (s, i) -> s.setString(i, value)
                : (s, i) -> s.setObject(i, LocalTime.MIDNIGHT.plus(duration));
        Way asDuration = duration.isZero() || duration.toNanosPart() != 0 // which the driver spells wrongly
                ? (s, i) -> s.setString(i, value)
                : (s, i) -> s.setObject(i, duration, JDBCType.TIME);
        return List.of((s, i) -> s.setString(i, value), asDuration, asDay);
    }

    private static List<Way> datetime(LocalDateTime value) {
        // before, the two classes of Java count by different calendars; behind, MariaDB knows no instants
        Way asInstant = value.getYear() < 1600 || value.getYear() > 2037
                ? (s, i) -> s.setObject(i, value)
                : (s, i) -> s.setTimestamp(
                        i, Timestamp.from(value.toInstant(ZoneOffset.UTC)), Calendar.getInstance(UTC, Locale.ROOT));
        return List.of((s, i) -> s.setObject(i, value), (s, i) -> s.setString(i, WALL.format(value)), asInstant);
    }

    private static List<Way> timestamp(Timestamp value, ZoneId zone) {
        return List.of(
                (s, i) -> s.setTimestamp(i, value),
                (s, i) -> s.setTimestamp(i, value, Calendar.getInstance(TimeZone.getTimeZone(zone), Locale.ROOT)),
                (s, i) -> s.setObject(i, OffsetDateTime.ofInstant(value.toInstant(), ZoneOffset.ofHours(9))),
                (s, i) -> s.setObject(i, value.toInstant().atZone(zone)),
                (s, i) -> s.setString(i, WALL.format(value.toInstant().atZone(zone))));
    }

    private static List<Way> text(String value) {
        boolean ascii = value.chars().allMatch(c -> c < 0x80);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return List.of(
                (s, i) -> s.setString(i, value),
                (s, i) -> s.setObject(i, value),
                (s, i) -> s.setCharacterStream(i, new StringReader(value)),
                (s, i) -> {
                    Clob clob = s.getConnection().createClob();
                    clob.setString(1, value);
                    s.setClob(i, clob);
                },
                (s, i) -> s.setObject(i, value, Types.LONGVARCHAR),
                (s, i) -> s.setClob(i, new StringReader(value), value.length()),
                ascii
                        ? (s, i) -> s.setAsciiStream(i, new ByteArrayInputStream(bytes), bytes.length)
                        : (s, i) -> s.setCharacterStream(i, new StringReader(value), value.length()));
    }

    private static List<Way> bytes(byte[] value) {
        return List.of(
                (s, i) -> s.setBytes(i, value),
                (s, i) -> s.setObject(i, value),
                (s, i) -> s.setBinaryStream(i, new ByteArrayInputStream(value)),
                (s, i) -> {
                    Blob blob = s.getConnection().createBlob();
                    blob.setBytes(1, value);
                    s.setBlob(i, blob);
                },
                (s, i) -> s.setBinaryStream(i, new ByteArrayInputStream(value), value.length),
                (s, i) -> s.setBlob(i, new ByteArrayInputStream(value)),
                (s, i) -> s.setObject(i, value, Types.VARBINARY));
    }
}
