package dev.dualwrite.campaign;

import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One migration from its first start to the oracle's verdict, in two schemas of its own on the shared servers. */
final class Run implements AutoCloseable {
    static final int FIRST_OF_CHILD = 20;
    private static final int INSTANCE = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Plan plan;
    private final Coverage coverage;
    private final Tally tally;
    private final Both<Schema> schemas;
    private final Both<TcpProxy> proxies;
    private final List<Instance> instances = new ArrayList<>();
    private final Progress progress = new Progress();
    private final Path journal;
    private final String migration;

    Run(Plan plan, Coverage coverage, Tally tally) throws SQLException, IOException {
        this.plan = plan;
        this.coverage = coverage;
        this.tally = tally;
        this.journal = Files.createTempFile("campaign", ".journal");
        TwoServers servers = TwoServers.get();
        this.schemas = new Both<>(schema(Side.SOURCE, servers.source()), schema(Side.TARGET, servers.target()));
        this.proxies = new Both<>(TcpProxy.inFrontOf(servers.source()), TcpProxy.inFrontOf(servers.target()));
        this.migration = schemas.source().name();
    }

    private Schema schema(Side side, Server server) throws SQLException {
        Schema schema = server.isolatedSchema(side == Side.SOURCE ? "campaign_s" : "campaign_t");
        List<String> ddl =
                new ArrayList<>(plan.tables().stream().map(Table::ddl).toList());
        ddl.addAll(Counters.ddl());
        if (side == Side.SOURCE) {
            for (int i = 0; i < Counters.COUNT; i++) {
                ddl.add("INSERT INTO counter VALUES (" + i + ", 0)");
            }
        }
        schema.execute(ddl.toArray(new String[0]));
        return schema;
    }

    private String url(Side side) {
        return proxies.of(side).jdbcUrl(schemas.of(side).name());
    }

    /** @throws AssertionError with everything that does not hold */
    void run(Child child) throws Exception {
        Leaks leaks = Leaks.watch(List.of("dualwrite-" + migration, Instance.threads(migration)))
                .and(schemas.source().server(), schemas.source().name())
                .and(schemas.target().server(), schemas.target().name());
        Book book = new Book(plan);
        Instance.Where where = new Instance.Where(migration, url(Side.SOURCE), url(Side.TARGET));
        List<Instance> everywhere = new CopyOnWriteArrayList<>();
        Shelf shelf = new Shelf();
        Timeline timeline = new Timeline(System::nanoTime);
        for (Options options : plan.instances()) {
            int number = instances.size();
            instances.add(new Instance(
                    plan,
                    where,
                    "i" + number,
                    number == 0 ? "a" : "b",
                    options,
                    number * INSTANCE,
                    book,
                    progress,
                    shelf,
                    everywhere));
        }
        child.begin(plan, where, journal);
        boolean oneClock = child.readsTheSameClock();
        instances.forEach(Instance::startClients);
        Gremlin gremlin = new Gremlin(
                plan, Instance.threads(migration) + "gremlin", progress, proxies, schemas, instances, child, coverage);
        Operator operator = new Operator(plan, instances.get(0).dualWrite(), child, progress, timeline, shelf, tally);
        gremlin.start();
        try {
            operator.run();
        } finally {
            gremlin.heal();
        }
        boolean childLives = !gremlin.childDied();
        if (!childLives) {
            excludeChild();
        }
        operator.settle();
        instances.forEach(Instance::endClients);
        if (childLives) {
            childLives = child.endClients();
        }
        Journal.tell(journal, book);
        settled();
        operator.drain();
        operator.conclude();
        tally.add("transactions acknowledged", book.acknowledged());
        tally.add("told 40001 or rolled back", book.retried());
        tally.add("unknown", book.unknown());
        Reading reading = new Reading(plan, timeline, tally);
        for (Read read : book.reads()) {
            tally.count("reads answered by " + read.side());
            if (oneClock || read.client() < FIRST_OF_CHILD) {
                reading.judge(read).ifPresent(book.log()::contradiction);
            }
        }
        figures();
        judge(book);
        if (childLives) {
            child.end();
        }
        for (Instance instance : instances) {
            Eventually.within(PATIENCE)
                    .until(
                            () -> instance.busy() == 0,
                            () -> "LEAK: " + instance.busy() + " connections of pools are in use");
            instance.close();
        }
        leaks.assertNone(PATIENCE);
    }

