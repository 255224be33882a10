package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.boundary.Batch.Element;
import dev.dualwrite.sql.DerivedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a logical connection. The physical one behind it is made when it is needed, and made anew
 * when the logical connection has moved to another physical one.
 */
class BoundaryStatement extends ForwardingStatement {
    /** More than this not every driver takes. */
    private static final long COMMON_MOST = 1_000_000;

    /** Sets one thing on a statement. */
    interface Setting {
        void apply(Statement statement) throws SQLException;
    }

    /** Makes the physical statement. */
    interface Maker {
        Statement make(Physical physical) throws SQLException;
    }

    private final BoundaryConnection connection;
    private final Maker maker;
    private final boolean updatable;

    /** Most have none: not to be changed while it is empty. */
    private Map<String, Setting> settings = Collections.emptyMap();

    /** As {@link #settings}. */
    private List<String> batch = List.of();

    private @Nullable Physical madeOn;
    private @Nullable Statement made;
    private @Nullable SQLWarning warnings;
    private @Nullable Sampled sampled;
    private @Nullable Sampled handedOut;
    private int timeout;
    private int fetchSize;
    private boolean closed;

    /** What executes or has executed; read by {@code cancel} of other threads. */
    private volatile @Nullable Statement current;

    private static final AtomicReferenceFieldUpdater<BoundaryStatement, Statement> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(BoundaryStatement.class, Statement.class, "current");

    BoundaryStatement(BoundaryConnection connection, Maker maker, int concurrency) {
        this.connection = connection;
        this.maker = maker;
        this.updatable = concurrency == ResultSet.CONCUR_UPDATABLE;
    }

    final BoundaryConnection boundary() {
        return connection;
    }

    final boolean updatable() {
        return updatable;
    }

    final int timeout() {
        return timeout;
    }

    final boolean readLater() {
        return updatable || fetchSize != 0;
    }

    final void checkOpen() throws SQLException {
        if (isClosed()) {
            throw new SQLException("No operations allowed after statement closed.", "S1009");
        }
    }

    /** The physical statement for results and properties: what was executed last, or one made now. */
    @Override
    Statement delegate() throws SQLException {
        checkOpen();
        Statement executed = current;
        if (executed != null && madeOn == connection.session().physical()) {
            return executed;
        }
        return on(home());
    }

    /** Where the physical statement is made if nothing was executed. */
    Physical home() throws SQLException {
        return connection.session().any();
    }

    /** The statement's own physical one, on this connection. */
    Statement on(Physical physical) throws SQLException {
        Statement own = made;
        if (own == null || madeOn != physical) {
            discardMade();
            own = configured(maker.make(physical));
            made = own;
            madeOn = physical;
        }
        executing(own);
        return own;
    }

    /** A statement with what the application set on this one. */
    final Statement configured(Statement fresh) throws SQLException {
        for (Setting setting : settings.values()) {
            setting.apply(fresh);
        }
        return fresh;
    }

    /** From now on results and cancelling are this one's. */
    final void executing(Statement statement) {
        CURRENT.lazySet(this, statement); // who cancels at this very moment may as well have come before
    }

    /** Closes what was made on a connection that this statement has left, or in a form that is not wanted any more. */
    void discardMade() {
        close(made);
        made = null;
        madeOn = null;
        if (current != null) { // volatile: reading costs less
            current = null;
        }
    }

    static void close(@Nullable Statement statement) {
        if (statement != null) {
            try {
                statement.close();
            } catch (SQLException gone) {
                // its connection went back to the pool before
                return;
            }
        }
    }

    private void set(String name, Setting setting) throws SQLException {
        checkOpen();
        Statement own = made;
        if (own != null && madeOn == connection.session().physical()) {
            setting.apply(own);
        }
        if (settings.isEmpty()) {
            settings = new LinkedHashMap<>();
        }
        settings.remove(name); // what may be set can depend on what was set before
        settings.put(name, setting);
    }

    /** @param taken whether every driver takes it; what it may refuse it is to refuse now */
    private void set(String name, boolean taken, Setting setting) throws SQLException {
        checkOpen();
        if (!taken) {
            setting.apply(delegate());
        }
        set(name, setting);
    }

    final @Nullable ResultSet wrap(@Nullable ResultSet result) {
        return result == null ? null : new BoundaryResultSet(result, this);
    }

    /** Before it executes again: what the driver forgets then, before anything else is sent. */
    final void clearKept() throws SQLException {
        warnings = null;
        sampled(null);
        Statement executed = current;
        Physical taken = connection.session().physical();
        if (executed == null || taken == null || taken != madeOn || !taken.readsRows()) {
            return;
        }
        ResultSet open = executed.getResultSet();
        if (open != null && !Driver.keepsResults(taken.connection())) {
            open.close();
        }
    }

