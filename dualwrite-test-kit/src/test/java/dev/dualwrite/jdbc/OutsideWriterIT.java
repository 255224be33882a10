package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.GateReport.Check;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.server.Schema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody writes past the library while the owner is frozen. */
class OutsideWriterIT {
    private static final Duration BUDGET = Duration.ofSeconds(30);

    private static Node frozenIsTold(Rig rig, AtomicBoolean frozen) {
        return rig.node("one", b -> telling(b, frozen)).start();
    }

    private static DualWriteBuilder telling(DualWriteBuilder builder, AtomicBoolean frozen) {
        return builder.flipBudget(BUDGET).seams(new Seams() {
            @Override
            public void afterFlipStep(FlipStep step) {
                if (step == FlipStep.FREEZE) {
                    frozen.set(true);
                }
            }
        });
    }

    /** Flips, and has somebody write while the drain asks the gate. */
    private static FlipOutcome meanwhile(Rig rig, Node node, AtomicBoolean frozen, Background.Write write)
            throws Exception {
        frozen.set(false);
        try (Hold hold = rig.proxy(Side.SOURCE)
                .holdNext(statement -> frozen.get() && statement.sql().contains("dualwrite_verification"))) {
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            hold.awaitHit(Duration.ofSeconds(30));
            write.run();
            hold.release();
            return flip.result();
        }
    }

