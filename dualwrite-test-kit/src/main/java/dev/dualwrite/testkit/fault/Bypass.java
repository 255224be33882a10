package dev.dualwrite.testkit.fault;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A writer that goes past the library: plain JDBC on a connection of its own, as a forgotten job or a person at a
 * console has it. It commits each statement by itself until {@link #begin()}.
 *
 * <p>For one thread at a time, as its connection is.
 */
public final class Bypass implements AutoCloseable {

    private final Connection connection;

    private Bypass(Connection connection) {
        this.connection = connection;
    }

    /** Opens a connection of its own. */
    public static Bypass of(String jdbcUrl) throws SQLException {
        return new Bypass(DriverManager.getConnection(jdbcUrl));
    }

    /** Writes, or changes the schema. Gives the update count. */
    public int write(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(sql, arguments)) {
            return statement.executeUpdate();
        }
    }

    /** The first column of the first row, or null if there is no row or it holds null. */
    public @Nullable String text(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** The first column of the first row as a number; for counts. */
    public long number(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("No row for: " + sql);
            }
            return rows.getLong(1);
        }
    }

    /** The first column of all rows, in the order of the query. */
    public List<@Nullable String> column(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<@Nullable String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** Opens a transaction that lasts until {@link #commit()} or {@link #rollback()}. */
    public void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    /** Ends the transaction well. */
    public void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** Undoes the transaction. */
    public void rollback() throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    /** The connection itself. */
    public Connection connection() {
        return connection;
    }

    /** Closes the connection; an open transaction is undone by the server. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement prepare(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement;
        } catch (SQLException failed) {
            statement.close();
            throw failed;
        }
    }
}
