package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.boundary.KeyValues.Stored;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import dev.dualwrite.sql.DerivedSql;
import dev.dualwrite.sql.Expr;
import dev.dualwrite.sql.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Learns the keys of one execution of a change. What it answers is always a superset of what the server
 * changes, or it refuses.
 */
final class Capture {
    /** More keys than this are not listed, where the server can capture them by itself. */
    private static final int LISTED = 10_000;

    /** More keys than this are refused, where it cannot. */
    private static final int MOST_KEYS = 50_000;

    private static final int QUESTIONS = 500;

    private final Change change;
    private final Table table;
    private final Parameters parameters;
    private final SessionFacts facts;
    private final KeyValues values;
    private final String sql;
    private final int timeout;
    private final Isolation isolation;

    /**
     * @param timeout of the application's statement, in seconds; 0 for none
     * @param isolation of the transaction, which need not be what the session is set to
     * @throws SQLException if the driver has found more parameters than there are
     */
    Capture(Plan plan, Parameters parameters, Physical physical, int timeout, Isolation isolation) throws SQLException {
        if (plan.change() == null) {
            throw new IllegalArgumentException("not a change: " + plan);
        }
        if (parameters.slots().size() > plan.statement().paramCount()) {
            // of which the driver takes one for a parameter that the server does not: the others are counted from there
            throw Refusal.UNKNOWN.exception("A change of " + plan.domain() + " with more parameters than its text has");
        }
        this.change = plan.change();
        this.table = change.table();
        this.parameters = parameters;
        this.facts = physical.facts();
        this.sql = plan.statement().sql();
        this.values = new KeyValues(table, facts, parameters, sql);
        this.timeout = timeout;
        this.isolation = isolation;
    }

    /**
     * What is known before the statement runs.
     *
     * @param keys that it will or may change
     * @param restricted the statement in the form that changes these keys only; null if it may run as it is
     * @param generated how the rest is learnt afterwards; null if there is no rest
     * @param bulk how the server captures by itself before the statement runs, instead of all the others; null if it does
     *     not
     */
    record Before(
            List<Captured> keys,
            @Nullable DerivedSql restricted,
            @Nullable Generated generated,
            @Nullable Bulk bulk) {

        static Before known(List<Captured> keys) {
            return new Before(keys, null, null, null);
        }
    }

    static Key key(List<@Nullable String> row) {
        List<String> parts = new ArrayList<>(row.size());
        for (String part : row) {
            if (part == null) {
                throw new IllegalStateException("a key column holds NULL");
            }
            parts.add(part);
        }
        return new Key(parts);
    }

    /**
     * The keys, where no server needs to be asked and none generates any.
     *
     * @throws SQLException if the statement is refused
     */
    Optional<List<Captured>> known() throws SQLException {
        if (change instanceof Change.Insert insert) {
            return knownRows(insert);
        }
        return change instanceof Change.Rows rows ? knownRows(rows) : Optional.empty();
    }

    private Optional<List<Captured>> knownRows(Change.Insert insert) throws SQLException {
        List<Captured> keys = new ArrayList<>(insert.rows().size());
        for (List<@Nullable Expr> row : insert.rows()) {
            List<String> parts = new ArrayList<>(row.size());
            for (int column = 0; column < row.size(); column++) {
                Expr value = row.get(column);
                if (value == null || !(values.stored(column, value) instanceof Stored.Known known)) {
                    return Optional.empty();
                }
                parts.add(known.value());
            }
            keys.add(new Captured(table, new Key(parts)));
        }
        return Optional.of(keys);
    }

