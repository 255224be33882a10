package dev.dualwrite.benchmarks;

import dev.dualwrite.testkit.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How many statements a server received from anybody, by its own count. Of one thread. */
final class StatementCount implements AutoCloseable {
    private final Connection connection;

    StatementCount(Server server) throws SQLException {
        this.connection = server.connect();
    }

    long now() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Questions'")) {
            row.next();
            return row.getLong(2);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
