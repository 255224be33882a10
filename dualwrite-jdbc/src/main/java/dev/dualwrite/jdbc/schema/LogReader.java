package dev.dualwrite.jdbc.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads in a server's binary log which tables were changed since a moment. It tells what every session has committed, whoever
 * it was.
 */
public final class LogReader {
    /** More is not looked through while writers wait. */
    private static final int EVENTS = 20_000;

    private static final Pattern ROWS = Pattern.compile("table_id: \\d+ \\((.*)\\.([^.]*)\\)");
    private static final Set<Integer> DENIED = Set.of(1227, 1142, 1045);

    /**
     * A definition, behind what both servers put in front of a statement; in lower case. What changes rows may do so through a view
     * of the same name.
     */
    private static final Pattern DEFINES =
            Pattern.compile("use `([^`]*)`;\\s*(?:alter|create|drop|rename|truncate)\\b");

    private final String schema;
    private final Set<String> tables = new TreeSet<>();
    private final String prefix;
    private final Pattern names;

    /**
     * @param tables bare names, of this schema
     * @param prefix of the library's own tables, which are left out
     */
    public LogReader(String schema, Collection<String> tables, String prefix) {
        this.schema = schema;
        tables.forEach(table -> this.tables.add(table.toLowerCase(Locale.ROOT)));
        this.prefix = prefix.toLowerCase(Locale.ROOT);
        this.names = Pattern.compile("(?<![\\w$])("
                + String.join("|", this.tables.stream().map(Pattern::quote).toList()) + ")(?![\\w$])");
    }

    /**
     * What the log says.
     *
     * @param changed the tables, in lower case
     * @param whyNot why it says nothing, or not all; empty if it does
     */
    public record Answer(Set<String> changed, String whyNot) {
        public Answer {
            changed = Set.copyOf(changed);
        }
    }

    /** The tables that were changed by what was committed between two places. */
    public Answer changed(Connection connection, LogPosition.Place from, LogPosition.Place to) throws SQLException {
        Set<String> changed = new TreeSet<>();
        String whyNot = "";
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            whyNot = read(statement, from.file(), from.offset(), changed);
            if (whyNot.isEmpty() && !to.file().equals(from.file())) {
                whyNot =
                        from.before(to) ? read(statement, to.file(), 4, changed) : "several files were begun meanwhile";
            }
        } catch (SQLException e) {
            if (!DENIED.contains(e.getErrorCode())) {
                throw e;
            }
            whyNot = "the account may not read it";
        }
        return new Answer(changed, whyNot);
    }

    /**
     * The tables that were changed by what was committed from a place on until the fence row was changed next; what is in
     * another file is left out.
     */
    public Set<String> changedBeforeTheFence(Connection connection, LogPosition.Place from) throws SQLException {
        Set<String> changed = new TreeSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            read(statement, from.file(), from.offset(), changed, prefix + "fence");
        }
        return changed;
    }

    /** Whether the account may read the log at all. */
    public static boolean readable(Connection connection, LogPosition.Place at) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SHOW BINLOG EVENTS IN '" + at.file() + "' FROM " + at.offset() + " LIMIT 1")
                    .close();
            return true;
        } catch (SQLException e) {
            if (!DENIED.contains(e.getErrorCode())) {
                throw e;
            }
            return false;
        }
    }

    private String read(Statement statement, String file, long offset, Set<String> changed) throws SQLException {
        return read(statement, file, offset, changed, "");
    }

    /** @param end a table of the library, at whose change it ends; empty for none */
    private String read(Statement statement, String file, long offset, Set<String> changed, String end)
            throws SQLException {
        int events = 0;
        try (ResultSet event = statement.executeQuery(
                "SHOW BINLOG EVENTS IN '" + file + "' FROM " + offset + " LIMIT " + (EVENTS + 1))) {
            while (event.next()) {
                if (++events > EVENTS) {
                    return "more than " + EVENTS + " events";
                }
                String type = event.getString("Event_type");
                String info = String.valueOf(event.getString("Info"));
                if (!end.isEmpty() && info.toLowerCase(Locale.ROOT).contains(end)) {
                    return "";
                }
                if (type.startsWith("Table_map")) {
                    rows(info, changed);
                } else if (type.startsWith("Query")) {
                    text(info.toLowerCase(Locale.ROOT), changed);
                } else if (type.startsWith("Transaction_payload")) {
                    return "it is compressed";
                }
            }
        }
        return "";
    }

    private void rows(String info, Set<String> changed) {
        Matcher map = ROWS.matcher(info);
        if (map.find() && map.group(1).equalsIgnoreCase(schema)) {
            String table = map.group(2).toLowerCase(Locale.ROOT);
            if (tables.contains(table)) {
                changed.add(table);
            }
        }
    }

    /** A statement, of a server that logs them as text; or one that defines something. */
    private void text(String sql, Set<String> changed) {
        if (!sql.contains(prefix) && !elsewhere(sql)) {
            names.matcher(sql).results().forEach(name -> changed.add(name.group(1)));
        }
    }

    /** Whether it defines something in another schema and does not name this one, so that its tables are not these. */
    private boolean elsewhere(String sql) {
        String here = schema.toLowerCase(Locale.ROOT);
        Matcher use = DEFINES.matcher(sql);
        return use.lookingAt() && !use.group(1).equals(here) && !sql.contains(here);
    }
}
