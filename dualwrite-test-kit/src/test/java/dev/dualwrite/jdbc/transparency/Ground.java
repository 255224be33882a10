package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Two schemas with the library between them, and on each side's server one more with the same tables, which an
 * application uses without it.
 */
final class Ground implements AutoCloseable {
    private final Leaks leaks = Leaks.watch(List.of("dualwrite-transparency", "transparency-"));
    private final Schema source;
    private final Schema target;
    private final Schema bareSource;
    private final Schema bareTarget;
    private final SwitchedPool sourcePool;
    private final SwitchedPool targetPool;
    private final SwitchedPool bareSourcePool;
    private final SwitchedPool bareTargetPool;
    private final String migration;
    private final DualWrite dualWrite;
    private Phase phase = Phase.SOURCE_ONLY;

    Ground() throws SQLException {
        TwoServers servers = TwoServers.get();
        source = schema(servers.source(), "src", true);
        target = schema(servers.target(), "dst", false);
        bareSource = schema(servers.source(), "bare", true);
        bareTarget = schema(servers.target(), "bare", true);
        sourcePool = new SwitchedPool(source.jdbcUrl());
        targetPool = new SwitchedPool(target.jdbcUrl());
        bareSourcePool = new SwitchedPool(bareSource.jdbcUrl());
        bareTargetPool = new SwitchedPool(bareTarget.jdbcUrl());
        migration = "transparency-" + source.name();
        dualWrite = DualWrite.named(migration)
                .source(sourcePool)
                .target(targetPool)
                .sourceAccess(source.jdbcUrl(), null, null)
                .targetAccess(target.jdbcUrl(), null, null)
                .tables(Tables.FORMS.toArray(String[]::new))
                .instance("transparency")
                .reader(() -> Reader.of("application"))
                .autocommitReads()
                .build();
    }

    private static Schema schema(Server server, String prefix, boolean all) throws SQLException {
        Schema schema = server.isolatedSchema(prefix);
        schema.execute(Tables.ddl(""));
        if (all) {
            schema.execute(Tables.ddl(Realm.STAYING_PREFIX));
        }
        return schema;
    }

    Phase phase() {
        return phase;
    }

    private boolean sourceOwns() {
        return phase.owner() == Side.SOURCE;
    }

    /** What is there without the library: on the server of the owner. */
    private Schema bare() {
        return sourceOwns() ? bareSource : bareTarget;
    }

    Host bareHost() {
        return new Host(sourceOwns() ? bareSourcePool : bareTargetPool, List.of(bare().name()));
    }

    Host wrappedHost(Lie lie) {
        DataSource dataSource = dualWrite.dataSource();
        return new Host(lie == Lie.NONE ? dataSource : lie.about(dataSource), List.of(source.name(), target.name()));
    }

    /** Goes through the phases up to this one, and judges each before it is left. */
    void walkTo(Phase wanted) throws SQLException {
        while (phase != wanted) {
            judge();
            phase = next();
        }
    }

    private Phase next() throws SQLException {
        return switch (phase) {
            case SOURCE_ONLY -> {
                enter(Phase.DUAL_WRITE);
                DualWrite.BackfillReport backfill = dualWrite.backfill();
                DualWrite.VerificationReport verification = dualWrite.verify();
                if (!backfill.complete() || !verification.equal()) {
                    throw new AssertionError("the target could not be made equal: " + backfill + ", " + verification
                            + ", parked " + dualWrite.parked(10));
                }
                yield Phase.DUAL_WRITE;
            }
            case DUAL_WRITE -> {
                enter(Phase.SHADOW_READ);
                yield Phase.SHADOW_READ;
            }
            case SHADOW_READ -> {
                force(Phase.TARGET_READ);
                everybody();
                yield Phase.TARGET_READ;
            }
            case TARGET_READ -> {
                force(Phase.DUAL_WRITE);
                dualWrite.waiveMixedTables();
                flip();
                yield Phase.REVERSE_WINDOW;
            }
            case REVERSE_WINDOW -> {
                enter(Phase.TARGET_ONLY);
                yield Phase.TARGET_ONLY;
            }
            case TARGET_ONLY -> throw new IllegalStateException("there is no way on from here");
        };
    }