    private Optional<List<Captured>> knownRows(Change.Rows rows) throws SQLException {
        if (rows.pinned() == null) {
            return Optional.empty();
        }
        List<Captured> keys = new ArrayList<>(rows.pinned().size());
        for (List<Expr> tuple : rows.pinned()) {
            List<String> old = new ArrayList<>(tuple.size());
            for (int column = 0; column < tuple.size(); column++) {
                Optional<String> part = values.compared(column, tuple.get(column));
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                old.add(part.get());
            }
            keys.add(new Captured(table, new Key(old)));
            if (!rows.assigned().isEmpty()) {
                List<String> next = new ArrayList<>(old);
                for (Change.KeyAssignment assigned : rows.assigned()) {
                    if (!plain(assigned)
                            || !(values.stored(
                                            assigned.column(),
                                            assigned.assignment().value())
                                    instanceof Stored.Known known)) {
                        return Optional.empty();
                    }
                    next.set(assigned.column(), known.value());
                }
                keys.add(new Captured(table, new Key(next)));
            }
        }
        return Optional.of(keys);
    }

    private static boolean plain(Change.KeyAssignment assigned) {
        Expr value = assigned.assignment().value();
        return !(value instanceof Expr.ColumnRef) && !(value instanceof Expr.Opaque);
    }

    /**
     * Asks the server what has to be asked, in the transaction that will change.
     *
     * @param ranges of a batch: one for each table, read before the first element; null for a single statement
     */
    Before before(Connection connection, @Nullable IdentityHashMap<Table, Generated> ranges) throws SQLException {
        Optional<List<Captured>> known = known();
        if (known.isPresent()) {
            return Before.known(known.get());
        }
        if (change instanceof Change.Insert insert) {
            return beforeInsert(connection, insert, ranges);
        }
        if (change instanceof Change.Rows rows) {
            return selected(connection, rows);
        }
        throw new IllegalStateException("no capture for " + change.getClass());
    }

    private Before beforeInsert(
            Connection connection, Change.Insert insert, @Nullable IdentityHashMap<Table, Generated> ranges)
            throws SQLException {
        List<List<Stored>> rows = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        for (List<@Nullable Expr> row : insert.rows()) {
            List<Stored> parts = new ArrayList<>();
            for (int column : KeyValues.positions(row)) {
                Expr value = row.get(column);
                Stored stored = value == null ? new Stored.Generated() : values.stored(column, value);
                if (stored instanceof Stored.Ask ask) {
                    questions.addAll(ask.expressions());
                }
                parts.add(stored);
            }
            rows.add(parts);
        }
        List<@Nullable String> answers = answers(connection, questions);
        List<Captured> keys = new ArrayList<>();
        List<List<@Nullable String>> open = new ArrayList<>();
        int next = 0;
        int generated = 0;
        for (List<Stored> row : rows) {
            List<List<@Nullable String>> tuples = List.of(List.of());
            boolean complete = true;
            for (int column : KeyValues.positions(row)) {
                List<@Nullable String> possible = new ArrayList<>();
                Stored stored = row.get(column);
                if (stored instanceof Stored.Known known) {
                    possible.add(known.value());
                } else if (stored instanceof Stored.Ask ask) {
                    for (Question ignored : ask.expressions()) {
                        String answer = answers.get(next++);
                        if (values.generatesFor(column, answer)) {
                            possible.add(null);
                            complete = false;
                        } else if (answer != null) {
                            possible.add(values.answered(column, answer));
                        }
                    }
                } else if (stored instanceof Stored.Generated) {
                    possible.add(null);
                    complete = false;
                }
                if (possible.isEmpty() && !facts.strict()) {
                    throw Refusal.KEY_NULL.exception("INSERT of " + table.name());
                }
                tuples = product(tuples, possible);
            }
            for (List<@Nullable String> tuple : tuples) {
                if (complete) {
                    keys.add(new Captured(table, key(tuple)));
                } else {
                    open.add(tuple);
                }
            }
            generated += complete ? 0 : 1;
        }
        if (generated == 0) {
            return Before.known(keys);
        }
        boolean consecutive = generated == rows.size() && insert.firstIdKnown() && ranges == null;
        if (consecutive && open.size() == rows.size()) {
            return new Before(keys, null, new Generated.Consecutive(table, open, facts.increment()), null);
        }
        Generated range = ranges == null ? null : ranges.get(table);
        if (range == null) {
            range = Generated.Range.from(connection, table);
            if (ranges != null) {
                ranges.put(table, range);
            }
        }
        return new Before(keys, null, range, null);
    }

