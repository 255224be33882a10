package dev.dualwrite.jdbc;

import dev.dualwrite.testkit.server.Schema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at InnoDB's own list of transactions. A server shows a new state only to somebody who comes when nobody has
 * looked for 100 ms, so looks of this JVM keep a distance. For all threads; they look one after the other.
 */
public final class InnoDb {
    private static final long DISTANCE = Duration.ofMillis(150).toNanos();

    /** When a look ended; guarded by the class. */
    private static long looked = System.nanoTime() - DISTANCE;

    private InnoDb() {}

    /** Whether a session in this schema waits for a row lock; what waits in other schemas of the server does not count. */
    public static boolean waits(Schema schema) throws SQLException {
        return count(schema, "t.trx_state = 'LOCK WAIT'") > 0;
    }

    /** The same, for a shared lock on rows of this table. */
    static boolean waitsToShare(Schema schema, String table) throws SQLException {
        return count(schema, "t.trx_state = 'LOCK WAIT' AND t.trx_query LIKE '%" + table + "%SHARE%'") > 0;
    }

    /** How many transactions of sessions in this schema are open. */
    public static int open(Schema schema) throws SQLException {
        return count(schema, "TRUE");
    }

    private static synchronized int count(Schema schema, String condition) throws SQLException {
        for (long left = looked + DISTANCE - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = looked + DISTANCE - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        try (Connection connection = schema.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT COUNT(*) FROM information_schema.innodb_trx t
                          JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
                         WHERE p.db = DATABASE() AND %s""".formatted(condition))) {
            row.next();
            return row.getInt(1);
        } finally {
            looked = System.nanoTime();
        }
    }

    /** Ends the sessions in this schema whose transaction has been open for longer, as an operator would. */
    static void endOlderThan(Duration age, Schema schema) throws SQLException {
        try (Connection connection = schema.connect();
                Statement statement = connection.createStatement()) {
            List<String> sessions = new ArrayList<>();
            statement.execute("SET SESSION time_zone = 'SYSTEM'"); // in which the server tells when a transaction began
            try (ResultSet row = statement.executeQuery("""
                    SELECT p.id FROM information_schema.innodb_trx t
                      JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
                     WHERE p.db = DATABASE() AND t.trx_started < NOW() - INTERVAL %d SECOND\
                    """.formatted(age.toSeconds()))) {
                while (row.next()) {
                    sessions.add(row.getString(1));
                }
            }
            for (String session : sessions) {
                statement.execute("KILL " + session);
            }
        }
    }
}
