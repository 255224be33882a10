package dev.dualwrite.testkit.rehearsal;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static dev.dualwrite.testkit.rehearsal.Faults.COMMIT_ANSWER_LOST;
import static dev.dualwrite.testkit.rehearsal.Faults.COMMIT_LOST;
import static dev.dualwrite.testkit.rehearsal.Faults.CONNECTIONS_CUT;
import static dev.dualwrite.testkit.rehearsal.Faults.FOLLOWER_DOWN;
import static dev.dualwrite.testkit.rehearsal.Faults.FOLLOWER_SILENT;
import static dev.dualwrite.testkit.rehearsal.Faults.FOLLOWER_SLOW;
import static dev.dualwrite.testkit.rehearsal.Faults.OWNER_SLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.DualWriteTest;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rehearsal passes when nothing is lost, says what was, and refuses to prove nothing. */
@DualWriteTest(schema = "/com/example/shop/shop.sql", setup = RehearsalIT.Patient.class)
class RehearsalIT {
    private static final StatementMix MIX = StatementMix.parse("""
            -- weight 3
            INSERT INTO order_line (order_id, article, price) VALUES (1, 'cup {n}', 4.50);
            UPDATE orders SET state = 'OPEN' WHERE id = 1;

            INSERT INTO orders (id, customer, state) VALUES (1000 + {n}, 'new', 'NEW');
            """);

