package dev.dualwrite.jdbc.control;

import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.jdbc.schema.SealMark;
import dev.dualwrite.key.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * The seal of one side: triggers by which the server itself refuses whoever writes a moved table while this side does not
 * own, except the library's sessions. They ask the fence row, so they open and close with it, and need not be taken away
 * for that; who is refused may keep the row locked, shared, until its transaction ends, and the way back has to wait for it.
 * TRUNCATE and DDL pass them. Thread-safe.
 */
public final class SealTriggers {
    private final ControlNames names;
    private final Dialect dialect;

    public SealTriggers(ControlNames names, Dialect dialect) {
        this.names = names;
        this.dialect = dialect;
    }

    /** One of the triggers, there or not. */
    public record Trigger(String table, String event, String name) {}

    /** Those of the tables that are not there as they have to be, or that this account may not see. */
    public List<Trigger> missing(Connection connection, Collection<String> tables) throws SQLException {
        Set<Trigger> there = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT LOWER(event_object_table), event_manipulation, LOWER(trigger_name), action_statement"
                        + " FROM information_schema.triggers WHERE trigger_schema = ?")) {
            select.setString(1, names.schema());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (SealMark.isOf(names.fenceRow(), names.prefix(), row.getString(3), row.getString(4))) {
                        there.add(new Trigger(row.getString(1), row.getString(2), row.getString(3)));
                    }
                }
            }
        }
        List<Trigger> missing = new ArrayList<>();
        for (String table : tables) {
            for (String event : List.of("INSERT", "UPDATE", "DELETE")) {
                String name = name(table, event);
                // who renames a table takes its triggers along
                if (!there.contains(new Trigger(table.toLowerCase(Locale.ROOT), event, name))) {
                    missing.add(new Trigger(table, event, name));
                }
            }
        }
        return missing;
    }

    /** Of a fixed length, because a table's name may be as long as a trigger's. */
    private String name(String table, String event) {
        UUID digest =
                UUID.nameUUIDFromBytes((names.migration() + ' ' + names.side() + ' ' + table.toLowerCase(Locale.ROOT))
                        .getBytes(StandardCharsets.UTF_8));
        return SealMark.namesBegin(names.prefix())
                + digest.toString().substring(0, 13).replace("-", "")
                + '_'
                + event.toLowerCase(Locale.ROOT).charAt(0);
    }

    /** Those of this migration and of others in the schema. */
    private List<String> names(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT LOWER(trigger_name) FROM information_schema.triggers WHERE trigger_schema = ?")) {
            select.setString(1, names.schema());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }

    /**
     * In place of one of that name that is not as it has to be. Waits for the transactions that use the table, for as long as
     * the session allows.
     */
    public void create(Connection connection, Trigger trigger) throws SQLException {
        drop(connection, trigger.name());
        String message =
                "DW-3011 sealed: " + names.side() + " does not own " + names.migration() + ". Write through dualwrite";
        execute(connection, """
                CREATE TRIGGER %s.%s BEFORE %s ON %s.%s FOR EACH ROW \
                %sIF NOT EXISTS (SELECT 1 FROM %s AND state = 'OPEN' %s) THEN \
                DO GET_LOCK(CONCAT(%s, CONNECTION_ID()), 0); \
                SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = %s; END IF; END IF\
                """.formatted(
                        Sql.name(names.schema()),
                        Sql.name(trigger.name()),
                        trigger.event(),
                        Sql.name(names.schema()),
                        Sql.name(trigger.table()),
                        SealMark.TEXT_BEGINS,
                        names.fenceRow(),
                        dialect.lockShared(), // an old snapshot does not know who owns
                        Sql.text(refusedBy()),
                        Sql.text(message)));
    }

    /** What the locks are called by which a session that was refused can be told; to be followed by its id. */
    private String refusedBy() {
        return "dualwrite-refused-" + fenceDigest().substring(0, 13) + "-";
    }

    private String fenceDigest() {
        return UUID.nameUUIDFromBytes(names.fenceRow().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /**
     * A session that the seal has refused, and that is still there.
     *
     * @param connection its id
     * @param account whose it is
     * @param host where it comes from
     */
    public record Refused(long connection, String account, String host) {
        @Override
        public String toString() {
            return "account " + account + " from " + host + " (connection " + connection + ")";
        }
    }

    /** Those of them that this account may see: its own, or with PROCESS, all. */
    public List<Refused> refused(Connection connection) throws SQLException {
        List<Refused> refused = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, user, host FROM information_schema.processlist WHERE IS_USED_LOCK(CONCAT(?, id)) = id"
                        + " ORDER BY id")) {
            select.setString(1, refusedBy());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    refused.add(new Refused(row.getLong(1), row.getString(2), row.getString(3)));
                }
            }
        }
        return refused;
    }

    /** Takes them away from the tables. Waits as {@link #create} does. Answers how many there were. */
    public int drop(Connection connection, Collection<String> tables) throws SQLException {
        Set<String> there = new HashSet<>(names(connection));
        int dropped = 0;
        for (String table : tables) {
            for (String event : List.of("INSERT", "UPDATE", "DELETE")) {
                String name = name(table, event);
                if (there.contains(name)) {
                    drop(connection, name);
                    dropped++;
                }
            }
        }
        return dropped;
    }

    private void drop(Connection connection, String name) throws SQLException {
        execute(connection, "DROP TRIGGER IF EXISTS " + Sql.name(names.schema()) + "." + Sql.name(name));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Whether this session alone, of all instances, changes the seal now: until it ends. */
    public boolean alone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer =
                        statement.executeQuery("SELECT GET_LOCK('dualwrite-seal-" + fenceDigest() + "', 0)")) {
            return answer.next() && answer.getInt(1) == 1;
        }
    }
}
