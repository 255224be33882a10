package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ManagedServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private static void account(Rig rig, Node node, long id, boolean lasts) throws SQLException {
        node.write("INSERT INTO account VALUES (" + id + ", 'someone', 10, NULL)");
        if (lasts) {
            rig.log().present("account", "id", id);
        } else {
            rig.log().absent("account", "id", id);
        }
    }

    private static void drained(Rig rig, Side side) {
        Eventually.eventually().until("converged", () -> rig.queued(side) == 0);
    }

    private static void refusedFor(Node node, String reason) {
        assertThatThrownBy(() -> node.write("INSERT INTO account VALUES (99, 'refused', 0, NULL)"))
                .isInstanceOfSatisfying(SQLException.class, e -> {
                    assertThat(e.getSQLState()).isEqualTo("40001");
                    assertThat(e.getMessage()).contains(reason);
                });
    }

    private static String says(Node node, Side side) {
        return String.valueOf(node.dualWrite().status().sides().get(side));
    }

    private static void trouble(Node node, Side side, String says) {
        Eventually.eventually()
                .untilAsserted(() ->
                        assertThat(node.dualWrite().status().sides().get(side)).contains(says));
    }

    private static void void_(Node node, Phase to) {
        Eventually.eventually()
                .untilAsserted(() -> assertThat(node.dualWrite().gate(to).failed())
                        .extracting(GateReport.Check::name)
                        .containsExactly("verified"));
    }

    private static void mend(Node node) {
        Eventually.eventually()
                .untilAsserted(
                        () -> assertThat(node.dualWrite().backfill().complete()).isTrue());
        node.dualWrite().verify();
        node.dualWrite().repair();
        Eventually.eventually()
                .until("equal again", () -> node.dualWrite().verify().equal());
    }

    /** #115: as far as the other side knows, this copy is not too old. */
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
            void_(node, Phase.REVERSE_WINDOW);
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Refused.class);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** #115: the other side has seen more; nobody but an operator can say that this may be lost. */
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
            void_(next, Phase.REVERSE_WINDOW);
            mend(next);
            Rig.flipInSomeTries(next.dualWrite()::flip);
            assertThat(String.join("\n", next.dualWrite().audit(1000))).contains("server-accepted");
            rig.finish();
        }
    }

    /** #115, #116: a backup in which the side owns is no owner while the other side owns on a higher epoch. */
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
            void_(node, Phase.DUAL_WRITE);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            oneOwner.check();
            rig.finish();
        }
    }

    /** #116 */
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
            void_(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    private static void beaten(Rig rig, Side side) throws SQLException {
        String known =
                "SELECT beats FROM dualwrite_pulse WHERE side = '" + side.other() + "' AND of_side = '" + side + "'";
        Eventually.eventually()
                .until(
                        "heard of on the other side",
                        () -> !rig.ask(side.other(), known).equals("null"));
        long first = Long.parseLong(rig.ask(side.other(), known));
        Eventually.eventually().until("heard of again", () -> Long.parseLong(rig.ask(side.other(), known)) > first + 1);
    }

    /** #116: the same server at the same epoch, older: nothing but its pulse tells. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aFollowerThatFellBackInPlaceIsNotFlippedToUntilItIsAcceptedAndCopiedAnew(boolean whileRunning)
            throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().target();
            Node first =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, first, 1, true);
            Rig.readyToFlip(first.dualWrite());
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            account(rig, first, 2, true);
            drained(rig, Side.SOURCE); // its intent is gone, and the older target does not have the row
            Rig.verify(first.dualWrite());
            beaten(rig, Side.TARGET);
            if (!whileRunning) {
                first.close();
            }
            server.rewind(saved);
            Node node = whileRunning
                    ? first
                    : rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            trouble(node, Side.TARGET, "has fallen back");
            account(rig, node, 3, true);
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed()).anySatisfy(check -> {
                assertThat(check.name()).isEqualTo("servers-as-known");
                assertThat(check.detail()).contains("fallen back", "acceptServer(TARGET)");
            });
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Refused.class);
            node.dualWrite().acceptServer(Side.TARGET);
            void_(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** #115: the same server at the same epoch, older: what it lost nobody may write over. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anOwnerThatFellBackInPlaceTakesNoWritesAndIsNotCopiedUntilAnOperatorAcceptsIt(boolean whileRunning)
            throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            ManagedServer server = rig.servers().source();
            Node first =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            account(rig, first, 1, true);
            Rig.readyToFlip(first.dualWrite());
            first.write("UPDATE account SET balance = 11 WHERE id = 1");
            rig.proxy(Side.TARGET).down(); // so that the copy has an intent that asks for the older row
            first.write("UPDATE account SET balance = 12 WHERE id = 1");
            Path saved = directory.resolve("saved");
            server.copyDataDirectory(saved);
            rig.proxy(Side.TARGET).pass();
            first.write("UPDATE account SET balance = 13 WHERE id = 1");
            drained(rig, Side.SOURCE);
            beaten(rig, Side.SOURCE);
            if (!whileRunning) {
                first.close();
            }
            server.rewind(saved);
            Node node = whileRunning
                    ? first
                    : rig.node("next", b -> b.flipBudget(Duration.ofSeconds(2))).start();
            trouble(node, Side.SOURCE, "has fallen back");
            Eventually.eventually().untilAsserted(() -> refusedFor(node, "acceptServer(SOURCE)"));
            assertThat(rig.queued(Side.SOURCE)).isPositive();
            assertThat(rig.ask(Side.TARGET, "SELECT CAST(balance AS SIGNED) FROM account"))
                    .as("what only the follower has")
                    .isEqualTo("13");
            node.dualWrite().acceptServer(Side.SOURCE);
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            void_(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** Stands after the hand-over until it is let go. */
    private static final class Standing implements Seams {
        private final CountDownLatch there = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void afterFlipStep(FlipStep step) {
            if (step == FlipStep.HAND_OVER && go.getCount() > 0) {
                there.countDown();
                try {
                    if (!go.await(60, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("nobody let it go");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** #117: the opening on the target is still there, uncommitted. */
    @Test
    void theOldOwnerReplacedByAnOlderCopyRightAfterTheHandOverDoesNotOpenBesideTheNewOne() throws Exception {
        Standing standing = new Standing();
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            Node other = rig.node("two").start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            rig.servers().source().copyDataDirectory(saved);
            account(rig, node, 2, true);
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            rig.servers().source().restore(saved);
            Background<Integer> write =
                    Background.run(() -> other.write("INSERT INTO account VALUES (3, 'someone', 10, NULL)"));
            oneOwner.check();
            standing.go.countDown();
            Rig.flipped(flip.result());
            assertThat(write.result()).isOne();
            rig.log().present("account", "id", 3);
            Eventually.eventually()
                    .until("the copy is closed", () -> rig.state(Side.SOURCE).equals("CLOSED"));
            oneOwner.check();
            other.dualWrite().acceptServer(Side.SOURCE);
            mend(other);
            Rig.flipInSomeTries(other.dualWrite()::rollBack);
            oneOwner.check();
            rig.finish();
        }
    }

    /** #117: the opening is gone with its session, so the copy is all there is. */
    @Test
    void theOldOwnerReplacedByAnOlderCopyWhileNobodyOpenedTheNewOneOwnsAgainAndTheFlipIsNotReportedAsDone()
            throws Exception {
        Standing standing = new Standing();
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            drained(rig, Side.SOURCE);
            Path saved = directory.resolve("saved");
            rig.servers().source().copyDataDirectory(saved);
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            rig.servers().source().kill();
            rig.proxy(Side.TARGET).cut();
            rig.servers().source().restore(saved);
            standing.go.countDown();
            FlipOutcome outcome = flip.result();
            assertThat(outcome).as("what the coordinator says").isInstanceOf(FlipOutcome.Unknown.class);
            oneOwner.check();
            // this instance has seen the higher epoch of the hand-over, so it asks an operator
            Eventually.eventually().untilAsserted(() -> {
                if (!says(node, Side.SOURCE)
                        .equals("OPEN at epoch "
                                + rig.ask(Side.SOURCE, "SELECT epoch FROM dualwrite_fence WHERE side = 'SOURCE'"))) {
                    node.dualWrite().acceptServer(Side.SOURCE);
                }
                account(rig, node, 3, true);
            });
            oneOwner.check();
            assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** #117, the other side: an older copy; whichever side the operator takes, it is one. */
    @ParameterizedTest
    @CsvSource({"SOURCE, true", "SOURCE, false", "TARGET, true"})
    void theNewOwnerThatFellBackToBeforeTheHandOverIsNotOpenedAndAnOperatorDecides(Side taken, boolean inPlace)
            throws Exception {
        Standing standing = new Standing();
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            ManagedServer target = rig.servers().target();
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            account(rig, node, 1, true);
            drained(rig, Side.SOURCE);
            Rig.readyToFlip(node.dualWrite());
            Path saved = directory.resolve("saved");
            target.copyDataDirectory(saved);
            account(rig, node, 2, taken == Side.SOURCE);
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            if (inPlace) {
                target.rewind(saved);
            } else {
                target.restore(saved);
            }
            standing.go.countDown();
            assertThat(flip.result()).isInstanceOf(FlipOutcome.Unknown.class);
            Eventually.eventually().untilAsserted(() -> refusedFor(node, "is a copy from before that"));
            trouble(node, Side.TARGET, "nobody owns; acceptServer(SOURCE)");
            assertThat(rig.state(Side.SOURCE)).isEqualTo("HANDED_OVER");
            assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
            node.dualWrite().acceptServer(taken);
            Eventually.eventually().untilAsserted(() -> account(rig, node, 3, true));
            assertThat(rig.state(taken)).isEqualTo("OPEN");
            oneOwner.check();
            void_(node, taken == Side.SOURCE ? Phase.REVERSE_WINDOW : Phase.DUAL_WRITE);
            mend(node);
            Rig.flipInSomeTries(taken == Side.SOURCE ? node.dualWrite()::flip : node.dualWrite()::rollBack);
            oneOwner.check();
            rig.finish();
        }
    }

    /** Design, section 3.2: it dies exactly between the hand-over and its opening, and an operator does not wait for it. */
    @Test
    void aSideThatHandedOverToADeadServerIsForcedOpenByAnOperatorForTheRecord() throws Exception {
        Standing standing = new Standing();
        try (Rig rig = Rig.ofItsOwn();
                OneOwner oneOwner = OneOwner.watch(rig)) {
            ManagedServer target = rig.servers().target();
            Node node = rig.node("one", b -> b.seams(standing).flipBudget(Duration.ofSeconds(30)))
                    .start();
            account(rig, node, 1, true);
            Rig.readyToFlip(node.dualWrite());
            assertThatThrownBy(() -> node.dualWrite().forceOpen(Side.SOURCE, "too early"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("only a side that has handed over");
            Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
            assertThat(standing.there.await(30, TimeUnit.SECONDS)).isTrue();
            target.kill();
            standing.go.countDown();
            assertThat(flip.result()).isInstanceOf(FlipOutcome.Unknown.class);
            assertThat(rig.state(Side.SOURCE)).isEqualTo("HANDED_OVER");
            node.dualWrite().forceOpen(Side.SOURCE, "its disk is gone");
            Eventually.eventually().untilAsserted(() -> account(rig, node, 2, true));
            target.start();
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(says(node, Side.TARGET)).startsWith("CLOSED"));
            oneOwner.check();
            void_(node, Phase.REVERSE_WINDOW);
            mend(node);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            assertThat(String.join("\n", node.dualWrite().audit(1000)))
                    .contains("forced-open", "its disk is gone", "flip-log-position");
            oneOwner.check();
            rig.finish();
        }
    }

    /** #118 */
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