    private void enter(Phase next) {
        Eventually.eventually()
                .until(
                        "every instance acts by the epoch of the fence",
                        () -> dualWrite.gate(next).failed().stream()
                                .noneMatch(check -> check.name().equals("instances-agree")));
        PhaseOutcome outcome = dualWrite.enter(next);
        if (!(outcome instanceof PhaseOutcome.Entered)) {
            throw new AssertionError("could not enter " + next + ": " + outcome);
        }
    }

    /** All read from the target, past the gate too, which the mixing of tables and what changes anew keep closed. */
    private void everybody() throws SQLException {
        source.execute(
                "INSERT INTO dualwrite_cohort SELECT DISTINCT migration, 'percent', '100', UTC_TIMESTAMP(6), '' FROM"
                        + " dualwrite_fence");
    }

    /** Past the gate, which wants more reads than there are. */
    private void force(Phase next) throws SQLException {
        source.execute("UPDATE dualwrite_fence SET phase = '" + next
                + "', epoch = epoch + 1, attempt = UUID() WHERE side = 'SOURCE' AND state = 'OPEN'");
        Eventually.eventually()
                .until("the phase is " + next, () -> dualWrite.ownership().phase() == next);
    }

    private void flip() {
        FlipOutcome last = dualWrite.flip();
        for (int i = 0; i < 8 && !(last instanceof FlipOutcome.Flipped); i++) {
            last = dualWrite.flip();
        }
        if (!(last instanceof FlipOutcome.Flipped)) {
            throw new AssertionError("did not flip: " + last);
        }
    }

    /** The options that both applications' drivers have from now on, and the rows that each block begins with. */
    void begin(Options options) throws SQLException {
        sourcePool.use(options);
        targetPool.use(options);
        bareSourcePool.use(options);
        bareTargetPool.use(options);
        for (String prefix : List.of("", Realm.STAYING_PREFIX)) {
            List<String> statements = new ArrayList<>(Tables.emptying(prefix));
            statements.addAll(Tables.baseRows(prefix));
            bare().execute(statements.toArray(String[]::new));
            through(dualWrite.dataSource(), statements);
            Schema real = prefix.isEmpty() && !sourceOwns() ? target : source;
            for (String table : Tables.GENERATING) {
                String from = "ALTER TABLE " + prefix + table + " AUTO_INCREMENT = " + Tables.FIRST_GENERATED;
                bare().execute(from);
                real.execute(from);
            }
        }
    }

    private static void through(DataSource dataSource, List<String> statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
            connection.commit();
        }
    }

    /** What stands in other rows with the library than without, or differs otherwise once nobody uses it; empty if nothing. */
    String difference() throws SQLException {
        StringBuilder text = new StringBuilder();
        for (String prefix : List.of("", Realm.STAYING_PREFIX)) {
            Schema real = prefix.isEmpty() && !sourceOwns() ? target : source;
            for (String form : Tables.FORMS) {
                String bare = content(bare(), prefix + form);
                String wrapped = content(real, prefix + form);
                if (!bare.equals(wrapped)) {
                    text.append("\nrows of ").append(prefix).append(form);
                    text.append("\n  bare:    ")
                            .append(bare)
                            .append("\n  wrapped: ")
                            .append(wrapped);
                }
            }
        }
        int busy = sourcePool.busy() + targetPool.busy();
        if (busy != 0) {
            text.append("\nconnections of the application that were not given back: ")
                    .append(busy);
        }
        return text.toString();
    }

    private static String content(Schema schema, String table) throws SQLException {
        try (Connection connection = schema.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(Tables.all(table))) {
            return Seen.rest(rows, java.util.Set.of());
        }
    }

    /** The oracle: both sides equal, no intent left. */
    private void judge() throws SQLException {
        Oracle oracle = new Oracle(source::connect, target::connect, migration, Tables.FORMS, new OperationLog());
        (phase.capturing() ? oracle : oracle.withoutFollower()).assertHolds();
    }

    /** Ends it: the oracle, and nothing is left behind. */
    void finish() throws SQLException {
        judge();
        closePools();
        leaks.assertNone(Duration.ofSeconds(20));
    }

    private void closePools() {
        dualWrite.close();
        sourcePool.close();
        targetPool.close();
        bareSourcePool.close();
        bareTargetPool.close();
    }

    @Override
    public void close() {
        closePools();
        source.close();
        target.close();
        bareSource.close();
        bareTarget.close();
    }
}
