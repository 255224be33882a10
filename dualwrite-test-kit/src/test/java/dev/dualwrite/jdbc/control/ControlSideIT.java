package dev.dualwrite.jdbc.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction of the library's own is whole or not at all. Nothing is moved, so there is nothing for the oracle. */
class ControlSideIT {
    /** What ends a transaction in the middle. */
    private static final class Thrown extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @ValueSource(classes = {Thrown.class, IllegalStateException.class, SQLException.class})
    void whateverIsThrownUndoesIt(Class<? extends Throwable> kind) throws Exception {
        Server server = TwoServers.get().source();
        try (Schema schema = server.isolatedSchema("src")) {
            schema.execute("CREATE TABLE half (id INT PRIMARY KEY)");
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(schema.jdbcUrl());
            config.setMaximumPoolSize(1);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                ControlSide side = new ControlSide(
                        new ControlNames("half", Side.SOURCE, schema.name(), "dualwrite_"),
                        server.kind() == ServerKind.MARIADB ? Dialect.MARIADB : Dialect.MYSQL,
                        pool);
                assertThatThrownBy(() -> side.inTransaction(connection -> {
                            execute(connection, "INSERT INTO half VALUES (1)");
                            throw throwing(kind);
                        }))
                        .isInstanceOf(kind);
                assertThat(side.inTransaction(ControlSideIT::count)).isZero();
            }
        }
    }

    /** Throws an error or an unchecked exception itself; answers a checked one for the caller to throw. */
    private static SQLException throwing(Class<? extends Throwable> kind) {
        if (kind == Thrown.class) {
            throw new Thrown();
        }
        if (kind == IllegalStateException.class) {
            throw new IllegalStateException("in the middle");
        }
        return new SQLException("in the middle");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM half")) {
            row.next();
            return row.getInt(1);
        }
    }
}
