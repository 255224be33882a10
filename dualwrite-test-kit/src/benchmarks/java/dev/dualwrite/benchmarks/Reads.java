package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.runtime.RoutingCost;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import javax.sql.DataSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures what a read by key costs: on a bare pool, through this library, and with 5 % of the reads compared, with a target that
 * answers and with one that hangs; how many comparisons a core does; and what a decision about the route of a read costs. {@link
 * Bounds} lists the properties.
 */
public final class Reads {
    private static final int CLIENTS = 8;

    /** Of what a bare pool does at most. */
    private static final double[] SHARES = {0.04, 0.3};

    private static final String QUERY = "SELECT owner, balance FROM account WHERE id = ?";

    private final Bounds bounds;
    private final TwoServers servers;
    private final StringBuilder report = new StringBuilder();

    private Reads(Bounds bounds, TwoServers servers) {
        this.bounds = bounds;
        this.servers = servers;
    }

    /**
     * Runs everything, prints the report, and writes it to a file.
     *
     * @param arguments the file, and the versions that only the build knows
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("wants the report's file and the versions of what is measured");
        }
        try (TwoServers servers = TwoServers.open(ServerRequest.fromEnvironment())) {
            Reads reads = new Reads(Bounds.fromProperties(), servers);
            reads.say("# Reads\n");
            Machine.facts(servers, arguments[1]).forEach(fact -> reads.say("- " + fact));
            reads.latency();
            reads.comparing();
            reads.routing();
            Files.writeString(Path.of(arguments[0]), reads.report);
        }
    }

    private void say(String line) {
        System.out.println(line);
        report.append(line).append('\n');
    }

    /** Ends what answers. */
    @FunctionalInterface
    private interface Closing {
        void close();
    }

