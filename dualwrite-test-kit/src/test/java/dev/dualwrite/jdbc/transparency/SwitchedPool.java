package dev.dualwrite.jdbc.transparency;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A host's pool into one schema, of which the driver's options can be switched while nobody has a connection. Of one
 * connection each, so that what a session keeps is found again by whoever comes next, with the boundary and without.
 */
final class SwitchedPool implements DataSource, AutoCloseable {
    private final String url;
    private final Map<Options, HikariDataSource> pools = new HashMap<>();
    private HikariDataSource current;

    SwitchedPool(String url) {
        this.url = url;
        this.current = use(Options.ROWS.get(0));
    }

    synchronized HikariDataSource use(Options options) {
        current = pools.computeIfAbsent(options, this::open);
        return current;
    }

    private HikariDataSource open(Options options) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("transparency-" + pools.size());
        config.setJdbcUrl(url + options.inUrl());
        config.setMaximumPoolSize(1);
        config.setMinimumIdle(0);
        config.setIdleTimeout(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private synchronized HikariDataSource current() {
        return current;
    }

    /** Connections that are in use. */
    synchronized int busy() {
        return pools.values().stream()
                .filter(pool -> pool.getHikariPoolMXBean() != null)
                .mapToInt(pool -> pool.getHikariPoolMXBean().getActiveConnections())
                .sum();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return current().getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return current().getConnection(username, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return current().getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        current().setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        current().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return current().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("dev.dualwrite.test");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return current().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return current().isWrapperFor(type);
    }

    @Override
    public synchronized void close() {
        pools.values().forEach(HikariDataSource::close);
    }
}
