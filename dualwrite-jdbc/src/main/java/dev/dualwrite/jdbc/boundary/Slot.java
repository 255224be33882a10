package dev.dualwrite.jdbc.boundary;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a prepared statement: the very call that the application made, to be made again on
 * another statement or at another index. Two calls are never the same, whatever they set.
 */
final class Slot {
    /** SQL's NULL. */
    static final Object NULL = new Object();
    /** A value of which only the server knows what it is to a key column. */
    static final Object UNKNOWN = new Object();
    /** A floating-point number, which a server spells in its own way when it stores it as a text. */
    static final Object FLOATING = new Object();
    /** A value that can be read only once. */
    static final Object STREAM = new Object();

    /** A setter's call, with everything but the statement and the index. */
    interface Setter {
        void apply(PreparedStatement statement, int index) throws SQLException;
    }

    private final Object raw;
    private final Setter setter;

    Slot(Object raw, Setter setter) {
        this.raw = raw;
        this.setter = setter;
    }

    /**
     * A String, a Long, a BigInteger, a BigDecimal or a byte[] where the driver sends exactly that, else one of the
     * words above.
     */
    Object raw() {
        return raw;
    }

    Setter setter() {
        return setter;
    }

    /** What a driver makes of an object that it was given without a type. */
    static Object raw(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof String
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof BigDecimal
                || value instanceof byte[]) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            return FLOATING;
        }
        return value instanceof InputStream || value instanceof Reader ? STREAM : UNKNOWN;
    }

    /** What a driver makes of an object and a type: exact only where the two say the same. */
    static Object raw(@Nullable Object value, int sqlType) {
        Object raw = raw(value);
        boolean exact = switch (sqlType) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> raw instanceof Long;
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR -> raw instanceof String;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> raw instanceof byte[];
            default -> false;
        };
        if (raw != NULL && (sqlType == Types.FLOAT || sqlType == Types.REAL || sqlType == Types.DOUBLE)) {
            return FLOATING;
        }
        return exact || raw == NULL || raw == STREAM || raw == FLOATING ? raw : UNKNOWN;
    }

    static Object raw(@Nullable Object value, @Nullable SQLType type) {
        return type instanceof JDBCType known ? raw(value, known.getVendorTypeNumber()) : raw(value, Types.OTHER);
    }
}
