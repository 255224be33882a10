package dev.dualwrite.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import dev.dualwrite.testkit.server.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The grants of {@code docs/operating.md} are enough for a whole migration. */
class GrantsIT {
    private static final Path HERE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

    @Test
    void areEnough() throws SQLException, IOException {
        TwoServers servers = TwoServers.get();
        try (Schema source = servers.source().isolatedSchema("grants");
                Schema target = servers.target().isolatedSchema("grants");
                User sourceApp = servers.source().createUser();
                User targetApp = servers.target().createUser();
                User sourceLibrary = servers.source().createUser();
                User targetLibrary = servers.target().createUser()) {
            prepare(source, sourceApp, sourceLibrary);
            prepare(target, targetApp, targetLibrary);
            try (HikariDataSource sourcePool = pool(sourceApp.jdbcUrl(source.name()));
                    HikariDataSource targetPool = pool(targetApp.jdbcUrl(target.name()));
                    DualWrite dualWrite = DualWrite.named("grants")
                            .source(sourcePool)
                            .target(targetPool)
                            .sourceAccess(sourceLibrary.jdbcUrl(source.name()), null, null)
                            .targetAccess(targetLibrary.jdbcUrl(target.name()), null, null)
                            .tables("device", "reading")
                            .createControlTables(false)
                            .build()) {
                OperationLog log = new OperationLog();
                Oracle oracle =
                        new Oracle(source::connect, target::connect, "grants", List.of("device", "reading"), log);
                migrate(dualWrite, log, oracle);
            }
        }
    }

    private static void migrate(DualWrite dualWrite, OperationLog log, Oracle oracle) throws SQLException {
        write(dualWrite, log, 1);
        enter(dualWrite, Phase.DUAL_WRITE);
        write(dualWrite, log, 2);
        assertThat(dualWrite.backfill().complete()).isTrue();
        assertThat(dualWrite.verify().equal()).isTrue();
        flip(dualWrite::flip);
        write(dualWrite, log, 3);
        flip(dualWrite::rollBack);
        write(dualWrite, log, 4);
        flip(dualWrite::flip);
        oracle.assertHolds();
        enter(dualWrite, Phase.TARGET_ONLY);
        write(dualWrite, log, 5);
        oracle.withoutFollower().assertHolds(); // nothing is captured any more
    }

    private static void write(DualWrite dualWrite, OperationLog log, int device) throws SQLException {
        try (Connection connection = dualWrite.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO device VALUES (" + device + ", 0)");
            statement.executeUpdate("UPDATE device SET readings = readings + 1 WHERE readings >= 0");
            statement.executeUpdate("INSERT INTO reading (device, number) VALUES (" + device + ", 1)");
            connection.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO reading (device, number) VALUES (" + device + ", 2)");
            statement.executeUpdate("DELETE FROM reading WHERE number = 1");
            connection.commit();
        }
        log.present("device", "id", device);
    }

    private static void enter(DualWrite dualWrite, Phase phase) {
        assertThat(dualWrite.enter(phase)).isInstanceOf(PhaseOutcome.Entered.class);
    }

    private static void flip(Supplier<FlipOutcome> flip) {
        FlipOutcome outcome = flip.get();
        for (int i = 0; i < 5 && outcome instanceof FlipOutcome.GaveUp; i++) {
            outcome = flip.get();
        }
        assertThat(outcome).isInstanceOf(FlipOutcome.Flipped.class);
    }

    private static void prepare(Schema schema, User app, User library) throws SQLException, IOException {
        schema.execute(
                "CREATE TABLE device (id INT PRIMARY KEY, readings BIGINT NOT NULL) ENGINE=InnoDB",
                "CREATE TABLE reading (id BIGINT AUTO_INCREMENT PRIMARY KEY, device INT NOT NULL, number BIGINT NOT NULL)"
                        + " ENGINE=InnoDB");
        try (InputStream text =
                Objects.requireNonNull(DualWrite.class.getResourceAsStream("/dev/dualwrite/jdbc/control-tables.sql"))) {
            String ddl = new String(text.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            for (String statement : ddl.strip().split(";", -1)) {
                if (!statement.isBlank()) {
                    schema.execute(statement);
                }
            }
        }
        String product;
        try (Connection connection = schema.connect()) {
            product = connection.getMetaData().getDatabaseProductVersion().contains("MariaDB") ? "MariaDB" : "MySQL";
        }
        List<String> grants = Pattern.compile("(?m)^GRANT .*;( -- " + product + ")?$")
                .matcher(Files.readString(HERE.resolve("../../docs/operating.md")))
                .results()
                .map(MatchResult::group)
                .map(grant -> grant.substring(0, grant.indexOf(';')))
                .toList();
        assertThat(grants).hasSizeGreaterThan(4);
        for (String grant : grants) {
            schema.execute(grant.replace(" shop.", " " + schema.name() + ".")
                    .replace("'app'@'%'", app.account())
                    .replace("'dualwrite'@'%'", library.account()));
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }
}
