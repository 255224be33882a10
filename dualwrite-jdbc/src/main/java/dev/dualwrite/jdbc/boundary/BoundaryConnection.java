package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWriteConnection;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logical connection: a {@code Connection} whose physical one is taken from the pool of the side that its
 * statements belong to. Of one thread at a time, but for {@code abort} and a statement's {@code cancel}.
 */
final class BoundaryConnection extends ForwardingConnection implements DualWriteConnection {
    private static final Logger LOG = LoggerFactory.getLogger(BoundaryConnection.class);

    private final Session session;
    private final Runner runner;
    private final IdempotencyKey key;

    BoundaryConnection(Shared shared) throws SQLException {
        this.session = new Session(shared);
        this.key = new IdempotencyKey(this);
        this.runner = new Runner(session, key);
    }

    Session session() {
        return session;
    }

    Runner runner() {
        return runner;
    }

    @Override
    Connection delegate() throws SQLException {
        checkOpen();
        return session.any().connection();
    }

    private void checkOpen() throws SQLException {
        if (isClosed()) {
            throw new SQLException("No operations allowed after connection closed.", "08003");
        }
    }

    @Override
    public Optional<Side> side() {
        return Optional.ofNullable(session.physical()).map(Physical::side);
    }

    @Override
    public void idempotencyKey(String wanted) throws SQLException {
        checkOpen();
        runner.explicit().checkAlive();
        key.want(wanted);
    }

    @Override
    public void storeResult(byte[] result) throws SQLException {
        checkTransaction("storeResult");
        using(() -> {
            runner.explicit().checkAlive();
            key.store(result);
        });
    }

    @Override
    public Optional<String> writeToken() {
        return session.lastWrite() == 0 ? Optional.empty() : Optional.of(WriteToken.text(session.lastWrite()));
    }

    @Override
    public void readAfter(String token) throws SQLException {
        checkOpen();
        session.after(WriteToken.parse(token));
    }

    // statements

    @Override
    public Statement createStatement() throws SQLException {
        checkOpen();
        return new BoundaryStatement(this, on -> on.connection().createStatement(), ResultSet.CONCUR_READ_ONLY);
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        checkOpen();
        return new BoundaryStatement(this, on -> on.connection().createStatement(type, concurrency), concurrency);
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        checkOpen();
        return new BoundaryStatement(
                this, on -> on.connection().createStatement(type, concurrency, holdability), concurrency);
    }

    private PreparedStatement prepare(String sql, Driver.Preparer preparer, int concurrency) throws SQLException {
        checkOpen();
        return new BoundaryPreparedStatement(this, sql, preparer, concurrency);
    }

