package dev.dualwrite.jdbc.runtime;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.ControlNames;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.LedgerTable;
import dev.dualwrite.jdbc.control.MovedTable;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SchemaReader;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Versions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * One side in this process: the host's pool, the library's own, and what the server said of its schema
 * once it could be asked. Thread-safe.
 */
final class Place implements AutoCloseable {
    /** Access denied: to a schema, to a command on a table, for want of a privilege. */
    private static final Set<Integer> DENIED = Set.of(1044, 1142, 1227);

    private final Side side;
    private final DataSource host;
    private final HikariDataSource pool;
    private final Settings settings;
    private final Domain domain;

    /** Written once, under {@code this}; everything reachable from it is immutable or thread-safe. */
    private volatile Optional<Known> known = Optional.empty();

    /** What is known of a side that has been reached. */
    record Known(SideSchema schema, ControlSide control) {}

    Place(Side side, DataSource host, Access access, Settings settings, Domain domain) {
        this.side = side;
        this.host = host;
        this.settings = settings;
        this.domain = domain;
        this.pool = access.pool("dualwrite-" + settings.name() + "-" + side, connections(settings));
    }

    /**
     * Workers hold one on each side, activities two for each of theirs, those who compare reads one on one side, and the rest is for
     * single questions.
     */
    private static int connections(Settings settings) {
        return settings.workers() * 2
                + settings.tuning().workers() * 2
                + settings.reads().workers()
                + 9;
    }

    Side side() {
        return side;
    }

    /** The host's own pool. */
    DataSource host() {
        return host;
    }

    /** Whether both use the very same pool of the host. */
    @SuppressWarnings("ReferenceEquality") // whether two pools lead to the same schema, nobody can tell before they do
    boolean sharesPool(Place other) {
        return host == other.host;
    }

    Optional<Known> known() {
        return known;
    }

    /** The control tables, if this side was ever reached. */
    ControlSide control() throws SQLException {
        return require().control();
    }

    Known require() throws SQLException {
        return known.orElseThrow(() -> new SQLException(
                "DW-3005 " + side + " was not reached since this process started; nothing is known of its schema",
                "08001"));
    }

    /**
     * Asks the server for its schema and makes the control tables, if that was not done before.
     *
     * @throws DualWriteException if this side can take no part in the migration
     * @throws SQLException if it cannot be reached
     */
    Known reach() throws SQLException {
        Optional<Known> before = known;
        if (before.isPresent()) {
            return before.get();
        }
        try (Connection connection = pool.getConnection()) {
            Versions.require(connection, side);
            Access.prove(side, connection);
            ledger(connection);
            SideSchema schema = reader().read(connection, side);
            ControlSide control = new ControlSide(names(schema.schema()), schema.dialect(), pool);
            controlTables(connection, control.names());
            control.lanes().create(connection);
            control.moved().put(connection, schema.tables().keySet());
            Known now = new Known(schema, control);
            known = Optional.of(now);
            return now;
        }
    }

    private SchemaReader reader() {
        return new SchemaReader(
                domain, settings.prefix(), schema -> names(schema).fenceRow());
    }

    private ControlNames names(String schema) {
        return new ControlNames(settings.name(), side, schema, settings.prefix());
    }

    private void controlTables(Connection connection, ControlNames names) throws SQLException {
        List<String> missing = ControlTables.missing(connection, names);
        if (!missing.isEmpty()) {
            make(
                    side + " has no control tables " + String.join(", ", missing) + " in " + names.schema()
                            + ", or this account has no rights on them: run dev/dualwrite/jdbc/control-tables.sql there",
                    () -> ControlTables.create(connection, names));
        }
    }

    /** The ledger is one of the tables that move, so it has to be there when they are read. */
    private void ledger(Connection connection) throws SQLException {
        String schema = connection.getCatalog();
        if (domain.ledger().isEmpty() || schema == null || schema.isEmpty()) {
            return;
        }
        String name = domain.ledger().get();
        if (!ControlTables.exists(connection, schema, name)) {
            String ddl = LedgerTable.ddl(schema, name);
            make(side + " has no ledger of idempotency keys, or this account has no rights on it: " + ddl, () -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(ddl);
                }
            });
        }
    }

    /** Makes what is missing. */
    private interface Making {
        void run() throws SQLException;
    }

    private void make(String advice, Making making) throws SQLException {
        if (!settings.createTables()) {
            throw new DualWriteException("DW-1011", advice + ", or let the library do it by createControlTables(true)");
        }
        try {
            making.run();
        } catch (SQLException e) {
            if (DENIED.contains(e.getErrorCode())) {
                throw new DualWriteException("DW-1011", advice + ", or grant CREATE to it: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** Tables of this side that another migration moves. */
    Optional<String> taken() throws SQLException {
        Known now = require();
        try (Connection connection = pool.getConnection()) {
            List<MovedTable.Taken> taken = now.control()
                    .moved()
                    .taken(connection, now.schema().tables().keySet(), settings.heartbeatTimeout());
            return taken.isEmpty()
                    ? Optional.empty()
                    : Optional.of("of " + side + " are moved already: "
                            + taken.stream().map(MovedTable.Taken::toString).collect(Collectors.joining("; "))
                            + ". Take other tables or another schema, or end that migration first");
        }
    }

    /** What differs between the tables as they were read when this process started and as they are now. */
    Optional<String> changedSchema() throws SQLException {
        SideSchema then = require().schema();
        SideSchema now;
        try (Connection connection = pool.getConnection()) {
            now = reader().read(connection, side);
        }
        if (now.tables().equals(then.tables())) {
            return Optional.empty();
        }
        String names = then.tables().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(now.tables().get(entry.getKey())))
                .map(entry -> entry.getValue().name())
                .sorted()
                .collect(Collectors.joining(", "));
        return Optional.of(
                "tables of " + side + " were changed since this process started"
                        + (names.isEmpty() ? "" : ": " + names)
                        + "; rows would be copied and compared by their old columns: restart every instance, then backfill and verify anew");
    }

    /** Makes sure of a connection of the library's own ahead of need; the host's pool is the host's to keep filled. */
    void warm() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.isValid(1);
        }
    }

    /** Ends a connection whose session was changed, instead of giving it back. */
    void discard(Connection connection) {
        pool.evictConnection(connection);
    }

    /** Connections of the library that are in use. */
    int busy() {
        return pool.getHikariPoolMXBean() == null
                ? 0
                : pool.getHikariPoolMXBean().getActiveConnections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
