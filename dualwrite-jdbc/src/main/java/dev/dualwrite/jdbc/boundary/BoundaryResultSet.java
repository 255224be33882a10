package dev.dualwrite.jdbc.boundary;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A result set that leads back to the logical statement. */
final class BoundaryResultSet extends ForwardingResultSet {
    private final @Nullable Statement statement;
    private final BoundaryConnection connection;
    private final @Nullable Sampled sampled;

    BoundaryResultSet(ResultSet delegate, BoundaryStatement statement) {
        this(delegate, statement, (Sampled) null);
    }

    /** @param sampled what takes notes of it */
    BoundaryResultSet(ResultSet delegate, BoundaryStatement statement, @Nullable Sampled sampled) {
        super(delegate);
        this.statement = statement;
        this.connection = statement.boundary();
        this.sampled = sampled;
    }

    /** @param statement that it belongs to; null for one of a DatabaseMetaData */
    BoundaryResultSet(ResultSet delegate, @Nullable Statement statement, BoundaryConnection connection) {
        super(delegate);
        this.statement = statement;
        this.connection = connection;
        this.sampled = null;
    }

    @Override
    public boolean next() throws SQLException {
        boolean more = delegate.next();
        if (sampled != null) {
            if (more) {
                sampled.row(delegate);
            } else {
                sampled.end();
            }
        }
        return more;
    }

    @Override
    public void close() throws SQLException {
        if (sampled != null) {
            sampled.close();
        }
        delegate.close();
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC says null for result sets that no statement made
    public Statement getStatement() throws SQLException {
        delegate.getStatement();
        return statement;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        connection.mayUnwrap(type);
        T behind = delegate.unwrap(type);
        connection.escaped(type);
        return behind;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || (connection.unwraps() && delegate.isWrapperFor(type));
    }
}
