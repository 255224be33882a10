package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import dev.dualwrite.testkit.server.User;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TcpProxyIT {

    private static final Duration LONG = Duration.ofSeconds(20);

    private Leaks leaks;
    private Schema schema;
    private TcpProxy proxy;
    private Bypass direct;

    @BeforeEach
    void open() throws Exception {
        schema = TwoServers.get().source().isolatedSchema("proxy");
        schema.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        leaks = Leaks.watch().and(schema.server(), schema.name());
        proxy = TcpProxy.inFrontOf(schema.server());
        direct = Bypass.of(schema.jdbcUrl());
    }

    @AfterEach
    void close() throws Exception {
        direct.close();
        proxy.close();
        leaks.assertNone(LONG);
        schema.close();
    }

    private Connection connect(String... properties) throws SQLException {
        return DriverManager.getConnection(proxy.jdbcUrl(schema.name()) + String.join("", properties));
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO t VALUES (" + id + ")");
        }
    }

    private long rows() throws SQLException {
        return direct.number("SELECT COUNT(*) FROM t");
    }

    private static FutureTask<Boolean> beside(Attempt attempt) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            attempt.run();
            return true;
        });
        new Thread(task, "beside").start();
        return task;
    }

    private interface Attempt {
        void run() throws SQLException;
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aCommitThatIsCutLooksTheSameAndIsThereOnlyIfTheServerSawIt(Moment moment) throws SQLException {
        try (Connection connection = connect();
                Cut cut = proxy.cutNextCommit(moment)) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            assertThatThrownBy(connection::commit)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            unknown -> assertThat(unknown.getSQLState()).isEqualTo("08S01"));
            cut.awaitHit(LONG);
        }
        assertThat(rows()).isEqualTo(moment == Moment.AFTER ? 1 : 0);
        try (Connection next = connect()) {
            next.setAutoCommit(false);
            insert(next, 2);
            next.commit();
        }
        assertThat(direct.number("SELECT COUNT(*) FROM t WHERE id = 2")).isEqualTo(1);
    }

    @Test
    void everyCommitIsCutUntilTheCutIsClosed() throws SQLException {
        try (Cut cut = proxy.cutEveryCommit(Moment.AFTER)) {
            for (int id = 1; id <= 3; id++) {
                try (Connection connection = connect()) {
                    connection.setAutoCommit(false);
                    insert(connection, id);
                    assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
                }
            }
            cut.awaitHits(3, LONG);
            assertThat(cut.hits()).isEqualTo(3);
        }
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            insert(connection, 4);
            connection.commit();
        }
        assertThat(rows()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void anyStatementCanBeCutAt(Moment moment) throws SQLException {
        try (Connection connection = connect();
                Cut cut = proxy.cutNext(moment, dev.dualwrite.testkit.fault.Statement.startsWith("INSERT INTO t"))) {
            assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
            cut.awaitHit(LONG);
        }
        assertThat(rows()).isEqualTo(moment == Moment.AFTER ? 1 : 0);
    }

    @Test
    void aHeldCommitIsNotThereUntilItIsReleased() throws Exception {
        try (Connection connection = connect();
                Hold hold = proxy.holdNextCommit()) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            FutureTask<Boolean> commit = beside(connection::commit);
            hold.awaitHit(LONG);
            assertThat(rows()).isZero();
            assertThat(commit.isDone()).isFalse();
            hold.release();
            assertThat(commit.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(rows()).isEqualTo(1);
        }
    }

    @Test
    void aHeldCommitArrivesEvenIfTheClientGaveUp() throws SQLException {
        try (Connection connection = connect("&socketTimeout=300");
                Hold hold = proxy.holdNextCommit()) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThat(hold.hits()).isEqualTo(1);
            assertThat(rows()).isZero();
        }
        Eventually.eventually().until("the late commit", () -> rows() == 1);
    }

    @Test
    void everyCommitCanBeMadeSlow() throws SQLException {
        try (Connection connection = connect();
                Hold hold = proxy.holdEveryCommit(Duration.ofMillis(150))) {
            connection.setAutoCommit(false);
            for (int id = 1; id <= 2; id++) {
                long begin = System.nanoTime();
                insert(connection, id);
                connection.commit();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
            }
            assertThat(hold.hits()).isEqualTo(2);
        }
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void cuttingEndsAHeldStatementUnsent() throws Exception {
        try (Connection connection = connect();
                Hold hold = proxy.holdNextCommit()) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            FutureTask<Boolean> commit = beside(connection::commit);
            hold.awaitHit(LONG);
            proxy.cut();
            assertThatThrownBy(() -> commit.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SQLException.class);
        }
        assertThat(rows()).isZero();
    }

    @Test
    void refusingTurnsNewConnectionsAwayAndLeavesOldOnes() throws SQLException {
        try (Connection old = connect()) {
            proxy.refuse();
            assertThatThrownBy(this::connect)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("08S01"));
            insert(old, 1);
            proxy.pass();
            try (Connection next = connect()) {
                insert(next, 2);
            }
        }
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void downCutsAndRefuses() throws SQLException {
        try (Connection old = connect()) {
            proxy.down();
            assertThatThrownBy(() -> insert(old, 1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(this::connect).isInstanceOf(SQLException.class);
            assertThat(proxy.connections()).isZero();
        }
    }

    @Test
    void aBlackHoleSwallowsOldAndNewConnections() throws SQLException {
        try (Connection old = connect("&socketTimeout=300")) {
            proxy.blackHole();
            assertThatThrownBy(() -> insert(old, 1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connect("&socketTimeout=300", "&connectTimeout=300"))
                    .isInstanceOf(SQLException.class);
        }
        proxy.pass();
        assertThat(rows()).isZero();
        try (Connection next = connect()) {
            insert(next, 2);
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aStallLosesNothing() throws Exception {
        try (Connection connection = connect()) {
            proxy.stall();
            FutureTask<Boolean> insert = beside(() -> insert(connection, 1));
            assertThat(rows()).isZero();
            assertThat(insert.isDone()).isFalse();
            proxy.pass();
            assertThat(insert.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aDelayIsFeltByEachRoundTrip() throws SQLException {
        try (Connection connection = connect()) {
            proxy.delay(Duration.ofMillis(100));
            long begin = System.nanoTime();
            insert(connection, 1);
            insert(connection, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            proxy.pass();
        }
    }

    @Test
    void roundTripsAreCountedByConnection() throws SQLException {
        try (Connection one = connect();
                Connection other = connect();
                StatementLog log = proxy.record()) {
            insert(one, 1);
            insert(one, 2);
            insert(other, 3);
            assertThat(log.roundTrips()).isEqualTo(3);
            assertThat(log.roundTrips(1)).isEqualTo(2);
            assertThat(log.count("insert into t")).isEqualTo(3);
            log.clear();
            try (PreparedStatement prepared = one.prepareStatement("SELECT id FROM t WHERE id = ?")) {
                prepared.setInt(1, 1);
                prepared.executeQuery().close();
            }
            assertThat(log.count("SELECT id FROM t")).isEqualTo(1);
            assertThat(proxy.accepted()).isEqualTo(2);
        }
    }

    @Test
    void largeStatementsAndServerPreparedOnesPass() throws SQLException {
        direct.write("CREATE TABLE big (id INT PRIMARY KEY, body LONGTEXT)");
        try (Connection connection = connect("&useServerPrepStmts=true", "&maxAllowedPacket=67108864");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO big VALUES (?, ?)")) {
            insert.setInt(1, 1);
            insert.setString(2, "x".repeat(17 << 20));
            insert.executeUpdate();
        }
        try (Connection connection = connect("&maxAllowedPacket=67108864");
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO big VALUES (2, '" + "y".repeat(17 << 20) + "')");
        }
        assertThat(direct.number("SELECT SUM(LENGTH(body)) FROM big")).isEqualTo(2L * (17 << 20));
    }

    @Test
    void aUserWithLimitedGrantsComesThrough() throws SQLException {
        try (User user = schema.server().createUser("SELECT ON " + schema.name() + ".*");
                Connection connection = DriverManager.getConnection(proxy.jdbcUrl(schema.name(), user))) {
            assertThatThrownBy(() -> insert(connection, 1)).hasMessageContaining("denied");
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws SQLException {
        try (Connection connection = connect()) {
            proxy.close();
            proxy.close();
            assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
        }
    }
}
