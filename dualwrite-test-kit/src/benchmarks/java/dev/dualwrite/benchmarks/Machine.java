package dev.dualwrite.benchmarks;

import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the figures were measured on; without it they say nothing. */
final class Machine {
    private static final int ROUND_TRIPS = 2_000;

    private Machine() {}

    /** In words, a fact in each. */
    static List<String> facts(String versions) {
        List<String> facts = new ArrayList<>();
        facts.add(versions);
        facts.add("Machine: " + Runtime.getRuntime().availableProcessors() + " cores, " + system() + ", "
                + System.getProperty("os.arch") + ", load average at the start "
                + String.format(
                        Locale.ROOT,
                        "%.1f",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        facts.add("JDK: " + System.getProperty("java.vm.name") + " " + Runtime.version() + ", heap at most "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        return facts;
    }

    /** As {@link #facts(String)}, with those of the servers. */
    static List<String> facts(TwoServers servers, String versions) throws SQLException {
        List<String> facts = facts(versions);
        facts.add("Clients and servers share the machine");
        facts.add("Source: " + server(servers.source()));
        facts.add("Target: " + server(servers.target()));
        try (Connection connection = servers.source().connect()) {
            facts.add("Driver: " + connection.getMetaData().getDriverVersion().replaceAll(" \\(.*", ""));
        }
        return facts;
    }

    private static String system() {
        Path release = Path.of("/etc/os-release");
        try {
            for (String line : Files.isReadable(release) ? Files.readAllLines(release) : List.<String>of()) {
                if (line.startsWith("PRETTY_NAME=")) {
                    return line.substring("PRETTY_NAME=".length()).replace("\"", "");
                }
            }
        } catch (IOException e) {
            // the JVM knows a name as well
        }
        return System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    private static String server(Server server) throws SQLException {
        return server.version() + ", data on " + fileSystem(server.ask("SELECT @@datadir"))
                + ", innodb_flush_log_at_trx_commit=" + server.ask("SELECT @@innodb_flush_log_at_trx_commit")
                + ", sync_binlog=" + server.ask("SELECT @@sync_binlog") + "; a round trip (DO 1) takes "
                + Math.round(roundTrip(server)) + " µs";
    }

    /** Where there is memory instead of a disk, a commit is cheaper than anywhere else. */
    private static String fileSystem(String directory) {
        try {
            return Files.getFileStore(Path.of(directory)).type();
        } catch (IOException e) {
            return "another machine";
        }
    }

    /** The median of many, in µs. */
    private static double roundTrip(Server server) throws SQLException {
        long[] nanos = new long[ROUND_TRIPS];
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < ROUND_TRIPS; i++) {
                long began = System.nanoTime();
                statement.execute("DO 1");
                nanos[i] = System.nanoTime() - began;
            }
        }
        Arrays.sort(nanos);
        return nanos[ROUND_TRIPS / 2] / 1e3;
    }
}
