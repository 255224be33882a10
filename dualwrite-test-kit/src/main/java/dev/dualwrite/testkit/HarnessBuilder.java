package dev.dualwrite.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.rehearsal.Marks;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.TwoServers;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Describes a {@link DualWriteHarness}. For one thread. */
public final class HarnessBuilder {
    /** What the control tables' names begin with. */
    private static final String PREFIX = "dualwrite_";

    /** In databases that exist, where a migration may have its own. */
    private static final String PREFIX_BESIDE = "dwkit_";

    private static final int POOL = 16;

    private final String prefix;
    private final Opener source;
    private final Opener target;
    private final Set<String> tables = new LinkedHashSet<>();
    private final List<String> schema = new ArrayList<>();
    private final List<String> sourceRows = new ArrayList<>();
    private DualWriteSetup setup = new DualWriteTest.NoSetup();
    private Phase phase = Phase.DUAL_WRITE;
    private String driverOptions = "";

    /** Where a database comes from. */
    @FunctionalInterface
    private interface Opener {
        Database open() throws Exception;
    }

    private HarnessBuilder(String prefix, Opener source, Opener target) {
        this.prefix = prefix;
        this.source = source;
        this.target = target;
    }

    static HarnessBuilder isolated() {
        return new HarnessBuilder(
                PREFIX,
                () -> Database.isolated(TwoServers.get().source(), "kit_src"),
                () -> Database.isolated(TwoServers.get().target(), "kit_dst"));
    }

    static HarnessBuilder isolated(Server source, Server target) {
        return new HarnessBuilder(
                PREFIX, () -> Database.isolated(source, "kit_src"), () -> Database.isolated(target, "kit_dst"));
    }

    static HarnessBuilder between(String sourceUrl, String targetUrl) {
        TwoServers servers = TwoServers.open(
                ServerRequest.fromEnvironment().choosing(new ServerRequest.Choice.Urls(sourceUrl, targetUrl)));
        return new HarnessBuilder(
                PREFIX_BESIDE, existing(servers.source(), sourceUrl), existing(servers.target(), targetUrl));
    }

    private static Opener existing(Server server, String url) {
        String path = URI.create(url.substring("jdbc:".length())).getPath();
        if (path == null || path.length() < 2) {
            throw new IllegalArgumentException(
                    "a JDBC URL of " + server + " names no schema; write one behind the port");
        }
        return () -> Database.existing(server, path.substring(1));
    }

    /** The tables that move; without any, every table that is in the source's schema at the start. */
    public HarnessBuilder tables(String... names) {
        tables.addAll(List.of(names));
        return this;
    }

    /** A script for both sides: statements that end in semicolons. */
    public HarnessBuilder schema(String script) {
        schema.add(script);
        return this;
    }

    /** A script for the source only, after the others: rows that are there before the migration. */
    public HarnessBuilder sourceRows(String script) {
        sourceRows.add(script);
        return this;
    }

    /** What is done in Java beside. */
    public HarnessBuilder setup(DualWriteSetup more) {
        setup = Objects.requireNonNull(more);
        return this;
    }

    /** The phase to begin in, {@code DUAL_WRITE} by default. */
    public HarnessBuilder phase(Phase first) {
        phase = Objects.requireNonNull(first);
        return this;
    }

    /**
     * Options of the application's driver, as they stand in its JDBC URL behind the question mark: {@code
     * rewriteBatchedStatements=true&useServerPrepStmts=true}.
     */
    public HarnessBuilder driverOptions(String options) {
        driverOptions = options.isEmpty() ? "" : "&" + options;
        return this;
    }