    @Scenario(77)
    @Requirement(139)
    @ParameterizedTest
    @ValueSource(strings = {"ROW", "STATEMENT"})
    void theFlipGivesUpAndNothingCountsAsVerified(String format) throws Exception {
        AtomicBoolean frozen = new AtomicBoolean();
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            outside.write("SET SESSION binlog_format = " + format);
            Node node = frozenIsTold(rig, frozen);
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            Rig.readyToFlip(node.dualWrite());
            assertThat(meanwhile(
                            rig, node, frozen, () -> outside.write("UPDATE account SET balance = 99 WHERE id = 1")))
                    .isInstanceOfSatisfying(
                            FlipOutcome.GaveUp.class,
                            gaveUp -> assertThat(gaveUp.reasons().toString())
                                    .contains("no-outside-writer", "account of SOURCE")
                                    .doesNotContain("entry"));
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            assertThat(node.dualWrite().audit(100).toString()).contains("outside-writer by one account");
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(
                                    node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                            .extracting(Check::name)
                            .containsExactly("verified"));
            assertThat(node.dualWrite().verify().divergences()).containsExactly("DIFFERENT account 1 (balance)");
            assertThat(node.dualWrite().repair()).isOne();
            Eventually.eventually()
                    .until(() -> node.dualWrite().verify().equal(), () -> "the repaired row is not equal");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "99.00");
            rig.finish();
        }
    }

    @Test
    void whoWritesOtherTablesDoesNotMatter() throws Exception {
        AtomicBoolean frozen = new AtomicBoolean();
        try (Rig rig = Rig.shared();
                Schema elsewhere = rig.server(Side.SOURCE).isolatedSchema("els");
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            outside.write("CREATE TABLE accounting (id BIGINT PRIMARY KEY) ENGINE=InnoDB");
            Node node = frozenIsTold(rig, frozen);
            Rig.readyToFlip(node.dualWrite());
            assertThat(meanwhile(rig, node, frozen, () -> {
                        outside.write("INSERT INTO accounting VALUES (1)");
                        outside.write("FLUSH BINARY LOGS");
                        outside.write("SET SESSION binlog_format = STATEMENT");
                        outside.write("INSERT INTO accounting VALUES (2)");
                        elsewhere.execute("CREATE TABLE account (id BIGINT PRIMARY KEY)");
                        elsewhere.execute("ALTER TABLE account ADD note INT");
                    }))
                    .isInstanceOf(FlipOutcome.Flipped.class);
            rig.finish();
        }
    }

    @Test
    void whoDefinesATableFromAnotherSchemaIsFound() throws Exception {
        AtomicBoolean frozen = new AtomicBoolean();
        try (Rig rig = Rig.shared();
                Schema elsewhere = rig.server(Side.SOURCE).isolatedSchema("els")) {
            Node node = frozenIsTold(rig, frozen);
            Rig.readyToFlip(node.dualWrite());
            String account = rig.schema(Side.SOURCE).name() + ".account";
            assertThat(meanwhile(
                            rig, node, frozen, () -> elsewhere.execute("ALTER TABLE " + account + " COMMENT 'seen'")))
                    .isInstanceOfSatisfying(
                            FlipOutcome.GaveUp.class,
                            gaveUp -> assertThat(gaveUp.reasons().toString()).contains("account of SOURCE"));
            rig.finish();
        }
    }

    /** Too late to give up: the flip stands, and what follows it says so. */
    @Scenario(77)
    @ParameterizedTest
    @ValueSource(strings = {"ROW", "STATEMENT"})
    void whoWritesBehindTheLastLookIsFoundBehindTheFlip(String format) throws Exception {
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            outside.write("SET SESSION binlog_format = " + format);
            Node node =
                    rig.node("one", b -> b.flipBudget(BUDGET).sealing(false)).start();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            Rig.readyToFlip(node.dualWrite());
            try (Hold hold = rig.proxy(Side.SOURCE)
                    .holdNext(Statement.startsWith("UPDATE").and(Statement.contains("state = 'HANDED_OVER'")))) {
                Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
                hold.awaitHit(Duration.ofSeconds(30));
                outside.write("UPDATE account SET balance = 99 WHERE id = 1");
                hold.release();
                assertThat(flip.result()).isInstanceOf(FlipOutcome.Flipped.class);
            }
            assertThat(node.dualWrite().audit(100).toString())
                    .contains("outside-writer by one account, found in its log right before the hand-over");
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(
                                    node.dualWrite().gate(Phase.DUAL_WRITE).failed())
                            .extracting(Check::name)
                            .containsExactly("verified"));
            assertThat(node.dualWrite().verify().divergences()).containsExactly("DIFFERENT account 1 (balance)");
            assertThat(node.dualWrite().repair()).isOne();
            Eventually.eventually()
                    .until(() -> node.dualWrite().verify().equal(), () -> "the repaired row is not equal");
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "1.00");
            rig.finish();
        }
    }

    /** The seal asks whether its side is open: one that is left on an owner keeps others out of the freeze, too. */
    @Scenario(77)
    @Requirement(139)
    @Test
    void whereTheSealStandsTheServerRefusesThemAndTheFlipGoesOn() throws Exception {
        AtomicBoolean frozen = new AtomicBoolean();
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            Node node = frozenIsTold(rig, frozen);
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            Rig.readyToFlip(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            Eventually.eventually()
                    .untilAsserted(
                            () -> assertThat(node.dualWrite().status().sides().get(Side.SOURCE))
                                    .contains("; sealed"));
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            Rig.verify(node.dualWrite());
            FlipOutcome outcome = meanwhile(
                    rig,
                    node,
                    frozen,
                    () -> assertThatThrownBy(() -> outside.write("UPDATE account SET balance = 99 WHERE id = 1"))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("DW-3011"));
            assertThat(outcome).isInstanceOf(FlipOutcome.Flipped.class);
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "1.00");
            rig.finish();
        }
    }

    /** The counters of a server tell of what its log would tell, if the account may read them. */
    @Scenario(77)
    @Requirement(139)
    @Test
    void whereTheLogMayNotBeReadTheCountersTell() throws Exception {
        AtomicBoolean frozen = new AtomicBoolean();
        try (Rig rig = Rig.shared();
                AppAccount app = new AppAccount(rig, "ALL PRIVILEGES ON *");
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            app.mayReadCounters();
            Node node = rig.node("one", b -> app.forBoth(telling(b, frozen))).start();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            Rig.readyToFlip(node.dualWrite());
            assertThat(meanwhile(
                            rig, node, frozen, () -> outside.write("UPDATE account SET balance = 99 WHERE id = 1")))
                    .isInstanceOfSatisfying(
                            FlipOutcome.GaveUp.class,
                            gaveUp -> assertThat(gaveUp.reasons().toString())
                                    .contains("no-outside-writer", "account of SOURCE", "by the counters")
                                    .doesNotContain("entry"));
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            assertThat(node.dualWrite().verify().divergences()).containsExactly("DIFFERENT account 1 (balance)");
            assertThat(node.dualWrite().repair()).isOne();
            Eventually.eventually()
                    .until(() -> node.dualWrite().verify().equal(), () -> "the repaired row is not equal");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            assertThat(node.dualWrite().audit(200).toString()).contains("flip-log-position");
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "99.00");
            node.close();
            app.end();
            rig.finish();
        }
    }
}
