package dev.dualwrite.testkit.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database user with limited grants, dropped on close. Safe for use by any number of threads.
 *
 * <p>A grant is written as in SQL between {@code GRANT} and {@code TO}: {@code "SELECT, INSERT ON shop.*"}.
 */
public final class User implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(User.class);

    private final Server server;
    private final String name;
    private final String password;

    private User(Server server, String name, String password) {
        this.server = server;
        this.name = name;
        this.password = password;
    }

    static User create(Server server, String... grants) throws SQLException {
        User user = new User(server, Schema.uniqueName("u", 1), Schema.uniqueName("pw", 2));
        server.execute("CREATE USER " + user.account() + " IDENTIFIED BY '" + user.password + "'");
        user.grant(grants);
        return user;
    }

    /** The name, without host. */
    public String name() {
        return name;
    }

    /** The password. */
    public String password() {
        return password;
    }

    /** The name as SQL writes it, with its host. */
    public String account() {
        return "'" + name + "'@'%'";
    }

    /** A URL that enters as this user; see {@link Server#jdbcUrl(String)}. */
    public String jdbcUrl(String schema) {
        return server.jdbcUrl(schema, name, password);
    }

    /** As {@link #jdbcUrl(String)}, through something that listens elsewhere on the server's behalf. */
    public String jdbcUrlVia(String host, int port, String schema) {
        return server.jdbcUrlVia(host, port, schema, name, password);
    }

    /** A new connection as this user. */
    public Connection connect(String schema) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(schema));
    }

    /** Adds grants. */
    public void grant(String... grants) throws SQLException {
        for (String grant : grants) {
            server.execute("GRANT " + grant + " TO " + account());
        }
    }

    /** Takes grants away again, written as they were given. */
    public void revoke(String... grants) throws SQLException {
        for (String grant : grants) {
            server.execute("REVOKE " + grant + " FROM " + account());
        }
    }

    /** Drops the user; its open connections stay. A failure is logged and not thrown. */
    @Override
    public void close() {
        try {
            server.execute("DROP USER IF EXISTS " + account());
        } catch (SQLException leftBehind) {
            LOG.warn("User {} stays behind on {}: {}", name, server, leftBehind.getMessage());
        }
    }

    /** For people: the account and where it is; never the password. */
    @Override
    public String toString() {
        return account() + " on " + server;
    }
}
