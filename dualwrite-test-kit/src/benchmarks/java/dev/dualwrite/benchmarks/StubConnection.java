package dev.dualwrite.benchmarks;

import dev.dualwrite.Phase;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A connection with one statement of each kind, which it gives out again and again. */
abstract class StubConnection implements Connection {
    private final Calls calls = new Calls();
    private final StubStatement text = Partial.of(StubStatement.class);
    private final StubStatement prepared = Partial.of(StubStatement.class);
    private final StubMetaData metaData = Partial.of(StubMetaData.class);
    private boolean autoCommit;

    void begin(boolean on, Phase phase) {
        autoCommit = on;
        text.begin(this, calls, phase);
        prepared.begin(this, calls, phase);
    }

    Calls calls() {
        return calls;
    }

    @Override
    public Statement createStatement() {
        return text;
    }

    @Override
    public PreparedStatement prepareStatement(String sql) {
        return prepared;
    }

    @Override
    public boolean getAutoCommit() {
        return autoCommit;
    }

    @Override
    public void setAutoCommit(boolean on) {
        autoCommit = on;
    }

    @Override
    public void commit() {
        calls.commits++;
    }

    @Override
    public void rollback() {
        throw new IllegalStateException("nothing is to be rolled back");
    }

    @Override
    public void close() {
        // it is there for the next one
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public int getTransactionIsolation() {
        return TRANSACTION_REPEATABLE_READ;
    }

    @Override
    public @Nullable SQLWarning getWarnings() {
        return null;
    }

    @Override
    public DatabaseMetaData getMetaData() {
        return metaData;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("no " + type);
    }
}
