package dev.dualwrite.jdbc.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.ConnectionImpl;
import com.mysql.cj.jdbc.JdbcConnection;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statement that the library runs in each transaction of the application, prepared once on a driver's connection and
 * kept for as long as that lives: so the server need not read its text each time. One text for each connection, the last
 * one. Thread-safe, for connections that are used by one thread at a time.
 *
 * <p>Whether there is one depends on the driver, on the server's {@code max_prepared_stmt_count}, and on whether the
 * connection is used again at all; so callers can do without.
 */
final class KeptStatements {
    /** The server does not know a statement, because the session was reset; or cannot prepare it anew. It did not run. */
    private static final Set<Integer> NOT_RUN = Set.of(1243, 1615);

    /** The server keeps no more statements, or not such a one. The transaction is as it was. */
    private static final Set<Integer> NOT_KEPT = Set.of(1461, 1295);

    /** By identity. A statement refers to its connection, which must not keep this entry alive. */
    private final Cache<Connection, Kept> kept =
            Caffeine.newBuilder().weakKeys().build();

    private static final class Kept {
        private final boolean wanted;
        private String sql = "";
        private boolean refused;

        /** The driver refers to its open statements for as long as the connection is open. */
        private @Nullable WeakReference<PreparedStatement> statement;

        Kept(boolean wanted) {
            this.wanted = wanted;
        }
    }

    /** What is done with a statement. */
    @FunctionalInterface
    interface Use<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    /** What is done without one. */
    @FunctionalInterface
    interface Otherwise<T> {
        T run() throws SQLException;
    }

    /**
     * Runs a text that is prepared on this connection, from its second time on.
     *
     * @param otherwise what is run instead if it is not
     */
    <T> T run(Connection connection, String sql, Use<T> use, Otherwise<T> otherwise) throws SQLException {
        PreparedStatement statement = statement(connection, sql);
        if (statement == null) {
            return otherwise.run();
        }
        try {
            return use.on(statement);
        } catch (SQLException e) {
            if (!NOT_RUN.contains(e.getErrorCode())) {
                throw e;
            }
            kept.invalidate(connection.unwrap(JdbcConnection.class));
            return otherwise.run(); // it did not run, and the transaction is as it was
        }
    }

    private @Nullable PreparedStatement statement(Connection connection, String sql) throws SQLException {
        if (!connection.isWrapperFor(JdbcConnection.class)) {
            return null;
        }
        JdbcConnection driver = connection.unwrap(JdbcConnection.class);
        Kept known = kept.getIfPresent(driver);
        if (known == null) {
            kept.put(driver, new Kept(keeps(driver)));
            return null;
        }
        if (!known.wanted) {
            return null;
        }
        WeakReference<PreparedStatement> reference = known.statement;
        PreparedStatement statement = reference == null ? null : reference.get();
        if (known.sql.equals(sql) && (statement != null || known.refused)) {
            return statement;
        }
        close(statement);
        known.sql = sql;
        known.statement = null;
        known.refused = false;
        try {
            statement = driver.serverPrepareStatement(sql);
            statement.setFetchSize(0);
            known.statement = new WeakReference<>(statement);
            return statement;
        } catch (SQLException e) {
            if (!NOT_KEPT.contains(e.getErrorCode())) {
                throw e; // it may have cost the transaction
            }
            known.refused = true;
            return null;
        }
    }

    /** Not where the connection changes servers, or forgets what is open on it. */
    private static boolean keeps(JdbcConnection driver) {
        return driver.getClass() == ConnectionImpl.class
                && driver.getMultiHostSafeProxy() == driver
                && !driver.getPropertySet()
                        .getBooleanProperty(PropertyKey.dontTrackOpenResources)
                        .getValue();
    }

    private static void close(@Nullable Statement statement) {
        if (statement != null) {
            try {
                statement.close();
            } catch (SQLException gone) {
                // so is what the server kept
                return;
            }
        }
    }
}