    /**
     * Makes the databases, starts the migration and brings it to its phase.
     *
     * @throws IllegalStateException if that does not succeed, with what stopped it as the cause; nothing stays behind
     */
    public DualWriteHarness start() {
        Parts parts = new Parts(prefix, "kit-" + UUID.randomUUID().toString().substring(0, 13));
        try {
            Database from = parts.keep(source.open());
            parts.source = from;
            Database to = parts.keep(target.open());
            parts.target = to;
            if (!from.isolated()) {
                parts.keep(() -> clean(from));
                parts.keep(() -> clean(to));
            }
            prepare(Side.SOURCE, from);
            prepare(Side.TARGET, to);
            if (tables.isEmpty()) {
                tables.addAll(all(from));
            }
            tables.add(Marks.TABLE);
            parts.tables = List.copyOf(tables);
            parts.dualWrite = parts.keep(setup.configure(DualWrite.named(parts.migration)
                            .source(parts.keep(pool(from, Side.SOURCE, driverOptions)))
                            .target(parts.keep(pool(to, Side.TARGET, driverOptions)))
                            .sourceAccess(from.libraryUrl(), null, null)
                            .targetAccess(to.libraryUrl(), null, null)
                            .tablePrefix(prefix)
                            .sealing(from.isolated())
                            .tables(tables.toArray(new String[0])))
                    .build());
            DualWriteHarness harness = new DualWriteHarness(parts);
            new Passage(parts.dualWrite()).to(phase);
            return harness;
        } catch (Exception | AssertionError e) {
            try {
                parts.close();
            } catch (RuntimeException alsoWrong) {
                e.addSuppressed(alsoWrong);
            }
            throw new IllegalStateException("the migration of the test could not be started: " + e.getMessage(), e);
        }
    }

    private void prepare(Side side, Database database) throws Exception {
        database.execute(Marks.DDL);
        for (String script : schema) {
            database.script(script);
        }
        if (side == Side.SOURCE) {
            for (String script : sourceRows) {
                database.script(script);
            }
        }
        setup.prepare(side, database);
    }

    /** Takes away what a harness made beside the host's tables. */
    private static void clean(Database database) throws SQLException {
        for (String table :
                database.column("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                        + " AND (table_name = '" + Marks.TABLE + "' OR table_name LIKE '"
                        + PREFIX_BESIDE.replace("_", "\\_") + "%')")) {
            database.execute("DROP TABLE `" + table + "`");
        }
    }

    private static List<String> all(Database database) throws Exception {
        return database.column("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'dualwrite\\_%' ORDER BY table_name");
    }

    private static HikariDataSource pool(Database database, Side side, String options) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("dualwrite-kit-" + database.schema() + "-" + side);
        config.setJdbcUrl(database.url() + "&connectTimeout=2000&socketTimeout=30000" + options);
        config.setMaximumPoolSize(POOL);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** What a harness is made of, closed in the order opposite to that in which it was made. */
    static final class Parts {
        private final String prefix;
        private final String migration;
        private final List<AutoCloseable> kept = new ArrayList<>();
        private @Nullable Database source;
        private @Nullable Database target;
        private @Nullable DualWrite dualWrite;
        private List<String> tables = List.of();

        private Parts(String prefix, String migration) {
            this.prefix = prefix;
            this.migration = migration;
        }

        private <T extends AutoCloseable> T keep(T part) {
            kept.add(part);
            return part;
        }

        String prefix() {
            return prefix;
        }

        String migration() {
            return migration;
        }

        Database source() {
            return Objects.requireNonNull(source);
        }

        Database target() {
            return Objects.requireNonNull(target);
        }

        DualWrite dualWrite() {
            return Objects.requireNonNull(dualWrite);
        }

        List<String> tables() {
            return tables;
        }

        synchronized void close() {
            IllegalStateException failure = null;
            for (int i = kept.size() - 1; i >= 0; i--) {
                try {
                    kept.get(i).close();
                } catch (Exception e) {
                    failure = failure == null
                            ? new IllegalStateException(
                                    "a part of the harness could not be closed: " + e.getMessage(), e)
                            : failure;
                }
            }
            kept.clear();
            if (failure != null) {
                throw failure;
            }
        }
    }
}
