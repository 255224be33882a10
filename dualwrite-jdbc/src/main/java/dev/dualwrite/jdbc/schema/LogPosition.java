package dev.dualwrite.jdbc.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Where a server's binary log stands.
 *
 * @param question what this server understands; empty if it does not tell
 * @param whyNot then the reason
 */
public record LogPosition(String question, String whyNot) {
    /** Before a server was asked. */
    public static final LogPosition UNKNOWN = new LogPosition("", "the server was not asked how it tells");

    /** MySQL from 8.2 on; MariaDB; MySQL before. */
    private static final List<String> QUESTIONS =
            List.of("SHOW BINARY LOG STATUS", "SHOW BINLOG STATUS", "SHOW MASTER STATUS");

    private static final int ACCESS_DENIED = 1227;
    private static final int SYNTAX = 1064;

    /** Finds out how a server is asked, so that it takes one statement when it matters. */
    public static LogPosition learn(Connection connection) throws SQLException {
        for (String question : QUESTIONS) {
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery(question).close();
                return new LogPosition(question, "");
            } catch (SQLException e) {
                if (e.getErrorCode() == ACCESS_DENIED) {
                    return new LogPosition("", "the account may not ask");
                }
                if (e.getErrorCode() != SYNTAX) {
                    throw e;
                }
            }
        }
        return new LogPosition("", "the server understands no question about it");
    }

    /** For people: file, offset and what else the server says; or why it is not known. */
    public String read(Connection connection) throws SQLException {
        if (question.isEmpty()) {
            return "not known: " + whyNot;
        }
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            try (ResultSet row = statement.executeQuery(question)) {
                return row.next() ? text(row) : "no binary log";
            }
        }
    }

    /**
     * A place in the log.
     *
     * @param file its name, which ends with a number
     * @param offset within it
     */
    public record Place(String file, long offset) {
        /** Whether the other one's file is the next. */
        boolean before(Place other) {
            return number(other.file) == number(file) + 1;
        }

        private static long number(String file) {
            return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
        }
    }

    /** Where it stands; empty if the server does not tell, or keeps no log. */
    public Optional<Place> place(Connection connection) throws SQLException {
        if (question.isEmpty()) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            try (ResultSet row = statement.executeQuery(question)) {
                return row.next() ? Optional.of(new Place(row.getString(1), row.getLong(2))) : Optional.empty();
            }
        }
    }

    private static String text(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        StringJoiner text = new StringJoiner(", ");
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String value = row.getString(i);
            if (value != null && !value.isEmpty()) {
                text.add(columns.getColumnLabel(i) + ' ' + value.replace("\n", ""));
            }
        }
        return text.toString();
    }
}
