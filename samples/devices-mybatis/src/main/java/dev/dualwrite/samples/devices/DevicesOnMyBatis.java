package dev.dualwrite.samples.devices;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Moves a device registry on MyBatis to another server and back while devices report, and to the other server for good. */
public final class DevicesOnMyBatis {
    private static final List<Phase> WAY =
            List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.TARGET_ONLY);
    private static final int GATEWAYS = 3;

    private DevicesOnMyBatis() {}

    /** Fails if the application does, or if the way is blocked. */
    public static void main(String[] args) throws Exception {
        run(System.out, 100);
    }

    static void run(PrintStream out, int reports) throws Exception {
        try (Schema source = schema(TwoServers.get().source().isolatedSchema("devices"));
                Schema target = schema(TwoServers.get().target().isolatedSchema("devices"));
                HikariDataSource sourcePool = pool(source);
                HikariDataSource targetPool = pool(target);
                DualWrite dualWrite = DualWrite.named("devices")
                        .source(sourcePool)
                        .target(targetPool)
                        .tables("device", "device_state", "reading")
                        .build();
                Fleet fleet = new Fleet(dualWrite.dataSource(), GATEWAYS)) {
            fleet.start();
            Passage operator = new Passage(dualWrite);
            for (Phase phase : WAY) {
                fleet.awaitReports(reports);
                operator.to(phase);
                out.println(phase + ": " + dualWrite.ownership().owner() + " owns");
            }
            fleet.awaitReports(reports);
            fleet.end();
            out.println(
                    fleet.stored().values().stream().mapToLong(Long::longValue).sum() + " readings of "
                            + fleet.stored().size() + " devices, "
                            + fleet.retired().size() + " devices retired");
        }
    }

    private static Schema schema(Schema empty) throws IOException, SQLException {
        try (InputStream in =
                Objects.requireNonNull(DevicesOnMyBatis.class.getResourceAsStream("schema.sql"), "schema.sql")) {
            for (String statement : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(";", 0)) {
                empty.execute(statement);
            }
        }
        return empty;
    }

    private static HikariDataSource pool(Schema schema) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema.jdbcUrl());
        config.setMaximumPoolSize(2 * GATEWAYS);
        return new HikariDataSource(config);
    }
}