    private static List<List<@Nullable String>> product(
            List<List<@Nullable String>> tuples, List<@Nullable String> possible) {
        List<List<@Nullable String>> longer = new ArrayList<>();
        for (List<@Nullable String> tuple : tuples) {
            for (String part : possible) {
                List<@Nullable String> next = new ArrayList<>(tuple);
                next.add(part);
                longer.add(Collections.unmodifiableList(next));
            }
        }
        return longer;
    }

    private List<@Nullable String> answers(Connection connection, List<Question> questions) throws SQLException {
        List<@Nullable String> answers = new ArrayList<>(questions.size());
        for (int from = 0; from < questions.size(); from += QUESTIONS) {
            List<Question> some = questions.subList(from, Math.min(from + QUESTIONS, questions.size()));
            answers.addAll(
                    KeyValues.all(some).ask(connection, parameters, timeout).get(0));
        }
        return answers;
    }

    /** Whether the keys are selected by a subquery, which a SELECT … FOR UPDATE answers from the snapshot. */
    boolean selectsBySubquery() throws SQLException {
        return change instanceof Change.Rows rows
                && rows.statement().where().subquery()
                && !locksSubqueries(rows)
                && selects();
    }

    /**
     * Whether the queries of the condition lock what they read when the keys are selected. The statement itself does so at
     * these levels, so nothing waits that would not wait anyway, and both see the newest rows.
     */
    private boolean locksSubqueries(Change.Rows rows) {
        return rows.lockable() && isolation.repeatableRead();
    }

    /** Whether something may be read without locks before or after the statement, to learn generated keys. */
    boolean readsGenerated() throws SQLException {
        return change instanceof Change.Insert && known().isEmpty();
    }

    /**
     * Makes sure that the keys are not selected by something older than what the statement would see: in a subquery
     * it does not read from the snapshot. Notes that the snapshot is open then.
     *
     * @throws StatementRefusedException if they would be
     */
    void checkSnapshot(Work work) throws SQLException {
        if (selectsBySubquery()) {
            if (isolation.repeatableRead() && work.hasRead()) {
                throw Refusal.OLD_SNAPSHOT.exception("A change of " + table.name());
            }
            work.reads();
        }
    }

    /** Whether the keys must be selected right before the statement, so that it cannot run within a driver's batch. */
    boolean selects() throws SQLException {
        return change instanceof Change.Rows && known().isEmpty();
    }

    /** @throws StatementRefusedException if the keys have to be selected, and cannot be */
    void checkSelectable() throws SQLException {
        if (change instanceof Change.Rows rows && selects()) {
            checkSelectable(rows);
            keySelect(rows, List.of()).checkParameters(parameters);
        }
    }

    private void checkSelectable(Change.Rows rows) throws StatementRefusedException {
        if (!rows.repeatable()) {
            throw Refusal.UNREPEATABLE.exception(verb(rows) + table.name());
        }
        if (facts.safeUpdates()) {
            throw Refusal.SAFE_UPDATES.exception(verb(rows) + table.name());
        }
    }

    private static String verb(Change.Rows rows) {
        return rows.statement() instanceof Statement.Update ? "UPDATE of " : "DELETE of ";
    }

