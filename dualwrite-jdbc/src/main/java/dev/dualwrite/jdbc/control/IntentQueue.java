package dev.dualwrite.jdbc.control;

import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The repair queue on one side: reading it, and taking out what is converged, by exact id and never by
 * range, because ids become visible out of order. Thread-safe.
 */
public final class IntentQueue {
    private final ControlNames names;
    private final String queue;

    public IntentQueue(ControlNames names) {
        this.names = names;
        this.queue = "migration = '" + names.migration() + "' AND side = '" + names.side() + "'";
    }

    /** Some of the unmarked intents, from a lane on, around the lanes. */
    public List<Intent> peek(Connection connection, int fromLane, int limit) throws SQLException {
        return around(connection, "marked = 0", fromLane, limit);
    }

    /** Some of the marked intents, from a lane on, around the lanes: converged, and not verified since. */
    public List<Intent> marked(Connection connection, int fromLane, int limit) throws SQLException {
        return around(connection, "marked = 1", fromLane, limit);
    }

    private List<Intent> around(Connection connection, String which, int fromLane, int limit) throws SQLException {
        List<Intent> found = select(connection, which + " AND lane >= " + fromLane, limit);
        if (found.size() < limit && fromLane > 0) {
            found.addAll(select(connection, which + " AND lane < " + fromLane, limit - found.size()));
        }
        return found;
    }

