package dev.dualwrite.jdbc.boundary;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.ShardingKeyBuilder;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/**
 * The {@code DataSource} that an application uses in the place of its own. Each connection is a logical one:
 * it finds the side that a statement belongs to, writes only where the fence admits it, and leaves an intent
 * for every key that a transaction changes, in that transaction. What cannot be captured exactly is refused
 * before it reaches a server. Thread-safe; its connections are of one thread at a time, as JDBC has it.
 */
public final class BoundaryDataSource implements DataSource {
    private final Shared shared;
    private volatile @Nullable PrintWriter logWriter;

    /** @param migrations what runs each of them, and owns its pools; they have no table in common, but the source */
    public BoundaryDataSource(List<Routes> migrations) {
        this(migrations, false);
    }

    /**
     * @param migrations as above
     * @param refusesUnwrap whether the driver's connections and statements are kept behind the boundary
     */
    public BoundaryDataSource(List<Routes> migrations, boolean refusesUnwrap) {
        this.shared = new Shared(migrations, refusesUnwrap);
    }

    /** How often a physical connection or statement, or a pool, was taken from behind the boundary by {@code unwrap}. */
    public long escapes() {
        return shared.escapes();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return new BoundaryConnection(shared);
    }

    /** @throws SQLException always: the pools of the two sides know their users */
    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                "the pools of the two sides know their users: call getConnection() without any", "0A000");
    }

    @Override
    public ConnectionBuilder createConnectionBuilder() throws SQLException {
        throw new SQLFeatureNotSupportedException("there is nothing to build: call getConnection()", "0A000");
    }

    @Override
    public ShardingKeyBuilder createShardingKeyBuilder() throws SQLException {
        throw new SQLFeatureNotSupportedException("MySQL has no sharding keys", "0A000");
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC says null while logging is off
    public PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        logWriter = out;
    }

    /** No own limit: each pool has its own. */
    @Override
    public int getLoginTimeout() {
        return 0;
    }

    /** @throws SQLException always: each pool has its own limit */
    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("set the limit on the pools of the two sides", "0A000");
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("dev.dualwrite");
    }

    /**
     * This, or what the application's pool of the side that owns now (of the first migration) is or wraps: for its metrics. A {@code DataSource}
     * that is given away leads past the boundary, and is counted.
     *
     * @throws SQLException if neither is of this type; always of an {@code XADataSource}; and DW-2049 of a
     *     {@code DataSource}, if nothing is to be given away
     */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (XADataSource.class.isAssignableFrom(type)) {
            throw new SQLFeatureNotSupportedException(
                    "XA transactions are not supported, so there is no " + type.getName() + " behind the boundary: use"
                            + " local transactions",
                    "0A000");
        }
        if (!isWrapperFor(type)) {
            throw new SQLException("not a wrapper for " + type.getName(), "HY000");
        }
        boolean leads = DataSource.class.isAssignableFrom(type);
        if (leads) {
            shared.mayUnwrap(type);
        }
        T behind = owningPool().unwrap(type);
        if (leads) {
            shared.escaped(type);
        }
        return behind;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this)
                || (!XADataSource.class.isAssignableFrom(type) && owningPool().isWrapperFor(type));
    }

    private DataSource owningPool() {
        Routes first = shared.members().get(0).routes();
        return first.pool(first.believedOwner());
    }
}
