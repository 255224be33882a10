package dev.dualwrite.testkit.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema with a name of its own on a shared server, dropped on close. Safe for use by any number of threads. */
public final class Schema implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private final Server server;
    private final String name;

    private Schema(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    static Schema create(Server server, String prefix) throws SQLException {
        Schema schema = new Schema(server, uniqueName(prefix, 40));
        server.execute("CREATE DATABASE " + schema.name);
        return schema;
    }

    static String uniqueName(String prefix, int longest) {
        if (!prefix.matches("[a-z0-9_]{1," + longest + "}")) {
            throw new IllegalArgumentException("A prefix has 1 to " + longest
                    + " characters out of a-z, 0-9 and _, which \"" + prefix + "\" has not");
        }
        return prefix + "_" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), Character.MAX_RADIX);
    }

    /** Its name, usable in SQL without quotes. */
    public String name() {
        return name;
    }

    /** Where it lives. */
    public Server server() {
        return server;
    }

    /** A URL into this schema as administrator; see {@link Server#jdbcUrl(String)}. */
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    /** A new connection into this schema as administrator. */
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** Runs statements in this schema as administrator, each in its own transaction. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Drops the schema. A server that is gone took the schema with it; that and any other failure is logged and not
     * thrown, for it would hide what the test found.
     */
    @Override
    public void close() {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            // Somebody's forgotten transaction must not make the test wait a year for the metadata lock.
            statement.execute("SET SESSION lock_wait_timeout = 10");
            statement.execute("DROP DATABASE IF EXISTS " + name);
        } catch (SQLException leftBehind) {
            LOG.warn("Schema {} stays behind on {}: {}", name, server, leftBehind.getMessage());
        }
    }

    /** For people: the name and where it is. */
    @Override
    public String toString() {
        return name + " on " + server;
    }
}
