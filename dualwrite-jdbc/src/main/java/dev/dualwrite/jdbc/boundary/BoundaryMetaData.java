package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What a server says of itself, leading back to the logical connection. */
final class BoundaryMetaData extends ForwardingMetaData {
    private final BoundaryConnection connection;

    BoundaryMetaData(DatabaseMetaData delegate, BoundaryConnection connection) {
        super(delegate);
        this.connection = connection;
    }

    @Override
    ResultSet result(ResultSet delegate) {
        return new BoundaryResultSet(delegate, null, connection);
    }

    @Override
    public Connection getConnection() {
        return connection;
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