    /** Locks and reads the keys that the condition selects, and what becomes of them. */
    private Before selected(Connection connection, Change.Rows rows) throws SQLException {
        checkSelectable(rows);
        String verb = verb(rows);
        int width = table.key().columns().size();
        List<Stored> assigned = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        List<Question> expressions = new ArrayList<>();
        for (Change.KeyAssignment assignment : rows.assigned()) {
            Stored stored = plain(assignment)
                    ? values.stored(assignment.column(), assignment.assignment().value())
                    : computed(assignment);
            assigned.add(stored);
            columns.add(assignment.column());
            if (stored instanceof Stored.Ask ask) {
                expressions.addAll(ask.expressions());
            }
        }
        List<Captured> keys = new ArrayList<>();
        List<Key> old = new ArrayList<>();
        List<List<@Nullable String>> answer = keySelect(rows, expressions).ask(connection, parameters, timeout);
        if (answer.size() > mostListed(rows)) {
            return new Before(List.of(), null, null, bulk(rows, verb));
        }
        for (List<@Nullable String> row : answer) {
            Key key = key(row.subList(0, width));
            old.add(key);
            keys.add(new Captured(table, key));
            int next = width;
            List<List<@Nullable String>> tuples = List.of(Collections.unmodifiableList(row.subList(0, width)));
            for (int i : KeyValues.positions(assigned)) {
                List<@Nullable String> possible = new ArrayList<>();
                if (assigned.get(i) instanceof Stored.Known known) {
                    possible.add(known.value());
                } else if (assigned.get(i) instanceof Stored.Ask ask) {
                    for (Question ignored : ask.expressions()) {
                        String value = row.get(next++);
                        if (value != null) {
                            possible.add(values.answered(columns.get(i), value));
                        }
                    }
                } else if (assigned.get(i) instanceof Stored.Generated) {
                    // an UPDATE generates nothing: 0 is stored as 0
                    possible.add("0");
                }
                if (possible.isEmpty() && !facts.strict()) {
                    throw Refusal.KEY_NULL.exception(verb + table.name());
                }
                tuples = replaced(tuples, columns.get(i), possible);
            }
            if (!assigned.isEmpty()) {
                tuples.forEach(tuple -> keys.add(new Captured(table, key(tuple))));
            }
        }
        String predicate = old.isEmpty() ? "FALSE" : table.key().predicate(old);
        return new Before(keys, rows.statement().restrictedTo(predicate), null, null);
    }

    /**
     * Whether the server can select and capture in one statement what the other statement will then change. Where gaps
     * are not locked that is narrowed to what was captured, by a query that a DELETE, unlike an UPDATE, would read with
     * locks on everybody's intents.
     */
    private boolean capturable(Change.Rows rows) {
        return rows.assigned().isEmpty()
                && rows.byRowAlone()
                && (isolation.locksGaps() || rows.statement() instanceof Statement.Update);
    }

    private int mostListed(Change.Rows rows) {
        return capturable(rows) ? LISTED : MOST_KEYS;
    }

    private Bulk bulk(Change.Rows rows, String verb) throws StatementRefusedException {
        if (!capturable(rows)) {
            throw Refusal.TOO_MANY_KEYS.exception(verb + table.name());
        }
        return new Bulk(table.key(), rows.statement(), !isolation.locksGaps(), parameters, timeout);
    }

    private Stored computed(Change.KeyAssignment assignment) throws SQLException {
        Expr value = assignment.assignment().value();
        if (value instanceof Expr.Opaque) {
            return values.stored(assignment.column(), value);
        }
        return values.asked(
                assignment.column(), "(" + assignment.assignment().span().in(sql) + ")");
    }

    private static List<List<@Nullable String>> replaced(
            List<List<@Nullable String>> tuples, int column, List<@Nullable String> possible) {
        List<List<@Nullable String>> replaced = new ArrayList<>();
        for (List<@Nullable String> tuple : tuples) {
            for (String part : possible) {
                List<@Nullable String> next = new ArrayList<>(tuple);
                next.set(column, part);
                replaced.add(next);
            }
        }
        return replaced;
    }

    private Question keySelect(Change.Rows rows, List<Question> expressions) {
        String alias = rows.statement().alias();
        List<String> select = new ArrayList<>(table.key().selectList(alias == null ? "" : Sql.name(alias) + "."));
        List<Integer> params = new ArrayList<>();
        for (Question expression : expressions) {
            select.add(expression.sql());
            params.addAll(expression.params());
        }
        DerivedSql keys = rows.statement()
                .keySelect(
                        select,
                        params,
                        " LIMIT " + (mostListed(rows) + 1),
                        locksSubqueries(rows) ? "LOCK IN SHARE MODE" : "");
        return new Question(keys.sql(), keys.params());
    }
}
