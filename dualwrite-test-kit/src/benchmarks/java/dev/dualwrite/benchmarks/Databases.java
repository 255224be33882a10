package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The same table on both servers, for one contender alone. */
final class Databases implements AutoCloseable {
    /** What HikariCP advises for MySQL, as far as it concerns a single statement. */
    private static final String DRIVER_PROPERTIES = "&useServerPrepStmts=true&cachePrepStmts=true"
            + "&useLocalSessionState=true&cacheServerConfiguration=true&maintainTimeStats=false";

    private static final String TABLE = """
            CREATE TABLE account (id BIGINT PRIMARY KEY, owner VARCHAR(40) NOT NULL, balance BIGINT NOT NULL) \
            ENGINE=InnoDB""";

    private final Schema source;
    private final Schema target;

    private Databases(Schema source, Schema target) {
        this.source = source;
        this.target = target;
    }

    /** Creates and fills both. */
    static Databases create(TwoServers servers, int rows) throws SQLException {
        Databases databases = new Databases(
                servers.source().isolatedSchema("bench"), servers.target().isolatedSchema("bench"));
        try {
            fill(databases.source, rows);
            fill(databases.target, rows);
            return databases;
        } catch (SQLException e) {
            databases.close();
            throw e;
        }
    }

    private static void fill(Schema schema, int rows) throws SQLException {
        schema.execute(TABLE);
        try (Connection connection = schema.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO account (id, owner, balance) VALUES (?, ?, 0)")) {
            connection.setAutoCommit(false);
            for (int id = 0; id < rows; id++) {
                insert.setLong(1, id);
                insert.setString(2, "the owner of account " + id);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    private Schema schema(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    String jdbcUrl(Side side) {
        return schema(side).jdbcUrl() + DRIVER_PROPERTIES;
    }

    /** A pool of this size, with all connections made. */
    HikariDataSource pool(Side side, int size) {
        return pool(side, size, jdbcUrl(side));
    }

    /** As {@link #pool(Side, int)}, through something that can stop the answers. */
    HikariDataSource pool(Side side, int size, TcpProxy through) {
        return pool(side, size, through.jdbcUrl(schema(side).name()) + DRIVER_PROPERTIES + "&socketTimeout=5000");
    }

    private static HikariDataSource pool(Side side, int size, String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("bench-" + side);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        HikariDataSource pool = new HikariDataSource(config);
        Eventually.within(Duration.ofSeconds(30))
                .until("the pool to be filled", () -> pool.getHikariPoolMXBean().getIdleConnections() == size);
        return pool;
    }

    /** Leaves no row on a side. */
    void empty(Side side) throws SQLException {
        schema(side).execute("TRUNCATE account");
    }

    /** How often a row was changed. */
    long changes(Side side) throws SQLException {
        try (Connection connection = schema(side).connect();
                Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT SUM(balance) FROM account")) {
            sum.next();
            return sum.getLong(1);
        }
    }

    /** Rows that differ, at most a few. */
    List<String> differences() throws SQLException {
        try (Connection left = source.connect();
                Connection right = target.connect()) {
            return Parity.differences(left, right, List.of("account"), 5);
        }
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
