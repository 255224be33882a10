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
import java.util.Arrays;
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

    /** What was set. */
    private List<@Nullable Slot> slots = new ArrayList<>();

    /** Whether somebody else has {@link #slots}, so that it is not to be changed any more. */
    private boolean given;

    /** Most have none: not to be changed while it is empty. */
    private List<List<@Nullable Slot>> batch = List.of();

    /** What the statement's own physical one was told, so that only what changed is told again; not to be changed. */
    private List<@Nullable Slot> bound = List.of();

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
        bound = List.of();
        close(derivedStatement);
        derivedStatement = null;
    }

    @Override
    void keep(int index, Object raw, Slot.Setter setter) throws SQLException {
        checkOpen();
        if (index < 1) {
            throw new SQLException("Parameter index out of range (" + index + " < 1).", "S1009");
        }
        if (given) {
            slots = new ArrayList<>(slots);
            given = false;
        }
        put(slots, index - 1, new Slot(raw, setter));
    }

    private static void put(List<@Nullable Slot> into, int at, @Nullable Slot slot) {
        while (into.size() <= at) {
            into.add(null);
        }
        into.set(at, slot);
    }

    /** What is set now, for somebody who keeps it. */
    private List<@Nullable Slot> give() {
        given = true;
        return slots;
    }

    private PreparedStatement bound(Physical physical, List<@Nullable Slot> to) throws SQLException {
        PreparedStatement statement = prepared(physical);
        for (int i = 0; i < bound.size(); i++) {
            if (bound.get(i) != null && (i >= to.size() || to.get(i) == null)) {
                statement.clearParameters();
                bound = List.of();
            }
        }
        int told = 0;
        try {
            for (; told < to.size(); told++) {
                Slot slot = to.get(told);
                Slot before = told < bound.size() ? bound.get(told) : null;
                if (slot != null && slot != before) {
                    slot.setter().apply(statement, told + 1);
                }
            }
            bound = to;
        } finally {
            if (told < to.size()) {
                List<@Nullable Slot> mixed = new ArrayList<>(bound);
                for (int i = 0; i < told; i++) {
                    put(mixed, i, to.get(i));
                }
                bound = mixed;
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
        List<@Nullable Slot> set = give();
        return boundary().runner().run(new Single<T>() {
            @Override
            public String sql() {
                return sql;
            }

            @Override
            public Parameters parameters() {
                return new Parameters(set);
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
                return call.on(bound(physical, set));
            }

            @Override
            public T runDerived(Physical physical, DerivedSql derived) throws SQLException {
                return call.on(derived(physical, derived, set));
            }

            @Override
            public void sampled(@Nullable Sampled by) {
                BoundaryPreparedStatement.this.sampled(by);
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
        return first(execute(PreparedStatement::executeQuery));
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
        if (batch.isEmpty()) {
            batch = new ArrayList<>();
        }
        batch.add(give());
    }

    @Override
    public void addBatch(String text) throws SQLException {
        throw textRefused();
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch = List.of();
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        slots = new ArrayList<>();
        given = false;
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
        List<List<@Nullable Slot>> given = batch;
        batch = List.of();
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
                                    bound = List.of();
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
                            public void keepWarnings() throws SQLException {
                                BoundaryPreparedStatement.this.keepWarnings();
                            }

                            @Override
                            public int joinedFrom() {
                                return 4;
                            }

                            @Override
                            public long[] stopped(long[] counts, int at) {
                                return Arrays.copyOf(counts, at);
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
