package dev.dualwrite.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.User;
import java.sql.SQLException;

/**
 * The application's own account on both sides, with no more rights than a careful administrator gives, and its
 * pools. Grants are written without the schema: {@code "SELECT, INSERT ON *"}, {@code "SELECT ON account"}.
 */
final class AppAccount implements AutoCloseable {
    private final Rig rig;
    private final User source;
    private final User target;
    private final HikariDataSource sourcePool;
    private final HikariDataSource targetPool;

    AppAccount(Rig rig, String... grants) throws SQLException {
        this.rig = rig;
        this.source = rig.server(Side.SOURCE).createUser(in(Side.SOURCE, grants));
        this.target = rig.server(Side.TARGET).createUser(in(Side.TARGET, grants));
        mayAskForReplicas(Side.SOURCE, source);
        mayAskForReplicas(Side.TARGET, target);
        this.sourcePool = pool(Side.SOURCE);
        this.targetPool = pool(Side.TARGET);
    }

    private void mayAskForReplicas(Side side, User user) throws SQLException {
        boolean maria = rig.server(side).kind() == ServerKind.MARIADB;
        user.grant((maria ? "REPLICA MONITOR" : "REPLICATION CLIENT") + " ON *.*");
    }

    private String[] in(Side side, String... grants) {
        String schema = rig.schema(side).name();
        String[] qualified = new String[grants.length];
        for (int i = 0; i < grants.length; i++) {
            qualified[i] = grants[i].replace(" ON ", " ON `" + schema + "`.");
        }
        return qualified;
    }

    private HikariDataSource pool(Side side) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(rig.migration() + "-app-" + side);
        config.setJdbcUrl(rig.proxy(side).jdbcUrl(rig.schema(side).name(), user(side))
                + "&connectTimeout=2000&socketTimeout=30000");
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private User user(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    void grant(Side side, String grant) throws SQLException {
        user(side).grant(in(side, grant));
    }

    /** It may ask a server how often tables were written; MariaDB counts that for everybody who may see the table, if told to. */
    void mayReadCounters() throws SQLException {
        for (Side side : Side.values()) {
            if (rig.server(side).kind() == ServerKind.MYSQL) {
                user(side).grant("SELECT ON performance_schema.table_io_waits_summary_by_table");
            } else {
                rig.server(side).execute("SET GLOBAL userstat = 1");
            }
        }
    }

    void revoke(Side side, String grant) throws SQLException {
        user(side).revoke(in(side, grant));
    }

    /** The application uses this account, and the library as well. */
    DualWriteBuilder forBoth(DualWriteBuilder builder) {
        return builder.source(sourcePool).target(targetPool);
    }

    /** The application uses this account, and the library the administrator's. */
    DualWriteBuilder forTheApplication(DualWriteBuilder builder) {
        return forBoth(builder)
                .sourceAccess(
                        rig.proxy(Side.SOURCE).jdbcUrl(rig.schema(Side.SOURCE).name()), null, null)
                .targetAccess(
                        rig.proxy(Side.TARGET).jdbcUrl(rig.schema(Side.TARGET).name()), null, null);
    }

    /** The application ends: it has given all connections back, and its pools are closed. */
    void end() {
        Eventually.eventually().until("the application's connections are given back", () -> busy() == 0);
        sourcePool.close();
        targetPool.close();
    }

    private int busy() {
        return sourcePool.getHikariPoolMXBean().getActiveConnections()
                + targetPool.getHikariPoolMXBean().getActiveConnections();
    }

    @Override
    public void close() {
        sourcePool.close();
        targetPool.close();
        source.close();
        target.close();
    }
}
