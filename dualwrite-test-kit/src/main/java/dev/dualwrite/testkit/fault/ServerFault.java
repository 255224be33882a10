package dev.dualwrite.testkit.fault;

import dev.dualwrite.testkit.server.ManagedServer;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.ServerKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that is wrong with a server from when it is made until it is closed. What is set is put back to what was found.
 *
 * <p>All but {@link #refusing} hit everybody who uses the server: for a server that tests share at the same time they are no
 * means. Each is made as the server's administrator, past every proxy. Safe for use by any number of threads; closing twice is
 * closing once, and throws {@link IllegalStateException} if the fault could not be taken back.
 */
public final class ServerFault implements AutoCloseable {
    /** Users' {@code SIGNAL} without a number of its own. */
    private static final int SIGNALLED = 1644;

    private static final int LOCK_WAIT_SECONDS = 1;
    private static final List<String> EVENTS = List.of("INSERT", "UPDATE");

    private final String what;
    private final Undo undo;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes a fault back. */
    @FunctionalInterface
    interface Undo {
        void run() throws SQLException, IOException;
    }

    private ServerFault(Server server, String what, Undo undo) {
        this.what = what + " on " + server;
        this.undo = undo;
    }

    /**
     * {@code read_only}: statements that write fail with 1290, and so does a COMMIT of what was written before, for all accounts
     * but those that may write all the same: with CONNECTION_ADMIN or SUPER on MySQL, with READ ONLY ADMIN on MariaDB. The
     * administrators of the kit's servers are such.
     */
    public static ServerFault readOnly(Server server) throws SQLException {
        return setting(server, "read_only", 1);
    }

    /**
     * {@code super_read_only}: as {@link #readOnly}, for every account.
     *
     * @throws IllegalStateException for a MariaDB, which has none
     */
    public static ServerFault superReadOnly(Server server) throws SQLException {
        if (server.kind() != ServerKind.MYSQL) {
            throw new IllegalStateException(
                    server + " has no super_read_only; use readOnly, and an account without READ ONLY ADMIN");
        }
        String before = server.ask("SELECT @@global.read_only");
        server.execute("SET GLOBAL super_read_only = 1");
        return new ServerFault(
                server,
                "super_read_only = 1",
                () -> server.execute("SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = " + before));
    }

    /**
     * {@code max_allowed_packet}: connections that are opened from now on cannot send a statement, or be sent a row, that is
     * larger. Those that are open keep the limit that they began with.
     *
     * @param bytes at least 1024; the server rounds down to a multiple of that
     */
    public static ServerFault packetsOf(Server server, int bytes) throws SQLException {
        return setting(server, "max_allowed_packet", bytes);
    }

    /**
     * Any global variable that can be set while the server runs.
     *
     * @param value a number
     */
    public static ServerFault setting(Server server, String variable, long value) throws SQLException {
        if (!variable.matches("\\w+")) {
            throw new IllegalArgumentException(
                    "\"" + variable + "\" is no variable: letters, digits and _ are allowed");
        }
        String before = server.ask("SELECT @@global." + variable);
        server.execute("SET GLOBAL " + variable + " = " + value);
        return new ServerFault(
                server, variable + " = " + value, () -> server.execute("SET GLOBAL " + variable + " = " + before));
    }

    /**
     * {@code max_connections}: ends all connections of others, and takes every place, so that nobody gets in (1040).
     *
     * @throws IllegalStateException if others are quicker for half a minute
     */
    public static ServerFault full(Server server) throws SQLException {
        Places places = Places.takeAll(server);
        return new ServerFault(server, "no free connection", places::free);
    }

    /** As {@link #refusing(Server, String, String, String, int)}, with error 1644. */
    public static ServerFault refusing(Server server, String schema, String table, String condition)
            throws SQLException {
        return refusing(server, schema, table, condition, SIGNALLED);
    }

    /**
     * A table that does not take some rows, as by a constraint which the other side does not have: triggers before INSERT and
     * UPDATE that SIGNAL (SQLState 45000). They do not see what a foreign key changes, and refuse no DELETE. A migration that
     * starts meanwhile refuses the table, for its trigger.
     *
     * @param condition of SQL, on the row {@code NEW}
     * @param error the number that the server answers with
     * @throws SQLException also if somebody uses the table for longer than a second; then nothing is changed
     */
    public static ServerFault refusing(Server server, String schema, String table, String condition, int error)
            throws SQLException {
        String name =
                "testkit_refuses_" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36) + "_";
        List<String> make = new ArrayList<>();
        List<String> drop = new ArrayList<>();
        for (String event : EVENTS) {
            make.add("CREATE TRIGGER " + name + event + " BEFORE " + event + " ON `" + table
                    + "` FOR EACH ROW BEGIN IF " + condition + " THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = "
                    + error + ", MESSAGE_TEXT = 'refused by the test kit'; END IF; END");
            drop.add("DROP TRIGGER IF EXISTS " + name + event);
        }
        Undo undo = () -> Eventually.eventually().until(table + " takes rows again", () -> {
            run(server, schema, drop);
            return true;
        });
        try {
            run(server, schema, make);
        } catch (SQLException failed) {
            undo(undo, failed);
            throw failed;
        }
        return new ServerFault(server, table + " refuses rows with " + condition, undo);
    }

    /**
     * The process is stopped where it stands, with everything it holds: it takes connections and answers nothing.
     *
     * @throws IllegalStateException as {@link ManagedServer#of}
     */
    public static ServerFault stopped(Server server) throws IOException {
        ManagedServer managed = ManagedServer.of(server);
        managed.pause();
        return new ServerFault(server, "stopped", managed::resume);
    }

    /**
     * The process is killed. Closing starts it again on its data, at the same port, and waits until it takes connections.
     *
     * @throws IllegalStateException as {@link ManagedServer#of}
     */
    public static ServerFault killed(Server server) {
        ManagedServer managed = ManagedServer.of(server);
        managed.kill();
        return new ServerFault(server, "killed", managed::start);
    }

    private static void run(Server server, String schema, List<String> statements) throws SQLException {
        try (Connection connection = server.connect(schema);
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void undo(Undo undo, SQLException failed) {
        try {
            undo.run();
        } catch (SQLException | IOException | RuntimeException | AssertionError alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /** Takes it back. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                undo.run();
            } catch (SQLException | IOException | AssertionError stays) {
                throw new IllegalStateException("a fault stays, " + what + ": " + stays.getMessage(), stays);
            }
        }
    }

    /** For people: what is wrong, and where. */
    @Override
    public String toString() {
        return what;
    }
}
