package dev.dualwrite.jdbc.boundary;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.jdbc.ConnectionImpl;
import com.mysql.cj.jdbc.JdbcConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * How the application's transactions begin and end on a physical connection. Of one thread at a time.
 *
 * <p>Switching autocommit off and on again costs two round trips, a BEGIN one. So a transaction begins as text where
 * its first statement comes, while the driver's autocommit stays on, as long as everything in it is a plain statement on
 * tables. Before anything else (a batch, a savepoint, a result that is read later, a text that may depend on autocommit)
 * autocommit is really switched off; that may be done within a transaction, and leaves it open.
 *
 * <p>With autocommit on, a statement that finds no transaction would commit by itself. Therefore the server's own word
 * of whether one is open, which comes with its answers, is looked at before each statement. An error brings no such word:
 * those of statements are followed by an answer that does ({@link Driver#fate}), and where others could come, autocommit is
 * off. What has begun is ended here whatever the flag says.
 */
final class Transactions {
    /** Whatever {@code completion_type} says. */
    static final String COMMIT = "COMMIT AND NO CHAIN NO RELEASE";

    static final String ROLLBACK = "ROLLBACK AND NO CHAIN NO RELEASE";

    private final Connection connection;

    /** What says whether a transaction is open; null if the driver's autocommit is all that may be used. */
    private @Nullable JdbcConnection driver;

    private final boolean readsRows;

    /** Whether autocommit is off in the driver. */
    private boolean byDriver;

    /** Whether there was a BEGIN since the application switched autocommit off. */
    private boolean begun;

    /** Whether a BEGIN was sent, and neither its COMMIT nor its ROLLBACK. */
    private boolean running;

    Transactions(Connection connection) throws SQLException {
        this.connection = connection;
        this.byDriver = !connection.getAutoCommit();
        this.readsRows = fetches(connection);
        this.driver = plainDriver(connection, readsRows);
    }

    /** Whether results are read row by row, or in parts, without a word of the application. */
    boolean readsRows() {
        return readsRows;
    }

    private static boolean fetches(Connection connection) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                && connection
                                .unwrap(JdbcConnection.class)
                                .getPropertySet()
                                .getIntegerProperty(PropertyKey.defaultFetchSize)
                                .getValue()
                        != 0;
    }

    /** Neither several servers behind one connection, nor one that connects anew, nor results that are read later. */
    private static @Nullable JdbcConnection plainDriver(Connection connection, boolean readsRows) throws SQLException {
        if (!connection.isWrapperFor(JdbcConnection.class)) {
            return null;
        }
        JdbcConnection driver = connection.unwrap(JdbcConnection.class);
        if (driver.getClass() != ConnectionImpl.class || driver.getMultiHostSafeProxy() != driver) {
            return null;
        }
        PropertySet properties = driver.getPropertySet();
        boolean reconnects =
                properties.getBooleanProperty(PropertyKey.autoReconnect).getValue();
        boolean locates =
                properties.getBooleanProperty(PropertyKey.emulateLocators).getValue();
        return reconnects || readsRows || locates ? null : driver;
    }

    /** The application has switched autocommit off, or on; what was open is committed then. */
    void autoCommit(boolean on) throws SQLException {
        begun = false;
        if (!on) {
            if (driver == null) {
                useDriver();
            }
        } else if (byDriver) {
            connection.setAutoCommit(true);
            byDriver = false;
        } else {
            commit();
        }
    }

    /**
     * Before a plain statement on tables, with autocommit switched off. An application that leaves it off after its first
     * transaction is spared the BEGIN of each.
     */
    void begin() throws SQLException {
        if (byDriver || (running && open())) {
            return;
        }
        if (begun) {
            useDriver();
        } else {
            text("BEGIN");
            begun = true;
            running = true;
        }
    }

    /** Before all else, with autocommit switched off. An open transaction stays open. */
    void useDriver() throws SQLException {
        if (!byDriver) {
            try {
                connection.setAutoCommit(false);
            } catch (SQLException e) {
                connection.abort(Runnable::run); // the driver may take it for done
                throw e;
            }
            byDriver = true;
            running = false;
        }
    }

    /**
     * Something was done, or may be from now on, of which nobody knows what a BEGIN would do to it: tables are locked, or
     * somebody else uses the driver's connection.
     *
     * @param autoCommit what the application has switched it to
     */
    void onlyByDriver(boolean autoCommit) throws SQLException {
        if (!autoCommit) {
            useDriver();
        }
        driver = null;
    }

    void commit() throws SQLException {
        if (byDriver) {
            connection.commit();
        } else if (running) {
            text(COMMIT);
            running = false;
        }
    }

    void rollback() throws SQLException {
        if (byDriver) {
            connection.rollback();
        } else if (running) {
            text(ROLLBACK);
            running = false;
        }
    }

    /** Whether a BEGIN was sent, and the server says that nothing is open all the same. */
    boolean endedUnseen() {
        return running && !open();
    }

    /** Whether a transaction has to be rolled back here because the pool would not. */
    boolean leftOpen() {
        return running;
    }

    /** As the server said last. */
    private boolean open() {
        JdbcConnection known = driver;
        return known != null && known.getSession().getServerSession().inTransactionOnServer();
    }

    private void text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
