package dev.dualwrite.campaign;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.Inside;
import dev.dualwrite.jdbc.ReadComparison;
import java.util.ArrayList;
import java.util.List;

/** One instance of the library with pools and clients of its own, in whichever JVM. */
final class Instance implements AutoCloseable {
    private final HikariDataSource source;
    private final HikariDataSource target;
    private final DualWrite dualWrite;
    private final String zone;
    private final Calm calm = new Calm();
    private final Seats seats = new Seats();
    private final List<Client> clients = new ArrayList<>();

    /**
     * Where a migration lives.
     *
     * @param source URL of the database, with the schema
     * @param target likewise
     */
    record Where(String migration, String source, String target) {}

    /**
     * Builds it, and does not start its clients.
     *
     * @param zone its label
     * @param everywhere to which it is added
     */
    Instance(
            Plan plan,
            Where where,
            String name,
            String zone,
            Options options,
            int firstClient,
            Ears ears,
            Progress progress,
            Shelf shelf,
            List<Instance> everywhere) {
        this.zone = zone;
        source = pool(where, where.source(), name + "-source", options);
        target = pool(where, where.target(), name + "-target", options);
        dualWrite = Inside.seams(
                        options.on(plan.on(DualWrite.named(where.migration())))
                                .source(source)
                                .target(target)
                                .instance(name)
                                .reader(Client::who)
                                .label(Growth.ZONE, zone)
                                .readComparison(ReadComparison.standard().withMinimum(1)),
                        seats)
                .build();
        everywhere.add(this);
        for (int i = 0; i < options.clients(); i++) {
            int number = firstClient + i;
            clients.add(new Client(
                    plan,
                    number,
                    threads(where.migration()) + name + "-c" + number,
                    this,
                    everywhere,
                    ears,
                    progress,
                    shelf,
                    options.pauseMillis()));
        }
    }

    /** What the names of all threads begin with that the campaign itself starts for a migration. */
    static String threads(String migration) {
        return "campaign-" + migration + '-';
    }

    private static HikariDataSource pool(Where where, String url, String name, Options options) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(threads(where.migration()) + name);
        config.setJdbcUrl(
                url + "&connectTimeout=1500&socketTimeout=8000&rewriteBatchedStatements=" + options.rewrite());
        config.setMaximumPoolSize(options.clients() + 2);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    DualWrite dualWrite() {
        return dualWrite;
    }

    String zone() {
        return zone;
    }

    /** Whether its clients are to write little at present. */
    boolean calm(Draw draw) {
        return calm.on(draw, dualWrite.ownership().phase() == Phase.TARGET_READ);
    }

    Seats seats() {
        return seats;
    }

    void startClients() {
        clients.forEach(Client::start);
    }

    /** Ends its clients and waits for them. */
    void endClients() {
        clients.forEach(Client::end);
        clients.forEach(Client::join);
    }

    /** Connections in use at this moment: the application's and the library's own. */
    int busy() {
        return source.getHikariPoolMXBean().getActiveConnections()
                + target.getHikariPoolMXBean().getActiveConnections()
                + Inside.busy(dualWrite);
    }

    @Override
    public void close() {
        seats.disarm();
        clients.forEach(Client::end);
        dualWrite.close();
        source.close();
        target.close();
    }
}
