package dev.dualwrite.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One instance of the library with host pools of its own, as one process of an application would have. */
final class Node implements AutoCloseable {
    private final Rig rig;
    private final String name;
    private final UnaryOperator<DualWriteBuilder> configure;
    private final HikariDataSource source;
    private final HikariDataSource target;
    private @Nullable DualWrite dualWrite;

    Node(Rig rig, String name, UnaryOperator<DualWriteBuilder> configure) {
        this.rig = rig;
        this.name = name;
        this.configure = configure;
        this.source = rig.pool(Side.SOURCE, name, 24);
        this.target = rig.pool(Side.TARGET, name, 24);
    }

    /** Builds the instance. */
    Node start() {
        DualWriteBuilder builder = DualWrite.named(rig.migration())
                .source(source)
                .target(target)
                .tables(rig.tables().toArray(new String[0]))
                .instance(name);
        dualWrite = configure.apply(builder).build();
        return this;
    }

    String name() {
        return name;
    }

    boolean open() {
        return dualWrite != null;
    }

    DualWrite dualWrite() {
        if (dualWrite == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return dualWrite;
    }

    DataSource dataSource() {
        return dualWrite().dataSource();
    }

    /** One statement in autocommit, through the boundary. */
    int write(String sql) throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** Some statements in one transaction, through the boundary. */
    void transaction(String... statements) throws SQLException {
        try (Connection connection = dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.executeUpdate(sql);
                }
                connection.commit();
            } catch (SQLException e) {
                try {
                    connection.rollback();
                } catch (SQLException gone) {
                    e.addSuppressed(gone);
                }
                throw e;
            }
        }
    }

    /** Connections of the host's pools that are in use. */
    int busy() {
        return active(source) + active(target);
    }

    private static int active(HikariDataSource pool) {
        return pool.isClosed() || pool.getHikariPoolMXBean() == null
                ? 0
                : pool.getHikariPoolMXBean().getActiveConnections();
    }

    @Override
    public void close() {
        if (dualWrite != null) {
            dualWrite.close();
            dualWrite = null;
        }
        source.close();
        target.close();
    }
}
