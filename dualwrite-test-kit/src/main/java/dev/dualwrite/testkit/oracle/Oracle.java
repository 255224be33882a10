package dev.dualwrite.testkit.oracle;

import dev.dualwrite.testkit.fault.Eventually;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends an integration test: exactly one side is open, no intent is left, parked is what was expected, both
 * sides are equal row by row both ways, and what each caller was told holds on the owner. Looks at the
 * databases by plain SQL only, past the library and past every proxy.
 */
public final class Oracle {
    private static final Duration CALM = Duration.ofSeconds(45);
    private static final int LIMIT = 10;

    private final Connector source;
    private final Connector target;
    private final String migration;
    private final List<String> tables;
    private final OperationLog log;
    private String prefix = "dualwrite_";
    private Duration calm = CALM;
    private int parked;
    private boolean following = true;

    /** A way to a database that nothing disturbs. */
    @FunctionalInterface
    public interface Connector {
        Connection connect() throws SQLException;
    }

    public Oracle(Connector source, Connector target, String migration, List<String> tables, OperationLog log) {
        this.source = source;
        this.target = target;
        this.migration = migration;
        this.tables = List.copyOf(tables);
        this.log = log;
    }

    /** The control tables have another prefix. */
    public Oracle prefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    /** So many units must be parked; the rows of their keys are not compared, and all others are. */
    public Oracle expectParked(int count) {
        this.parked = count;
        return this;
    }

    /** Waits only so long for the queue to be empty and one side to own. */
    Oracle within(Duration patience) {
        this.calm = patience;
        return this;
    }

    /** The follower is not kept equal in the phase that the test ends in; only the owner is judged. */
    public Oracle withoutFollower() {
        this.following = false;
        return this;
    }

    /** What the callers were told. */
    public OperationLog log() {
        return log;
    }

    /**
     * Waits until the queue is empty, then judges.
     *
     * @throws AssertionError with everything that does not hold
     */
    public void assertHolds() throws SQLException {
        try (Connection s = source.connect();
                Connection t = target.connect()) {
            boolean sourceOwns = "SOURCE".equals(owner(s, t));
            Connection owner = sourceOwns ? s : t;
            String side = sourceOwns ? "SOURCE" : "TARGET";
            if (following) {
                Eventually.within(calm)
                        .until(
                                () -> number(owner, unmarked(side)) == 0,
                                () -> "the queue of " + side + " still holds " + quietly(owner, unmarked(side))
                                        + " intents");
            }
            List<String> wrong = new ArrayList<>();
            long found = number(
                    owner,
                    "SELECT COUNT(*) FROM " + prefix + "parked WHERE migration = '" + migration + "' AND side = '"
                            + side + "'");
            if (found != parked) {
                wrong.add(found + " units are parked, expected " + parked + ": "
                        + text(
                                owner,
                                "SELECT GROUP_CONCAT(reason) FROM " + prefix + "parked WHERE migration = '" + migration
                                        + "'"));
            }
            if (following) {
                wrong.addAll(Parity.differences(s, t, tables, parkedKeys(owner, side), LIMIT));
            }
            wrong.addAll(log.broken(owner, following && found == 0 ? (sourceOwns ? t : s) : null, LIMIT));
            if (!wrong.isEmpty()) {
                throw new AssertionError("the oracle says no:\n  " + String.join("\n  ", wrong));
            }
        }
    }

    /** The keys that are parked, by table: one text for each column of the primary key. */
    private Map<String, List<List<String>>> parkedKeys(Connection owner, String side) throws SQLException {
        Map<String, List<List<String>>> keys = new HashMap<>();
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, key_values FROM " + prefix
                        + "parked WHERE migration = '" + migration + "' AND side = '" + side + "'")) {
            while (row.next()) {
                keys.computeIfAbsent(row.getString(1), table -> new ArrayList<>())
                        .add(decoded(row.getBytes(2)));
            }
        }
        return keys;
    }

    /** Each text stands as UTF-8 behind its length in two bytes. */
    static List<String> decoded(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        List<String> values = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] text = new byte[in.getShort() & 0xFFFF];
            in.get(text);
            values.add(new String(text, StandardCharsets.UTF_8));
        }
        return values;
    }

    private String unmarked(String side) {
        return "SELECT COUNT(*) FROM " + prefix + "intent WHERE migration = '" + migration + "' AND side = '" + side
                + "' AND marked = 0";
    }

    private String owner(Connection s, Connection t) {
        Eventually.within(calm)
                .until(
                        () -> state(s, "SOURCE").equals("OPEN")
                                        != state(t, "TARGET").equals("OPEN")
                                && (state(s, "SOURCE").equals("CLOSED")
                                        || state(t, "TARGET").equals("CLOSED")),
                        () -> "not exactly one side is OPEN and the other CLOSED: SOURCE " + quietState(s, "SOURCE")
                                + ", TARGET " + quietState(t, "TARGET"));
        return quietState(s, "SOURCE").equals("OPEN") ? "SOURCE" : "TARGET";
    }

    private String state(Connection connection, String side) throws SQLException {
        return text(
                connection,
                "SELECT state FROM " + prefix + "fence WHERE migration = '" + migration + "' AND side = '" + side
                        + "'");
    }

    private String quietState(Connection connection, String side) {
        try {
            return state(connection, side);
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static String quietly(Connection connection, String query) {
        try {
            return text(connection, query);
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        return Long.parseLong(text(connection, query));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }
}
