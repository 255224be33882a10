package dev.dualwrite.jdbc.compare;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections by which something is asked at this moment, to cut them when the process ends. Thread-safe. */
final class Lifeline {
    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    private final Map<Thread, Connection> used = new ConcurrentHashMap<>();

    /** The calling thread uses a connection, or none any more. */
    void uses(@Nullable Connection connection) {
        if (connection == null) {
            used.remove(Thread.currentThread());
        } else {
            used.put(Thread.currentThread(), connection);
        }
    }

    void cut() {
        used.values().forEach(connection -> {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("a connection was gone before it was cut", e);
            }
        });
    }
}
