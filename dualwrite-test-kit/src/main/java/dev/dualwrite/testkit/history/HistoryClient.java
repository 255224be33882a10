package dev.dualwrite.testkit.history;

import dev.dualwrite.testkit.oracle.Answer;
import dev.dualwrite.testkit.oracle.ClientLog;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A client of a history: does its steps through the library, knows which of its rows there are, and notes what it is told. Of
 * keys in a transaction whose answer it never got it keeps away. For one thread.
 */
final class HistoryClient {
    /** What a step that had nothing to do came to. */
    static final String NOTHING = "-";

    private final HistoryTable table;
    private final DataSource dataSource;
    private final ClientLog log;
    private final String name;
    private final Set<Integer> leftKeys = new HashSet<>();
    private final Set<Integer> leftSlots = new HashSet<>();
    private final List<Write> writes = new ArrayList<>();
    private Map<Integer, Row> told = new TreeMap<>();
    private Map<Integer, Row> now = new TreeMap<>();
    private @Nullable Connection open;
    private @Nullable Marked marked;
    private int marks;

    private record Row(String trail, int slot) {
        Row and(String mark) {
            return new Row(trail + mark, slot);
        }
    }

    /** A savepoint, and what there was then. */
    private record Marked(Savepoint savepoint, Map<Integer, Row> rows, int writes) {}

    /** Some statements of a step. */
    private interface Deed {
        void on(Connection connection) throws SQLException;
    }

    HistoryClient(int number, DataSource dataSource, OperationLog log) {
        this.table = HistoryTable.of(number);
        this.dataSource = dataSource;
        this.name = Step.name(number);
        this.log = log.client(name);
        table.watchedBy(log);
        List<Write> before = new ArrayList<>();
        for (int key = 0; key < HistoryTable.THERE_BEFORE; key++) {
            told.put(key, new Row(HistoryTable.MARK_BEFORE, key));
            before.add(Write.put(table.name(), String.valueOf(key), HistoryTable.MARK_BEFORE));
        }
        this.log.told(before, Answer.COMMITTED);
        now = new TreeMap<>(told);
    }

    /** Whether a transaction is open that has changed something. */
    boolean writing() {
        return open != null && !writes.isEmpty();
    }

    /** Does a step that neither begins nor ends a transaction; what came of it, in words. */
    String change(Step step) throws SQLException {
        if (step.keys().stream().anyMatch(leftKeys::contains)) {
            return NOTHING;
        }
        int one = step.keys().get(0);
        int other = step.keys().get(step.keys().size() - 1);
        return switch (step.kind()) {
            case WRITE ->
                now.containsKey(one)
                        ? alone(connection -> append(connection, one))
                        : alone(connection -> insert(connection, one));
            case DELETE -> now.containsKey(one) ? alone(connection -> delete(connection, one)) : NOTHING;
            case CHANGE_KEY ->
                now.containsKey(one) && !now.containsKey(other)
                        ? alone(connection -> changeKey(connection, one, other))
                        : NOTHING;
            case UNIQUE_SWAP ->
                one != other && now.containsKey(one) && now.containsKey(other)
                        ? together(connection -> swap(connection, one, other))
                        : NOTHING;
            case BATCH -> together(connection -> batch(connection, Math.min(one, other), Math.max(one, other)));
            default -> throw new IllegalArgumentException(step + " changes no row");
        };
    }

    private String nextMark() {
        return name + ++marks + ';';
    }

    private void wrote(Write write) {
        writes.add(write);
    }

    private void appended(int key, String mark) {
        now.computeIfPresent(key, (k, row) -> row.and(mark));
        wrote(Write.append(table.name(), String.valueOf(key), mark));
    }

    private HistoryTable.Fresh fresh(int key) {
        int slot = IntStream.range(0, 2 * Step.MOST_KEYS + leftSlots.size())
                .filter(candidate -> !leftSlots.contains(candidate)
                        && now.values().stream().noneMatch(row -> row.slot() == candidate))
                .findFirst()
                .orElseThrow();
        String mark = nextMark();
        now.put(key, new Row(mark, slot));
        wrote(Write.put(table.name(), String.valueOf(key), mark));
        return new HistoryTable.Fresh(key, slot, mark);
    }

    private void insert(Connection connection, int key) throws SQLException {
        table.insert(connection, fresh(key));
    }

    private void append(Connection connection, int key) throws SQLException {
        String mark = nextMark();
        appended(key, mark);
        table.append(connection, key, mark);
    }

    private void delete(Connection connection, int key) throws SQLException {
        now.remove(key);
        wrote(Write.delete(table.name(), String.valueOf(key)));
        table.delete(connection, key);
    }

    private void changeKey(Connection connection, int from, int to) throws SQLException {
        String mark = nextMark();
        Row row = now.remove(from);
        if (row == null) {
            throw new IllegalStateException("no row " + from);
        }
        now.put(to, row.and(mark));
        wrote(Write.delete(table.name(), String.valueOf(from)));
        wrote(Write.put(table.name(), String.valueOf(to), row.and(mark).trail()));
        table.changeKey(connection, from, to, mark);
    }

    private void swap(Connection connection, int one, int other) throws SQLException {
        int first = slot(one);
        int second = slot(other);
        slot(connection, one, null);
        slot(connection, other, first);
        slot(connection, one, second);
    }