    /** Who answers reads, while it is open. */
    private record Answering(DataSource reads, DoubleSupplier compared, Closing closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.close();
        }
    }

    private Answering bare(Databases databases) {
        HikariDataSource pool = databases.pool(Side.SOURCE, 2 * CLIENTS);
        return new Answering(pool, () -> 0, pool::close);
    }

    private static DualWrite build(HikariDataSource source, HikariDataSource target, double percent) {
        return DualWrite.named("benchmark")
                .source(source)
                .target(target)
                .tables("account")
                .readComparison(ReadComparison.standard().withPercent(percent))
                .build();
    }

    private Answering library(Databases databases, String name, Phase phase, double percent, boolean hanging)
            throws SQLException, IOException {
        TcpProxy proxy = TcpProxy.inFrontOf(servers.target());
        HikariDataSource source = databases.pool(Side.SOURCE, 2 * CLIENTS);
        HikariDataSource target = databases.pool(Side.TARGET, 2, proxy);
        DualWrite dualWrite = build(source, target, percent);
        if (dualWrite.ownership().phase() == Phase.SOURCE_ONLY) {
            enter(dualWrite, Phase.DUAL_WRITE);
            if (!dualWrite.backfill().complete()) {
                throw new IllegalStateException("the backfill is not complete");
            }
        }
        if (dualWrite.ownership().phase() != phase) {
            enter(dualWrite, phase);
        }
        if (hanging) {
            proxy.blackHole();
        }
        return new Answering(dualWrite.dataSource(), () -> figure(dualWrite, "reads.compared"), () -> {
            proxy.pass();
            System.out.println(name + ": " + dualWrite.metrics());
            dualWrite.close();
            source.close();
            target.close();
            proxy.close();
        });
    }

    private static double figure(DualWrite dualWrite, String name) {
        return dualWrite.metrics().getOrDefault(name, 0.0);
    }

    private static void enter(DualWrite dualWrite, Phase phase) {
        Eventually.eventually()
                .until("the gate is open", () -> dualWrite.gate(phase).open());
        PhaseOutcome outcome = dualWrite.enter(phase);
        if (!(outcome instanceof PhaseOutcome.Entered)) {
            throw new IllegalStateException("could not enter " + phase + ": " + outcome);
        }
    }

    private static void read(DataSource from, long key) throws SQLException {
        try (Connection connection = from.getConnection();
                PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || row.getString(1).isEmpty() || row.next()) {
                    throw new IllegalStateException("account " + key + " was not answered");
                }
            }
        }
    }

    private Running running(DataSource from) {
        return new Running() {
            @Override
            public Client client(Workload workload) {
                return key -> read(from, key);
            }

            @Override
            public long queued() {
                return 0;
            }

            @Override
            public Duration lag() {
                return Duration.ZERO;
            }

            @Override
            public void close() {
                // whoever opened it closes it
            }
        };
    }

    private double most(DataSource from) throws SQLException, InterruptedException {
        Load load = Load.run(running(from), Workload.AUTOCOMMIT, CLIENTS, bounds);
        return load.perSecond();
    }

    /** Opens one of those that are compared. */
    @FunctionalInterface
    private interface Opening {
        Answering open() throws Exception;
    }

    private void latency() throws Exception {
        try (Databases databases = Databases.create(servers, bounds.rows())) {
            Map<String, Opening> all = new LinkedHashMap<>();
            all.put("bare pool", () -> bare(databases));
            all.put("bare pool, once more", () -> bare(databases));
            all.put(
                    "dualwrite DUAL_WRITE",
                    () -> library(databases, "dualwrite DUAL_WRITE", Phase.DUAL_WRITE, 5, false));
            all.put("5 % compared", () -> library(databases, "5 % compared", Phase.SHADOW_READ, 5, false));
            all.put(
                    "5 % compared, target hangs",
                    () -> library(databases, "5 % compared, target hangs", Phase.SHADOW_READ, 5, true));
            double most;
            try (Answering bare = bare(databases)) {
                most = most(bare.reads());
            }
            for (double share : SHARES) {
                latency(all, share, share * most);
            }
        }
    }

    private void latency(Map<String, Opening> all, double share, double rate) throws Exception {
        say(String.format(
                Locale.ROOT,
                "%n## A read by key, open loop at %.0f/s (%.0f %% of what bare does with %d clients), %d clients%n",
                rate,
                100 * share,
                CLIENTS,
                2 * CLIENTS));
        Map<String, List<Double>> p50 = new LinkedHashMap<>();
        Map<String, List<Double>> p99 = new LinkedHashMap<>();
        for (int round = -2; round < bounds.rounds(); round++) {
            List<String> order = new ArrayList<>(all.keySet());
            Collections.rotate(order, round);
            for (String name : order) {
                Opening opening = all.get(name);
                if (opening == null) {
                    throw new IllegalStateException(name);
                }
                try (Answering answering = opening.open()) {
                    long end = System.nanoTime()
                            + bounds.warmUp().toNanos()
                            + bounds.measured().toNanos();
                    OpenLoop.Latencies took = new OpenLoop(
                                    running(answering.reads()), Workload.AUTOCOMMIT, bounds.rows())
                            .run(2 * CLIENTS, rate, bounds.warmUp(), due -> due - end < 0);
                    if (round >= 0) {
                        p50.computeIfAbsent(name, ignored -> new ArrayList<>()).add(took.micros(0.5));
                        p99.computeIfAbsent(name, ignored -> new ArrayList<>()).add(took.micros(0.99));
                    }
                }
            }
        }
        Grid grid = new Grid("reads", "p50 µs", "p99 µs", "p50 : bare", "p99 : bare");
        double bare50 = Spread.of(p50.getOrDefault("bare pool", List.of())).median();
        double bare99 = Spread.of(p99.getOrDefault("bare pool", List.of())).median();
        for (String name : all.keySet()) {
            Spread half = Spread.of(p50.getOrDefault(name, List.of()));
            Spread most = Spread.of(p99.getOrDefault(name, List.of()));
            grid.add(List.of(
                    name,
                    half.text(0),
                    most.text(0),
                    String.format(Locale.ROOT, "%.2f", half.median() / bare50),
                    String.format(Locale.ROOT, "%.2f", most.median() / bare99)));
        }
        say(grid.toString());
    }

    /** All reads are compared, by as many clients as keep the comparing busy. */
    private void comparing() throws Exception {
        try (Databases databases = Databases.create(servers, bounds.rows());
                Answering all = library(databases, "100 % compared", Phase.SHADOW_READ, 100, false)) {
            most(all.reads());
            double before = all.compared().getAsDouble();
            long processor = processorNanos();
            long began = System.nanoTime();
            double reads = most(all.reads());
            double seconds = (System.nanoTime() - began) / 1e9;
            double cores = (processorNanos() - processor) / 1e9 / seconds;
            double compared = all.compared().getAsDouble() - before;
            say(String.format(
                    Locale.ROOT,
                    "%n## Comparing all reads: %.0f reads/s, %.0f comparisons/s, this process on %.2f cores: %.0f comparisons/s"
                            + " for each core that it used%n",
                    reads,
                    compared / seconds,
                    cores,
                    compared / seconds / cores));
        }
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private void routing() throws RunnerException {
        say("\n## A decision where a read goes\n");
        System.setProperty("java.class.path", Cost.classPath());
        TimeValue time = TimeValue.milliseconds(bounds.measured().toMillis());
        Grid grid = new Grid("reader", "ns", "B");
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(RoutingCost.class.getName())
                        .forks(bounds.rounds())
                        .warmupIterations(5)
                        .warmupTime(time)
                        .measurementIterations(5)
                        .measurementTime(time)
                        .addProfiler(GCProfiler.class)
                        .build())
                .run()) {
            grid.add(List.of(
                    result.getPrimaryResult().getLabel(),
                    String.format(Locale.ROOT, "%.0f", result.getPrimaryResult().getScore()),
                    String.format(
                            Locale.ROOT, "%.0f", Cost.secondary(result.getSecondaryResults(), "gc.alloc.rate.norm"))));
        }
        say(grid.toString());
    }
}