    private List<Intent> select(Connection connection, String where, int limit) throws SQLException {
        List<Intent> intents = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT lane, id, table_name, unit, key_values FROM "
                        + names.table("intent") + " WHERE " + queue + " AND " + where + " ORDER BY lane, id LIMIT "
                        + limit)) {
            while (row.next()) {
                intents.add(new Intent(
                        row.getInt(1),
                        new Intent.Id(row.getBytes(2)),
                        row.getString(3),
                        new Unit(row.getBytes(4)),
                        Key.decode(row.getBytes(5))));
            }
        }
        return intents;
    }

    /** Whether a unit has an unmarked intent. */
    public boolean pending(Connection connection, int lane, Unit unit) throws SQLException {
        return exists(connection, "marked = 0 AND lane = " + lane + " AND unit = " + Sql.binary(unit.bytes()));
    }

    /**
     * Whether an unmarked intent of these tables is left that was written up to a time of this server, given as it printed it.
     *
     * @param tables not empty
     */
    public boolean pending(Connection connection, Collection<String> tables, String until) throws SQLException {
        return exists(
                connection,
                "marked = 0 AND created_at <= TIMESTAMP'" + until + "' AND table_name IN ("
                        + tables.stream().map(Sql::text).collect(Collectors.joining(", ")) + ")");
    }

    /** Whether no unmarked intent is left. */
    public boolean drained(Connection connection) throws SQLException {
        return !exists(connection, "marked = 0");
    }

    private boolean exists(Connection connection, String where) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT 1 FROM " + names.table("intent") + " WHERE " + queue + " AND " + where + " LIMIT 1")) {
            return row.next();
        }
    }

    /** How many intents are unmarked, how many are marked, and how old the oldest unmarked one is. */
    public Depth depth(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT SUM(marked = 0), SUM(marked = 1), COALESCE(GREATEST(0, TIMESTAMPDIFF(MICROSECOND, \
                        MIN(CASE WHEN marked = 0 THEN created_at END), UTC_TIMESTAMP(6))), 0) FROM %s WHERE %s\
                        """.formatted(names.table("intent"), queue))) {
            row.next();
            return new Depth(row.getLong(1), row.getLong(2), Duration.of(row.getLong(3), ChronoUnit.MICROS));
        }
    }

    /** How old the oldest unmarked intent is. */
    public Duration oldest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT COALESCE(GREATEST(0, TIMESTAMPDIFF(MICROSECOND, MIN(created_at), UTC_TIMESTAMP(6))), 0) \
                        FROM %s WHERE %s AND marked = 0\
                        """.formatted(names.table("intent"), queue))) {
            row.next();
            return Duration.of(row.getLong(1), ChronoUnit.MICROS);
        }
    }

    /**
     * How far the follower is behind.
     *
     * @param millis the time of the oldest id, by the clock of the process that made it; the greatest there is if nothing is
     *     left to be converged
     * @param age of the oldest, by this server's clock
     * @param all whether every intent was looked at; if not, there are too many
     * @param parked tables of which a unit is parked, in lower case
     */
    public record Behind(long millis, Duration age, boolean all, Set<String> parked) {
        public Behind {
            parked = Set.copyOf(parked);
        }
    }

    /** Looks at no more than so many intents; parked units and intents as of one moment. */
    public Behind behind(Connection connection, int limit) throws SQLException {
        String sql =
                """
                SELECT '', MIN(q.id), COALESCE(GREATEST(0, TIMESTAMPDIFF(MICROSECOND, MIN(q.created_at), UTC_TIMESTAMP(6))), 0), \
                COUNT(*) FROM (SELECT i.id, i.created_at FROM %1$s i WHERE i.migration = '%3$s' AND i.side = '%4$s' \
                AND i.marked = 0 LIMIT %5$d) q \
                UNION ALL SELECT DISTINCT p.table_name, NULL, 0, 0 FROM %2$s p WHERE p.migration = '%3$s' AND p.side = '%4$s'\
                """.formatted(names.table("intent"), names.table("parked"), names.migration(), names.side(), limit);
        long millis = Long.MAX_VALUE;
        Duration age = Duration.ZERO;
        boolean all = true;
        Set<String> parked = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                if (!row.getString(1).isEmpty()) {
                    parked.add(row.getString(1));
                    continue;
                }
                byte[] oldest = row.getBytes(2);
                millis = oldest == null ? Long.MAX_VALUE : IntentIds.millis(oldest);
                age = Duration.of(row.getLong(3), ChronoUnit.MICROS);
                all = row.getLong(4) < limit;
            }
        }
        return new Behind(millis, age, all, parked);
    }

    /**
     * Takes out what is converged; while marking is on, marks it instead. The fence is read with a lock in the
     * statement that takes out, so that whoever has switched marking on knows that nothing is deleted any more.
     *
     * @param lockShared the clause that makes a SELECT lock its rows shared
     */
    public int acknowledge(Connection connection, Collection<Intent> intents, String lockShared) throws SQLException {
        if (intents.isEmpty()) {
            return 0;
        }
        String where = where(intents) + " AND (SELECT f.marking FROM " + names.table("fence") + " f WHERE f."
                + names.fenceKey().replace(" AND ", " AND f.") + ' ' + lockShared + ") = ";
        int deleted = execute(connection, "DELETE FROM " + names.table("intent") + where + 0);
        return deleted == intents.size()
                ? deleted
                : deleted
                        + execute(
                                connection,
                                "UPDATE " + names.table("intent") + " SET marked = 1, marked_at = UTC_TIMESTAMP(6)"
                                        + where + 1);
    }

    /** Takes intents out, whatever the fence says of marking: another intent of their unit stays to be marked. */
    public void remove(Connection connection, Collection<Intent> intents) throws SQLException {
        if (!intents.isEmpty()) {
            execute(connection, "DELETE FROM " + names.table("intent") + where(intents));
        }
    }

    private String where(Collection<Intent> intents) {
        return " WHERE " + queue + " AND marked = 0 AND (lane, id) IN (" + tuples(intents) + ")";
    }

    /** A pair that stands alone is named twice: with one, MariaDB 11.4 scans the table instead of using the key. */
    private static String tuples(Collection<Intent> intents) {
        String pairs = intents.stream()
                .map(intent ->
                        "(" + intent.lane() + ", " + Sql.binary(intent.id().bytes()) + ")")
                .collect(Collectors.joining(", "));
        return intents.size() == 1 ? pairs + ", " + pairs : pairs;
    }

    /** Takes marks away whose units were verified after they were marked. */
    public void unmark(Connection connection, Collection<Intent> intents) throws SQLException {
        if (intents.isEmpty()) {
            return;
        }
        String ids = tuples(intents);
        execute(
                connection,
                "DELETE FROM " + names.table("intent") + " WHERE " + queue + " AND marked = 1 AND (lane, id) IN (" + ids
                        + ")");
    }

    /** Takes all marks away that were set before a time of this server, given as it printed it. */
    public void unmarkBefore(Connection connection, String time) throws SQLException {
        execute(
                connection,
                "DELETE FROM " + names.table("intent") + " WHERE " + queue
                        + " AND marked = 1 AND marked_at < TIMESTAMP'" + time + "'");
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** The size of the queue. */
    public record Depth(long unmarked, long marked, Duration oldest) {}
}
