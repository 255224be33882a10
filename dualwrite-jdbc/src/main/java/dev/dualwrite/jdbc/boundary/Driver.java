package dev.dualwrite.jdbc.boundary;

import com.mysql.cj.NativeSession;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.ServerPreparedStatement;
import com.mysql.cj.jdbc.StatementImpl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What only the driver knows. With another driver than Connector/J the server is asked, or the worst is assumed. */
final class Driver {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

    /** What tells of the statement before, and is never prepared on the server. */
    private static final Pattern DIAGNOSTICS =
            Pattern.compile("\\s*SHOW\\s+(WARNINGS|ERRORS|COUNT)\\b", Pattern.CASE_INSENSITIVE);

    private Driver() {}

    /** The driver's own connection behind a pool's; what facts of a session are remembered by. */
    static Connection identity(Connection connection) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                ? connection.unwrap(JdbcConnection.class)
                : connection.unwrap(Connection.class);
    }

    /** What became of a transaction in which a statement failed. */
    enum Fate {
        ALIVE,
        GONE,
        /** The server could not be asked, and the connection is not known to be dead. */
        UNKNOWN
    }

    /**
     * Whether the transaction is still there after an error. The flag that came with the last good answer
     * is stale then (an error carries none), so the server is asked with a statement that changes nothing.
     * That this statement fails says nothing about the transaction, unless the connection is gone: a streaming
     * result may stand in its way, or a cancel that came late.
     */
    static Fate fate(Connection connection, SQLException error) {
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DO 0");
            }
            if (connection.isWrapperFor(JdbcConnection.class)) {
                return inTransaction(connection) ? Fate.ALIVE : Fate.GONE;
            }
            return error.getErrorCode() == 1213 ? Fate.GONE : Fate.ALIVE;
        } catch (SQLException e) {
            return e.getSQLState() != null && e.getSQLState().startsWith("08") ? Fate.GONE : Fate.UNKNOWN;
        }
    }

    /** Whether an error means that the server has rolled something back, or is gone. */
    static boolean rolledBack(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return state.startsWith("40")
                || state.startsWith("08")
                || error.getErrorCode() == 1205
                || error.getErrorCode() == 1213;
    }

    /** Whether a text tells of the statement before, so that nothing may be sent between them. */
    static boolean asksForDiagnostics(String sql) {
        return DIAGNOSTICS.matcher(sql).lookingAt();
    }

    /** Prepares a statement. */
    interface Preparer {
        PreparedStatement prepare(Connection connection, String sql) throws SQLException;
    }

    /**
     * Prepares a statement in a transaction that may be open. Where the driver is to prepare on the server, it keeps an error
     * of the server to itself, and sends the text when it is executed instead. A deadlock, over the definitions of tables
     * too, has rolled the transaction back by then, and what follows would commit alone.
     *
     * @throws SQLTransactionRollbackException if that happened, with the SQLState and code of a deadlock
     */
    static PreparedStatement prepare(Connection connection, String sql, Preparer preparer) throws SQLException {
        boolean open = prepares(connection) && inTransaction(connection) && !streams(connection);
        PreparedStatement statement = preparer.prepare(connection, sql);
        if (!open || statement.isWrapperFor(ServerPreparedStatement.class) || asksForDiagnostics(sql)) {
            return statement;
        }
        SQLException lost = new SQLTransactionRollbackException(
                "DW-3009 the server rolled this transaction back when a statement was prepared, and the driver did not say"
                        + " why; or the server cannot be asked. Nothing of it is stored: run it again.",
                "40001",
                1213);
        if (fate(connection, lost) == Fate.ALIVE) {
            return statement;
        }
        statement.close();
        throw lost;
    }

    /** Whether the driver prepares statements on the server. */
    private static boolean prepares(Connection connection) throws SQLException {
        return has(connection, PropertyKey.useServerPrepStmts);
    }

    private static boolean has(Connection connection, PropertyKey property) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                && connection
                        .unwrap(JdbcConnection.class)
                        .getPropertySet()
                        .getBooleanProperty(property)
                        .getValue();
    }

    /**
     * Until a result that is read row by row has ended, the driver sends nothing else; unless it is to drop the rest, which
     * it does here then.
     *
     * @throws SQLException the driver's own, and nothing was sent
     */
    static void checkFree(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class) && streams(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DO 0");
            }
        }
    }

    /**
     * Whether the server's answers are out of step with what it is asked. Connector/J leaves an error unread that the server met
     * when it opened a cursor, and takes it for the answer to what is sent next; a changed row would be told as an error, and the
     * next statement be answered with its count.
     */
    static boolean outOfStep(Connection connection) {
        long word = System.nanoTime();
        try {
            if (!connection.isWrapperFor(JdbcConnection.class)
                    || !has(connection, PropertyKey.useCursorFetch)
                    || streams(connection)) {
                return false;
            }
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(0);
                try (ResultSet row = statement.executeQuery("SELECT " + word + " LIMIT 1")) {
                    return !row.next() || row.getLong(1) != word;
                }
            }
        } catch (SQLException e) {
            LOG.debug("a connection that does not answer is taken for one that is out of step", e);
            return true;
        }
    }

    /** Ends a result that is read row by row, as a pool does that closes all statements of a connection. */
    static void endStream(Connection connection) {
        try {
            if (connection.isWrapperFor(JdbcConnection.class)
                    && connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session
                    && session.getProtocol().getStreamingData() != null) {
                session.getProtocol().getStreamingData().getOwner().closeOwner();
            }
        } catch (SQLException e) {
            LOG.debug("a result that was read row by row could not be ended", e);
        }
    }

    /** Whether the result of a statement stays open when the statement executes again. */
    static boolean keepsResults(Connection connection) throws SQLException {
        return has(connection, PropertyKey.dontTrackOpenResources)
                || has(connection, PropertyKey.holdResultsOpenOverStatementClose);
    }

    /** Whether a result is read row by row: until its end the driver sends nothing else. */
    private static boolean streams(Connection connection) throws SQLException {
        return connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session
                && session.getProtocol().getStreamingData() != null;
    }

    /** As the server said last; of another driver, the worst. */
    static boolean inTransaction(Connection connection) throws SQLException {
        return !connection.isWrapperFor(JdbcConnection.class)
                || connection
                        .unwrap(JdbcConnection.class)
                        .getSession()
                        .getServerSession()
                        .inTransactionOnServer();
    }

    /** The first id that the server generated for the statement that was executed last. */
    static long generatedId(Connection connection, Statement executed) throws SQLException {
        if (executed.isWrapperFor(StatementImpl.class)) {
            return executed.unwrap(StatementImpl.class).getLastInsertID();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT LAST_INSERT_ID() LIMIT 1")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /**
     * The driver sends no change on a read-only connection, and the server would not let its keys be read either.
     *
     * @throws SQLException the same as the driver's
     */
    static void checkWritable(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)) {
            JdbcConnection driver = connection.unwrap(JdbcConnection.class);
            if (driver.isReadOnly(false) && driver.isReadOnly()) { // only the second asks the server
                throw new SQLException(
                        "Connection is read-only. Queries leading to data modification are not allowed.", "S1009");
            }
        }
    }

    /** Whether the driver sends the elements of a batch together. */
    static boolean joinsBatch(Connection connection) throws SQLException {
        return has(connection, PropertyKey.rewriteBatchedStatements);
    }

    /** Whether a batch goes on after an element that failed. */
    static boolean continuesBatch(Connection connection) throws SQLException {
        return !connection.isWrapperFor(JdbcConnection.class) || has(connection, PropertyKey.continueBatchOnError);
    }

    /** Whether the driver pads what it reads of a CHAR column. */
    static boolean padsChars(Connection connection) throws SQLException {
        return has(connection, PropertyKey.padCharsWithSpace);
    }

    /** Whether the last statement left warnings that the next one would clear. */
    static boolean hasWarnings(Connection connection) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                && connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session
                && session.getProtocol().getWarningCount() > 0;
    }
}