    private int slot(int key) {
        Row row = now.get(key);
        if (row == null) {
            throw new IllegalStateException("no row " + key);
        }
        return row.slot();
    }

    private void slot(Connection connection, int key, @Nullable Integer slot) throws SQLException {
        String mark = nextMark();
        appended(key, mark);
        if (slot != null) {
            now.computeIfPresent(key, (k, row) -> new Row(row.trail(), slot));
        }
        table.slot(connection, key, slot, mark);
    }

    private void batch(Connection connection, int from, int to) throws SQLException {
        List<Integer> keys = IntStream.rangeClosed(from, to)
                .boxed()
                .filter(key -> !leftKeys.contains(key))
                .toList();
        List<Integer> there = keys.stream().filter(now::containsKey).toList();
        String mark = nextMark();
        there.forEach(key -> appended(key, mark));
        if (!there.isEmpty()) {
            table.appendToAll(connection, there, mark);
        }
        List<HistoryTable.Fresh> fresh = keys.stream()
                .filter(key -> !now.containsKey(key))
                .map(this::fresh)
                .toList();
        if (!fresh.isEmpty()) {
            table.insertAll(connection, fresh);
        }
    }

    /** In the open transaction; if there is none, by autocommit. */
    private String alone(Deed deed) throws SQLException {
        if (open != null) {
            return within(open, deed);
        }
        try (Connection connection = dataSource.getConnection()) {
            deed.on(connection);
            return end(Answer.COMMITTED);
        } catch (SQLException e) {
            return ended(e);
        }
    }

    /** In the open transaction; if there is none, in one of its own. */
    private String together(Deed deed) throws SQLException {
        if (open != null) {
            return within(open, deed);
        }
        begin();
        String came = open == null ? NOTHING : within(open, deed);
        return open == null ? came : commit();
    }

    /** After an error the transaction is given up. */
    private String within(Connection connection, Deed deed) {
        try {
            deed.on(connection);
            return "done";
        } catch (SQLException e) {
            judge(e);
            return rollback() + " after " + said(e);
        }
    }

    String begin() {
        if (open != null) {
            return NOTHING;
        }
        try {
            Connection connection = dataSource.getConnection();
            open = connection;
            connection.setAutoCommit(false);
            return "done";
        } catch (SQLException e) {
            judge(e);
            return rollback() + " after " + said(e);
        }
    }

    /** Before a first change there is nothing that it could mark. */
    String savepoint() {
        if (open == null || writes.isEmpty()) {
            return NOTHING;
        }
        return within(
                open, connection -> marked = new Marked(connection.setSavepoint(), new TreeMap<>(now), writes.size()));
    }

    String undo() {
        Marked to = marked;
        if (open == null || to == null) {
            return NOTHING;
        }
        return within(open, connection -> {
            connection.rollback(to.savepoint());
            now = new TreeMap<>(to.rows());
            writes.subList(to.writes(), writes.size()).clear();
        });
    }

    /** Ends the transaction and gives the connection back. */
    String commit() {
        Connection connection = open;
        if (connection == null) {
            return NOTHING;
        }
        try {
            connection.commit();
            close(connection);
            return end(Answer.COMMITTED);
        } catch (SQLException e) {
            close(connection);
            return ended(e);
        }
    }

    /** Undoes it; without a connection the server does. */
    String rollback() {
        Connection connection = open;
        if (connection == null) {
            return NOTHING;
        }
        try {
            connection.rollback();
        } catch (SQLException gone) {
            judge(gone);
        }
        close(connection);
        return end(Answer.ROLLED_BACK);
    }

    private void close(Connection connection) {
        open = null;
        marked = null;
        try {
            connection.close();
        } catch (SQLException e) {
            judge(e); // what was answered before stays answered
        }
    }

    private String ended(SQLException e) {
        judge(e);
        String message = String.valueOf(e.getMessage());
        boolean nothing = writes.isEmpty()
                || "40001".equals(e.getSQLState())
                || message.startsWith("DW-2")
                || message.startsWith("DW-3");
        return end(nothing ? Answer.ROLLED_BACK : Answer.UNKNOWN) + " after " + said(e);
    }

    private String end(Answer answer) {
        if (!writes.isEmpty()) {
            log.told(writes, answer);
        }
        switch (answer) {
            case COMMITTED -> told = now;
            case UNKNOWN -> leave();
            case ROLLED_BACK -> {
                // all is as it was
            }
        }
        now = new TreeMap<>(told);
        writes.clear();
        return answer.name();
    }

    /** Such a commit may come late. */
    private void leave() {
        for (Write write : writes) {
            int key = Integer.parseInt(write.key());
            leftKeys.add(key);
            for (Map<Integer, Row> rows : List.of(told, now)) {
                Row row = rows.get(key);
                if (row != null) {
                    leftSlots.add(row.slot());
                }
            }
        }
        told.keySet().removeAll(leftKeys);
    }

    private static String said(SQLException e) {
        return e.getSQLState() + ' ' + e.getMessage();
    }

    /** An error that nothing which can happen here explains. */
    private static void judge(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("23") || state.startsWith("42") || state.startsWith("22") || state.startsWith("0A")) {
            throw new AssertionError("a client was told " + said(e), e);
        }
    }
}
