package dev.dualwrite.jdbc;

import static dev.dualwrite.jdbc.Restored.account;
import static dev.dualwrite.jdbc.Restored.drained;
import static dev.dualwrite.jdbc.Restored.mend;
import static dev.dualwrite.jdbc.Restored.refusedFor;
import static dev.dualwrite.jdbc.Restored.says;
import static dev.dualwrite.jdbc.Restored.trouble;
import static dev.dualwrite.jdbc.Restored.unverified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ManagedServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Another server comes up in a side's place: a backup, a promoted replica, a snapshot. On MySQL the server's uuid tells
 * it; on MariaDB, which has none, the host, the port and the place of the data do.
 */
class RestoredServerIT {
    @TempDir
    private Path directory;

    /** As far as the other side knows, this copy is not too old. */
    @Scenario(115)
    @Test
    void anOwnerOnAnotherServerTakesNoWritesBeforeTheOtherSideWasReadAndIsVerifiedAnew() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().source();
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            drained(rig, Side.SOURCE);
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            account(rig, node, 2, false); // what a backup does not have is lost, and the target must not keep it
            drained(rig, Side.SOURCE);
            rig.proxy(Side.TARGET).down();
            server.restore(saved);
            Eventually.eventually().untilAsserted(() -> refusedFor(node, "cannot be read: writes are refused"));
            trouble(node, Side.SOURCE, "another server");
            rig.proxy(Side.TARGET).pass();
            Eventually.eventually()
                    .until(
                            "the owner is taken for what it is",
                            () -> says(node, Side.SOURCE).startsWith("OPEN"));
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            unverified(node, Phase.REVERSE_WINDOW);
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Refused.class);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** The other side has seen more; nobody but an operator can say that this may be lost. */
    @Scenario(115)
    @Test
    void anOwnerWithALowerEpochTakesNoWritesUntilAnOperatorAcceptsIt() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().source();
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            account(rig, node, 2, false);
            drained(rig, Side.SOURCE);
            Eventually.eventually()
                    .until(
                            "the target knows the epoch",
                            () -> rig.ask(Side.TARGET, "SELECT epoch FROM dualwrite_fence WHERE side = 'TARGET'")
                                    .equals(rig.ask(
                                            Side.SOURCE, "SELECT epoch FROM dualwrite_fence WHERE side = 'SOURCE'")));
            node.close(); // whoever comes next knows nothing but what stands in the databases
            server.rewind(saved); // the same server, older
            Node next =
                    rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            refusedFor(next, "acceptServer(SOURCE)");
            trouble(next, Side.SOURCE, "below epoch");
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account")).isEqualTo("2");
            next.dualWrite().acceptServer(Side.SOURCE);
            Eventually.eventually().untilAsserted(() -> account(rig, next, 3, true));
            unverified(next, Phase.REVERSE_WINDOW);
            mend(next);
            Rig.flipInSomeTries(next.dualWrite()::flip);
            assertThat(String.join("\n", next.dualWrite().audit(1000))).contains("server-accepted");
            rig.finish();
        }
    }

    /** A backup in which the side owns is no owner while the other side owns on a higher epoch. */
    @Scenario({115, 116})
    @Test
    void aFollowerRestoredFromATimeWhenItOwnedIsClosedByItselfAndFollowsAgainOnceAccepted() throws Exception {
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            ManagedServer server = rig.servers().source();
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            account(rig, node, 2, true);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            server.restore(saved);
            Eventually.eventually().until("closed", () -> rig.state(Side.SOURCE).equals("CLOSED"));
            account(rig, node, 3, true);
            trouble(node, Side.SOURCE, "acceptServer(SOURCE)");
            assertThat(rig.queued(Side.TARGET)).isPositive();
            assertThat(node.dualWrite().rollBack()).isNotInstanceOf(FlipOutcome.Flipped.class);
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM account")).isEqualTo("1");
            node.dualWrite().acceptServer(Side.SOURCE);
            unverified(node, Phase.DUAL_WRITE);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            oneOwner.check();
            rig.finish();
        }
    }

    @Scenario(116)
    @Test
    void convergingToAFollowerOnAnotherServerStopsWithAReasonUntilItIsAcceptedAndCopiedAnew() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().target();
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            account(rig, node, 2, true);
            drained(rig, Side.SOURCE); // its intent is gone, and the restored target does not have the row
            server.restore(saved);
            trouble(node, Side.TARGET, "converging to it has stopped");
            account(rig, node, 3, true);
            assertThat(rig.queued(Side.SOURCE)).isPositive();
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account")).isEqualTo("1");
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                    .extracting(GateReport.Check::name)
                    .contains("servers-as-known");
            assertThatThrownBy(() -> node.dualWrite().backfill())
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("acceptServer(TARGET)");
            node.dualWrite().acceptServer(Side.TARGET);
            unverified(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    @Scenario(118)
    @ParameterizedTest
    @CsvSource({
        "SOURCE, innodb_flush_log_at_trx_commit",
        "TARGET, innodb_flush_log_at_trx_commit",
        "SOURCE, sync_binlog",
        "TARGET, sync_binlog"
    })
    void aRestartAfterWeakDurabilityMakesTheVerificationVoidAndNamesTheSetting(Side side, String setting)
            throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server =
                    side == Side.SOURCE ? rig.servers().source() : rig.servers().target();
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(5))).start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            server.execute("SET GLOBAL " + setting + " = 0");
            assertThat(node.dualWrite().flip())
                    .isInstanceOfSatisfying(
                            FlipOutcome.Refused.class,
                            refused -> assertThat(refused.toString()).contains("durability", setting + "=0"));
            // what was seen must itself outlive the crash
            String seen = "SELECT MAX(seen_at) FROM dualwrite_attestation WHERE side = '" + side + "' AND weak <> ''";
            Eventually.eventually().until("seen", () -> !rig.ask(side, seen).equals("null"));
            String first = rig.ask(side, seen);
            Eventually.eventually()
                    .until(
                            "on the disk",
                            () -> Double.parseDouble(rig.ask(
                                            side, "SELECT TIMESTAMPDIFF(MICROSECOND, '" + first + "', (" + seen + "))"))
                                    > 3_000_000);
            server.kill();
            server.start();
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(
                                    node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                            .singleElement()
                            .satisfies(check -> {
                                assertThat(check.name()).isEqualTo("verified");
                                assertThat(check.detail()).contains(side.name(), setting + "=0", "verify()");
                            }));
            account(rig, node, 2, true);
            drained(rig, Side.SOURCE);
            Rig.verify(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }
}
