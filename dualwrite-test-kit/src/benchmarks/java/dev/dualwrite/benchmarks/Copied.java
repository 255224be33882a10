package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of readings that is copied, compared and converged, beside the tools that one would use otherwise. */
final class Copied implements AutoCloseable {
    private static final String TABLE = """
            CREATE TABLE reading (id BIGINT PRIMARY KEY, device INT NOT NULL, at DATETIME(3) NOT NULL, value DOUBLE NOT NULL, \
            note VARCHAR(60) NOT NULL, KEY by_device (device, at)) ENGINE=InnoDB""";

    /** As the library computes it, for this table. */
    private static final String DIGEST = """
            SELECT COUNT(*), BIT_XOR(d) FROM (SELECT CAST(CONV(LEFT(SHA2(CONCAT(IF(id IS NULL, 'N', CAST(id AS CHAR)), ',', \
            IF(device IS NULL, 'N', CAST(device AS CHAR)), ',', IF(at IS NULL, 'N', CAST(at AS CHAR)), ',', \
            IF(value IS NULL, 'N', CAST(CAST(value AS DOUBLE) AS CHAR)), ',', IF(note IS NULL, 'N', \
            CONCAT(LENGTH(CAST(note AS BINARY)), ':', CAST(note AS BINARY)))), 256), 16), 16, 10) AS UNSIGNED) AS d \
            FROM reading) r""";

    private static final Pattern URL = Pattern.compile("jdbc:(mysql://[^/]+)/([^?]*)\\?(.*)");

    private final Schema source;
    private final Schema target;
    private final int rows;

    private Copied(Schema source, Schema target, int rows) {
        this.source = source;
        this.target = target;
        this.rows = rows;
    }

