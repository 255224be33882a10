package dev.dualwrite.testkit.fault;

import dev.dualwrite.testkit.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All places for connections that a server has, made few and taken. For one thread. */
final class Places {
    /** The fewest that MariaDB allows. An administrator gets one more. */
    private static final int FEW = 10;

    private static final int TOO_MANY_CONNECTIONS = 1040;
    private static final int NO_SUCH_THREAD = 1094;
    private static final int SURE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> SERVERS_OWN = Set.of("system user", "event_scheduler");

    private final Connection administrator;
    private final String before;
    private final List<Connection> taken = new ArrayList<>();
    private final Set<Long> ours = new HashSet<>();

    private Places(Connection administrator, String before) throws SQLException {
        this.administrator = administrator;
        this.before = before;
        ours.add(id(administrator));
    }

    static Places takeAll(Server server) throws SQLException {
        String before = server.ask("SELECT @@global.max_connections");
        Places places = new Places(server.connect(), before);
        try {
            places.run("SET GLOBAL max_connections = " + FEW);
            places.take(server);
            return places;
        } catch (SQLException | RuntimeException failed) {
            places.free();
            throw failed;
        }
    }

    /** A place of which a connection was ended is not free at once, so that it was full counts only several times in a row. */
    private void take(Server server) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int full = 0;
        while (full < SURE) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("others take the places on " + server + " quicker; stop them first");
            }
            try {
                Connection one = server.connect();
                taken.add(one);
                ours.add(id(one));
                full = 0;
            } catch (SQLException refused) {
                if (refused.getErrorCode() != TOO_MANY_CONNECTIONS) {
                    throw refused;
                }
                full = endOthers() ? 0 : full + 1;
            }
        }
    }

    private boolean endOthers() throws SQLException {
        List<Long> others = new ArrayList<>();
        try (Statement statement = administrator.createStatement();
                ResultSet row = statement.executeQuery("SHOW PROCESSLIST")) {
            while (row.next()) {
                String command = row.getString("Command");
                if (!ours.contains(row.getLong("Id"))
                        && !SERVERS_OWN.contains(row.getString("User"))
                        && !command.equals("Daemon")
                        && !command.startsWith("Binlog Dump")) {
                    others.add(row.getLong("Id"));
                }
            }
        }
        for (long other : others) {
            try {
                run("KILL " + other);
            } catch (SQLException gone) {
                if (gone.getErrorCode() != NO_SUCH_THREAD) {
                    throw gone;
                }
            }
        }
        return !others.isEmpty();
    }

    void free() throws SQLException {
        try (administrator) {
            run("SET GLOBAL max_connections = " + before);
        } finally {
            for (Connection one : taken) {
                one.close();
            }
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = administrator.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long id(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
            row.next();
            return row.getLong(1);
        }
    }
}
