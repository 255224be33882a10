package dev.dualwrite.samples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.server.ProviderName;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.ServersUnavailableException;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Moves two tables to another server while threads write to them: dual write, backfill, verification, flip,
 * rollback, flip, end. Then counts whether everything that was acknowledged is there.
 */
public final class Quickstart {
    private static final int DEVICES = 4;
    private static final String DEVICE =
            "CREATE TABLE device (id INT PRIMARY KEY, readings BIGINT NOT NULL) ENGINE=InnoDB";
    private static final String READING = """
            CREATE TABLE reading (id BIGINT AUTO_INCREMENT PRIMARY KEY, device INT NOT NULL, number BIGINT NOT NULL,
              watts INT NOT NULL, UNIQUE KEY one_of_device (device, number)) ENGINE=InnoDB""";

    private final PrintStream out;
    private final Duration stage;
    private final long began = System.nanoTime();

    Quickstart(PrintStream out, Duration stage) {
        this.out = out;
        this.stage = stage;
    }

    /** Fails if anything was lost. */
    public static void main(String[] args) throws Exception {
        if (!new Quickstart(System.out, Duration.ofSeconds(2)).run()) {
            throw new IllegalStateException("the quickstart failed, see above");
        }
    }

    /** Whether it went as it should. */
    boolean run() throws SQLException, InterruptedException {
        try (TwoServers servers = servers();
                Schema source = servers.source().isolatedSchema("quickstart");
                Schema target = servers.target().isolatedSchema("quickstart")) {
            say(servers.describe());
            source.execute(DEVICE, READING);
            target.execute(DEVICE, READING);
            for (int device = 1; device <= DEVICES; device++) {
                source.execute("INSERT INTO device VALUES (" + device + ", 0)");
            }
            try (HikariDataSource sourcePool = pool(source);
                    HikariDataSource targetPool = pool(target)) {
                return migrate(sourcePool, targetPool);
            }
        }
    }

    /** The embedded server where there is one for this platform, unless -Ddualwrite.servers says otherwise. */
    private static TwoServers servers() {
        ServerRequest request = ServerRequest.fromEnvironment();
        if (!(request.choice() instanceof ServerRequest.Choice.Any)) {
            return TwoServers.open(request);
        }
        try {
            return TwoServers.open(request.from(ProviderName.EMBEDDED));
        } catch (ServersUnavailableException notHere) {
            return TwoServers.open(request);
        }
    }

    private static HikariDataSource pool(Schema schema) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema.jdbcUrl());
        config.setMaximumPoolSize(8);
        return new HikariDataSource(config);
    }

    private boolean migrate(HikariDataSource sourcePool, HikariDataSource targetPool)
            throws SQLException, InterruptedException {
        // README
        DualWrite dualWrite = DualWrite.named("meters-2026")
                .source(sourcePool) // the HikariDataSource that the application has today
                .target(targetPool) // the same for the other server
                .tables("device", "reading")
                .build();
        DataSource dataSource = dualWrite.dataSource(); // what the application uses from now on
        // README end
        try (dualWrite) {
            Traffic traffic = new Traffic(dataSource, DEVICES);
            traffic.start();
            boolean done = operate(dualWrite, traffic);
            traffic.end();
            return verdict(traffic, targetPool) && done;
        }
    }

    private boolean operate(DualWrite dualWrite, Traffic traffic) throws InterruptedException {
        write("SOURCE_ONLY", dualWrite, traffic);
        if (!enter(dualWrite, Phase.DUAL_WRITE)) {
            return false;
        }
        say("backfill: " + dualWrite.backfill());
        if (!verified(dualWrite)) {
            return false;
        }
        write("DUAL_WRITE", dualWrite, traffic);
        if (!moved("flip", dualWrite::flip)) {
            return false;
        }
        write("REVERSE_WINDOW", dualWrite, traffic);
        if (!moved("rollback", dualWrite::rollBack)) {
            return false;
        }
        write("DUAL_WRITE again", dualWrite, traffic);
        if (!moved("flip", dualWrite::flip)) {
            return false;
        }
        write("REVERSE_WINDOW again", dualWrite, traffic);
        if (!verified(dualWrite) || !enter(dualWrite, Phase.TARGET_ONLY)) {
            return false;
        }
        write("TARGET_ONLY", dualWrite, traffic);
        return true;
    }

    private void write(String where, DualWrite dualWrite, Traffic traffic) throws InterruptedException {
        traffic.go(stage, 100);
        DualWrite.Status status = dualWrite.status();
        say("%s: %,d messages acknowledged, longest write %d ms; %s owns, %d queued"
                .formatted(
                        where,
                        traffic.acknowledged().size(),
                        traffic.longest().toMillis(),
                        status.ownership().owner(),
                        status.queued()));
    }

    private boolean enter(DualWrite dualWrite, Phase phase) {
        PhaseOutcome outcome = dualWrite.enter(phase);
        say("enter " + phase + ": " + outcome);
        return outcome instanceof PhaseOutcome.Entered;
    }

    private boolean verified(DualWrite dualWrite) {
        DualWrite.VerificationReport report = dualWrite.verify();
        say("verify: " + report);
        return report.equal();
    }

    /** A flip that does not fit its budget gives up by itself and may be tried again. */
    private boolean moved(String what, Supplier<FlipOutcome> flip) {
        for (int i = 0; i < 5; i++) {
            FlipOutcome outcome = flip.get();
            if (outcome instanceof FlipOutcome.Flipped flipped) {
                say("%s: done at epoch %d, writers stalled for %d ms"
                        .formatted(what, flipped.epoch(), flipped.stall().toMillis()));
                return true;
            }
            say(what + ": " + outcome);
        }
        return false;
    }

    /** Reads the owner past the library. */
    private boolean verdict(Traffic traffic, DataSource owner) throws SQLException {
        Set<Traffic.Message> found = new HashSet<>();
        long counted;
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT device, number FROM reading")) {
                while (row.next()) {
                    found.add(new Traffic.Message(row.getInt(1), row.getLong(2)));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT SUM(readings) FROM device")) {
                row.next();
                counted = row.getLong(1);
            }
        }
        Set<Traffic.Message> lost = new HashSet<>(traffic.acknowledged());
        lost.removeAll(found);
        traffic.failures().forEach(failure -> say("a writer failed: " + failure));
        say("transactions run again after SQLState 40001: " + traffic.again()
                + (traffic.again() == 0 ? "" : ", the last: " + traffic.lastRefusal()));
        say("acknowledged %,d, found %,d, counted %,d, lost %,d"
                .formatted(traffic.acknowledged().size(), found.size(), counted, lost.size()));
        boolean good = lost.isEmpty()
                && found.size() == traffic.acknowledged().size()
                && counted == found.size()
                && traffic.failures().isEmpty();
        say(good ? "GOOD" : "BAD");
        return good;
    }

    private void say(String what) {
        out.printf(Locale.ROOT, "%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, what);
    }
}
