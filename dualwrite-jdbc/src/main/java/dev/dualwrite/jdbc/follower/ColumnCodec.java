package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.key.Sql;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * Carries the values of one column from one server to another byte-equal: as the server's own text, or as
 * bytes, never through a Java type that rounds, shifts or forbids. FLOAT is read as DOUBLE, because its
 * own text loses digits (M17); DOUBLE is not, because MySQL shortens the text of what is no column.
 *
 * @param name of the column
 * @param form how its values travel
 * @param common the type with which the two columns show equal values alike; empty if they do so anyway
 */
record ColumnCodec(String name, Form form, String common) {

    /** Incorrect value, as a server says it. */
    private static final int NOT_A_NUMBER = 1366;

    /** Of a DECIMAL. */
    private static final int MOST_DIGITS = 65;

    enum Form {
        /** A number as the server prints it, sent back unquoted. */
        NUMBER,
        /** FLOAT, or DOUBLE that faces FLOAT: as DOUBLE, of which MySQL writes 22 characters at the most; enough for FLOAT. */
        FLOAT,
        /** DOUBLE on both sides: the shortest text that reads back as the same number. */
        DOUBLE,
        /** Text, in any character set, as Unicode. */
        TEXT,
        /** Dates and times as the server prints them in UTC. */
        TEMPORAL,
        /** Bytes. */
        BYTES
    }

    /** Between a column and the one that it is copied from or compared with. */
    static ColumnCodec of(Column column, Column other) {
        String common = common(column, other);
        Form form = !common.isEmpty() && column.dataType().equals("bit") ? Form.NUMBER : form(column, other);
        return new ColumnCodec(column.name(), form, common);
    }

    private static Form form(Column column, Column other) {
        return switch (column.dataType()) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" -> Form.NUMBER;
            case "float" -> Form.FLOAT;
            case "double" -> other.dataType().equals("float") ? Form.FLOAT : Form.DOUBLE;
            case "date", "time", "datetime", "timestamp" -> Form.TEMPORAL;
            case "binary",
                    "varbinary",
                    "tinyblob",
                    "blob",
                    "mediumblob",
                    "longblob",
                    "bit",
                    "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geomcollection",
                    "geometrycollection",
                    "vector" -> Form.BYTES;
            default -> Form.TEXT;
        };
    }

    /** Of numbers, times and bits of which one side has more: to have as many on both. */
    private static String common(Column column, Column other) {
        return switch (column.dataType()) {
            case "decimal" -> other.dataType().equals("decimal") ? decimal(column, other) : "";
            case "time", "datetime", "timestamp" -> {
                int one = Narrowing.size(column, 0, 0);
                int two = Narrowing.size(other, 0, 0);
                yield one == two || !other.dataType().equals(column.dataType())
                        ? ""
                        : (column.dataType().equals("time") ? "TIME(" : "DATETIME(") + Math.max(one, two) + ")";
            }
            // a server shows as many bytes as there are bits
            case "bit" ->
                other.dataType().equals("bit") && Narrowing.size(column, 0, 1) != Narrowing.size(other, 0, 1)
                        ? "UNSIGNED"
                        : "";
            default -> "";
        };
    }

    private static String decimal(Column column, Column other) {
        int one = Narrowing.size(column, 1, 0);
        int two = Narrowing.size(other, 1, 0);
        int whole = Math.max(Narrowing.size(column, 0, 10) - one, Narrowing.size(other, 0, 10) - two);
        int scale = Math.max(one, two);
        return one == two || whole + scale > MOST_DIGITS ? "" : "DECIMAL(" + (whole + scale) + "," + scale + ")";
    }

    /** What to select for this column. */
    String expression() {
        String quoted = Sql.name(name);
        return switch (form) {
            case NUMBER, DOUBLE, TEMPORAL ->
                common.isEmpty()
                        ? "CAST(" + quoted + " AS CHAR)"
                        : "CAST(CAST(" + quoted + " AS " + common + ") AS CHAR)";
            case FLOAT -> "CAST(CAST(" + quoted + " AS DOUBLE) AS CHAR)";
            case TEXT, BYTES -> quoted;
        };
    }

    /** The value: a {@code String}, a {@code byte[]}, or null. */
    @Nullable Object read(ResultSet row, int index) throws SQLException {
        return form == Form.BYTES ? row.getBytes(index) : row.getString(index);
    }

    private BigDecimal number(String text) throws SQLException {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new SQLDataException(name + " on the follower takes numbers only", "22018", NOT_A_NUMBER, e);
        }
    }

    /** Binds a value that {@link #read} gave. */
    void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (form == Form.NUMBER) {
            statement.setBigDecimal(index, number((String) value));
        } else {
            statement.setString(index, (String) value);
        }
    }
}
