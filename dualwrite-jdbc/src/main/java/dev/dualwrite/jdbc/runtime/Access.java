package dev.dualwrite.jdbc.runtime;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How the library reaches one side by itself: a second URL and account, or those of the host's Hikari
 * pool. The host's pools are for the application only.
 *
 * @param url JDBC URL, with the schema of the moved tables
 * @param user account, if the URL does not name one
 * @param password of the account
 * @param properties of the driver, as the host set them
 */
public record Access(
        String url, @Nullable String user, @Nullable String password, Properties properties) {

    /**
     * Takes the access from the host's pool.
     *
     * @throws DualWriteException DW-1006, with what to do, if the pool is not one that can be asked
     */
    public static Access of(Side side, DataSource host) {
        HikariDataSource hikari = unwrap(host)
                .orElseThrow(() -> new DualWriteException(
                        "DW-1006",
                        "the " + side + " DataSource is a " + host.getClass().getName()
                                + ", from which no URL and account can be taken: give the library its own by "
                                + side.name().toLowerCase(Locale.ROOT) + "Access(url, user, password)"));
        if (hikari.getJdbcUrl() == null) {
            throw new DualWriteException(
                    "DW-1006",
                    "the " + side + " Hikari pool has no jdbcUrl: give the library its own access by "
                            + side.name().toLowerCase(Locale.ROOT) + "Access(url, user, password)");
        }
        return new Access(
                hikari.getJdbcUrl(), hikari.getUsername(), hikari.getPassword(), hikari.getDataSourceProperties());
    }

    private static Optional<HikariDataSource> unwrap(DataSource host) {
        try {
            if (host instanceof HikariDataSource hikari) {
                return Optional.of(hikari);
            }
            return host.isWrapperFor(HikariDataSource.class)
                    ? Optional.of(host.unwrap(HikariDataSource.class))
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /**
     * A small pool on this access. Its sessions are READ COMMITTED, UTC and strict, do not check foreign
     * keys, and end on the server after 12 s without a word: a stopped process frees its locks by then.
     */
    HikariDataSource pool(String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        if (user != null) {
            config.setUsername(user);
        }
        if (password != null) {
            config.setPassword(password);
        }
        properties.forEach((key, value) -> config.addDataSourceProperty((String) key, value));
        config.addDataSourceProperty("connectTimeout", "2000");
        config.addDataSourceProperty("socketTimeout", "8000");
        config.addDataSourceProperty("characterEncoding", "UTF-8");
        config.addDataSourceProperty("tinyInt1isBit", "false");
        config.addDataSourceProperty("yearIsDateType", "false");
        config.addDataSourceProperty("useAffectedRows", "false");
        config.addDataSourceProperty("useServerPrepStmts", "false");
        config.addDataSourceProperty("rewriteBatchedStatements", "true");
        config.addDataSourceProperty("continueBatchOnError", "false");
        config.addDataSourceProperty("cacheServerConfiguration", "true");
        config.addDataSourceProperty("useLocalSessionState", "true");
        config.addDataSourceProperty("jdbcCompliantTruncation", "true");
        config.addDataSourceProperty("connectionAttributes", "program_name:dualwrite");
        config.setConnectionInitSql("""
                SET SESSION wait_timeout = 12, innodb_lock_wait_timeout = 3, lock_wait_timeout = 5, \
                time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', \
                foreign_key_checks = 0, unique_checks = 1\
                """);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(size);
        config.setIdleTimeout(10_000);
        config.setConnectionTimeout(3_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        config.setRegisterMbeans(false);
        return new HikariDataSource(config);
    }
}
