package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each check of the gate fails alone: the flip is refused by its name, and nothing is changed. */
class GateIT {

    /** Something that breaks a condition, or mends it. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private static String fences(Rig rig) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (Side side : Side.values()) {
            text.append(rig.ask(
                    side,
                    "SELECT CONCAT_WS(' ', side, state, phase, epoch, attempt, marking, ';') FROM dualwrite_fence WHERE"
                            + " side = '" + side + "'"));
        }
        return text.toString();
    }

    private static void failsAlone(Rig rig, Node node, String check, String says, Step breaks, Step mends)
            throws Exception {
        Eventually.eventually().untilAsserted(() -> {
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed()).isEmpty();
            assertThat(epoch(rig, Side.TARGET)).as("mirrored").isEqualTo(epoch(rig, Side.SOURCE));
        });
        breaks.run();
        Eventually.eventually().untilAsserted(() -> {
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                    .extracting(GateReport.Check::name)
                    .containsExactly(check);
            // what breaks it may be a change of phase, which reaches the follower's row a moment later
            assertThat(epoch(rig, Side.TARGET)).as("mirrored").isEqualTo(epoch(rig, Side.SOURCE));
        });
        String before = fences(rig);
        FlipOutcome outcome = node.dualWrite().flip();
        if (check.equals("both-reachable")) {
            // there is nobody to flip to, which is found out before the gate is asked
            assertThat(outcome).isInstanceOfSatisfying(FlipOutcome.GaveUp.class, gaveUp -> {
                assertThat(gaveUp.stall()).isZero();
                assertThat(gaveUp.reasons().toString()).contains("TARGET cannot be reached");
            });
        } else {
            assertThat(outcome).isInstanceOfSatisfying(FlipOutcome.Refused.class, refused -> {
                assertThat(refused.report().failed())
                        .extracting(GateReport.Check::name)
                        .containsExactly(check);
                assertThat(refused.report().failed().get(0).detail()).contains(says);
                assertThat(refused.report().toString()).contains(check);
            });
        }
        assertThat(fences(rig))
                .as("nothing was changed by a flip refused for %s", check)
                .isEqualTo(before);
        mends.run();
    }

    private static String epoch(Rig rig, Side side) throws SQLException {
        return rig.ask(side, "SELECT epoch FROM dualwrite_fence WHERE side = '" + side + "'");
    }

    private static void execute(Rig rig, Side side, String... statements) throws SQLException {
        rig.schema(side).execute(statements);
    }

    private static void instance(Rig rig, long epoch, String configuration) throws SQLException {
        execute(
                rig,
                Side.SOURCE,
                "INSERT INTO dualwrite_instance SELECT migration, 'another', " + epoch + ", " + configuration
                        + ", version, started_at, UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE, cohort_function, writes,"
                        + " skew_micros, excluded FROM dualwrite_instance LIMIT 1");
    }

    @Scenario({40, 70, 74, 82, 84})
    @Test
    void eachCheckClosesTheGateAloneAndByName() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            rig.both("CREATE TABLE outside (id BIGINT PRIMARY KEY) ENGINE=InnoDB");
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(5))).start();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            node.write("INSERT INTO account VALUES (2, 'someone', 2, NULL)");
            rig.log().present("account", "id", 1);
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Refused.class); // from SOURCE_ONLY
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.dualWrite().backfill();
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                    .singleElement()
                    .satisfies(check -> assertThat(check.detail()).contains("nothing was verified yet"));
            Rig.verify(node.dualWrite());

            failsAlone(
                    rig,
                    node,
                    "durability",
                    "SOURCE runs with sync_binlog=0",
                    () -> execute(rig, Side.SOURCE, "SET GLOBAL sync_binlog = 0"),
                    () -> execute(rig, Side.SOURCE, "SET GLOBAL sync_binlog = 1"));
            failsAlone(
                    rig,
                    node,
                    "durability",
                    "TARGET runs with innodb_flush_log_at_trx_commit=2",
                    () -> execute(rig, Side.TARGET, "SET GLOBAL innodb_flush_log_at_trx_commit = 2"),
                    () -> execute(rig, Side.TARGET, "SET GLOBAL innodb_flush_log_at_trx_commit = 1"));
            failsAlone(
                    rig,
                    node,
                    "nothing-parked",
                    "1 parked",
                    () -> park(rig),
                    () -> execute(rig, Side.SOURCE, "DELETE FROM dualwrite_parked"));
            failsAlone(
                    rig,
                    node,
                    "verified",
                    "account 1 DIFFERENT",
                    () -> {
                        execute(rig, Side.TARGET, "UPDATE account SET balance = 99 WHERE id = 1");
                        assertThat(node.dualWrite().verify().equal()).isFalse();
                    },
                    () -> {
                        node.dualWrite().repair();
                        Eventually.eventually()
                                .until(() -> node.dualWrite().verify().equal(), () -> "the repaired row is not equal");
                    });
            failsAlone(
                    rig,
                    node,
                    "verified",
                    "began PT25H",
                    () -> execute(
                            rig,
                            Side.SOURCE,
                            "UPDATE dualwrite_verification SET started_at = started_at - INTERVAL 25 HOUR"),
                    () -> Rig.verify(node.dualWrite()));
            failsAlone(
                    rig,
                    node,
                    "not-held",
                    "release",
                    () -> node.dualWrite().hold(true),
                    () -> node.dualWrite().hold(false));
            failsAlone(
                    rig,
                    node,
                    "not-killed",
                    "kill switch",
                    () -> node.dualWrite().kill(true),
                    () -> node.dualWrite().kill(false));
            failsAlone(
                    rig,
                    node,
                    "instances-agree",
                    "another acts by epoch 0",
                    () -> instance(rig, 0, "configuration"),
                    () -> execute(rig, Side.SOURCE, "DELETE FROM dualwrite_instance WHERE instance = 'another'"));
            failsAlone(
                    rig,
                    node,
                    "instances-agree",
                    "configured with other tables or settings than this instance: another",
                    () -> instance(rig, 1_000_000, "'otherwise'"),
                    () -> execute(rig, Side.SOURCE, "DELETE FROM dualwrite_instance WHERE instance = 'another'"));
            failsAlone(
                    rig,
                    node,
                    "next-owner-writable",
                    "TARGET cannot own: it is read_only",
                    () -> rig.server(Side.TARGET).execute("SET GLOBAL read_only = 1"),
                    () -> rig.server(Side.TARGET).execute("SET GLOBAL read_only = 0"));
            failsAlone(
                    rig,
                    node,
                    "servers-as-known",
                    "acceptServer(TARGET)",
                    () -> execute(
                            rig,
                            Side.TARGET,
                            "UPDATE dualwrite_fence SET attempt = SUBSTR(server_uuid, 1, 36), server_uuid = 'x'"),
                    () -> {
                        node.dualWrite().acceptServer(Side.TARGET);
                        Eventually.eventually()
                                .untilAsserted(() -> assertThat(node.dualWrite()
                                                .gate(Phase.REVERSE_WINDOW)
                                                .failed())
                                        .extracting(GateReport.Check::name)
                                        .containsExactly("verified"));
                        again(node);
                    });
            failsAlone(
                    rig,
                    node,
                    "both-reachable",
                    "TARGET does not answer",
                    () -> rig.proxy(Side.TARGET).down(),
                    () -> rig.proxy(Side.TARGET).pass());
            // a change of phase and back makes what was verified void
            failsAlone(
                    rig,
                    node,
                    "verified",
                    "capture epoch",
                    () -> {
                        Rig.enter(node.dualWrite(), Phase.SOURCE_ONLY);
                        node.write("UPDATE account SET balance = 5 WHERE id = 2");
                        Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
                    },
                    () -> again(node));
            failsAlone(
                    rig,
                    node,
                    "no-outside-tables-mixed-in",
                    "account with outside",
                    () -> node.transaction(
                            "UPDATE account SET balance = 6 WHERE id = 2", "INSERT INTO outside VALUES (1)"),
                    () -> node.dualWrite().forgetMixedTables());
            node.transaction("UPDATE account SET balance = 7 WHERE id = 2", "INSERT INTO outside VALUES (2)");
            node.dualWrite().waiveMixedTables();
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 2", "7.00");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    private static void again(Node node) {
        assertThat(node.dualWrite().backfill().complete()).isTrue();
        Rig.verify(node.dualWrite());
    }

    private static void park(Rig rig) throws SQLException {
        try (Connection connection = rig.direct(Side.SOURCE);
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO dualwrite_parked VALUES (?, 'SOURCE', ?, 'account', ?, 1406, '22001', 'planted', 1,"
                                + " UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))")) {
            insert.setString(1, rig.migration());
            insert.setBytes(2, new byte[16]);
            insert.setBytes(3, Key.of(1).encode());
            insert.executeUpdate();
        }
    }

    /** Before the flip the way back is one statement on the owner, whatever the target does. */
    @Scenario(87)
    @Test
    void beforeTheFlipTheWayBackIsOneCommandEvenWithoutTheTarget() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            rig.proxy(Side.TARGET).down();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            assertThat(node.dualWrite().rollBack()).isInstanceOf(FlipOutcome.GaveUp.class);
            Rig.enter(node.dualWrite(), Phase.SOURCE_ONLY);
            long queued = rig.queued(Side.SOURCE);
            node.write("INSERT INTO account VALUES (2, 'someone', 1, NULL)");
            rig.log().present("account", "id", 2);
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(queued);
            rig.proxy(Side.TARGET).pass();
            rig.finish(rig.oracle().withoutFollower());
        }
    }

    @Scenario({88, 89, 90})
    @Requirement({130, 135})
    @Test
    void inTheReverseWindowTheWayBackIsOpenWhileTheSourceKeepsUpAndClosedAfterTheBoundary() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(5))).start();
            Rig.readyToFlip(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            // the source is down: the owner does not care, the way back is closed, and the status says so
            rig.proxy(Side.SOURCE).down();
            for (int i = 1; i <= 20; i++) {
                node.write("INSERT INTO account VALUES (" + i + ", 'on the target', 1, " + i + ")");
                rig.log().present("account", "id", i);
            }
            FlipOutcome refused = node.dualWrite().rollBack();
            assertThat(refused).isNotInstanceOf(FlipOutcome.Flipped.class);
            assertThat(refused.toString()).contains("SOURCE");
            assertThat(rig.state(Side.TARGET)).isEqualTo("OPEN");
            assertThat(rig.queued(Side.TARGET)).isEqualTo(20);
            Eventually.eventually()
                    .untilAsserted(
                            () -> assertThat(node.dualWrite().status().sides().get(Side.SOURCE))
                                    .contains(";"));
            assertThat(node.dualWrite().gate(Phase.DUAL_WRITE).failed())
                    .extracting(GateReport.Check::name)
                    .contains("both-reachable");
            // it is back, but nothing is converged: refused while intents are left
            node.dualWrite().kill(true);
            rig.proxy(Side.SOURCE).pass();
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(node.dualWrite().rollBack())
                            .isInstanceOfSatisfying(
                                    FlipOutcome.Refused.class,
                                    r -> assertThat(r.toString()).contains("not-killed")));
            node.dualWrite().kill(false);
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM account")).isEqualTo("20");
            // there again, and over the boundary
            Rig.flipInSomeTries(node.dualWrite()::flip);
            Rig.enter(node.dualWrite(), Phase.TARGET_ONLY);
            assertThat(node.dualWrite().rollBack())
                    .isInstanceOfSatisfying(
                            FlipOutcome.Refused.class,
                            r -> assertThat(r.report().toString())
                                    .contains("phase-allows", "TARGET_ONLY", "roll forward, and repair"));
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("UPDATE account SET balance = 2 WHERE id = 1"))
                        .isOne();
            }
            rig.finish(rig.oracle().withoutFollower());
        }
    }
}
