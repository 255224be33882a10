package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Measures a move: what the application feels of it (open loop), how long a flip stalls it, how fast rows are copied,
 * compared and converged, each beside a peer in the same run. {@link Bounds} lists the properties, and also
 * {@code bench.copied} (rows that are copied, 200,000), {@code bench.flips} (10; saturated, a fifth) and {@code bench.clients} (where
 * {@code mariadb-dump} and {@code mariadb} are, for the peer of the backfill), and {@code bench.parts}, some of
 * {@code latency,flips,load,copying}.
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
            String parts = System.getProperty("bench.parts", "latency,flips,load,copying");
            for (String part : parts.split(",", -1)) {
                switch (part.strip()) {
                    case "latency" -> moves.latency();
                    case "flips" -> {
                        moves.flips(false);
                        moves.flips(true);
                    }
                    case "load" -> moves.backfillUnderLoad();
                    case "copying" -> moves.copying();
                    default -> throw new IllegalArgumentException("bench.parts has no part " + part);
                }
            }
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
            contenders.add(Library.targetOnly(Databases.create(servers, bounds.rows())));
            double most;
            try (Running bare = contenders.get(0).open(8)) {
                most = most(bare, 8);
            }
            double rate = 0.3 * most;
            say(String.format(
                    Locale.ROOT,
                    "%n## Latency, open loop at %.0f/s (30 %% of what bare does with 8 clients), 16 clients%n",
                    rate));
            Results results = new Results();
            // the first rounds are for the compiler: what it does takes the cores from everybody
            for (int round = -3; round < bounds.rounds(); round++) {
                List<Contender> order = new ArrayList<>(contenders);
                Collections.rotate(order, round);
                for (Contender contender : order) {
                    try (Running running = contender.open(16)) {
                        for (Workload workload : Workload.values()) {
                            Sample sample = sample(running, workload, rate);
                            if (round >= 0) {
                                results.add(workload, 16, contender, sample);
                            }
                        }
                    }
                }
            }
            Grid grid =
                    new Grid("contender", "workload", "p50 µs", "p99 µs", "p50 : bare transaction", "longest lag ms");
            for (Workload workload : Workload.values()) {
                for (Contender contender : contenders) {
                    Spread p50 = results.spread(workload, 16, contender, Sample::p50);
                    grid.add(List.of(
                            contender.name(),
                            workload.name(),
                            p50.text(0),
                            results.spread(workload, 16, contender, Sample::p99).text(0),
                            results.toTransactions(workload, 16, contender, contenders.get(0), Sample::p50)
                                    .text(2),
                            results.spread(
                                            workload,
                                            16,
                                            contender,
                                            sample -> sample.drain().toMillis())
                                    .text(0)));
                }
            }
            say(grid.toString());
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    /** What so many clients do at most, each second; once the compiler is done. */
    private double most(Running running, int clients) throws SQLException, InterruptedException {
        double before = 0;
        double now = Load.run(running, Workload.TRANSACTION, clients, bounds).perSecond();
        for (int i = 0; i < 5 && now > 1.1 * before; i++) {
            before = now;
            now = Load.run(running, Workload.TRANSACTION, clients, bounds).perSecond();
        }
        return now;
    }

    private Sample sample(Running running, Workload workload, double rate) throws SQLException, InterruptedException {
        OpenLoop load = new OpenLoop(running, workload, bounds.rows());
        long end = System.nanoTime() + bounds.warmUp().plus(bounds.measured()).toNanos();
        LongPredicate wanted = due -> due - end < 0;
        OpenLoop.Latencies latencies;
        Duration lag;
        try (Observed<Duration> lags = Observed.every(Duration.ofMillis(100), running::lag)) {
            latencies = load.run(16, rate, bounds.warmUp(), wanted);
            lag = lags.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }
        long queued = running.queued();
        Eventually.within(Duration.ofMinutes(2)).until("the queue to be drained", () -> running.queued() == 0);
        return new Sample(rate, latencies.micros(0.5), latencies.micros(0.99), queued, lag, 0, 0);
    }

    /**
     * Flips there and back while 64 clients write at half of what is possible.
     *
     * @param saturated or as fast as they can
     */
    private void flips(boolean saturated) throws SQLException, InterruptedException {
        int flips = Math.max(1, Integer.getInteger("bench.flips", 10) / (saturated ? 5 : 1));
        try (Contender contender = Library.async(Databases.create(servers, bounds.rows()));
                HikariDataSource source = contender.databases().pool(Side.SOURCE, 64);
                HikariDataSource target = contender.databases().pool(Side.TARGET, 64);
                DualWrite dualWrite = DualWrite.named("benchmark")
                        .source(source)
                        .target(target)
                        .tables("account")
                        .build()) {
            Running running = running(dualWrite.dataSource());
            double most = most(running, 64);
            double rate = saturated ? 10 * most : most / 2;
            OpenLoop load = new OpenLoop(running, Workload.TRANSACTION, bounds.rows());
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<OpenLoop.Latencies> loaded =
                    inBackground(() -> load.run(64, rate, Duration.ZERO, due -> !done.get()));
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
                    saturated
                            ? "%n## Flips, saturated: %d of %d, 64 clients without a pause (%.0f/s in a closed loop)%n"
                            : "%n## Flips: %d of %d, 64 clients at %.0f/s (half of what they do in a closed loop)%n",
                    stalls.size(),
                    flips,
                    saturated ? most : rate));
            if (!stalls.isEmpty()) {
                say("- stall in ms: " + Spread.of(stalls).text(1));
            }
            // saturated, a write is never on time: how late it is says nothing
            String waited = saturated
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "p50 %.1f ms, p99 %.1f ms, longest %.1f ms, ",
                            latencies.micros(0.5) / 1e3,
                            latencies.micros(0.99) / 1e3,
                            latencies.micros(1) / 1e3);
            say("- clients: " + load.committed() + " committed, " + waited + "errors before any retry "
                    + load.errors());
            others.forEach(outcome -> say("- " + outcome));
        }
    }

    /** A load that somebody else ends. */
    @FunctionalInterface
    private interface Loading {
        OpenLoop.Latencies run() throws SQLException, InterruptedException;
    }

    private static CompletableFuture<OpenLoop.Latencies> inBackground(Loading loading) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return loading.run();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }

    private static void enter(DualWrite dualWrite, Phase phase) {
        PhaseOutcome outcome = dualWrite.enter(phase);
        if (!(outcome instanceof PhaseOutcome.Entered)) {
            throw new IllegalStateException("could not enter " + phase + ": " + outcome);
        }
    }

    private static Running running(DataSource pool) {
        return new Running() {
            @Override
            public Client client(Workload workload) {
                return key -> workload.write(pool, key);
            }

            @Override
            public void close() {
                // the caller's
            }
        };
    }

    /** Four workers fill an empty target while the application writes at 30 % of what the bare pool does at most. */
    private void backfillUnderLoad() throws SQLException, InterruptedException {
        int rows = Integer.getInteger("bench.copied", 200_000);
        Duration ceiling = Duration.ofMillis(100);
        try (Databases databases = Databases.create(servers, rows);
                HikariDataSource source = databases.pool(Side.SOURCE, 16);
                HikariDataSource target = databases.pool(Side.TARGET, 1);
                DualWrite dualWrite = DualWrite.named("loaded")
                        .source(source)
                        .target(target)
                        .tables("account")
                        .backfillWorkers(4)
                        .backfillCeilings(ceiling, Duration.ofSeconds(1))
                        .build()) {
            double most =
                    Load.run(running(source), Workload.TRANSACTION, 8, bounds).perSecond();
            databases.empty(Side.TARGET);
            enter(dualWrite, Phase.DUAL_WRITE);
            Running running = running(dualWrite.dataSource());
            OpenLoop load = new OpenLoop(running, Workload.TRANSACTION, rows);
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<OpenLoop.Latencies> loaded =
                    inBackground(() -> load.run(16, 0.3 * most, Duration.ZERO, due -> !done.get()));
            long began = System.nanoTime();
            List<Duration> lags;
            double seconds;
            try (Observed<Duration> observed = Observed.every(
                    Duration.ofSeconds(1), () -> dualWrite.status().lag())) {
                if (!dualWrite.backfill().complete()) {
                    throw new IllegalStateException("the backfill did not complete");
                }
                seconds = (System.nanoTime() - began) / 1e9;
                lags = observed.values();
            } finally {
                done.set(true);
            }
            List<Double> p99 = loaded.join().microsBySecond(0.99);
            say(String.format(
                    Locale.ROOT,
                    "%n## Backfill of %,d rows by 4 workers, under %.0f writes/s (30 %% of what bare does)%n%n"
                            + "- %,.0f rows/s, %.1f s; errors before any retry %s%n"
                            + "- oldest intent, looked at each second: at most %d ms%n"
                            + "- p99 of the writes below %d ms in %.0f %% of the seconds (median of the seconds %.1f ms)",
                    rows,
                    0.3 * most,
                    rows / seconds,
                    seconds,
                    load.errors(),
                    lags.stream().mapToLong(Duration::toMillis).max().orElse(0),
                    ceiling.toMillis(),
                    100.0
                            * p99.stream()
                                    .filter(one -> one <= ceiling.toNanos() / 1e3)
                                    .count()
                            / p99.size(),
                    Spread.of(p99).median() / 1e3));
        }
    }

    private void copying() throws SQLException, IOException, InterruptedException {
        int rows = Integer.getInteger("bench.copied", 200_000);
        say(String.format(Locale.ROOT, "%n## Copying and comparing %,d rows, no other load%n", rows));
        try (Copied first = Copied.create(servers, Math.min(rows, 50_000))) {
            first.measure(); // not told: a JVM that moves a live system has compiled what it runs
        }
        try (Copied copied = Copied.create(servers, rows)) {
            copied.measure().forEach(this::say);
        }
    }
}
