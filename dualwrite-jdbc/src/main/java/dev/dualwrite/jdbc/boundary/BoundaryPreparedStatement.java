package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.boundary.Batch.Element;
import dev.dualwrite.sql.DerivedSql;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement of a logical connection. It keeps the calls that set its parameters, and makes them on
 * whatever physical statement executes: on either side, in the text as given or in a derived one.
 */
final class BoundaryPreparedStatement extends ParameterSetters {
    private final String sql;

    /** With the options that the application gave. */
    private final Driver.Preparer preparer;

    private List<@Nullable Slot> slots = new ArrayList<>();
    private final List<List<@Nullable Slot>> batch = new ArrayList<>();

    /** What the statement's own physical one was told, so that only what changed is told again. */
    private List<@Nullable Slot> bound = new ArrayList<>();

    private @Nullable PreparedStatement derivedStatement;

    BoundaryPreparedStatement(BoundaryConnection connection, String sql, Driver.Preparer preparer, int concurrency) {
        super(connection, physical -> connection.prepare(physical, sql, preparer), concurrency);
        this.sql = sql;
        this.preparer = preparer;
    }

    @Override
    Physical home() throws SQLException {
        return boundary().session().route(List.of(sql), null).physical();
    }

    private PreparedStatement prepared(Physical physical) throws SQLException {
        return (PreparedStatement) on(physical);
    }

    @Override
    void discardMade() {
        super.discardMade();
        bound = new ArrayList<>();
        close(derivedStatement);
        derivedStatement = null;
    }

    @Override
    void keep(int index, Object raw, Slot.Setter setter) throws SQLException {
        checkOpen();
        if (index < 1) {
            throw new SQLException("Parameter index out of range (" + index + " < 1).", "S1009");
        }
        while (slots.size() < index) {
            slots.add(null);
        }
        slots.set(index - 1, new Slot(raw, setter));
    }

    private static List<@Nullable Slot> copy(List<@Nullable Slot> slots) {
        return Collections.unmodifiableList(new ArrayList<>(slots));
    }

    private PreparedStatement bound(Physical physical, List<@Nullable Slot> to) throws SQLException {
        PreparedStatement statement = prepared(physical);
        for (int i = 0; i < bound.size(); i++) {
            if (bound.get(i) != null && (i >= to.size() || to.get(i) == null)) {
                statement.clearParameters();
                bound.clear();
            }
        }
        for (int i = 0; i < to.size(); i++) {
            Slot slot = to.get(i);
            Slot before = i < bound.size() ? bound.get(i) : null;
            if (slot != null && slot != before) {
                slot.setter().apply(statement, i + 1);
                while (bound.size() <= i) {
                    bound.add(null);
                }
                bound.set(i, slot);
            }
        }
        return statement;
    }

    /** Another text with the same options; its results take the place of this statement's. */
    private PreparedStatement derived(Physical physical, DerivedSql text, List<@Nullable Slot> to) throws SQLException {
        on(physical);
        close(derivedStatement);
        PreparedStatement fresh = boundary().prepare(physical, text.sql(), preparer);
        derivedStatement = fresh;
        configured(fresh);
        new Parameters(to).bind(fresh, text.params());
        executing(fresh);
        return fresh;
    }

    /** How the physical statement is executed. */
    private interface PreparedCall<T extends @Nullable Object> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T extends @Nullable Object> T execute(PreparedCall<T> call) throws SQLException {
        checkOpen();
        clearKept();
        List<@Nullable Slot> given = copy(slots);
        return boundary().runner().run(new Single<T>() {
            @Override
            public String sql() {
                return sql;
            }

            @Override
            public Parameters parameters() {
                return new Parameters(given);
            }

            @Override
            public int timeout() {
                return BoundaryPreparedStatement.this.timeout();
            }

            @Override
            public boolean updatable() {
                return BoundaryPreparedStatement.this.updatable();
            }

            @Override
            public boolean readLater() {
                return BoundaryPreparedStatement.this.readLater();
            }

            @Override
            public T run(Physical physical) throws SQLException {
                return call.on(bound(physical, given));
            }

            @Override
            public T runDerived(Physical physical, DerivedSql derived) throws SQLException {
                return call.on(derived(physical, derived, given));
            }

            @Override
            public Statement executed() {
                return BoundaryPreparedStatement.this.executed();
            }

            @Override
            public void keepWarnings() throws SQLException {
                BoundaryPreparedStatement.this.keepWarnings();
            }
        });
    }

