package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.testkit.server.ManagedServer;
import dev.dualwrite.testkit.server.PrivateServers;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.TwoServers;
import dev.dualwrite.testkit.server.User;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault of a server is felt while it lasts, and gone afterwards. There is no migration, and nothing to converge. */
class ServerFaultIT {
    private static ManagedServer server;

    private Schema schema;

    @BeforeAll
    static void start() {
        server = PrivateServers.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        schema = server.isolatedSchema("faulty");
        schema.execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
    }

    @AfterEach
    void close() {
        schema.close();
    }

    private void insert(Connection connection, int id, String value) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            insert.setInt(1, id);
            insert.setString(2, value);
            insert.executeUpdate();
        }
    }

    /** Something that fails. */
    private interface Call {
        void run() throws SQLException;
    }

    private static int code(Call call) {
        try {
            call.run();
            return 0;
        } catch (SQLException failed) {
            return failed.getErrorCode();
        }
    }

    private String rows() throws SQLException {
        return server.ask("SELECT COUNT(*) FROM " + schema.name() + ".t");
    }

    @Test
    void aReadOnlyServerRefusesWritesAndTheCommitOfOlderOnesOfThoseWithoutAPrivilege() throws SQLException {
        try (User user = server.createUser("ALL PRIVILEGES ON " + schema.name() + ".*");
                Connection connection = user.connect(schema.name());
                Connection administrator = schema.connect()) {
            connection.setAutoCommit(false);
            insert(connection, 1, "before");
            try (ServerFault readOnly = ServerFault.readOnly(server)) {
                assertThat(code(connection::commit)).as("%s", readOnly).isEqualTo(1290);
                connection.rollback();
                assertThat(code(() -> insert(connection, 2, "during"))).isEqualTo(1290);
                insert(administrator, 3, "privileged");
            }
            assertThat(rows()).isEqualTo("1");
            insert(connection, 4, "after");
            connection.commit();
        }
        assertThat(rows()).isEqualTo("2");
        assertThat(server.ask("SELECT @@global.read_only")).isIn("0", "OFF");
    }

    @Test
    void aSuperReadOnlyServerRefusesEverybodyWhereThereIsOne() throws SQLException {
        if (server.kind() == ServerKind.MARIADB) {
            assertThatThrownBy(() -> ServerFault.superReadOnly(server)).hasMessageContaining("has no super_read_only");
            return;
        }
        try (Connection administrator = schema.connect()) {
            try (ServerFault readOnly = ServerFault.superReadOnly(server)) {
                assertThat(code(() -> insert(administrator, 1, "during")))
                        .as("%s", readOnly)
                        .isEqualTo(1290);
            }
            insert(administrator, 2, "after");
            assertThat(server.ask("SELECT @@global.read_only + @@global.super_read_only"))
                    .isEqualTo("0");
        }
    }

    @Test
    void smallPacketsHoldForConnectionsThatAreOpenedLater() throws SQLException {
        String before = server.ask("SELECT @@global.max_allowed_packet");
        String large = "x".repeat(100_000);
        try (Connection early = schema.connect()) {
            try (ServerFault small = ServerFault.packetsOf(server, 50_000);
                    Connection late = schema.connect()) {
                insert(early, 1, large);
                insert(late, 2, "small");
                assertThatThrownBy(() -> insert(late, 3, large))
                        .as("%s", small)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("too large");
            }
            try (Connection after = schema.connect()) {
                insert(after, 4, large);
            }
        }
        assertThat(rows()).isEqualTo("3");
        assertThat(server.ask("SELECT @@global.max_allowed_packet")).isEqualTo(before);
    }

    @Test
    void aFullServerHasEndedAllConnectionsAndTakesNone() throws SQLException {
        String before = server.ask("SELECT @@global.max_connections");
        try (Connection open = schema.connect()) {
            ServerFault full = ServerFault.full(server);
            assertThatThrownBy(() -> insert(open, 1, "on an ended connection")).isInstanceOf(SQLException.class);
            assertThat(code(() -> schema.connect().close())).as("%s", full).isEqualTo(1040);
            full.close();
            full.close();
        }
        assertThat(server.ask("SELECT @@global.max_connections")).isEqualTo(before);
        try (Connection again = schema.connect()) {
            insert(again, 2, "after");
        }
        assertThat(rows()).isEqualTo("1");
    }

    @Test
    void aTableRefusesTheRowsThatItIsToldTo() throws SQLException {
        try (Connection connection = schema.connect()) {
            insert(connection, 1, "before");
            try (ServerFault refusing =
                    ServerFault.refusing(server, schema.name(), "t", "NEW.id > 10 OR NEW.v = 'no'")) {
                assertThat(code(() -> insert(connection, 11, "x")))
                        .as("%s", refusing)
                        .isEqualTo(1644);
                assertThat(code(() -> schema.execute("UPDATE t SET v = 'no' WHERE id = 1")))
                        .isEqualTo(1644);
                insert(connection, 2, "yes");
            }
            try (ServerFault refusing = ServerFault.refusing(server, schema.name(), "t", "TRUE", 3819)) {
                assertThat(code(() -> insert(connection, 12, "x")))
                        .as("%s", refusing)
                        .isEqualTo(3819);
            }
            insert(connection, 11, "no");
            connection.setAutoCommit(false);
            insert(connection, 13, "keeps the table in use");
            assertThatThrownBy(() -> ServerFault.refusing(server, schema.name(), "t", "TRUE"))
                    .isInstanceOf(SQLException.class);
            connection.rollback();
        }
        assertThat(server.ask("SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = '"
                        + schema.name() + "'"))
                .isEqualTo("0");
    }

    @Test
    void aStoppedServerTakesConnectionsAndAnswersNothing() throws Exception {
        try (ServerFault stopped = ServerFault.stopped(server)) {
            assertThatThrownBy(() -> DriverManager.getConnection(
                                    schema.jdbcUrl() + "&connectTimeout=2000&socketTimeout=500")
                            .close())
                    .as("%s", stopped)
                    .isInstanceOf(SQLException.class);
            assertThat(server.isAlive()).isTrue();
        }
        assertThat(rows()).isEqualTo("0");
    }

    @Test
    void aKilledServerIsGoneAndComesBackWithItsData() throws SQLException {
        schema.execute("INSERT INTO t VALUES (1, 'committed')");
        long pid = server.pid();
        try (ServerFault killed = ServerFault.killed(server)) {
            assertThat(server.isAlive()).as("%s", killed).isFalse();
            assertThatThrownBy(schema::connect).isInstanceOf(SQLException.class);
        }
        assertThat(server.pid()).isNotEqualTo(pid);
        assertThat(rows()).isEqualTo("1");
    }

    @Test
    void aNetworkThatIsThrottledTakesTheTimeThatTheBytesTakeEachWay() throws Exception {
        String large = "x".repeat(200_000);
        try (TcpProxy proxy = TcpProxy.inFrontOf(server);
                Connection connection = DriverManager.getConnection(proxy.jdbcUrl(schema.name()))) {
            insert(connection, 1, large);
            proxy.throttle(400_000);
            assertThat(took(() -> insert(connection, 2, large))).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            assertThat(took(() -> connection
                            .createStatement()
                            .executeQuery("SELECT v FROM t WHERE id = 1")
                            .close()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(500));
            proxy.throttle(1);
            Thread slow = new Thread(() -> code(() -> insert(connection, 3, large)), "slow");
            slow.start();
            proxy.pass();
            slow.join(20_000);
            assertThat(slow.isAlive())
                    .as("what waited for a limit goes on when there is none")
                    .isFalse();
            assertThatThrownBy(() -> proxy.throttle(0)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(rows()).isEqualTo("3");
    }

    private static Duration took(Call call) throws SQLException {
        long begin = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void aServerThatWasGivenKeepsItsProcess() {
        try (TwoServers servers = TwoServers.open(ServerRequest.fromEnvironment()
                .choosing(new ServerRequest.Choice.Urls(schema.jdbcUrl(), schema.jdbcUrl())))) {
            Server given = servers.source();
            assertThatThrownBy(() -> ServerFault.stopped(given))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is no process that this kit has started");
            assertThatThrownBy(() -> ServerFault.killed(given)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> ManagedServer.of(given)).hasMessageContaining("given by URL");
            assertThat(ManagedServer.of(server)).isSameAs(server);
        }
    }
}