    private void figures() {
        for (Instance instance : instances) {
            instance.dualWrite().metrics().forEach((name, value) -> {
                if (value > 0
                        && name.startsWith("reads.")
                        && !name.startsWith("reads.cohort.")
                        && !name.equals("reads.looks")) {
                    tally.add(name, value.longValue());
                }
                if (name.equals("reads.target-first")) {
                    tally.add(Reading.BY_FOLLOWER + Route.TARGET_FIRST, value.longValue());
                }
            });
        }
    }

    private void judge(Book book) throws SQLException {
        boolean capturing = capturing();
        Oracle oracle = new Oracle(
                schemas.source()::connect, schemas.target()::connect, migration, plan.tableNames(), book.log());
        (capturing ? oracle : oracle.withoutFollower()).assertHolds();
        boolean refusing = plan.faults().stream().anyMatch(fault -> fault.kind() == Fault.Kind.REFUSE);
        if (tally.of("reads.different") > 0 && !refusing) {
            throw new AssertionError("DIVERGENT: " + tally.of("reads.different")
                    + " reads were found to be answered otherwise by the follower, with nothing in flight: "
                    + instances.get(0).dualWrite().readReport());
        }
        if (tally.of("divergences") > 0) {
            throw new AssertionError("DIVERGENT: a verification found " + tally.of("divergences") + " divergences");
        }
    }

    /** Exactly one side owns, and every instance here says so: nobody has to do anything for it. */
    private void settled() {
        Eventually.within(PATIENCE)
                .until(
                        () -> {
                            Side owner = owner();
                            return state(owner.other()).equals("CLOSED")
                                    && instances.stream()
                                            .allMatch(one ->
                                                    one.dualWrite().ownership().owner() == owner);
                        },
                        () -> "STUCK: not exactly one owner that every instance knows");
        long interrupted = tally.of("flips unknown") + tally.of("coordinators lost");
        tally.add("flips recovered", interrupted);
    }

    private Side owner() throws SQLException {
        return state(Side.SOURCE).equals("OPEN") ? Side.SOURCE : Side.TARGET;
    }

    private String state(Side side) throws SQLException {
        return ask(side, "SELECT state FROM dualwrite_fence WHERE side = '" + side + "'");
    }

    private boolean capturing() throws SQLException {
        Side owner = owner();
        return dev.dualwrite.Phase.valueOf(ask(owner, "SELECT phase FROM dualwrite_fence WHERE side = '" + owner + "'"))
                .capturing();
    }

    private String ask(Side side, String query) throws SQLException {
        try (Connection connection = schemas.of(side).connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    /** As an operator does with an instance that is known to be gone. */
    private void excludeChild() throws SQLException {
        for (Schema schema : schemas.all()) {
            schema.execute("DELETE FROM dualwrite_instance WHERE instance = 'child'");
        }
    }

    /** What was done, as the library recorded it; for the report of a violation. */
    List<String> audit() {
        return instances.isEmpty() ? List.of() : instances.get(0).dualWrite().audit(100);
    }

    @Override
    public void close() {
        progress.end();
        proxies.all().forEach(TcpProxy::pass);
        for (Instance instance : instances) {
            instance.close();
        }
        proxies.all().forEach(TcpProxy::close);
        schemas.all().forEach(Schema::close);
        try {
            Files.deleteIfExists(journal);
        } catch (IOException e) {
            System.err.println(journal + " stays behind: " + e);
        }
    }
}
