package dev.dualwrite.testkit.rehearsal;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What a rehearsal measured, and what did not hold. Kept as a file of properties, and if wanted as a row of the table {@value
 * #TABLE}, which a gate can ask for by {@link #gateQuery}.
 *
 * @param migration its name
 * @param began when
 * @param ended when
 * @param committed transactions that were acknowledged
 * @param refused tries that were told not to be committed
 * @param unknown commits that were not answered
 * @param rejected transactions that the data did not take
 * @param lost transactions that were acknowledged and are not there
 * @param doubled transactions that are there more than once
 * @param ghosts tries that were told not to be committed and are there
 * @param flips how often ownership moved, there and back
 * @param stall the longest stall of a flip, those included that gave up
 * @param slowest the longest that a transaction took from when it was due
 * @param lag the largest, faults included
 * @param faults by name, what they have hit
 * @param problems everything that did not hold, in words; empty if it passed
 */
public record RehearsalReport(
        String migration,
        Instant began,
        Instant ended,
        long committed,
        long refused,
        long unknown,
        long rejected,
        long lost,
        long doubled,
        long ghosts,
        int flips,
        Duration stall,
        Duration slowest,
        Duration lag,
        Map<String, String> faults,
        List<String> problems) {
    /** The table of {@link #store(Connection)}. */
    public static final String TABLE = "testkit_rehearsal";

    private static final String FAULT = "fault.";
    private static final String PROBLEM = "problem.";

    public RehearsalReport {
        faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
        problems = List.copyOf(problems);
    }

    /** Whether everything held. */
    public boolean passed() {
        return problems.isEmpty();
    }

    /** For people. */
    @Override
    public String toString() {
        return "rehearsal of " + migration + ": " + (passed() ? "passed" : "FAILED") + "\n  transactions   " + committed
                + " committed, " + refused + " tries refused, " + unknown + " unknown, " + rejected
                + " rejected by the data\n  lost           " + lost + "\n  doubled        " + doubled
                + "\n  ghosts         " + ghosts + "\n  flips          " + flips + ", longest stall " + stall.toMillis()
                + " ms\n  slowest        " + slowest.toMillis() + " ms\n  largest lag    " + lag.toMillis() + " ms"
                + faults.entrySet().stream()
                        .map(fault -> "\n  " + fault.getKey() + ": " + fault.getValue())
                        .collect(Collectors.joining())
                + problems.stream().map(problem -> "\n  NOT HELD: " + problem).collect(Collectors.joining());
    }

    /** Writes it as properties into a directory, as {@code <migration>.properties}; gives the file. */
    public Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(migration + ".properties");
        Properties properties = new Properties();
        properties.setProperty("migration", migration);
        properties.setProperty("passed", Boolean.toString(passed()));
        properties.setProperty("began", began.toString());
        properties.setProperty("ended", ended.toString());
        properties.setProperty("committed", Long.toString(committed));
        properties.setProperty("refused", Long.toString(refused));
        properties.setProperty("unknown", Long.toString(unknown));
        properties.setProperty("rejected", Long.toString(rejected));
        properties.setProperty("lost", Long.toString(lost));
        properties.setProperty("doubled", Long.toString(doubled));
        properties.setProperty("ghosts", Long.toString(ghosts));
        properties.setProperty("flips", Integer.toString(flips));
        properties.setProperty("stall", stall.toString());
        properties.setProperty("slowest", slowest.toString());
        properties.setProperty("lag", lag.toString());
        faults.forEach((name, hit) -> properties.setProperty(FAULT + name, hit));
        for (int i = 0; i < problems.size(); i++) {
            properties.setProperty(PROBLEM + i, problems.get(i));
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, "evidence of a rehearsal");
        }
        return file;
    }

    /** Reads what {@link #write} wrote. */
    public static RehearsalReport read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        Map<String, String> faults = new LinkedHashMap<>();
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(FAULT))
                .sorted()
                .forEach(name -> faults.put(name.substring(FAULT.length()), properties.getProperty(name)));
        List<String> problems = properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROBLEM))
                .sorted()
                .map(properties::getProperty)
                .toList();
        return new RehearsalReport(
                properties.getProperty("migration"),
                Instant.parse(properties.getProperty("began")),
                Instant.parse(properties.getProperty("ended")),
                number(properties, "committed"),
                number(properties, "refused"),
                number(properties, "unknown"),
                number(properties, "rejected"),
                number(properties, "lost"),
                number(properties, "doubled"),
                number(properties, "ghosts"),
                (int) number(properties, "flips"),
                Duration.parse(properties.getProperty("stall")),
                Duration.parse(properties.getProperty("slowest")),
                Duration.parse(properties.getProperty("lag")),
                faults,
                problems);
    }

    private static long number(Properties properties, String name) {
        return Long.parseLong(properties.getProperty(name));
    }

    /**
     * Adds a row to the table {@value #TABLE} of a database, which is made if it is not there. For a gate that is asked by
     * {@link #gateQuery}, do it in both databases: it asks both.
     */
    public void store(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + TABLE
                    + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, migration VARCHAR(64) NOT NULL, ended_at DATETIME(6) NOT NULL,"
                    + " passed TINYINT NOT NULL, flips INT NOT NULL, faults INT NOT NULL, committed BIGINT NOT NULL,"
                    + " lost BIGINT NOT NULL, doubled BIGINT NOT NULL, stall_millis BIGINT NOT NULL,"
                    + " lag_millis BIGINT NOT NULL) ENGINE=InnoDB");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + TABLE
                + " (migration, ended_at, passed, flips, faults, committed, lost, doubled, stall_millis, lag_millis)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, migration);
            insert.setString(
                    2,
                    Timestamp.valueOf(ended.atOffset(ZoneOffset.UTC).toLocalDateTime())
                            .toString());
            insert.setInt(3, passed() ? 1 : 0);
            insert.setInt(4, flips);
            insert.setInt(5, faults.size());
            insert.setLong(6, committed);
            insert.setLong(7, lost);
            insert.setLong(8, doubled);
            insert.setLong(9, stall.toMillis());
            insert.setLong(10, lag.toMillis());
            insert.executeUpdate();
        }
    }

    /**
     * A query for {@code DualWriteBuilder.invariant("rehearsed", …)}: it holds if a rehearsal with at least a flip and a rollback
     * has passed not longer ago than this, with no longer stall than this. Without the table the gate stays closed.
     */
    public static String gateQuery(Duration notOlder, Duration stallAtMost) {
        return "SELECT 'no rehearsal that counts' AS missing FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM " + TABLE
                + " WHERE passed = 1 AND flips >= 2 AND faults > 0 AND stall_millis <= " + stallAtMost.toMillis()
                + " AND ended_at > UTC_TIMESTAMP(6) - INTERVAL " + notOlder.toSeconds() + " SECOND)";
    }
}
