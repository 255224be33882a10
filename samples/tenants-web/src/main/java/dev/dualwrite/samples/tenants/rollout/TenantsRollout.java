package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.tenants.plans.Plan;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Starts two servers and three instances of the service, and moves their reads, then all, while customers use them; {@code mvn -q
 * -pl samples/tenants-web -am compile exec:java} runs it.
 */
public final class TenantsRollout {
    /** What the steps take beside looking on. */
    private static final int OVERHEAD = 15;

    /** How often it looks on. */
    private static final int STAGES = 11;

    private static final double MISHAP_AT = 50;
    private static final Duration DRAINED = Duration.ofSeconds(30);

    private final Options options;
    private final Log log;
    private final AtomicInteger harmed = new AtomicInteger();

    TenantsRollout(Options options, Log log) {
        this.options = options;
        this.log = log;
    }

    /** Runs the job; the exit code is 0 if the verdict is green. */
    public static void main(String[] args) {
        // what is logged before the service has said where to is not for who watches
        LoggingSystem.get(TenantsRollout.class.getClassLoader()).beforeInitialize();
        int code = run(List.of(args), System.out);
        if (code != 0) {
            System.exit(code); // also within Maven, which would bury the verdict under a stack trace otherwise
        }
    }

    static int run(List<String> arguments, PrintStream out) {
        if (arguments.contains("--help")) {
            out.print(Options.HELP);
            return 0;
        }
        try {
            Options options = Options.parse(arguments);
            try (TwoServers servers = Stage.servers(options.servers())) {
                return new TenantsRollout(options, new Log(out))
                                .run(servers, List.of(options.plant())).stream().allMatch(Verdict::green)
                        ? 0
                        : 1;
            }
        } catch (Options.BadOptionException e) {
            out.println(e.getMessage());
            return 2;
        } catch (SQLException | RuntimeException e) {
            out.println("the job failed: " + e);
            return 1;
        } catch (InterruptedException e) {
            out.println("interrupted");
            return 1;
        }
    }

    /**
     * The whole course.
     *
     * @param plants harm that is done when the course is over, one after the other
     * @return what is said after each
     */
    List<Verdict> run(TwoServers servers, List<Options.Plant> plants) throws SQLException, InterruptedException {
        Beginning beginning = new Beginning(options.tenants());
        log.step("again: " + options.asTyped());
        log.step(servers.describe());
        try (Stage stage = Stage.on(servers, beginning)) {
            List<Stage.Instance> instances = Stream.of("a", "b", "c")
                    .map(name -> stage.start(name, options.compared()))
                    .toList();
            instances.forEach(instance -> log.step("instance " + instance.name() + " serves " + instance.url()));
            DualWrite console = instances.get(0).dualWrite();
            Counters counters = new Counters();
            Runbook runbook = new Runbook(
                    console,
                    beginning.names(),
                    counters,
                    log,
                    options.shares(),
                    stageTime(),
                    percent -> mishap(percent, stage));
            Customers customers = new Customers(
                    beginning,
                    instances.stream().map(Stage.Instance::url).toList(),
                    options.rate(),
                    options.seed(),
                    counters);
            Optional<String> unfinished = move(console, counters, runbook, customers);
            List<Verdict> verdicts = new ArrayList<>();
            for (Options.Plant plant : plants) {
                Verdict verdict =
                        judge(stage, beginning, console, counters, runbook, unfinished, plant, servers.describe());
                log.end(verdict.printed());
                verdicts.add(verdict);
            }
            return verdicts;
        }
    }

    /** @return where it stopped, if it did */
    private Optional<String> move(DualWrite console, Counters counters, Runbook runbook, Customers customers)
            throws InterruptedException {
        Optional<String> unfinished = Optional.empty();
        try (Watch watch = new Watch(console, counters, log)) {
            customers.start();
            watch.start();
            runbook.move();
        } catch (StoppedException | RuntimeException e) {
            unfinished = Optional.of(String.valueOf(e.getMessage()));
        } finally {
            customers.end();
        }
        log.step("the customers have left");
        awaitDrained(console);
        return unfinished;
    }

    private Duration stageTime() {
        return Duration.ofMillis(Math.max(300, (options.seconds() - OVERHEAD) * 1_000L / STAGES));
    }

    private void mishap(double percent, Stage stage) {
        if (percent < MISHAP_AT || harmed.get() > 0) {
            return;
        }
        try (Connection target = stage.target()) {
            harmed.set(Mishap.happens(target, options.seed()));
            log.fault("somebody changes " + harmed + " rows on the target behind everybody's back");
        } catch (SQLException e) {
            throw new IllegalStateException("nothing could be changed on the target", e);
        }
    }

    private static void awaitDrained(DualWrite console) throws InterruptedException {
        long began = System.nanoTime();
        while (queued(console) && System.nanoTime() - began < DRAINED.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static boolean queued(DualWrite console) {
        try {
            return console.status().queued() > 0;
        } catch (DualWriteException notNow) {
            return true;
        }
    }

    private Verdict judge(
            Stage stage,
            Beginning beginning,
            DualWrite console,
            Counters counters,
            Runbook runbook,
            Optional<String> unfinished,
            Options.Plant plant,
            String servers)
            throws SQLException {
        boolean sourceOwns = console.ownership().owner() == Side.SOURCE;
        try (Connection owner = sourceOwns ? stage.source() : stage.target();
                Connection follower = sourceOwns ? stage.target() : stage.source()) {
            plant(plant, owner, follower, counters);
            Books books = Books.of(owner);
            return Verdict.of(new Verdict.Facts(
                    counters.requests(),
                    counters.errors(),
                    counters.older(),
                    counters.acknowledged().size(),
                    books.missing(counters.acknowledged()),
                    books.unheardOf(counters.acknowledged(), beginning),
                    runbook.shares(),
                    runbook.found(),
                    runbook.moves(),
                    runbook.elsewhere(),
                    harmed.get(),
                    counters.harmed(),
                    books.rows().size(),
                    books.differing(Books.of(follower)),
                    unfinished,
                    servers));
        }
    }

    private void plant(Options.Plant plant, Connection owner, Connection follower, Counters counters)
            throws SQLException {
        switch (plant) {
            case NOTHING -> {}
            case LOST -> {
                Plan plan = counters.acknowledged().get(0);
                execute(owner, "DELETE FROM price WHERE plan_id = " + plan.id() + " AND version = " + plan.version());
            }
            case CHANGED -> {
                execute(follower, "SET @dualwrite_converges = 1"); // as damage would that passes the seal
                execute(follower, "UPDATE plan SET cents = cents + 1 WHERE id = " + Beginning.PLANS);
            }
        }
        if (plant != Options.Plant.NOTHING) {
            log.fault("planted: " + plant);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