    static Copied create(TwoServers servers, int rows) throws SQLException {
        Copied copied = new Copied(
                servers.source().isolatedSchema("copied"), servers.target().isolatedSchema("copied"), rows);
        copied.source.execute(TABLE);
        copied.target.execute(TABLE);
        try (Connection connection = copied.source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int from = 0; from < rows; from += 1000) {
                StringBuilder insert = new StringBuilder("INSERT INTO reading VALUES ");
                for (int i = from; i < Math.min(rows, from + 1000); i++) {
                    insert.append(i == from ? "" : ",")
                            .append(String.format(
                                    Locale.ROOT,
                                    "(%d, %d, '2026-01-01 00:00:00.123' + INTERVAL %d SECOND, %d.25, 'reading number %d of its device')",
                                    i,
                                    i % 2000,
                                    i,
                                    i % 977,
                                    i / 2000));
                }
                statement.executeUpdate(insert.toString());
                connection.commit();
            }
        }
        return copied;
    }

    /** What was found, a line each. */
    List<String> measure() throws SQLException, IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        double dumped = dump(lines);
        target.execute("TRUNCATE reading");
        double drained;
        try (HikariDataSource sourcePool = pool(source);
                HikariDataSource targetPool = pool(target);
                DualWrite dualWrite = DualWrite.named("copied")
                        .source(sourcePool)
                        .target(targetPool)
                        .tables("reading")
                        .build()) {
            dualWrite.enter(Phase.DUAL_WRITE);
            long began = System.nanoTime();
            if (!dualWrite.backfill().complete()) {
                throw new IllegalStateException("the backfill did not complete");
            }
            double backfilled = perSecond(began);
            lines.add(String.format(
                    Locale.ROOT,
                    "- backfill, 2 workers: %,.0f rows/s%s",
                    backfilled,
                    Double.isNaN(dumped)
                            ? ""
                            : String.format(Locale.ROOT, ", %.2f × dump and load", backfilled / dumped)));
            scan();
            double scanned = scan();
            began = System.nanoTime();
            if (!dualWrite.verify().equal()) {
                throw new IllegalStateException("not equal");
            }
            double verified = perSecond(began);
            lines.add(String.format(
                    Locale.ROOT,
                    "- verification: %,.0f rows/s, %.2f × two bare digest scans at once (%,.0f rows/s)",
                    verified,
                    verified / scanned,
                    scanned));
            drained = drain(dualWrite);
        }
        double one = oneByOne();
        lines.add(String.format(
                Locale.ROOT,
                "- draining %,d intents: %,.0f/s, %.1f × a loop that repairs one by one (%,.0f/s)",
                Math.min(rows, 100_000),
                drained,
                drained / one,
                one));
        return lines;
    }

    private double perSecond(long began) {
        return rows / ((System.nanoTime() - began) / 1e9);
    }

    /** Both servers scan their table at once, each in one statement. */
    private double scan() {
        long began = System.nanoTime();
        List<CompletableFuture<String>> scans = List.of(source, target).stream()
                .map(schema -> CompletableFuture.supplyAsync(() -> {
                    try (Connection connection = schema.connect();
                            Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery(DIGEST)) {
                        row.next();
                        return row.getString(2);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        if (!scans.get(0).join().equals(scans.get(1).join())) {
            throw new IllegalStateException("the digests differ");
        }
        return perSecond(began);
    }

    /** A hundred thousand intents, of as many rows as there are, that piled up while nothing converged. */
    private double drain(DualWrite dualWrite) throws SQLException {
        dualWrite.kill(true);
        int changes = Math.min(rows, 100_000);
        try (Connection connection = dualWrite.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int from = 0; from < changes; from += 1000) {
                statement.executeUpdate(
                        "UPDATE reading SET value = value + 1 WHERE id >= " + from + " AND id < " + (from + 1000));
                connection.commit();
            }
        }
        long began = System.nanoTime();
        dualWrite.kill(false);
        Eventually.within(Duration.ofMinutes(10))
                .until("drained", () -> dualWrite.status().queued() == 0);
        return changes / ((System.nanoTime() - began) / 1e9);
    }

    /** The peer: take a key from a list, read its row, write it on the other side, take the key off the list. */
    private double oneByOne() throws SQLException {
        int some = Math.min(rows, 2_000);
        source.execute("UPDATE reading SET value = value + 1 WHERE id < " + some);
        source.execute("CREATE TABLE todo (id BIGINT PRIMARY KEY)");
        source.execute("INSERT INTO todo SELECT id FROM reading WHERE id < " + some);
        long began = System.nanoTime();
        try (Connection from = source.connect();
                Connection to = target.connect();
                Statement asking = from.createStatement();
                PreparedStatement reading = from.prepareStatement("SELECT * FROM reading WHERE id = ?");
                PreparedStatement writing =
                        to.prepareStatement("UPDATE reading SET device = ?, at = ?, value = ?, note = ? WHERE id = ?");
                PreparedStatement taking = from.prepareStatement("DELETE FROM todo WHERE id = ?")) {
            for (int done = 0; done < some; done++) {
                long id;
                try (ResultSet row = asking.executeQuery("SELECT id FROM todo ORDER BY id LIMIT 1")) {
                    row.next();
                    id = row.getLong(1);
                }
                reading.setLong(1, id);
                try (ResultSet row = reading.executeQuery()) {
                    row.next();
                    for (int column = 2; column <= 5; column++) {
                        writing.setString(column - 1, row.getString(column));
                    }
                }
                writing.setLong(5, id);
                writing.executeUpdate();
                taking.setLong(1, id);
                taking.executeUpdate();
            }
        }
        double perSecond = some / ((System.nanoTime() - began) / 1e9);
        scan(); // fails if the sides differ
        return perSecond;
    }

    private static HikariDataSource pool(Schema schema) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema.jdbcUrl());
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    /** The peer: a dump of the one piped into the other; not a number if its programs are not here. */
    private double dump(List<String> lines) throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("bench.clients", ""));
        Path dump = folder.resolve("mariadb-dump");
        Path client = folder.resolve("mariadb");
        if (!Files.isExecutable(dump) || !Files.isExecutable(client)) {
            lines.add("- no dump and load beside it: -Dbench.clients= names no folder with mariadb-dump and mariadb");
            return Double.NaN;
        }
        List<String> from = new ArrayList<>(List.of(dump.toString()));
        from.addAll(account(source));
        from.addAll(List.of("--single-transaction", "--no-create-info", "--skip-triggers", source.name(), "reading"));
        List<String> to = new ArrayList<>(List.of(client.toString()));
        to.addAll(account(target));
        to.add(target.name());
        long began = System.nanoTime();
        List<Process> pipeline = ProcessBuilder.startPipeline(
                List.of(new ProcessBuilder(from), new ProcessBuilder(to).redirectErrorStream(true)));
        for (Process process : pipeline) {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException("a program of the peer ended with " + code + ": "
                        + new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        double dumped = perSecond(began);
        lines.add(String.format(Locale.ROOT, "- mariadb-dump | mariadb: %,.0f rows/s", dumped));
        return dumped;
    }

    private static List<String> account(Schema schema) {
        Matcher url = URL.matcher(schema.jdbcUrl());
        if (!url.matches()) {
            throw new IllegalStateException("not a URL of the test kit: " + schema.jdbcUrl());
        }
        URI server = URI.create(url.group(1));
        List<String> options = new ArrayList<>(
                List.of("--protocol=tcp", "--skip-ssl", "--host=" + server.getHost(), "--port=" + server.getPort()));
        for (String parameter : url.group(3).split("&", -1)) {
            if (parameter.startsWith("user=") || parameter.startsWith("password=")) {
                options.add("--" + parameter);
            }
        }
        return options;
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
