package dev.dualwrite.benchmarks;

import dev.dualwrite.Side;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what a write costs: on a bare pool, through this library in its phases and modes, written twice by hand, and
 * by XA. The contenders take turns within each round, and each is connected only for its turn. {@link Bounds} lists the
 * properties; {@link ServerRequest} those that choose the servers.
 *
 * <p>No speed is asserted. What is: at the end the source has every change that was committed, and the target, where it
 * is written, is equal to it.
 */
public final class Benchmarks {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Bounds bounds;
    private final List<Contender> contenders;
    private final Map<Contender, Long> committed = new HashMap<>();
    private final Results results = new Results();
    private final StatementCount source;
    private final StatementCount target;

    private Benchmarks(Bounds bounds, List<Contender> contenders, StatementCount source, StatementCount target) {
        this.bounds = bounds;
        this.contenders = contenders;
        this.source = source;
        this.target = target;
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
        Bounds bounds = Bounds.fromProperties();
        // not the pair that a JVM shares: this one may be the build tool's, and is to lose its servers with the run
        try (TwoServers servers = TwoServers.open(ServerRequest.fromEnvironment())) {
            System.out.println(servers.describe());
            List<String> facts = Machine.facts(servers, arguments[1]);
            facts.forEach(System.out::println);
            String report = measured(bounds, servers, facts);
            System.out.println(report);
            Files.writeString(Path.of(arguments[0]), report);
        }
    }

    private static String measured(Bounds bounds, TwoServers servers, List<String> facts)
            throws SQLException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        try (StatementCount source = new StatementCount(servers.source());
                StatementCount target = new StatementCount(servers.target())) {
            contenders.add(new Bare(Databases.create(servers, bounds.rows())));
            contenders.add(Library.sourceOnly(Databases.create(servers, bounds.rows())));
            contenders.add(Library.async(Databases.create(servers, bounds.rows())));
            contenders.add(Library.sync(Databases.create(servers, bounds.rows())));
            contenders.add(new Naive(Databases.create(servers, bounds.rows())));
            contenders.add(new Xa(Databases.create(servers, bounds.rows())));
            Benchmarks run = new Benchmarks(bounds, contenders, source, target);
            run.warmUp();
            for (int round = 0; round < bounds.rounds(); round++) {
                run.round(round);
            }
            run.checkNothingWasLost();
            return new Report(bounds, facts, contenders, run.results).markdown();
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    /** Once through everything, so that the first round is not the one in which the JVM compiles. */
    private void warmUp() throws SQLException, InterruptedException {
        System.out.println("Warming up");
        int clients = Collections.max(bounds.threads());
        for (Contender contender : contenders) {
            turn(contender, clients);
        }
    }

    private void round(int round) throws SQLException, InterruptedException {
        for (int clients : bounds.threads()) {
            System.out.println("Round " + (round + 1) + " of " + bounds.rounds() + ", clients: " + clients);
            // nobody always comes first
            List<Contender> order = new ArrayList<>(contenders);
            Collections.rotate(order, round);
            for (Contender contender : order) {
                turn(contender, clients)
                        .forEach((workload, sample) -> results.add(workload, clients, contender, sample));
            }
        }
    }

    private Map<Workload, Sample> turn(Contender contender, int clients) throws SQLException, InterruptedException {
        Map<Workload, Sample> samples = new HashMap<>();
        try (Running running = contender.open(clients)) {
            for (Workload workload : Workload.values()) {
                if (contender.does(workload)) {
                    samples.put(workload, measure(contender, running, workload, clients));
                }
            }
        }
        return samples;
    }

    private Sample measure(Contender contender, Running running, Workload workload, int clients)
            throws SQLException, InterruptedException {
        long sourceBefore = source.now();
        long targetBefore = target.now();
        Load load = Load.run(running, workload, clients, bounds);
        committed.merge(contender, load.committed(), Long::sum);
        long stopped = System.nanoTime();
        long queued = running.queued();
        Eventually.within(PATIENCE).until("the queue to be drained", () -> running.queued() == 0);
        Duration drain = Duration.ofNanos(System.nanoTime() - stopped);
        return new Sample(
                load.perSecond(),
                load.micros(0.5),
                load.micros(0.99),
                queued,
                drain,
                (source.now() - sourceBefore) / (double) load.committed(),
                (target.now() - targetBefore) / (double) load.committed());
    }

    private void checkNothingWasLost() throws SQLException {
        for (Contender contender : contenders) {
            long expected = committed.getOrDefault(contender, 0L);
            long changes = contender.databases().changes(Side.SOURCE);
            if (changes != expected) {
                throw new IllegalStateException(
                        contender.name() + " committed " + expected + " changes and the source has " + changes);
            }
            List<String> differences =
                    contender.writesBoth() ? contender.databases().differences() : List.of();
            if (!differences.isEmpty()) {
                throw new IllegalStateException(contender.name() + ": the sides differ: " + differences);
            }
            System.out.println(contender.name() + ": " + changes + " changes, all there"
                    + (contender.writesBoth() ? ", both sides equal" : ""));
        }
    }
}
