package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.jdbc.StatementRefusedException;
import java.io.IOException;
import java.io.Reader;
import java.sql.BatchUpdateException;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to, as a text that is equal where the application can see no difference.
 *
 * @param refusal the code by which the boundary refused; null if it did not
 */
record Seen(String text, @Nullable String refusal) {
    private static final int MOST_ROWS = 200;

    static Seen of(Host host, Call.Body body) {
        try {
            return new Seen(host.plain(text(body.on(host))), null);
        } catch (Host.NothingThere e) {
            return new Seen("there is no " + e.getMessage(), null);
        } catch (StatementRefusedException e) {
            return new Seen(failure(e), code(e));
        } catch (BatchUpdateException e) {
            boolean refused = e.getCause() instanceof StatementRefusedException;
            return new Seen(host.plain(failure(e)), refused ? code(e) : null);
        } catch (SQLException e) {
            return new Seen(host.plain(failure(e)), null);
        } catch (RuntimeException e) {
            return new Seen("threw " + host.plain(e.toString()), null);
        }
    }

    private static String code(SQLException e) {
        return String.valueOf(e.getMessage()).split(" ", 2)[0];
    }

    private static String failure(SQLException e) {
        StringBuilder text = new StringBuilder("threw ").append(one(e));
        if (e instanceof BatchUpdateException batch) {
            text.append(" counts ").append(Arrays.toString(batch.getUpdateCounts()));
            text.append(" large ").append(Arrays.toString(batch.getLargeUpdateCounts()));
        }
        if (e.getCause() instanceof SQLException cause) {
            text.append(" because of ").append(one(cause));
        }
        for (SQLException next = e.getNextException(); next != null; next = next.getNextException()) {
            text.append(" then ").append(one(next));
        }
        return text.toString();
    }

    /** Without the number of a row, which is that of the server's plan. */
    private static String one(SQLException e) {
        String message = String.valueOf(e.getMessage()).replaceAll(" at row [0-9]+", " at row");
        return e.getClass().getName() + " " + e.getSQLState() + "/" + e.getErrorCode() + " "
                + (message.endsWith(".") ? message.substring(0, message.length() - 1) : message);
    }

    static String warnings(@Nullable SQLWarning first) {
        StringBuilder text = new StringBuilder("warnings");
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            text.append(' ').append(one(warning)).append(';');
        }
        return text.toString();
    }

    /** The rest of the rows, and what is said about them. */
    static String rows(ResultSet rows) throws SQLException {
        return columns(rows.getMetaData()) + rest(rows, Set.of());
    }

    /** The rest of the rows without these columns. */
    static String rest(ResultSet rows, Set<String> without) throws SQLException {
        StringBuilder text = new StringBuilder();
        ResultSetMetaData columns = rows.getMetaData();
        for (int row = 0; row < MOST_ROWS && rows.next(); row++) {
            text.append("\n    |");
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                if (!without.contains(columns.getColumnLabel(i))) {
                    text.append(' ').append(text(rows.getObject(i))).append(" |");
                }
            }
        }
        return text.toString();
    }

    static String columns(@Nullable ResultSetMetaData columns) throws SQLException {
        if (columns == null) {
            return "no columns";
        }
        StringBuilder text = new StringBuilder("columns");
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            text.append(' ')
                    .append(columns.getCatalogName(i))
                    .append('.')
                    .append(columns.getTableName(i))
                    .append('.')
                    .append(columns.getColumnName(i))
                    .append(" as ")
                    .append(columns.getColumnLabel(i))
                    .append(' ')
                    .append(columns.getColumnTypeName(i))
                    .append('/')
                    .append(columns.getColumnType(i))
                    .append('(')
                    .append(columns.getPrecision(i))
                    .append(',')
                    .append(columns.getScale(i))
                    .append(',')
                    .append(columns.getColumnDisplaySize(i))
                    .append(") ")
                    .append(columns.getColumnClassName(i))
                    .append(columns.isAutoIncrement(i) ? " auto" : "")
                    .append(columns.isSigned(i) ? " signed" : "")
                    .append(columns.isCaseSensitive(i) ? " cased" : "")
                    .append(columns.isWritable(i) ? " writable" : "")
                    .append(columns.isNullable(i) == ResultSetMetaData.columnNullable ? " null" : "")
                    .append(';');
        }
        return text.toString();
    }

    static String parameters(ParameterMetaData parameters) throws SQLException {
        StringBuilder text = new StringBuilder("parameters");
        for (int i = 1; i <= parameters.getParameterCount(); i++) {
            text.append(' ')
                    .append(parameters.getParameterTypeName(i))
                    .append('/')
                    .append(parameters.getParameterType(i))
                    .append(' ')
                    .append(parameters.getParameterClassName(i))
                    .append(" mode ")
                    .append(parameters.getParameterMode(i))
                    .append(';');
        }
        return text.toString();
    }

    static String text(@Nullable Object value) throws SQLException {
        if (value instanceof byte[] bytes) {
            return "x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof int[] counts) {
            return Arrays.toString(counts);
        }
        if (value instanceof long[] counts) {
            return Arrays.toString(counts);
        }
        if (value instanceof Blob blob) {
            return "blob x" + HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
        }
        if (value instanceof Clob clob) {
            return "clob " + clob.getSubString(1, (int) clob.length());
        }
        if (value instanceof Reader reader) {
            return "reader " + read(reader);
        }
        return value == null || value instanceof String
                ? String.valueOf(value)
                : value.getClass().getSimpleName() + " " + value;
    }

    private static String read(Reader reader) {
        try (reader) {
            StringBuilder text = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                text.append((char) c);
            }
            return text.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
