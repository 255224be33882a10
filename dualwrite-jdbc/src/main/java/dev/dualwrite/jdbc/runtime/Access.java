package dev.dualwrite.jdbc.runtime;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.jdbc.JdbcConnection;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.boundary.BoundaryDataSource;
import dev.dualwrite.jdbc.schema.SealMark;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
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
     * What the library's own sessions must be like, whatever the host's URL says: rows are neither cut, padded nor
     * recoded, and nobody waits for ever.
     */
    private static final Map<String, String> PINS = pins();

    private static Map<String, String> pins() {
        Map<String, String> pins = new LinkedHashMap<>();
        pins.put("connectTimeout", "2000");
        pins.put("socketTimeout", "8000");
        pins.put("characterEncoding", "UTF-8");
        pins.put("characterSetResults", "UTF-8");
        pins.put("sessionVariables", "sql_select_limit=18446744073709551615");
        pins.put("maxRows", "-1");
        pins.put("padCharsWithSpace", "false");
        pins.put("blobsAreStrings", "false");
        pins.put("functionsNeverReturnBlobs", "false");
        pins.put("useCursorFetch", "false");
        pins.put("defaultFetchSize", "0");
        // what is read row by row takes seconds at the most: without two SETs around each of these
        pins.put("netTimeoutForStreamingResults", "0");
        pins.put("autoReconnect", "false");
        pins.put("tinyInt1isBit", "false");
        pins.put("yearIsDateType", "false");
        pins.put("useAffectedRows", "false");
        pins.put("useServerPrepStmts", "false");
        pins.put("rewriteBatchedStatements", "true");
        pins.put("continueBatchOnError", "false");
        pins.put("cacheServerConfiguration", "true");
        pins.put("useLocalSessionState", "true");
        pins.put("jdbcCompliantTruncation", "true");
        pins.put("connectionAttributes", "program_name:dualwrite");
        return pins;
    }

    /** To Connector/J what stands in the URL counts more than a property, and what stands last counts most. */
    static String pinned(String url) {
        String joint = !url.contains("?") ? "?" : url.endsWith("?") || url.endsWith("&") ? "" : "&";
        return PINS.entrySet().stream()
                .map(pin -> pin.getKey() + "=" + URLEncoder.encode(pin.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", url + joint, ""));
    }

    /**
     * Makes sure that a session of the library's own is as it has to be: a URL has other ways to set what is pinned,
     * for example for one host only.
     *
     * @throws DualWriteException DW-1012, naming what is not as it must be
     */
    static void prove(Side side, Connection connection) throws SQLException {
        List<String> wrong = new ArrayList<>();
        PropertySet driver = connection.unwrap(JdbcConnection.class).getPropertySet();
        PINS.forEach((name, value) -> {
            String is = driver.getProperty(name).getStringValue();
            // the driver switches this off itself where sql_mode makes it needless; that is asked below
            if (!value.equalsIgnoreCase(is) && !name.equals("jdbcCompliantTruncation")) {
                wrong.add(name + " is " + is + " and not " + value);
            }
        });
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT @@session.sql_select_limit = 18446744073709551615, @@session.character_set_client, \
                        @@session.character_set_connection, COALESCE(@@session.character_set_results, 'utf8mb4'), \
                        @@session.sql_mode""")) {
            row.next();
            if (!row.getBoolean(1)) {
                wrong.add("sql_select_limit shortens results");
            }
            for (int i = 2; i <= 4; i++) {
                if (!row.getString(i).equalsIgnoreCase("utf8mb4")) {
                    wrong.add(row.getMetaData().getColumnLabel(i) + " is " + row.getString(i) + " and not utf8mb4");
                }
            }
            if (!row.getString(5).toUpperCase(Locale.ROOT).contains("STRICT_ALL_TABLES")) {
                wrong.add("sql_mode is " + row.getString(5));
            }
        }
        if (!wrong.isEmpty()) {
            throw new DualWriteException(
                    "DW-1012",
                    "the library's own session on " + side + " would not see rows as they are: "
                            + String.join("; ", wrong) + ". Give the library a plain URL by "
                            + side.name().toLowerCase(Locale.ROOT) + "Access(url, user, password)");
        }
    }

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
            // what another migration's boundary has behind it changes when that flips
            return host.isWrapperFor(HikariDataSource.class) && !host.isWrapperFor(BoundaryDataSource.class)
                    ? Optional.of(host.unwrap(HikariDataSource.class))
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /**
     * A small pool on this access. Its sessions are READ COMMITTED, UTC and strict, do not check foreign
     * keys, pass the seal, and end on the server after 12 s without a word: a stopped process frees its locks by then.
     */
    HikariDataSource pool(String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(pinned(url));
        if (user != null) {
            config.setUsername(user);
        }
        if (password != null) {
            config.setPassword(password);
        }
        properties.forEach((key, value) -> config.addDataSourceProperty((String) key, value));
        config.setConnectionInitSql("""
                SET SESSION wait_timeout = 12, innodb_lock_wait_timeout = 3, lock_wait_timeout = 5, \
                time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', \
                foreign_key_checks = 0, unique_checks = 1, sql_select_limit = 18446744073709551615, %s = 1\
                """.formatted(SealMark.PASS));
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
