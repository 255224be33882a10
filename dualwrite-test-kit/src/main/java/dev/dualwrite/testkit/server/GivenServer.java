package dev.dualwrite.testkit.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A server that somebody else runs: given by URL, or in a container. */
final class GivenServer extends Server {

    private final Endpoint endpoint;
    private final ServerVersion version;
    private final Runnable onRelease;

    private GivenServer(Endpoint endpoint, ServerVersion version, Runnable onRelease) {
        this.endpoint = endpoint;
        this.version = version;
        this.onRelease = onRelease;
    }

    /** Asks the server for its version, so that a server that is not there is noticed here. */
    static GivenServer at(Endpoint endpoint, Runnable onRelease) throws SQLException {
        return new GivenServer(endpoint, versionOf(endpoint), onRelease);
    }

    static ServerVersion versionOf(Endpoint endpoint) throws SQLException {
        try (Connection connection = DriverManager.getConnection(endpoint.jdbcUrl(""));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT VERSION()")) {
            rows.next();
            return ServerVersion.parse(rows.getString(1));
        }
    }

    @Override
    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public ServerVersion version() {
        return version;
    }

    @Override
    void release() {
        onRelease.run();
    }
}
