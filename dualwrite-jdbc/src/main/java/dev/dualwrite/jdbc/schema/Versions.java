package dev.dualwrite.jdbc.schema;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the fence rests on (design, section 3.1a): row locks hold on one writing node. Refuses, by name,
 * servers on which they do not.
 */
public final class Versions {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

    private static final Pattern RUNS = Pattern.compile("(Replica|Slave)_SQL_Running");
    private static final int ACCESS_DENIED = 1227;

    private Versions() {}

    /** Throws DW-1007, naming the server and the reason, unless it can carry a fence. */
    public static void require(Connection connection, Side side) throws SQLException {
        String version = SchemaReader.scalar(connection, "SELECT VERSION()");
        refusal(version).ifPresent(reason -> {
            throw new DualWriteException("DW-1007", side + " reports version " + version + ": " + reason);
        });
        if (on(connection, "group_replication_single_primary_mode")
                        .filter(value -> value.equals("OFF"))
                        .isPresent()
                && member(connection)) {
            throw new DualWriteException(
                    "DW-1007", side + " is a member of a multi-primary group: row locks hold on one node only");
        }
        if (on(connection, "wsrep_on").filter(value -> value.equals("ON")).isPresent()) {
            throw new DualWriteException(
                    "DW-1007",
                    side + " is a Galera node (wsrep_on=ON): row locks hold on one node only, and nothing shows that"
                            + " all writers use this one");
        }
    }

    /** Why a server of this version cannot take part, by its {@code VERSION()}. */
    static Optional<String> refusal(String version) {
        if (version.toLowerCase(Locale.ROOT).contains("tidb")) {
            return Optional.of("TiDB has no shared row locks to build a fence on");
        }
        Matcher numbers = NUMBERS.matcher(version.replaceFirst("^5\\.5\\.5-", ""));
        if (!numbers.find()) {
            return Optional.of("an unknown server");
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        int patch = Integer.parseInt(numbers.group(3));
        if (version.contains("MariaDB")) {
            return major > 11 || (major == 11 && minor >= 4)
                    ? Optional.empty()
                    : Optional.of("MariaDB 11.4 or newer is needed");
        }
        return major > 8 || (major == 8 && (minor > 0 || patch >= 22))
                ? Optional.empty()
                : Optional.of("MySQL 8.0.22 or newer is needed");
    }

    /** Why a side cannot own now: read-only, or a replica of another server. */
    public static Optional<String> notWritable(Connection connection) throws SQLException {
        if (on(connection, "super_read_only")
                        .filter(value -> value.equals("ON"))
                        .isPresent()
                || on(connection, "read_only")
                        .filter(value -> value.equals("ON"))
                        .isPresent()) {
            return Optional.of("it is read_only");
        }
        return replica(connection);
    }

    /** Whether it applies another server's log, which writes behind every fence. */
    private static Optional<String> replica(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW REPLICA STATUS")) {
            ResultSetMetaData columns = row.getMetaData();
            while (row.next()) {
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    if (RUNS.matcher(columns.getColumnLabel(i)).matches() && !"No".equals(row.getString(i))) {
                        return Optional.of("it is a replica whose applier runs: stop it, and RESET it");
                    }
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            if (e.getErrorCode() == ACCESS_DENIED) {
                return Optional.of("whether it is a replica may not be asked with this account: GRANT "
                        + (SchemaReader.scalar(connection, "SELECT VERSION()").contains("MariaDB")
                                ? "REPLICA MONITOR"
                                : "REPLICATION CLIENT")
                        + " ON *.* to it");
            }
            throw e;
        }
    }

    private static Optional<String> on(Connection connection, String variable) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW GLOBAL VARIABLES LIKE '" + variable + "'")) {
            return row.next() ? Optional.of(row.getString(2).toUpperCase(Locale.ROOT)) : Optional.empty();
        }
    }

    private static boolean member(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }
}