    /** Makes a physical statement. If that costs the transaction, nothing goes on as if it were there. */
    PreparedStatement prepare(Physical physical, String sql, Driver.Preparer preparer) throws SQLException {
        try {
            return Driver.prepare(physical.connection(), sql, preparer);
        } catch (SQLException e) {
            if (!session.autoCommit()) {
                runner.explicit().failed(physical, e, false);
            }
            throw e;
        }
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepare(sql, Connection::prepareStatement, ResultSet.CONCUR_READ_ONLY);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
        return prepare(sql, (c, text) -> c.prepareStatement(text, keys), ResultSet.CONCUR_READ_ONLY);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
        return prepare(sql, (c, text) -> c.prepareStatement(text, columns), ResultSet.CONCUR_READ_ONLY);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
        return prepare(sql, (c, text) -> c.prepareStatement(text, columns), ResultSet.CONCUR_READ_ONLY);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        return prepare(sql, (c, text) -> c.prepareStatement(text, type, concurrency), concurrency);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        return prepare(sql, (c, text) -> c.prepareStatement(text, type, concurrency, holdability), concurrency);
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        checkOpen();
        throw Refusal.CALLABLE.exception("prepareCall");
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return prepareCall(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        return prepareCall(sql);
    }

    // transactions

    @Override
    public boolean getAutoCommit() throws SQLException {
        checkOpen();
        return session.autoCommit();
    }

    @Override
    public void setAutoCommit(boolean on) throws SQLException {
        checkOpen();
        if (on != session.autoCommit()) {
            using(() -> switchAutoCommit(on));
        }
    }

    private void switchAutoCommit(boolean on) throws SQLException {
        if (on) {
            key.beforeCommit();
            if (session.work().open() || session.work().lost() != null) {
                runner.explicit().commit(); // as the driver would; nothing is sent for a transaction that did nothing
            }
            key.ended();
        }
        session.autoCommit(on);
        session.renew();
    }

    @Override
    public void commit() throws SQLException {
        checkTransaction("commit");
        using(() -> {
            key.beforeCommit();
            try {
                runner.explicit().commit();
            } finally {
                if (!session.work().open()) {
                    key.ended();
                }
            }
        });
    }

    @Override
    public void rollback() throws SQLException {
        checkTransaction("rollback");
        using(() -> {
            runner.explicit().rollback();
            key.ended();
        });
    }

    /** Something that a call does. */
    @FunctionalInterface
    private interface Call {
        void run() throws SQLException;
    }

    private void using(Call call) throws SQLException {
        session.using(() -> {
            call.run();
            return true;
        });
    }

    private void checkTransaction(String what) throws SQLException {
        checkOpen();
        if (session.autoCommit()) {
            throw new SQLException("Can't call " + what + " when autocommit=true", "HY000");
        }
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return savepoint(null);
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        return savepoint(name);
    }

    private Savepoint savepoint(@Nullable String name) throws SQLException {
        checkTransaction("setSavepoint");
        return session.using(() -> {
            key.takeWithoutStatement();
            return runner.explicit().savepoint(name);
        });
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        checkOpen();
        using(() -> goBack(savepoint));
    }

    private void goBack(Savepoint savepoint) throws SQLException {
        runner.explicit().checkAlive();
        session.checkFree();
        Connection connection = byDriver();
        try {
            connection.rollback(savepoint);
            session.work().wentBackTo(savepoint);
        } catch (SQLException e) {
            Physical physical = session.physical();
            if (physical != null && !session.autoCommit()) {
                runner.explicit().failed(physical, e, false);
            }
            throw e;
        }
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        checkOpen();
        using(() -> {
            runner.explicit().checkAlive();
            byDriver().releaseSavepoint(savepoint);
            session.work().savepoints().released(savepoint);
        });
    }

    private Connection byDriver() throws SQLException {
        Connection connection = delegate();
        Physical physical = session.physical();
        if (physical != null && !session.autoCommit()) {
            physical.transactions().useDriver();
        }
        return connection;
    }

    @Override
    public void close() throws SQLException {
        if (!session.use().close()) {
            return; // it was closed, or a call that is under way will give it back
        }
        try {
            session.release(session.work().open());
        } catch (SQLException e) {
            if (!session.aborted()) {
                throw e;
            }
            LOG.debug("an aborted connection has left its pool", e);
        }
    }

    @Override
    public boolean isClosed() {
        return session.use().left() || session.aborted();
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        session.abort(executor);
    }

    // the session

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        checkOpen();
        switch (level) {
            case TRANSACTION_READ_UNCOMMITTED,
                    TRANSACTION_READ_COMMITTED,
                    TRANSACTION_REPEATABLE_READ,
                    TRANSACTION_SERIALIZABLE -> {
                // every driver takes it
            }
            default -> delegate().setTransactionIsolation(level); // says so
        }
        session.isolation(level);
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        checkOpen();
        if (readOnly && !session.autoCommit()) {
            using(() -> runner.explicit().readOnly());
        }
        session.set("readOnly", c -> c.setReadOnly(readOnly));
        session.readOnly(readOnly);
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC allows null for none
    public void setCatalog(@Nullable String catalog) throws SQLException {
        checkOpen();
        session.catalog(catalog);
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        checkOpen();
        session.schema(schema);
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        checkOpen();
        session.set("holdability", c -> c.setHoldability(holdability));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
        checkOpen();
        session.set("networkTimeout", c -> c.setNetworkTimeout(executor, milliseconds));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        checkOpen();
        session.set("typeMap", c -> c.setTypeMap(map));
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        keepClientInfo("clientInfo " + name, c -> c.setClientInfo(name, value));
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        keepClientInfo("clientInfo", c -> c.setClientInfo(properties));
    }

    private void keepClientInfo(String name, SessionSettings.Setting setting) throws SQLClientInfoException {
        try {
            checkOpen();
            session.set(name, setting);
        } catch (SQLClientInfoException e) {
            throw e;
        } catch (SQLException e) {
            SQLClientInfoException failed =
                    new SQLClientInfoException(e.getMessage(), e.getSQLState(), e.getErrorCode(), Map.of());
            failed.initCause(e);
            throw failed;
        }
    }

    @Override
    public String getClientInfo(String name) throws SQLException {
        return delegate().getClientInfo(name);
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        return delegate().getClientInfo();
    }

    @Override
    public void setShardingKey(ShardingKey key) throws SQLException {
        checkOpen();
        session.set("shardingKey", c -> c.setShardingKey(key));
    }

    @Override
    public void setShardingKey(ShardingKey key, ShardingKey superKey) throws SQLException {
        checkOpen();
        session.set("shardingKey", c -> c.setShardingKey(key, superKey));
    }

    @Override
    public void beginRequest() throws SQLException {
        checkOpen();
        Physical physical = session.physical();
        if (physical != null) {
            physical.connection().beginRequest();
        }
    }

    @Override
    public void endRequest() throws SQLException {
        checkOpen();
        Physical physical = session.physical();
        if (physical != null) {
            physical.connection().endRequest();
        }
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC says null for no warnings
    public SQLWarning getWarnings() throws SQLException {
        checkOpen();
        Physical physical = session.physical();
        return physical == null ? null : physical.connection().getWarnings();
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
        Physical physical = session.physical();
        if (physical != null) {
            physical.connection().clearWarnings();
        }
    }

    @Override
    public boolean isValid(int timeout) throws SQLException {
        return !isClosed() && super.isValid(timeout);
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return new BoundaryMetaData(super.getMetaData(), this);
    }

    // JDBC 4.5 declares these on Connection; until then they are on its statements only

    public String enquoteLiteral(String text) throws SQLException {
        try (Statement statement = delegate().createStatement()) {
            return statement.enquoteLiteral(text);
        }
    }

    public String enquoteIdentifier(String identifier, boolean always) throws SQLException {
        try (Statement statement = delegate().createStatement()) {
            return statement.enquoteIdentifier(identifier, always);
        }
    }

    public boolean isSimpleIdentifier(String identifier) throws SQLException {
        try (Statement statement = delegate().createStatement()) {
            return statement.isSimpleIdentifier(identifier);
        }
    }

    public String enquoteNCharLiteral(String text) throws SQLException {
        try (Statement statement = delegate().createStatement()) {
            return statement.enquoteNCharLiteral(text);
        }
    }

    // what is behind

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        session.shared().mayUnwrap(type);
        T behind = delegate().unwrap(type);
        escaped(type);
        return behind;
    }

    /** Whether an object of this type behind the boundary may be had. */
    boolean unwraps() {
        return !session.shared().refusesUnwrap();
    }

    void mayUnwrap(Class<?> type) throws SQLException {
        session.shared().mayUnwrap(type);
    }

    /** Something by which SQL can be run past the boundary was given away. */
    void escaped(Class<?> type) throws SQLException {
        session.shared().escaped(type);
        Physical physical = session.physical();
        if (physical != null) {
            physical.transactions().onlyByDriver(session.autoCommit());
            physical.forgetFacts();
            session.shared().forgetFacts(physical.connection());
        }
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || (unwraps() && delegate().isWrapperFor(type));
    }

    @Override
    public String toString() {
        Physical physical = session.physical();
        return "BoundaryConnection@" + Integer.toHexString(hashCode())
                + (physical == null ? "" : " on " + physical.side() + " " + physical.connection());
    }
}