    final void sampled(@Nullable Sampled by) {
        close(sampled);
        close(handedOut);
        sampled = by;
        handedOut = null;
    }

    private static void close(@Nullable Sampled by) {
        if (by != null) {
            by.close();
        }
    }

    /** The result of what was executed, and no other. */
    final ResultSet first(ResultSet result) {
        Sampled by = sampled;
        sampled = null;
        handedOut = by;
        return new BoundaryResultSet(result, this, by);
    }

    final void keepWarnings() throws SQLException {
        Statement executed = current;
        warnings = executed == null ? null : executed.getWarnings();
    }

    /** How a text is executed with the physical statement. */
    interface Call<T extends @Nullable Object> {
        T on(Statement statement, String text) throws SQLException;
    }

    private <T extends @Nullable Object> T execute(String sql, Call<T> call) throws SQLException {
        checkOpen();
        clearKept();
        return connection.runner().run(new Single<T>() {
            @Override
            public String sql() {
                return sql;
            }

            @Override
            public Parameters parameters() {
                return Parameters.NONE;
            }

            @Override
            public int timeout() {
                return timeout;
            }

            @Override
            public boolean updatable() {
                return updatable;
            }

            @Override
            public boolean readLater() {
                return BoundaryStatement.this.readLater();
            }

            @Override
            public T run(Physical physical) throws SQLException {
                return call.on(BoundaryStatement.this.on(physical), sql);
            }

            @Override
            public T runDerived(Physical physical, DerivedSql derived) throws SQLException {
                return call.on(BoundaryStatement.this.on(physical), derived.sql());
            }

            @Override
            public void sampled(@Nullable Sampled by) {
                BoundaryStatement.this.sampled(by);
            }

            @Override
            public Statement executed() {
                return BoundaryStatement.this.executed();
            }

            @Override
            public void keepWarnings() throws SQLException {
                BoundaryStatement.this.keepWarnings();
            }
        });
    }

    final Statement executed() {
        Statement executed = current;
        if (executed == null) {
            throw new IllegalStateException("nothing was executed");
        }
        return executed;
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return execute(sql, Statement::execute);
    }

    @Override
    public boolean execute(String sql, int keys) throws SQLException {
        return execute(sql, (statement, text) -> statement.execute(text, keys));
    }

    @Override
    public boolean execute(String sql, int[] columns) throws SQLException {
        return execute(sql, (statement, text) -> statement.execute(text, columns));
    }

    @Override
    public boolean execute(String sql, String[] columns) throws SQLException {
        return execute(sql, (statement, text) -> statement.execute(text, columns));
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        return first(execute(sql, Statement::executeQuery));
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        return execute(sql, Statement::executeUpdate);
    }

    @Override
    public int executeUpdate(String sql, int keys) throws SQLException {
        return execute(sql, (statement, text) -> statement.executeUpdate(text, keys));
    }

    @Override
    public int executeUpdate(String sql, int[] columns) throws SQLException {
        return execute(sql, (statement, text) -> statement.executeUpdate(text, columns));
    }

    @Override
    public int executeUpdate(String sql, String[] columns) throws SQLException {
        return execute(sql, (statement, text) -> statement.executeUpdate(text, columns));
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        return execute(sql, Statement::executeLargeUpdate);
    }

    @Override
    public long executeLargeUpdate(String sql, int keys) throws SQLException {
        return execute(sql, (statement, text) -> statement.executeLargeUpdate(text, keys));
    }