    @Override
    public boolean execute() throws SQLException {
        return execute(PreparedStatement::execute);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        ResultSet result = execute(PreparedStatement::executeQuery);
        return new BoundaryResultSet(result, this);
    }

    @Override
    public int executeUpdate() throws SQLException {
        return execute(PreparedStatement::executeUpdate);
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return execute(PreparedStatement::executeLargeUpdate);
    }

    @Override
    public void addBatch() throws SQLException {
        checkOpen();
        batch.add(copy(slots));
    }

    @Override
    public void addBatch(String text) throws SQLException {
        throw textRefused();
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch.clear();
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        slots = new ArrayList<>();
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return executeSlots(Statement::executeBatch, BoundaryStatement::ints);
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return executeSlots(Statement::executeLargeBatch, counts -> counts);
    }

    private <T> T executeSlots(BatchCall<T> call, Counts<T> counts) throws SQLException {
        checkOpen();
        clearKept();
        List<List<@Nullable Slot>> given = List.copyOf(batch);
        batch.clear();
        if (given.isEmpty()) {
            return counts.of(new long[0]);
        }
        List<Element> elements =
                given.stream().map(of -> new Element(sql, new Parameters(of))).toList();
        return boundary()
                .runner()
                .run(
                        new Batch<T>() {
                            @Override
                            public List<Element> elements() {
                                return elements;
                            }

                            @Override
                            public int timeout() {
                                return BoundaryPreparedStatement.this.timeout();
                            }

                            @Override
                            public T runAll(Physical physical) throws SQLException {
                                PreparedStatement statement = prepared(physical);
                                try {
                                    for (List<@Nullable Slot> of : given) {
                                        bound(physical, of).addBatch();
                                    }
                                    return call.on(statement);
                                } finally {
                                    bound.clear();
                                    statement.clearBatch();
                                }
                            }

                            @Override
                            public long runOne(Physical physical, int element, @Nullable DerivedSql derived)
                                    throws SQLException {
                                List<@Nullable Slot> of = given.get(element);
                                PreparedStatement statement =
                                        derived == null ? bound(physical, of) : derived(physical, derived, of);
                                return statement.executeLargeUpdate();
                            }

                            @Override
                            public T result(long[] of) {
                                return counts.of(of);
                            }
                        },
                        List.of(sql));
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return prepared(home()).getMetaData();
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        checkOpen();
        return prepared(home()).getParameterMetaData();
    }

    private static SQLException textRefused() {
        return new SQLFeatureNotSupportedException("a prepared statement executes its own text only");
    }

    @Override
    public boolean execute(String text) throws SQLException {
        throw textRefused();
    }

    @Override
    public boolean execute(String text, int keys) throws SQLException {
        throw textRefused();
    }

    @Override
    public boolean execute(String text, int[] columns) throws SQLException {
        throw textRefused();
    }

    @Override
    public boolean execute(String text, String[] columns) throws SQLException {
        throw textRefused();
    }

    @Override
    public int executeUpdate(String text) throws SQLException {
        throw textRefused();
    }

    @Override
    public int executeUpdate(String text, int keys) throws SQLException {
        throw textRefused();
    }

    @Override
    public int executeUpdate(String text, int[] columns) throws SQLException {
        throw textRefused();
    }

    @Override
    public int executeUpdate(String text, String[] columns) throws SQLException {
        throw textRefused();
    }

    @Override
    public long executeLargeUpdate(String text) throws SQLException {
        throw textRefused();
    }

    @Override
    public long executeLargeUpdate(String text, int keys) throws SQLException {
        throw textRefused();
    }

    @Override
    public long executeLargeUpdate(String text, int[] columns) throws SQLException {
        throw textRefused();
    }

    @Override
    public long executeLargeUpdate(String text, String[] columns) throws SQLException {
        throw textRefused();
    }

    @Override
    public ResultSet executeQuery(String text) throws SQLException {
        throw textRefused();
    }
}
