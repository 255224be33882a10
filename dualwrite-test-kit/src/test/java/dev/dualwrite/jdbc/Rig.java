package dev.dualwrite.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.server.PrivateServers;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two databases with the same tables, a proxy in front of each, and any number of instances of the library
 * between them. {@link #finish()} ends a test: the oracle, then the leaks.
 */
final class Rig implements AutoCloseable {
    /** The default domain: an account table with a unique number, and an append-only history. */
    static final String ACCOUNT = """
            CREATE TABLE account (id BIGINT PRIMARY KEY, owner VARCHAR(40) NOT NULL, balance DECIMAL(12,2) NOT NULL,
              slot INT NULL, UNIQUE KEY one_slot (slot)) ENGINE=InnoDB""";

    static final String ENTRY = """
            CREATE TABLE entry (id BIGINT AUTO_INCREMENT PRIMARY KEY, account BIGINT NOT NULL, amount DECIMAL(12,2) NOT NULL,
              note VARCHAR(100) NULL, at DATETIME(6) NULL) ENGINE=InnoDB""";

    private final Server sourceServer;
    private final Server targetServer;
    private final @Nullable PrivateServers owned;
    private final Schema source;
    private final Schema target;
    private final TcpProxy sourceProxy;
    private final TcpProxy targetProxy;
    private final String migration;
    private final List<String> tables = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final OperationLog log = new OperationLog();
    private final Leaks leaks;

    private Rig(Server sourceServer, Server targetServer, @Nullable PrivateServers owned, String... ddl)
            throws SQLException, IOException {
        this.sourceServer = sourceServer;
        this.targetServer = targetServer;
        this.owned = owned;
        this.source = sourceServer.isolatedSchema("src");
        this.target = targetServer.isolatedSchema("dst");
        this.migration = "rig-" + source.name();
        this.leaks = Leaks.watch(List.of("dualwrite-" + migration, migration)); // others may run beside it
        for (String statement : ddl) {
            both(statement);
        }
        for (String statement : ddl) {
            String rest = statement.strip();
            if (rest.regionMatches(true, 0, "CREATE TABLE ", 0, 13)) {
                tables.add(rest.substring(13).split("[ (]", 2)[0]);
            }
        }
        this.sourceProxy = TcpProxy.inFrontOf(sourceServer);
        this.targetProxy = TcpProxy.inFrontOf(targetServer);
    }

    /** On the servers that all tests share. */
    static Rig shared(String... ddl) throws SQLException, IOException {
        TwoServers servers = TwoServers.get();
        return new Rig(servers.source(), servers.target(), null, ddl.length == 0 ? new String[] {ACCOUNT, ENTRY} : ddl);
    }

    /** Two schemas of one server. */
    static Rig onOneServer() throws SQLException, IOException {
        Server server = TwoServers.get().source();
        return new Rig(server, server, null, ACCOUNT, ENTRY);
    }

    /** On servers of this test's own, which it may stop and kill. */
    static Rig ofItsOwn(String... ddl) throws SQLException, IOException {
        PrivateServers servers = PrivateServers.open();
        return new Rig(
                servers.source(), servers.target(), servers, ddl.length == 0 ? new String[] {ACCOUNT, ENTRY} : ddl);
    }

    /** The servers of {@link #ofItsOwn}. */
    PrivateServers servers() {
        if (owned == null) {
            throw new IllegalStateException("this rig shares its servers");
        }
        return owned;
    }

    /** Runs a statement on both databases, past everything. */
    void both(String statement) throws SQLException {
        source.execute(statement);
        target.execute(statement);
    }

    Server server(Side side) {
        return side == Side.SOURCE ? sourceServer : targetServer;
    }

    Schema schema(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /** A side's table refuses rows. */
    ServerFault refusing(Side side, String table, String condition) throws SQLException {
        return ServerFault.refusing(server(side), schema(side).name(), table, condition);
    }

    TcpProxy proxy(Side side) {
        return side == Side.SOURCE ? sourceProxy : targetProxy;
    }

    OperationLog log() {
        return log;
    }

    String migration() {
        return migration;
    }

    List<String> tables() {
        return tables;
    }

    /** A connection past the library and the proxies. */
    Connection direct(Side side) throws SQLException {
        return schema(side).connect();
    }

    /** One value, past everything. */
    String ask(Side side, String query) throws SQLException {
        try (Connection connection = direct(side);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    /** What the fence row of a side says. */
    String state(Side side) throws SQLException {
        return ask(side, "SELECT state FROM dualwrite_fence WHERE side = '" + side + "'");
    }

    /** Intents that are not converged, of the changes of this side. */
    long queued(Side side) throws SQLException {
        return Long.parseLong(
                ask(side, "SELECT COUNT(*) FROM dualwrite_intent WHERE marked = 0 AND side = '" + side + "'"));
    }

    /** An instance with its own pools. */
    Node node(String name) {
        return node(name, builder -> builder);
    }

    /** An instance, configured further. */
    Node node(String name, UnaryOperator<DualWriteBuilder> configure) {
        Node node = new Node(this, name, configure);
        nodes.add(node);
        return node;
    }

    /**
     * An instance in DUAL_WRITE with the kill switch on since before it was started, so that nothing converges. A switch that
     * is put on later lets the rounds that are under way end.
     */
    Node standingStill() {
        try (Node before = node("before").start()) {
            enter(before.dualWrite(), Phase.DUAL_WRITE);
            before.dualWrite().kill(true);
        }
        return node("one").start();
    }

    HikariDataSource pool(Side side, String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(migration + "-" + name + "-" + side);
        config.setJdbcUrl(proxy(side).jdbcUrl(schema(side).name()) + "&connectTimeout=2000&socketTimeout=30000");
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Runs in the phase that captures, with a verified target. */
    static void readyToFlip(DualWrite dualWrite) {
        enter(dualWrite, Phase.DUAL_WRITE);
        DualWrite.BackfillReport backfill = dualWrite.backfill();
        if (!backfill.complete()) {
            throw new AssertionError("the backfill is not complete: " + backfill);
        }
        verify(dualWrite);
    }

    static void verify(DualWrite dualWrite) {
        DualWrite.VerificationReport report = dualWrite.verify();
        if (!report.equal()) {
            throw new AssertionError("not equal: " + report);
        }
    }

    static void enter(DualWrite dualWrite, Phase phase) {
        Eventually.eventually()
                .until(
                        "every instance has said that it acts by the epoch of the fence",
                        () -> dualWrite.gate(phase).failed().stream()
                                .noneMatch(check -> check.name().equals("instances-agree")));
        PhaseOutcome outcome = dualWrite.enter(phase);
        if (!(outcome instanceof PhaseOutcome.Entered)) {
            throw new AssertionError("could not enter " + phase + ": " + outcome);
        }
    }

    static FlipOutcome.Flipped flipped(FlipOutcome outcome) {
        if (outcome instanceof FlipOutcome.Flipped flipped) {
            return flipped;
        }
        throw new AssertionError("did not flip: " + outcome);
    }

    /** Flips, again if it gave up: under load the budget of one try may not do on a small machine. */
    static FlipOutcome.Flipped flipInSomeTries(Supplier<FlipOutcome> flip) {
        FlipOutcome last = flip.get();
        for (int i = 0; i < 8 && !(last instanceof FlipOutcome.Flipped); i++) {
            last = flip.get();
        }
        return flipped(last);
    }

    Oracle oracle() {
        return new Oracle(() -> direct(Side.SOURCE), () -> direct(Side.TARGET), migration, tables, log);
    }

    /** Ends the test: the oracle, while the instances still converge; then nothing may be left behind. */
    void finish() throws SQLException {
        finish(oracle());
    }

    /** As {@link #finish()}, with an oracle that knows more. */
    void finish(Oracle oracle) throws SQLException {
        sourceProxy.pass();
        targetProxy.pass();
        if (nodes.stream().noneMatch(Node::open)) {
            node("janitor").start();
        }
        oracle.assertHolds();
        for (Node node : nodes) {
            if (node.open()) {
                Eventually.eventually()
                        .until(
                                () -> node.busy() == 0,
                                () -> node.name() + " keeps " + node.busy() + " connections of the host");
                // its threads take some now and then: one moment without any proves that none is kept
                Eventually.eventually()
                        .until(
                                () -> node.dualWrite().busy() == 0,
                                () -> node.name() + " keeps " + node.dualWrite().busy() + " connections of its own");
            }
            node.close();
        }
        leaks.assertNone(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        sourceProxy.close();
        targetProxy.close();
        closeQuietly(source);
        closeQuietly(target);
        if (owned != null) {
            owned.close();
        }
    }

    private static void closeQuietly(Schema schema) {
        try {
            schema.close();
        } catch (Exception e) {
            System.err.println("a schema could not be dropped: " + e);
        }
    }
}