    /** Machines of tests are slow, so the budget of a flip is larger. */
    static final class Patient implements DualWriteSetup {
        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return builder.flipBudget(Duration.ofSeconds(5));
        }
    }

    @Requirement({74, 187})
    @Test
    void throughFaultsThereAndBackNothingIsLostAndTheFiguresStay(DualWriteHarness kit, @TempDir Path directory)
            throws Exception {
        RehearsalReport report = kit.rehearsal()
                .load(200, MIX)
                .threads(4)
                .faults(FOLLOWER_DOWN, CONNECTIONS_CUT, COMMIT_ANSWER_LOST)
                .invariant("no line without its order", """
                        SELECT l.id FROM order_line l LEFT JOIN orders o ON o.id = l.order_id WHERE o.id IS NULL""")
                .flip()
                .rollback()
                .evidence(directory)
                .assertNothingLost();
        assertThat(report.committed()).isGreaterThan(60);
        assertThat(report.lost() + report.doubled() + report.ghosts()).isZero();
        assertThat(report.unknown()).isPositive();
        assertThat(report.flips()).isEqualTo(2);
        assertThat(report.stall()).isPositive();
        assertThat(report.lag()).isPositive();
        assertThat(report.faults()).hasSize(6).containsKey("FOLLOWER_DOWN before the rollback");
        assertThat(kit.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
        assertThat(kit.parity()).tables("orders", "order_line", Marks.TABLE).isIdenticalAndNotEmpty();
        assertThat(RehearsalReport.read(directory.resolve(report.migration() + ".properties")))
                .isEqualTo(report);
        kit.oracle().assertHolds();
    }

    @Requirement(187)
    @Test
    void withLatencyAndLostPacketsTheTimesAreKept(DualWriteHarness kit, @TempDir Path directory) throws Exception {
        RehearsalReport report = kit.rehearsal()
                .load(100, MIX)
                .threads(4)
                .faults(FOLLOWER_SLOW, OWNER_SLOW, FOLLOWER_SILENT, COMMIT_LOST)
                .flip()
                .rollback()
                .evidence(directory)
                .assertNothingLost();
        RehearsalReport kept = RehearsalReport.read(directory.resolve(report.migration() + ".properties"));
        assertThat(kept.slowest()).isPositive().isEqualTo(report.slowest());
        assertThat(kept.stall()).isPositive().isEqualTo(report.stall());
        assertThat(kept.lag()).isPositive().isEqualTo(report.lag());
        assertThat(kept.faults()).hasSize(8);
        kit.oracle().assertHolds();
    }

    @Requirement(202)
    @Test
    void whatTheApplicationDidIsRecordedAndIsTheLoad(DualWriteHarness kit, @TempDir Path directory) throws Exception {
        StatementMix recorded;
        try (StatementLog log = kit.source().applicationNetwork().record();
                Connection connection = kit.dataSource().getConnection();
                PreparedStatement line = connection.prepareStatement(
                        "INSERT INTO order_line (order_id, article, price) VALUES (?, ?, 1.5)")) {
            connection.setAutoCommit(false);
            line.setLong(1, 1);
            line.setString(2, "recorded; it's");
            line.executeUpdate();
            connection.createStatement().executeUpdate("UPDATE orders SET state = 'SENT' WHERE id = 1");
            connection.commit();
            recorded = StatementMix.recorded(log);
        }
        assertThat(recorded.size()).isEqualTo(1);
        RehearsalReport report = kit.rehearsal()
                .load(100, recorded)
                .threads(2)
                .faults(CONNECTIONS_CUT)
                .flip()
                .evidence(directory)
                .assertNothingLost();
        assertThat(report.rejected()).isZero();
        assertThat(Long.parseLong(
                        kit.target().ask("SELECT COUNT(*) FROM order_line WHERE article = 'recorded; it\'\'s'")))
                .isGreaterThan(report.committed());
        kit.oracle().assertHolds();
    }

    /** Does to the marks what a defect would do to rows. */
    private record Vandal(String name, String sql) implements Fault {
        @Override
        public String strike(Scene scene) throws Exception {
            scene.stage().source().execute(sql);
            scene.stage().target().execute(sql);
            return sql;
        }
    }

    @Test
    void whatIsLostDoubledOrDifferentIsTold(DualWriteHarness kit, @TempDir Path directory) {
        assertThatThrownBy(() -> kit.rehearsal()
                        .load(100, MIX)
                        .threads(2)
                        .faults(
                                FOLLOWER_DOWN,
                                new Vandal("LOSES", "DELETE FROM testkit_mark WHERE number = 3"),
                                new Vandal(
                                        "DOUBLES",
                                        "INSERT INTO testkit_mark SELECT run, 5, 99 FROM testkit_mark LIMIT 1"))
                        .invariant("nobody is new", "SELECT id FROM orders WHERE customer = 'new'")
                        .stallAtMost(Duration.ZERO)
                        .flip()
                        .evidence(directory)
                        .assertNothingLost())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("transaction 3 was acknowledged and is not there")
                .hasMessageContaining("transaction 5 is there more than once")
                .hasMessageContaining("nobody is new, on the target: id=")
                .hasMessageContaining("a flip stalled writers for")
                .hasMessageContaining("FAILED");
        assertThat(directory).isNotEmptyDirectory();
    }

    @Requirement(74)
    @Test
    void whatProvesNothingIsRefused(DualWriteHarness kit) {
        assertThatThrownBy(() -> kit.rehearsal().load(10, MIX).flip().run())
                .hasMessageContaining("no fault was injected");
        assertThatThrownBy(() -> kit.rehearsal().faults(FOLLOWER_DOWN).flip().run())
                .hasMessageContaining("without load");
        assertThatThrownBy(() ->
                        kit.rehearsal().load(10, MIX).faults(FOLLOWER_DOWN).run())
                .hasMessageContaining("goes somewhere");
        assertThatThrownBy(() -> kit.rehearsal().rollback()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kit.rehearsal()
                        .load(50, StatementMix.parse("TRUNCATE orders;"))
                        .faults(FOLLOWER_DOWN)
                        .flip()
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the load cannot go on");
    }

    /** Databases that were there before, as in a staging environment. */
    @Requirement(130)
    @Test
    void onDatabasesThatExistItLeavesNothingButRowsAndItsEvidenceOpensAGate() throws Exception {
        try (Schema source = TwoServers.get().source().isolatedSchema("stg");
                Schema target = TwoServers.get().target().isolatedSchema("stg")) {
            String ddl = "CREATE TABLE orders (id BIGINT PRIMARY KEY, state VARCHAR(10) NOT NULL)";
            source.execute(ddl, "INSERT INTO orders VALUES (1, 'PAID'), (2, 'NEW')");
            target.execute(ddl);
            RehearsalReport report;
            try (DualWriteHarness kit = DualWriteHarness.between(source.jdbcUrl(), target.jdbcUrl())
                    .tables("orders")
                    .setup(new Patient())
                    .start()) {
                report = kit.rehearsal()
                        .load(
                                100,
                                (connection, number) -> connection
                                        .createStatement()
                                        .executeUpdate("INSERT INTO orders VALUES (" + (100 + number) + ", 'NEW')"))
                        .threads(2)
                        .faults(FOLLOWER_DOWN)
                        .flip()
                        .rollback()
                        .run();
                assertThat(report.problems()).isEmpty();
                assertThatThrownBy(kit::denyOldSide).isInstanceOf(IllegalStateException.class);
            }
            for (Schema side : List.of(source, target)) {
                assertThat(side.server()
                                .ask("SELECT GROUP_CONCAT(table_name) FROM information_schema.tables"
                                        + " WHERE table_schema = '" + side.name() + "'"))
                        .isEqualTo("orders");
            }
            try (DualWriteHarness gated = DualWriteHarness.isolated()
                    .schema(ddl + ";")
                    .setup(new DualWriteSetup() {
                        @Override
                        public DualWriteBuilder configure(DualWriteBuilder builder) {
                            return builder.invariant(
                                    "rehearsed", RehearsalReport.gateQuery(Duration.ofDays(7), Duration.ofSeconds(30)));
                        }
                    })
                    .start()) {
                assertThat(invariants(gated).passed()).isFalse();
                for (Database side : List.of(gated.source(), gated.target())) {
                    try (Connection connection = side.connect()) {
                        report.store(connection);
                    }
                }
                assertThat(invariants(gated))
                        .extracting(GateReport.Check::passed)
                        .isEqualTo(true);
                for (String less : List.of(
                        "ended_at = ended_at - INTERVAL 8 DAY",
                        "flips = 1", // has not walked back
                        "faults = 0",
                        "passed = 0",
                        "stall_millis = 30001")) {
                    String before = gated.source().ask("SELECT MAX(id) FROM testkit_rehearsal");
                    gated.source().execute("UPDATE testkit_rehearsal SET " + less);
                    assertThat(invariants(gated).detail()).as(less).contains("no rehearsal that counts");
                    gated.source().execute("DELETE FROM testkit_rehearsal WHERE id = " + before);
                    try (Connection connection = gated.source().connect()) {
                        report.store(connection);
                    }
                    assertThat(invariants(gated).passed())
                            .as("again without " + less)
                            .isTrue();
                }
                gated.oracle().assertHolds();
            }
        }
    }

    private static GateReport.Check invariants(DualWriteHarness kit) {
        return kit.dualWrite().gate(Phase.REVERSE_WINDOW).checks().stream()
                .filter(check -> check.name().equals("invariants"))
                .findFirst()
                .orElseThrow();
    }
}
