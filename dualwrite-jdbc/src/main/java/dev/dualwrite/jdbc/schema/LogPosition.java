package dev.dualwrite.jdbc.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;

/** Where a server's binary log stands. */
public final class LogPosition {
    /** MySQL from 8.2 on; MariaDB; MySQL before. */
    private static final List<String> QUESTIONS =
            List.of("SHOW BINARY LOG STATUS", "SHOW BINLOG STATUS", "SHOW MASTER STATUS");

    private static final int ACCESS_DENIED = 1227;
    private static final int SYNTAX = 1064;

    private LogPosition() {}

    /** For people: file, offset and what else the server says; or why it is not known. */
    public static String read(Connection connection) throws SQLException {
        for (String question : QUESTIONS) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(question)) {
                return row.next() ? text(row) : "no binary log";
            } catch (SQLException e) {
                if (e.getErrorCode() == ACCESS_DENIED) {
                    return "not known: the account may not ask";
                }
                if (e.getErrorCode() != SYNTAX) {
                    throw e;
                }
            }
        }
        return "not known: the server does not understand the question";
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
