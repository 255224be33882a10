package dev.dualwrite.jdbc.compare;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A column of an answer.
 *
 * @param label by which callers read it
 * @param kind how its values are read and compared
 * @param table that it is taken from, empty if it is computed
 * @param column of that table
 */
record Column(String label, Kind kind, String table, String column) {

    /** What values are to a caller. */
    enum Kind {
        /** An exact number. */
        NUMBER,
        /** A number of single precision. */
        FLOAT,
        /** A number of double precision. */
        DOUBLE,
        TEXT,
        BYTES,
        DATE,
        TIME,
        TIMESTAMP,
        /** Whatever it is, it is compared as a text. */
        OTHER;

        boolean floating() {
            return this == FLOAT || this == DOUBLE;
        }
    }

    static List<Column> of(ResultSetMetaData data) throws SQLException {
        List<Column> columns = new ArrayList<>(data.getColumnCount());
        for (int i = 1; i <= data.getColumnCount(); i++) {
            columns.add(new Column(
                    data.getColumnLabel(i),
                    kind(data.getColumnType(i), data.getColumnTypeName(i)),
                    data.getTableName(i),
                    data.getColumnName(i)));
        }
        return List.copyOf(columns);
    }

    private static Kind kind(int type, String name) {
        if (name.toUpperCase(Locale.ROOT).startsWith("YEAR")) {
            return Kind.NUMBER; // a URL may make dates of years
        }
        return switch (type) {
            case Types.BIT,
                    Types.BOOLEAN,
                    Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.DECIMAL,
                    Types.NUMERIC -> Kind.NUMBER;
            case Types.REAL -> Kind.FLOAT;
            case Types.FLOAT, Types.DOUBLE -> Kind.DOUBLE;
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR ->
                Kind.TEXT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Kind.BYTES;
            case Types.DATE -> Kind.DATE;
            case Types.TIME -> Kind.TIME;
            case Types.TIMESTAMP -> Kind.TIMESTAMP;
            default -> Kind.OTHER;
        };
    }

    /** Whether callers can read both in the same way. */
    boolean like(Column other) {
        return label.equals(other.label)
                && (kind == other.kind
                        || kind == Kind.OTHER
                        || other.kind == Kind.OTHER
                        || (kind.floating() && other.kind.floating()));
    }
}
