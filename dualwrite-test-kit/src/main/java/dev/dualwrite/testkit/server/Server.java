package dev.dualwrite.testkit.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One running database server and an administrator's way into it. Safe for use by any number of threads.
 *
 * <p>Its defaults are those of a careful production server: row binary log, every commit flushed
 * ({@code innodb_flush_log_at_trx_commit=1}, {@code sync_binlog=1}), {@code utf8mb4}. A server that was given by JDBC
 * URL has whatever its owner chose.
 */
public abstract sealed class Server permits ManagedServer, GivenServer {

    Server() {}

    abstract Endpoint endpoint();

    /** Ends the server if it is ours to end. */
    abstract void release();

    /** What the server says it is. */
    public abstract ServerVersion version();

    /** MySQL or MariaDB. */
    public ServerKind kind() {
        return version().kind();
    }

    /** The host it listens on. */
    public String host() {
        return endpoint().host();
    }

    /** The port it listens on; the same before and after a restart. */
    public int port() {
        return endpoint().port();
    }

    /**
     * A URL that enters as administrator. It holds user and password and always has a query, so that driver properties
     * are added with {@code &name=value}.
     *
     * @param schema the schema to enter, or the empty string for none
     */
    public String jdbcUrl(String schema) {
        return endpoint().jdbcUrl(schema);
    }

    /** As {@link #jdbcUrl(String)}, for another user. */
    public String jdbcUrl(String schema, String user, String password) {
        return endpoint().as(user, password).jdbcUrl(schema);
    }

    /** As {@link #jdbcUrl(String)}, through something that listens elsewhere on this server's behalf. */
    public String jdbcUrlVia(String host, int port, String schema) {
        return endpoint().via(host, port).jdbcUrl(schema);
    }

    /** As {@link #jdbcUrlVia(String, int, String)}, for another user. */
    public String jdbcUrlVia(String host, int port, String schema, String user, String password) {
        return endpoint().via(host, port).as(user, password).jdbcUrl(schema);
    }

    /** A new connection as administrator, with no schema chosen. */
    public Connection connect() throws SQLException {
        return connect("");
    }

    /** A new connection as administrator. */
    public Connection connect(String schema) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(schema));
    }

    /** Runs statements as administrator, each in its own transaction, on a connection of their own. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of the first row as text, or {@code NULL} as the word. For server variables and the like. */
    public String ask(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                throw new SQLException("No row for: " + query);
            }
            String value = rows.getString(1);
            return value == null ? "NULL" : value;
        }
    }

    /**
     * Creates an empty schema that nobody else has, to be dropped when it is closed.
     *
     * @param prefix what its name starts with: letters, digits and underscores, 40 at most
     */
    public Schema isolatedSchema(String prefix) throws SQLException {
        return Schema.create(this, prefix);
    }

    /**
     * Creates a user that nobody else has, with these grants and no other.
     *
     * @param grants what stands between {@code GRANT} and {@code TO}, for example {@code "SELECT ON shop.*"}
     */
    public User createUser(String... grants) throws SQLException {
        return User.create(this, grants);
    }

    /** For people: version and address. */
    @Override
    public String toString() {
        return version() + " at " + host() + ":" + port();
    }
}