    @Override
    public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
        return execute(sql, (statement, text) -> statement.executeLargeUpdate(text, columns));
    }

    @Override
    public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
        return execute(sql, (statement, text) -> statement.executeLargeUpdate(text, columns));
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        checkOpen();
        if (batch.isEmpty()) {
            batch = new ArrayList<>();
        }
        batch.add(sql);
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch = List.of();
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return executeTexts(Statement::executeBatch, BoundaryStatement::ints);
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return executeTexts(Statement::executeLargeBatch, counts -> counts);
    }

    /** Executes the batch that a physical statement holds. */
    interface BatchCall<T> {
        T on(Statement statement) throws SQLException;
    }

    /** Makes an answer of counts. */
    interface Counts<T> {
        T of(long[] counts);
    }

    static int[] ints(long[] counts) {
        int[] ints = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            ints[i] = (int) Math.min(counts[i], Integer.MAX_VALUE);
        }
        return ints;
    }

    private <T> T executeTexts(BatchCall<T> call, Counts<T> counts) throws SQLException {
        checkOpen();
        clearKept();
        List<String> texts = batch;
        batch = List.of();
        if (texts.isEmpty()) {
            return counts.of(new long[0]);
        }
        List<Element> elements =
                texts.stream().map(text -> new Element(text, Parameters.NONE)).toList();
        return connection
                .runner()
                .run(
                        new Batch<T>() {
                            @Override
                            public List<Element> elements() {
                                return elements;
                            }

                            @Override
                            public int timeout() {
                                return timeout;
                            }

                            @Override
                            public T runAll(Physical physical) throws SQLException {
                                Statement statement = on(physical);
                                try {
                                    for (String text : texts) {
                                        statement.addBatch(text);
                                    }
                                    return call.on(statement);
                                } finally {
                                    statement.clearBatch();
                                }
                            }

                            @Override
                            public long runOne(Physical physical, int element, @Nullable DerivedSql derived)
                                    throws SQLException {
                                return on(physical)
                                        .executeLargeUpdate(derived == null ? texts.get(element) : derived.sql());
                            }

                            @Override
                            public void keepWarnings() throws SQLException {
                                BoundaryStatement.this.keepWarnings();
                            }

                            @Override
                            public int joinedFrom() {
                                return 5;
                            }

                            @Override
                            public long[] stopped(long[] counts, int at) {
                                Arrays.fill(counts, at, counts.length, Statement.EXECUTE_FAILED);
                                return counts;
                            }

                            @Override
                            public T result(long[] of) {
                                return counts.of(of);
                            }
                        },
                        texts);
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        sampled(null);
        discardMade();
    }

    @Override
    public boolean isClosed() throws SQLException {
        if (closed || connection.isClosed()) {
            return true;
        }
        Statement executed = current;
        return settings.containsKey("closeOnCompletion")
                && executed != null
                && madeOn == connection.session().physical()
                && executed.isClosed();
    }

    @Override
    public void cancel() throws SQLException {
        Statement executing = current;
        if (executing != null) {
            executing.cancel();
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        checkOpen();
        return connection;
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC says null where there is no result set
    public ResultSet getResultSet() throws SQLException {
        ResultSet result = delegate().getResultSet();
        return sampled == null || result == null ? wrap(result) : first(result);
    }

    @Override
    @SuppressWarnings("NullAway") // a driver that breaks the contract is passed on
    public ResultSet getGeneratedKeys() throws SQLException {
        return wrap(delegate().getGeneratedKeys());
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return warnings != null ? warnings : delegate().getWarnings();
    }

    @Override
    public void clearWarnings() throws SQLException {
        warnings = null;
        delegate().clearWarnings();
    }

    @Override
    public void closeOnCompletion() throws SQLException {
        set("closeOnCompletion", Statement::closeOnCompletion);
    }

    @Override
    public void setCursorName(String name) throws SQLException {
        set("cursorName", statement -> statement.setCursorName(name));
    }

    @Override
    public void setEscapeProcessing(boolean on) throws SQLException {
        set("escapeProcessing", statement -> statement.setEscapeProcessing(on));
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        boolean known = direction >= ResultSet.FETCH_FORWARD && direction <= ResultSet.FETCH_UNKNOWN;
        set("fetchDirection", known, statement -> statement.setFetchDirection(direction));
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        boolean below = rows == 0 || (rows > 0 && !settings.containsKey("maxRows")); // at most that many
        set("fetchSize", below || rows == Integer.MIN_VALUE, statement -> statement.setFetchSize(rows));
        fetchSize = rows;
    }

    @Override
    public void setLargeMaxRows(long rows) throws SQLException {
        set("maxRows", common(rows), statement -> statement.setLargeMaxRows(rows));
    }

    @Override
    public void setMaxRows(int rows) throws SQLException {
        set("maxRows", common(rows), statement -> statement.setMaxRows(rows));
    }

    private static boolean common(long most) {
        return most >= 0 && most <= COMMON_MOST;
    }

    @Override
    public void setMaxFieldSize(int bytes) throws SQLException {
        set("maxFieldSize", common(bytes), statement -> statement.setMaxFieldSize(bytes));
    }

    @Override
    public void setPoolable(boolean poolable) throws SQLException {
        set("poolable", statement -> statement.setPoolable(poolable));
    }

    @Override
    public void setQueryTimeout(int seconds) throws SQLException {
        set("queryTimeout", seconds >= 0, statement -> statement.setQueryTimeout(seconds));
        timeout = seconds;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        connection.mayUnwrap(type);
        T behind = delegate().unwrap(type);
        connection.escaped(type);
        return behind;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || (connection.unwraps() && delegate().isWrapperFor(type));
    }
}
