package dev.dualwrite.testkit.fault;

import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.User;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One schema of a server behind a network that a test may break. There are two ways through it: one for the application, and
 * one for the library's own connections, so that what the application does can be told from what the library does; a fault
 * hits both. A third way, of {@link #connect()}, goes past the network.
 *
 * <p>Safe for use by any number of threads. Closing drops the schema, if it was made for this test.
 */
public final class Database implements AutoCloseable {
    private final Server server;
    private final String schema;
    private final @Nullable Schema owned;
    private final @Nullable User user;
    private final TcpProxy application;
    private final TcpProxy library;

    private Database(Server server, String schema, @Nullable Schema owned, @Nullable User user) throws IOException {
        this.server = server;
        this.schema = schema;
        this.owned = owned;
        this.user = user;
        application = TcpProxy.inFrontOf(server);
        library = TcpProxy.inFrontOf(server);
    }

    /**
     * In an empty schema of its own, which the application enters by an account of its own with all rights there.
     *
     * @param prefix see {@link Server#isolatedSchema(String)}
     */
    public static Database isolated(Server server, String prefix) throws SQLException, IOException {
        Schema schema = server.isolatedSchema(prefix);
        return new Database(
                server, schema.name(), schema, server.createUser("ALL PRIVILEGES ON `" + schema.name() + "`.*"));
    }

    /** In a schema that exists and stays. The application enters it as the server's administrator. */
    public static Database existing(Server server, String schema) throws IOException {
        return new Database(server, schema, null, null);
    }

    /** Its server. */
    public Server server() {
        return server;
    }

    /** The name of its schema. */
    public String schema() {
        return schema;
    }

    /** Whether the schema is dropped at the end. */
    public boolean isolated() {
        return owned != null;
    }

    /** The application's way to it, as a JDBC URL with account. */
    public String url() {
        return user == null ? application.jdbcUrl(schema) : application.jdbcUrl(schema, user);
    }

    /** The library's way to it, as a JDBC URL of an administrator. */
    public String libraryUrl() {
        return library.jdbcUrl(schema);
    }

    /** A new connection as administrator, past the network. */
    public Connection connect() throws SQLException {
        return server.connect(schema);
    }

    /** Runs statements as administrator, past the network, each in its own transaction. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Runs a script as administrator, past the network: statements that end in semicolons, as the server itself cuts them. No
     * {@code DELIMITER}.
     */
    public void script(String script) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(schema) + "&allowMultiQueries=true");
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(script);
            while (rows || statement.getUpdateCount() >= 0) {
                rows = statement.getMoreResults();
            }
        }
    }

    /** The first column of the first row as text, past the network; {@code null} as the word, and so is no row. */
    public String ask(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return String.valueOf(row.next() ? row.getString(1) : null);
        }
    }

    /** The first column of all rows as text, past the network. */
    public List<String> column(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(String.valueOf(row.getString(1)));
            }
            return values;
        }
    }

    /** As if its machine were switched off. {@link #restore()} ends it. */
    public void down() {
        both().forEach(TcpProxy::down);
    }

    /** Nothing that is sent to it is answered. {@link #restore()} ends it, and cuts the connections that lost something. */
    public void blackHole() {
        both().forEach(TcpProxy::blackHole);
    }

    /** Everything is kept back, both ways. {@link #restore()} lets it go on. */
    public void stall() {
        both().forEach(TcpProxy::stall);
    }

    /** Each packet to it takes so much longer. {@link #restore()} ends it. */
    public void slow(Duration each) {
        both().forEach(proxy -> proxy.delay(each));
    }

    /** So many bytes go through in a second, each way, on each of the two ways in. {@link #restore()} ends it. */
    public void throttle(int bytesPerSecond) {
        both().forEach(proxy -> proxy.throttle(bytesPerSecond));
    }

    /** Cuts all connections that are open. */
    public void cut() {
        both().forEach(TcpProxy::cut);
    }

    /** The network is well again. */
    public void restore() {
        both().forEach(TcpProxy::pass);
    }

    /** The application's way, for finer faults. */
    public TcpProxy applicationNetwork() {
        return application;
    }

    /** The library's way, for finer faults. */
    public TcpProxy libraryNetwork() {
        return library;
    }

    private List<TcpProxy> both() {
        return List.of(application, library);
    }

    /**
     * Takes the application's rights on some tables away and cuts its connections, so that it notices at once. It keeps those
     * on the schema's other tables and views as they are now, and no right to make new ones.
     *
     * @throws IllegalStateException if the application has no account of its own here
     */
    public void denyApplication(List<String> tables) throws SQLException {
        User account = user;
        if (account == null) {
            throw new IllegalStateException("the application has no account of its own in " + schema
                    + ": this database existed before; revoke its rights there by hand");
        }
        account.revoke("ALL PRIVILEGES ON `" + schema + "`.*");
        for (String table :
                column("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")) {
            if (tables.stream().noneMatch(table::equalsIgnoreCase)) {
                account.grant("ALL PRIVILEGES ON `" + schema + "`.`" + table.replace("`", "``") + "`");
            }
        }
        application.cut();
    }

    /** Gives the application's rights back. */
    public void admitApplication() throws SQLException {
        if (user != null) {
            user.grant("ALL PRIVILEGES ON `" + schema + "`.*");
        }
    }

    /** Closes the network, and drops the schema and the account if they were made here. */
    @Override
    public void close() {
        both().forEach(TcpProxy::close);
        if (user != null) {
            user.close();
        }
        if (owned != null) {
            owned.close();
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return schema + " on " + server;
    }
}
