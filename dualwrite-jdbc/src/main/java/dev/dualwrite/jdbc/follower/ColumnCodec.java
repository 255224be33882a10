package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.key.Sql;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
 */
record ColumnCodec(String name, Form form) {

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
        Form form = switch (column.dataType()) {
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
        return new ColumnCodec(column.name(), form);
    }

    /** What to select for this column. */
    String expression() {
        String quoted = Sql.name(name);
        return switch (form) {
            case NUMBER, DOUBLE, TEMPORAL -> "CAST(" + quoted + " AS CHAR)";
            case FLOAT -> "CAST(CAST(" + quoted + " AS DOUBLE) AS CHAR)";
            case TEXT, BYTES -> quoted;
        };
    }

    /** The value: a {@code String}, a {@code byte[]}, or null. */
    @Nullable Object read(ResultSet row, int index) throws SQLException {
        return form == Form.BYTES ? row.getBytes(index) : row.getString(index);
    }

    /** Binds a value that {@link #read} gave. */
    void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (form == Form.NUMBER) {
            statement.setBigDecimal(index, new BigDecimal((String) value));
        } else {
            statement.setString(index, (String) value);
        }
    }
}
