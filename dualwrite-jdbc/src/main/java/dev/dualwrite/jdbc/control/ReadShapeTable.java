package dev.dualwrite.jdbc.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was counted of each shape of read, a row for each process; on the source, a fixed place. Thread-safe. */
public final class ReadShapeTable {
    /** The process that the counts of those stand for that are gone. */
    private static final String GONE = "";

    private static final int TEXT = 2000;
    private static final int COUNTS = 4000;

    private final ControlNames names;

    public ReadShapeTable(ControlNames names) {
        this.names = names;
    }

    /**
     * What counts together.
     *
     * @param run number of the comparison, see {@code compareAnew}
     * @param captureEpoch since when every change is captured
     * @param mapping a digest of the tables of both sides
     */
    public record Scope(long run, long captureEpoch, String mapping) {}

    /**
     * The counts of a shape.
     *
     * @param id of the shape
     * @param text of the shape, without values
     * @param counts by name
     */
    public record Counted(String id, String text, Map<String, Long> counts) {
        public Counted {
            counts = Map.copyOf(counts);
        }
    }

    private String where(Scope scope) {
        return " WHERE migration = '" + names.migration() + "' AND run = " + scope.run() + " AND capture_epoch = "
                + scope.captureEpoch() + " AND mapping = '" + scope.mapping() + "'";
    }

    /** Puts what a process has counted, in place of what it had before. */
    public void put(Connection connection, Scope scope, String process, String instance, Collection<Counted> shapes)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + names.table("read_shape")
                + " (migration, run, capture_epoch, mapping, process, shape, instance, shape_text, counts, seen_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
                + " counts = VALUES(counts), seen_at = VALUES(seen_at)")) {
            for (Counted shape : shapes) {
                insert.setString(1, names.migration());
                insert.setLong(2, scope.run());
                insert.setLong(3, scope.captureEpoch());
                insert.setString(4, scope.mapping());
                insert.setString(5, process);
                insert.setString(6, shape.id());
                insert.setString(7, instance);
                insert.setString(8, shape.text().length() > TEXT ? shape.text().substring(0, TEXT) : shape.text());
                insert.setString(9, encode(shape.counts()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** All shapes of a scope, with the counts of all processes added up. */
    public List<Counted> sum(Connection connection, Scope scope) throws SQLException {
        Map<String, Counted> sums = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT shape, shape_text, counts FROM "
                        + names.table("read_shape") + where(scope) + " ORDER BY shape_text, shape")) {
            while (row.next()) {
                Counted one = new Counted(row.getString(1), row.getString(2), decode(row.getString(3)));
                sums.merge(one.id(), one, ReadShapeTable::plus);
            }
        }
        return new ArrayList<>(sums.values());
    }

    private static Counted plus(Counted one, Counted other) {
        Map<String, Long> sum = new HashMap<>(one.counts());
        other.counts().forEach((name, count) -> sum.merge(name, count, Long::sum));
        return new Counted(one.id(), one.text(), sum);
    }

    /**
     * Adds the rows of processes that were silent for so long together, and forgets what is of other scopes; in the caller's
     * transaction.
     */
    public void purge(Connection connection, Scope scope, Duration silent) throws SQLException {
        String old = " AND seen_at < UTC_TIMESTAMP(6) - INTERVAL " + silent.toSeconds() + " SECOND";
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("read_shape") + " WHERE migration = '"
                    + names.migration() + "' AND NOT (run = " + scope.run() + " AND capture_epoch = "
                    + scope.captureEpoch() + " AND mapping = '" + scope.mapping() + "')" + old);
            Map<String, Counted> gone = new LinkedHashMap<>();
            boolean any = false;
            try (ResultSet row = statement.executeQuery("SELECT process, shape, shape_text, counts FROM "
                    + names.table("read_shape") + where(scope) + " AND (process = '" + GONE + "' OR (1 = 1" + old
                    + ")) FOR UPDATE")) {
                while (row.next()) {
                    any |= !row.getString(1).equals(GONE);
                    Counted one = new Counted(row.getString(2), row.getString(3), decode(row.getString(4)));
                    gone.merge(one.id(), one, ReadShapeTable::plus);
                }
            }
            if (any) {
                statement.executeUpdate("DELETE FROM " + names.table("read_shape") + where(scope) + " AND process <> '"
                        + GONE + "'" + old);
                put(connection, scope, GONE, "", gone.values());
            }
        }
    }

    private static String encode(Map<String, Long> counts) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(counts).forEach((name, count) -> {
            String one = name + '=' + count;
            if (count != 0 && text.length() + one.length() < COUNTS) {
                text.append(text.length() == 0 ? "" : " ").append(one);
            }
        });
        return text.toString();
    }

    private static Map<String, Long> decode(String text) {
        Map<String, Long> counts = new HashMap<>();
        for (String one : text.split(" ", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                counts.put(one.substring(0, equals), Long.parseLong(one.substring(equals + 1)));
            }
        }
        return counts;
    }
}
