package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoServersIT {

    private final TwoServers servers = TwoServers.get();

    @Test
    void thePairIsSharedAndOutlivesBeingClosed() throws SQLException {
        try (TwoServers again = TwoServers.get()) {
            assertThat(again).isSameAs(servers);
        }
        assertThat(servers.source().ask("SELECT 1")).isEqualTo("1");
        assertThat(servers.describe())
                .contains(servers.source().version().toString())
                .contains(Integer.toString(servers.target().port()));
    }

    @Test
    void sourceAndTargetAreTwoServers() throws SQLException {
        assertThat(servers.source().port()).isNotEqualTo(servers.target().port());
        assertThat(servers.source().ask("SELECT @@server_id"))
                .isNotEqualTo(servers.target().ask("SELECT @@server_id"));
    }

    @Test
    void commitsAreFlushedAndLoggedByRow() throws SQLException {
        for (Server server : List.of(servers.source(), servers.target())) {
            assertThat(server.ask("SELECT @@global.innodb_flush_log_at_trx_commit"))
                    .isEqualTo("1");
            assertThat(server.ask("SELECT @@global.sync_binlog")).isEqualTo("1");
            assertThat(server.ask("SELECT @@global.log_bin")).isEqualTo("1");
            assertThat(server.ask("SELECT @@global.binlog_format")).isEqualTo("ROW");
            assertThat(server.ask("SELECT @@global.character_set_server")).isEqualTo("utf8mb4");
            assertThat(server.ask("SELECT @@global.max_connections")).isEqualTo("500");
            assertThat(server.ask("SELECT @@global.local_infile")).isEqualTo("0");
        }
    }

    @Test
    void schemasAreIsolatedAndDroppedOnClose() throws SQLException {
        String name;
        try (Schema one = servers.source().isolatedSchema("twin");
                Schema other = servers.source().isolatedSchema("twin")) {
            name = one.name();
            assertThat(other.name()).isNotEqualTo(name);
            one.execute("CREATE TABLE t (id INT PRIMARY KEY)");
            assertThatThrownBy(() -> other.execute("SELECT * FROM t")).isInstanceOf(SQLException.class);
        }
        assertThat(servers.source()
                        .ask("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '" + name + "'"))
                .isEqualTo("0");
    }

    @Test
    void aUserHasItsGrantsAndNoOther() throws SQLException {
        try (Schema schema = servers.target().isolatedSchema("grants")) {
            schema.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            try (User user = servers.target().createUser("SELECT ON " + schema.name() + ".*");
                    Connection connection = user.connect(schema.name());
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT * FROM t");
                assertThatThrownBy(() -> statement.execute("DELETE FROM t"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getErrorCode()).isEqualTo(1142));
                user.grant("DELETE ON " + schema.name() + ".t");
                statement.execute("DELETE FROM t");
                user.revoke("DELETE ON " + schema.name() + ".t");
                assertThatThrownBy(() -> statement.execute("DELETE FROM t")).isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void serversCanBeGivenByUrl() throws SQLException {
        ServerRequest.Choice.Urls urls = new ServerRequest.Choice.Urls(
                servers.source().jdbcUrl(""), servers.target().jdbcUrl(""));
        try (TwoServers given = TwoServers.open(ServerRequest.fromEnvironment().choosing(urls));
                Schema schema = given.source().isolatedSchema("given")) {
            assertThat(given.source().port()).isEqualTo(servers.source().port());
            assertThat(given.describe()).contains("given by URL");
            schema.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        }
        assertThat(servers.source().ask("SELECT 1")).isEqualTo("1");
    }

    @Test
    void aGivenServerThatIsNotThereIsAFailure() {
        ServerRequest.Choice.Urls nobody =
                new ServerRequest.Choice.Urls("jdbc:mysql://127.0.0.1:1/", "jdbc:mysql://127.0.0.1:1/");
        assertThatThrownBy(() -> TwoServers.open(ServerRequest.fromEnvironment().choosing(nobody)))
                .isInstanceOf(ServersUnavailableException.class);
    }
}
