package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.converge.Round;
import dev.dualwrite.converge.Waiters;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.InnoDb;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.control.ControlNames;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.jdbc.follower.Converger;
import dev.dualwrite.jdbc.follower.Direction;
import dev.dualwrite.jdbc.follower.Mappings;
import dev.dualwrite.jdbc.runtime.LibraryPool;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SchemaReader;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Moment;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The boundary between two schemas, with nothing that converges while it is used: routes by the fence rows alone, and
 * the intents stay to be looked at. {@link #finish()} ends a test: it converges what was captured, and then the oracle
 * judges.
 */
final class Stage implements Routes, AutoCloseable {
    private static final String PREFIX = "dualwrite_";
    private static final String MIGRATION = "stage";

    private record Place(Schema schema, HikariDataSource pool, SideSchema read, IntentWriter intents) {}

    private final Place source;
    private final Place target;
    private final TcpProxy proxy;
    private final AtomicInteger mixed = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger doubts = new AtomicInteger();
    private final BoundaryDataSource dataSource;
    private final List<String> moved;
    private volatile Side believed = Side.SOURCE;

    Stage(String options, List<String> moved, String... ddl) throws Exception {
        this(TwoServers.get().source(), TwoServers.get().target(), options, moved, ddl);
    }

    /** On these servers, which may be one. */
    Stage(Server from, Server to, String options, List<String> moved, String... ddl) throws Exception {
        this.moved = moved;
        this.proxy = TcpProxy.inFrontOf(from);
        this.source = place(Side.SOURCE, from, options, ddl);
        this.target = place(Side.TARGET, to, options, ddl);
        this.dataSource = new BoundaryDataSource(List.of(this));
    }

    private Place place(Side side, Server server, String options, String... ddl) throws Exception {
        Schema schema = server.isolatedSchema(side == Side.SOURCE ? "src" : "dst");
        schema.execute(ddl);
        schema.execute(controlTables());
        HikariConfig config = new HikariConfig();
        String url = side == Side.SOURCE ? proxy.jdbcUrl(schema.name()) : schema.jdbcUrl();
        config.setJdbcUrl(url + options);
        config.setMaximumPoolSize(6);
        config.setMinimumIdle(0);
        try (Connection connection = schema.connect()) {
            SideSchema read = new SchemaReader(new Domain(moved), PREFIX, row -> row).read(connection, side);
            FenceTable fence = new FenceTable(new ControlNames(MIGRATION, side, read.schema(), PREFIX), read.dialect());
            fence.create(
                    connection,
                    side == Side.SOURCE ? FenceState.OPEN : FenceState.CLOSED,
                    Phase.DUAL_WRITE,
                    1,
                    UUID.randomUUID().toString());
            return new Place(schema, new HikariDataSource(config), read, new IntentWriter(fence));
        }
    }

    private Place at(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    private static String[] controlTables() throws Exception {
        try (InputStream in = Routes.class.getResourceAsStream("/dev/dualwrite/jdbc/control-tables.sql")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            return java.util.Arrays.stream(text.split(";", -1))
                    .filter(part -> !part.isBlank())
                    .toArray(String[]::new);
        }
    }

    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    BoundaryDataSource dataSource() {
        return dataSource;
    }

    /** Rows that are there already, on both sides. */
    void put(String... statements) throws SQLException {
        for (Side side : Side.values()) {
            execute(side, statements);
        }
    }

    /** Past the boundary. */
    Connection direct(Side side) throws SQLException {
        return at(side).schema().connect();
    }

    void execute(Side side, String... statements) throws SQLException {
        at(side).schema().execute(statements);
    }

    String schemaName(Side side) {
        return at(side).schema().name();
    }

    String ask(Side side, String query) throws SQLException {
        try (Connection connection = direct(side);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    StatementLog record() {
        return proxy.record();
    }

    /** Cuts the next commit on the source off, before or after the server has heard it. */
    Cut cutCommit(Moment moment) {
        return proxy.cutNext(moment, dev.dualwrite.testkit.fault.Statement.isCommit());
    }

    /** Holds the next such statement on the source back. */
    Hold hold(Predicate<dev.dualwrite.testkit.fault.Statement> which) {
        return proxy.holdNext(which);
    }

    /** Whether somebody waits for a row lock on this side. */
    boolean waits(Side side) throws SQLException {
        return InnoDb.waits(at(side).schema());
    }

    /** Whether somebody waits for the definition of a table on this side. */
    boolean waitsForTable(Side side) throws SQLException {
        return !ask(
                        side,
                        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE"
                                + " 'Waiting for table metadata lock%'")
                .equals("0");
    }

    /** How many transactions are open on this side. */
    int transactions(Side side) throws SQLException {
        return InnoDb.open(at(side).schema());
    }

    int mixed() {
        return mixed.get();
    }

    int committed() {
        return committed.get();
    }

    int busy() {
        return source.pool().getHikariPoolMXBean().getActiveConnections()
                + target.pool().getHikariPoolMXBean().getActiveConnections();
    }

    /** Lets {@link #captured} tell only of what comes from now on. What came before is kept for the end. */
    void forget(Side side) throws SQLException {
        execute(side, "UPDATE dualwrite_intent SET marked = 1");
    }

    /**
     * Converges what was captured, the present owner's first, then what a hand-over by hand has left on the other side;
     * then the oracle: a row that differs was changed without an intent.
     */
    void finish() throws SQLException {
        Side owner = ask(Side.SOURCE, "SELECT state FROM dualwrite_fence").equals("OPEN") ? Side.SOURCE : Side.TARGET;
        for (Side side : List.of(owner, owner.other())) {
            if (side != owner) {
                flip(side);
            }
            execute(side, "UPDATE dualwrite_intent SET marked = 0");
            if (!captured(side).isEmpty()) {
                converge(side);
            }
        }
        new Oracle(() -> direct(Side.SOURCE), () -> direct(Side.TARGET), MIGRATION, moved, new OperationLog())
                .assertHolds();
    }

    private void converge(Side owner) throws SQLException {
        try (HikariDataSource from = LibraryPool.of(at(owner).schema().jdbcUrl());
                HikariDataSource to = LibraryPool.of(at(owner.other()).schema().jdbcUrl())) {
            Direction direction = new Direction(
                    control(owner, from), control(owner.other(), to), new Mappings(source.read(), target.read()));
            try (Connection connection = to.getConnection()) {
                direction.follower().lanes().create(connection);
            }
            Converger converger = new Converger(new Waiters(), Seams.NONE);
            Round round = converger.round(direction);
            while (round instanceof Round.Done) {
                round = converger.round(direction);
            }
            assertThat(round).isInstanceOf(Round.Idle.class);
        }
    }

    private ControlSide control(Side side, HikariDataSource pool) {
        SideSchema read = at(side).read();
        return new ControlSide(new ControlNames(MIGRATION, side, read.schema(), PREFIX), read.dialect(), pool);
    }

    /** {@code table:key} of every intent of a side. */
    Set<String> captured(Side side) throws SQLException {
        try (Connection connection = direct(side)) {
            return captured(connection);
        }
    }

    /** As {@link #captured(Side)}, on a connection to it. */
    static Set<String> captured(Connection connection) throws SQLException {
        Set<String> keys = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT table_name, key_values FROM dualwrite_intent WHERE marked = 0")) {
            while (row.next()) {
                keys.add(row.getString(1) + ":" + Key.decode(row.getBytes(2)));
            }
        }
        return keys;
    }

    /** Every moved row of a side by {@code table:key}, with its content. */
    Map<String, String> rows(Side side) throws SQLException {
        try (Connection connection = direct(side)) {
            return rows(side, connection);
        }
    }

    /** As {@link #rows(Side)}, on a connection to it. */
    Map<String, String> rows(Side side, Connection connection) throws SQLException {
        Map<String, String> rows = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (String table : moved) {
                int width = at(side).read().require(table).key().columns().size();
                String key =
                        String.join(", ", at(side).read().require(table).key().selectList(""));
                try (ResultSet row = statement.executeQuery("SELECT " + key + ", t.* FROM " + table + " t")) {
                    while (row.next()) {
                        String[] values = new String[width];
                        for (int i = 0; i < width; i++) {
                            values[i] = row.getString(i + 1);
                        }
                        StringBuilder content = new StringBuilder();
                        for (int i = width + 1; i <= row.getMetaData().getColumnCount(); i++) {
                            content.append(row.getString(i)).append('|');
                        }
                        rows.put(table + ":" + Key.of(values), content.toString());
                    }
                }
            }
        }
        return rows;
    }

    /** The keys of which the row is another one, or is there in one of them only. */
    static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> all = new HashSet<>(before.keySet());
        all.addAll(after.keySet());
        Set<String> changed = new TreeSet<>();
        for (String key : all) {
            if (!String.valueOf(before.get(key)).equals(String.valueOf(after.get(key)))) {
                changed.add(key);
            }
        }
        return changed;
    }

    /** Hands ownership over by hand, as a flip would. */
    void flip(Side to) throws SQLException {
        long epoch = Long.parseLong(ask(to.other(), "SELECT MAX(epoch) FROM dualwrite_fence")) + 2;
        execute(to.other(), "UPDATE dualwrite_fence SET state = 'CLOSED', epoch = " + epoch);
        Phase phase = to == Side.TARGET ? Phase.REVERSE_WINDOW : Phase.DUAL_WRITE;
        execute(to, "UPDATE dualwrite_fence SET state = 'OPEN', epoch = " + epoch + ", phase = '" + phase + "'");
    }

    /** Puts both sides into a phase, as those who move would. */
    void enter(Phase phase) throws SQLException {
        if (phase.owner() == Side.TARGET) {
            flip(Side.TARGET);
        }
        for (Side side : Side.values()) {
            execute(side, "UPDATE dualwrite_fence SET phase = '" + phase + "'");
        }
        believe(phase.owner());
    }

    void believe(Side owner) {
        believed = owner;
    }

    @Override
    public String migration() {
        return MIGRATION;
    }

    @Override
    public Side believedOwner() {
        return believed;
    }

    @Override
    public DataSource pool(Side side) {
        return at(side).pool();
    }

    @Override
    public SideSchema schema(Side side) {
        return at(side).read();
    }

    @Override
    public IntentWriter intents(Side side) {
        return at(side).intents();
    }

    /** Lets {@link #admits} say no so many times. */
    void doubt(int times) {
        doubts.set(times);
    }

    @Override
    public boolean admits(FenceRow row) {
        return doubts.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                && row.state() == FenceState.OPEN
                && row.atHome();
    }

    @Override
    public boolean confirmed(Side side) {
        return side == believed;
    }

    @Override
    public boolean stillOwns(Side side) {
        return side == believed;
    }

    @Override
    public boolean serves(FenceRow row) {
        return row.owns();
    }

    @Override
    public Side awaitOwner(FenceRow refused) throws SQLException {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (System.nanoTime() < end) {
            for (Side side : Side.values()) {
                if (ask(side, "SELECT state FROM dualwrite_fence").equals("OPEN")) {
                    believed = side;
                    return side;
                }
            }
            Thread.onSpinWait();
        }
        throw new OwnershipException("DW-3001", "no side is open", null);
    }

    @Override
    public void committed(Side owner, Written intents, long nanos) {
        committed.addAndGet(intents.ids().size());
    }

    @Override
    public Optional<String> ledger() {
        return Optional.empty();
    }

    @Override
    public ReadRoutes readRoutes() {
        return ReadRoutes.OWNER;
    }

    @Override
    public boolean compares() {
        return false;
    }

    @Override
    public @Nullable Sampled sample(Read read) {
        return null;
    }

    @Override
    public void mixed(String domainTable, String outsideTable) {
        mixed.incrementAndGet();
    }

    @Override
    public void close() {
        source.pool().close();
        target.pool().close();
        proxy.close();
        source.schema().close();
        target.schema().close();
    }
}
