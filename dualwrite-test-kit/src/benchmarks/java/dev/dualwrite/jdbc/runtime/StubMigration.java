package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Side;
import dev.dualwrite.converge.Round;
import dev.dualwrite.converge.Workers;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.boundary.Read;
import dev.dualwrite.jdbc.boundary.ReadRoutes;
import dev.dualwrite.jdbc.boundary.Routes;
import dev.dualwrite.jdbc.boundary.Sampled;
import dev.dualwrite.jdbc.boundary.Written;
import dev.dualwrite.jdbc.control.ControlNames;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * As much of a {@link Migration} as runs in the threads of the application, with nothing that runs beside them. Both sides
 * are one stub, of which the source owns. Thread-safe.
 */
public final class StubMigration implements Routes {
    /** Nobody looks at the fence from time to time, as the watch of a migration does. */
    private static final Duration CONFIRMED = Duration.ofDays(1);

    private final DataSource driver;
    private final Beliefs beliefs = new Beliefs();
    private final Latencies latencies = new Latencies();
    private final Workers workers = new Workers(
            "stub", 0, worker -> new Round.Idle(), Duration.ofMillis(100), Duration.ofMillis(50), () -> false);
    private final SideSchema source = schema(Side.SOURCE, "stub");
    private final SideSchema target = schema(Side.TARGET, "other");
    private final IntentWriter sourceIntents = writer(source);
    private final IntentWriter targetIntents = writer(target);

    /** @param driver whose server answers about its session and its fence; the schema is {@code stub} */
    public StubMigration(DataSource driver) throws SQLException {
        this.driver = driver;
        try (Connection connection = driver.getConnection()) {
            beliefs.saw(intents(Side.SOURCE).fence().read(connection).orElseThrow(), System.nanoTime());
        }
    }

    private static SideSchema schema(Side side, String schema) {
        KeyColumn key = new KeyColumn("id", KeyType.INTEGER, "bigint", 0, 0, false, 8, false, "", "", true);
        Table account = new Table(
                schema,
                "account",
                List.of(
                        new Column("id", "bigint", "bigint", "", "", false, false, false, false, false),
                        new Column("balance", "bigint", "bigint", "", "", false, false, false, false, false),
                        new Column("note", "varchar", "varchar(20)", "utf8mb4", "", false, false, false, false, false)),
                new KeySpec("account", List.of(key)),
                List.of());
        return new SideSchema(
                side,
                schema,
                Dialect.MYSQL,
                "8.4.0",
                Map.of("account", account),
                Set.of("journal"),
                Set.of(),
                Set.of(),
                new SideSchema.Elsewhere(Set.of(), Set.of(), Set.of()));
    }

    private static IntentWriter writer(SideSchema of) {
        return new IntentWriter(
                new FenceTable(new ControlNames("stub", of.side(), of.schema(), "dualwrite_"), of.dialect()));
    }

    @Override
    public String migration() {
        return "stub";
    }

    @Override
    public Side believedOwner() {
        return beliefs.owner();
    }

    @Override
    public DataSource pool(Side side) {
        return driver;
    }

    @Override
    public SideSchema schema(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    @Override
    public IntentWriter intents(Side side) {
        return side == Side.SOURCE ? sourceIntents : targetIntents;
    }

    @Override
    public boolean admits(FenceRow row) {
        return beliefs.admits(row);
    }

    @Override
    public boolean confirmed(Side side) {
        return beliefs.confirmed(side, CONFIRMED);
    }

    @Override
    public boolean stillOwns(Side side) {
        return beliefs.stillOwns(side, CONFIRMED, CONFIRMED);
    }

    @Override
    public boolean serves(FenceRow row) {
        return beliefs.serves(row);
    }

    @Override
    public Side awaitOwner(FenceRow refused) {
        throw new IllegalStateException("the source owns");
    }

    @Override
    public void committed(Side owner, Written written, long nanos) {
        latencies.record(nanos);
        workers.wake();
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
        throw new IllegalStateException(domainTable + " and " + outsideTable);
    }
}
