package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What each caller was told, to be held against the owner's rows at the end: told that it is committed, a
 * row is there; told that it is not, it is absent; not told, either. Of rows that keep a trail it tells by name what went
 * wrong: LOST, STALE, DOUBLED, REORDERED, GHOST or TORN. Thread-safe.
 */
public final class OperationLog {
    private final Queue<Claim> claims = new ConcurrentLinkedQueue<>();
    private final Queue<RowClaim> rows = new ConcurrentLinkedQueue<>();
    private final Queue<Trails> trails = new ConcurrentLinkedQueue<>();
    private final Queue<Counter> counters = new ConcurrentLinkedQueue<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final Map<String, KeyHistory> histories = new ConcurrentHashMap<>();
    private final Set<String> orphans = ClientLog.orphans();

    /** A query that must give one text on the owner. */
    private record Claim(String what, String query, String expected) {}

    /** A row that must be there, or must not. */
    private record RowClaim(String table, String column, String value, boolean present) {}

    /** The caller was told that a row with this value of a column is committed. */
    public void present(String table, String column, Object value) {
        rows.add(new RowClaim(table, column, String.valueOf(value), true));
    }

    /** The caller was told that it is not. */
    public void absent(String table, String column, Object value) {
        rows.add(new RowClaim(table, column, String.valueOf(value), false));
    }

    /** The owner must answer this query with this text. */
    public void claim(String what, String query, Object expected) {
        claims.add(new Claim(what, query, String.valueOf(expected)));
    }

    /**
     * The rows of a table keep a trail; all of them are written by clients of {@link #client}.
     *
     * @param keyExpression SQL over the columns of the key, whose text names a row in {@link Write#key()}
     * @param column the trail
     */
    public void trail(String table, String keyExpression, String column) {
        trails.add(new Trails(table, keyExpression, column));
    }

    /** A log for one client. */
    public ClientLog client(String name) {
        return new ClientLog(name, histories, orphans);
    }

    /** A number that clients raise by one; the query gives it. */
    public Counter counter(String what, String query) {
        Counter counter = new Counter(what, query);
        counters.add(counter);
        return counter;
    }

    /** A caller was told something that cannot be, after what it was told before. */
    public void contradiction(String what) {
        contradictions.add(what);
    }

    /** How many rows callers were told to be committed. */
    public long acknowledged() {
        return rows.stream().filter(RowClaim::present).count();
    }

    /** What does not hold on this database, in words, at most so many. */
    public List<String> broken(Connection owner, int limit) throws SQLException {
        return broken(owner, null, limit);
    }

    /** As {@link #broken(Connection, int)}; the follower, if it is to be equal, helps to tell stale from lost. */
    List<String> broken(Connection owner, @Nullable Connection follower, int limit) throws SQLException {
        List<String> broken = new ArrayList<>(contradictions);
        for (Trails trail : trails) {
            broken.addAll(trail.broken(owner, follower, histories, orphans));
        }
        for (Counter counter : counters) {
            broken.addAll(counter.broken(Long.parseLong(answer(owner, counter.query()))));
        }
        if (broken.size() > limit) {
            broken.subList(limit, broken.size()).clear();
        }
        Map<String, Set<String>> there = new HashMap<>();
        for (RowClaim row : rows) {
            Set<String> values = there.get(row.table() + '.' + row.column());
            if (values == null) {
                values = values(owner, row.table(), row.column());
                there.put(row.table() + '.' + row.column(), values);
            }
            if (values.contains(row.value()) != row.present() && broken.size() < limit) {
                broken.add((row.present() ? "LOST: " : "GHOST: ") + row.table() + " " + row.column() + "=" + row.value()
                        + (row.present()
                                ? " was acknowledged and is not there"
                                : " was told not to be committed and is there"));
            }
        }
        for (Claim claim : claims) {
            String found = answer(owner, claim.query());
            if (!found.equals(claim.expected()) && broken.size() < limit) {
                broken.add(claim.what() + ": " + claim.query() + " gives " + found + ", not " + claim.expected());
            }
        }
        return broken;
    }

    private static String answer(Connection owner, String query) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    private static Set<String> values(Connection owner, String table, String column) throws SQLException {
        Set<String> values = new HashSet<>();
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("SELECT `" + column + "` FROM `" + table + "`")) {
            while (row.next()) {
                values.add(String.valueOf(row.getString(1)));
            }
        }
        return values;
    }
}
