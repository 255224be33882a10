package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Measures a move: what the application feels of it (open loop), how long a flip stalls it, how fast rows are copied,
 * compared and converged, each beside a peer in the same run. {@link Bounds} lists the properties, and also
 * {@code bench.copied} (rows that are copied, 200,000), {@code bench.flips} (10) and {@code bench.clients} (where
 * {@code mariadb-dump} and {@code mariadb} are, for the peer of the backfill).
 */
public final class Moves {
    private final Bounds bounds;
    private final TwoServers servers;
    private final StringBuilder report = new StringBuilder();

    private Moves(Bounds bounds, TwoServers servers) {
        this.bounds = bounds;
        this.servers = servers;
    }

    /**
     * Runs everything, prints the report, and writes it to a file.
     *
     * @param arguments the file, and the versions that only the build knows
     */
    public static void main(String[] arguments) throws SQLException, IOException, InterruptedException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("wants the report's file and the versions of what is measured");
        }
        try (TwoServers servers = TwoServers.open(ServerRequest.fromEnvironment())) {
            Moves moves = new Moves(Bounds.fromProperties(), servers);
            moves.say("# Moves\n");
            Machine.facts(servers, arguments[1]).forEach(fact -> moves.say("- " + fact));
            moves.latency();
            moves.flips();
            moves.copying();
            Files.writeString(Path.of(arguments[0]), moves.report);
        }
    }

    private void say(String line) {
        System.out.println(line);
        report.append(line).append('\n');
    }

    /** Open loop at 30 % of what the bare pool does at most. */
    private void latency() throws SQLException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        try {
            contenders.add(new Bare(Databases.create(servers, bounds.rows())));
            contenders.add(Library.sourceOnly(Databases.create(servers, bounds.rows())));
            contenders.add(Library.async(Databases.create(servers, bounds.rows())));
            double most;
            try (Running bare = contenders.get(0).open(8)) {
                most = Load.run(bare, Workload.TRANSACTION, 8, bounds).perSecond();
            }
            double rate = 0.3 * most;
            say(String.format(
                    Locale.ROOT,
                    "%n## Latency, open loop at %.0f/s (30 %% of what bare does with 8 clients), 16 clients%n",
                    rate));
            Results results = new Results();
            for (int round = 0; round < bounds.rounds(); round++) {
                for (Contender contender : contenders) {
                    try (Running running = contender.open(16)) {
                        for (Workload workload : Workload.values()) {
                            results.add(workload, 16, contender, sample(running, workload, rate));
                        }
                    }
                }
            }
            Grid grid = new Grid(
                    "contender", "workload", "p50 µs", "p99 µs", "p50 : bare transaction", "queued at the end");
            for (Workload workload : Workload.values()) {
                for (Contender contender : contenders) {
                    Spread bare = results.spread(Workload.TRANSACTION, 16, contenders.get(0), Sample::p50);
                    Spread p50 = results.spread(workload, 16, contender, Sample::p50);
                    grid.add(List.of(
                            contender.name(),
                            workload.name(),
                            p50.text(0),
                            results.spread(workload, 16, contender, Sample::p99).text(0),
                            String.format(Locale.ROOT, "%.2f", p50.median() / bare.median()),
                            results.spread(workload, 16, contender, Sample::queued)
                                    .text(0)));
                }
            }
            say(grid.toString());
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private Sample sample(Running running, Workload workload, double rate) throws SQLException, InterruptedException {
        OpenLoop load = new OpenLoop(running, workload, bounds.rows());
        long end = System.nanoTime() + bounds.warmUp().plus(bounds.measured()).toNanos();
        OpenLoop.Latencies latencies = load.run(16, rate, bounds.warmUp(), () -> System.nanoTime() - end < 0);
        long queued = running.queued();
        Eventually.within(Duration.ofMinutes(2)).until("the queue to be drained", () -> running.queued() == 0);
        return new Sample(rate, latencies.micros(0.5), latencies.micros(0.99), queued, Duration.ZERO, 0, 0);
    }

    /** Flips there and back while 64 clients write at half of what is possible. */
    private void flips() throws SQLException, InterruptedException {
        int flips = Integer.getInteger("bench.flips", 10);
        try (Contender contender = Library.async(Databases.create(servers, bounds.rows()));
                HikariDataSource source = contender.databases().pool(Side.SOURCE, 64);
                HikariDataSource target = contender.databases().pool(Side.TARGET, 64);
                DualWrite dualWrite = DualWrite.named("benchmark")
                        .source(source)
                        .target(target)
                        .tables("account")
                        .build()) {
            Running running = running(dualWrite);
            double most = Load.run(running, Workload.TRANSACTION, 64, bounds).perSecond();
            OpenLoop load = new OpenLoop(running, Workload.TRANSACTION, bounds.rows());
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<OpenLoop.Latencies> loaded = CompletableFuture.supplyAsync(() -> {
                try {
                    return load.run(64, most / 2, Duration.ZERO, () -> !done.get());
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            });
            List<Double> stalls = new ArrayList<>();
            List<String> others = new ArrayList<>();
            for (int i = 0; i < flips; i++) {
                Supplier<FlipOutcome> flip =
                        dualWrite.ownership().owner() == Side.SOURCE ? dualWrite::flip : dualWrite::rollBack;
                FlipOutcome outcome = flip.get();
                if (outcome instanceof FlipOutcome.Flipped flipped) {
                    stalls.add(flipped.stall().toNanos() / 1e6);
                } else {
                    others.add(outcome.toString());
                }
            }
            done.set(true);
            OpenLoop.Latencies latencies = loaded.join();
            say(String.format(
                    Locale.ROOT,
                    "%n## Flips: %d of %d, 64 clients at %.0f/s (half of what they do in a closed loop)%n",
                    stalls.size(),
                    flips,
                    most / 2));
            if (!stalls.isEmpty()) {
                say("- stall in ms: " + Spread.of(stalls).text(1));
            }
            say(String.format(
                    Locale.ROOT,
                    "- clients: %d committed, p50 %.1f ms, p99 %.1f ms, longest %.1f ms, errors before any retry %s",
                    load.committed(),
                    latencies.micros(0.5) / 1e3,
                    latencies.micros(0.99) / 1e3,
                    latencies.micros(1) / 1e3,
                    load.errors()));
            others.forEach(outcome -> say("- " + outcome));
        }
    }

    private static Running running(DualWrite dualWrite) {
        return new Running() {
            @Override
            public Client client(Workload workload) {
                return key -> workload.write(dualWrite.dataSource(), key);
            }

            @Override
            public void close() {
                // the caller's
            }
        };
    }

    private void copying() throws SQLException, IOException, InterruptedException {
        int rows = Integer.getInteger("bench.copied", 200_000);
        say(String.format(Locale.ROOT, "%n## Copying and comparing %,d rows, no other load%n", rows));
        try (Copied copied = Copied.create(servers, rows)) {
            copied.measure().forEach(this::say);
        }
    }
}
