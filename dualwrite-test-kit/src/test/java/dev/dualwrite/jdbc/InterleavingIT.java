package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.fault.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The interleavings that each rule of the protocol exists for, forced one by one. Each of these tests is run
 * a second time by {@link PlantedBugsIT} with its rule taken out, and has to fail there.
 */
class InterleavingIT {
    /** How long a flip that is stopped in the middle keeps the writers out. */
    private static final Duration BUDGET = Duration.ofSeconds(3);

    /** Enough for every step of one flip on a machine that is busy with other things. */
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    /** Without the check, a converger that slept through a flip writes a stale row over the new owner's. */
    @Scenario(69)
    @Test
    void aConvergerThatSleptThroughAFlipWritesNothing() throws Exception {
        try (Rig rig = Rig.shared()) {
            Stops stops = new Stops();
            rig.node("sleeper", b -> b.seams(stops).workers(1)).start();
            Node other = rig.node("other").start();
            other.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(other.dualWrite());
            Stops.Stop asleep = stops.at("afterPeek");
            Deadline deadline = Deadline.in(Duration.ofSeconds(60));
            for (int i = 2; !asleep.isReached(); i++) {
                deadline.check("the sleeper takes up work");
                other.write("UPDATE account SET balance = " + i + " WHERE id = 1");
                Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            }
            Rig.flipInSomeTries(other.dualWrite()::flip);
            other.dualWrite().kill(true); // the source stays as it is, so that a stale write would show
            other.write("UPDATE account SET balance = 1000 WHERE id = 1");
            rig.log().claim("told to be committed", "SELECT balance FROM account WHERE id = 1", "1000.00");
            long peeks = stops.passed("afterPeek");
            asleep.release();
            other.dualWrite().kill(false);
            Deadline again = Deadline.in(Duration.ofSeconds(60));
            for (int i = 2; stops.passed("afterPeek") == peeks; i++) { // until it is awake and has ended that round
                again.check("the sleeper takes up work again");
                other.write("INSERT INTO account VALUES (" + i + ", 'b', 1, NULL)");
                Eventually.eventually().until("converged", () -> rig.queued(Side.TARGET) == 0);
            }
            assertThat(rig.ask(Side.TARGET, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo("1000.00");
            rig.finish();
        }
    }

    /** With the owner's row read before the lane is held, the follower stays stale for ever. */
    @Scenario(41)
    @Test
    void theLaterOfTwoConvergersReadsTheNewerRow() throws Exception {
        try (Rig rig = Rig.shared()) {
            Stops stops = new Stops();
            Stops others = new Stops();
            rig.node("slow", b -> b.seams(stops).workers(1)).start();
            Node fast = rig.node("fast", b -> b.seams(others).workers(1)).start();
            fast.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(fast.dualWrite());
            Stops.Stop held = others.at("afterPeek");
            Stops.Stop read = stops.at("afterOwnerRead");
            fast.write("UPDATE account SET balance = 2 WHERE id = 1");
            held.awaitReached();
            read.awaitReached();
            fast.write("UPDATE account SET balance = 1000 WHERE id = 1");
            rig.log().claim("the last write", "SELECT balance FROM account WHERE id = 1", "1000.00");
            long peeks = others.passed("afterPeek");
            held.release();
            Eventually.eventually()
                    .until(
                            "the fast one has tried",
                            () -> others.passed("afterPeek") > peeks + 3 || rig.queued(Side.SOURCE) == 0);
            long commits = stops.passed("afterFollowerCommit");
            read.release();
            Eventually.eventually()
                    .until("the slow one has written", () -> stops.passed("afterFollowerCommit") > commits);
            rig.finish();
        }
    }

    /** Judged by the epoch alone, an unknown hand-over that never happened looks like one that did. */
    @Scenario(114)
    @Requirement(136)
    @Test
    void aHandOverThatWasOvertakenByARecoveryOpensNothing() throws Exception {
        try (Rig rig = Rig.shared();
                TcpProxy slowWay = TcpProxy.inFrontOf(rig.server(Side.SOURCE))) {
            Node coordinator = rig.node(
                            "coordinator",
                            b -> b.flipBudget(BUDGET)
                                    .sourceAccess(
                                            slowWay.jdbcUrl(
                                                    rig.schema(Side.SOURCE).name()),
                                            null,
                                            null))
                    .start();
            Node witness = rig.node("witness").start();
            witness.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(witness.dualWrite());
            try (Hold hold = slowWay.holdNext(Statement.contains("'HANDED_OVER'"))) {
                CompletableFuture<FlipOutcome> flip =
                        CompletableFuture.supplyAsync(coordinator.dualWrite()::flip, Background.THREADS);
                Deadline deadline = Deadline.in(Duration.ofSeconds(60));
                while (hold.hits()
                        == 0) { // a try for which the budget does not do on this machine is not the one meant
                    deadline.check("a hand-over is on its way");
                    if (flip.isDone()) {
                        assertThat(flip.join()).isNotInstanceOf(FlipOutcome.Flipped.class);
                        flip = CompletableFuture.supplyAsync(coordinator.dualWrite()::flip, Background.THREADS);
                    }
                    LockSupport.parkNanos(1_000_000);
                }
                Eventually.eventually()
                        .until(
                                "somebody reopened the source",
                                () -> rig.state(Side.SOURCE).equals("OPEN"));
                slowWay.cut();
                FlipOutcome outcome = flip.get(30, TimeUnit.SECONDS);
                assertThat(outcome).isNotInstanceOf(FlipOutcome.Flipped.class);
            }
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
            witness.write("UPDATE account SET balance = 2 WHERE id = 1");
            rig.log().claim("on the source", "SELECT balance FROM account WHERE id = 1", "2.00");
            rig.finish();
        }
    }

    /** With lanes added but the rows not read again, what changed between the two rounds is overwritten. */
    @Scenario(48)
    @Test
    void unitsThatAClashAddsAreConvergedFromRowsReadAnew() throws Exception {
        try (Rig rig = Rig.shared()) {
            Stops stops = new Stops();
            Stops others = new Stops();
            rig.node("slow", b -> b.seams(stops).workers(1)).start();
            Node fast = rig.node("fast", b -> b.seams(others).workers(1)).start();
            fast.transaction("INSERT INTO account VALUES (1, 'a', 1, 1)", "INSERT INTO account VALUES (2, 'b', 1, 2)");
            Rig.readyToFlip(fast.dualWrite());
            Stops.Stop held = others.at("afterPeek");
            Stops.Stop clash = stops.at("afterClash");
            fast.transaction(
                    "UPDATE account SET slot = NULL WHERE id = 1",
                    "UPDATE account SET slot = 1 WHERE id = 2",
                    "UPDATE account SET slot = 2 WHERE id = 1");
            held.awaitReached();
            clash.awaitReached();
            held.release();
            fast.write("UPDATE account SET balance = 77 WHERE id = 1");
            fast.write("UPDATE account SET balance = 78 WHERE id = 2");
            rig.log().claim("first", "SELECT balance FROM account WHERE id = 1", "77.00");
            rig.log().claim("second", "SELECT balance FROM account WHERE id = 2", "78.00");
            Eventually.eventually().until("the fast one converged both", () -> rig.queued(Side.SOURCE) == 0);
            long commits = stops.passed("afterFollowerCommit");
            clash.release();
            Eventually.eventually()
                    .until("the slow one has written", () -> stops.passed("afterFollowerCommit") > commits);
            rig.finish();
        }
    }

    /** With intents deleted by range, one that came later goes with those that were converged. */
    @Test
    void anIntentThatCameLaterIsNotTakenOut() throws Exception {
        try (Rig rig = Rig.shared()) {
            Stops stops = new Stops();
            Node node = rig.node("one", b -> b.seams(stops).workers(1)).start();
            node.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(node.dualWrite());
            Stops.Stop committed = stops.at("afterFollowerCommit");
            node.write("UPDATE account SET balance = 2 WHERE id = 1");
            committed.awaitReached();
            node.write("UPDATE account SET balance = 3 WHERE id = 1");
            rig.log().claim("the last write", "SELECT balance FROM account WHERE id = 1", "3.00");
            committed.release();
            rig.finish();
        }
    }

    /** Without the fence in the intents' insert, an instance that missed a flip commits on the old owner. */
    @Scenario(61)
    @Requirement(133)
    @Test
    void anInstanceThatMissedAFlipCommitsNothingOnTheOldOwner() throws Exception {
        try (Rig rig = Rig.shared();
                TcpProxy source = TcpProxy.inFrontOf(rig.server(Side.SOURCE));
                TcpProxy target = TcpProxy.inFrontOf(rig.server(Side.TARGET))) {
            Stops stops = new Stops();
            Node stale = rig.node(
                            "stale",
                            b -> b.sourceAccess(
                                            source.jdbcUrl(
                                                    rig.schema(Side.SOURCE).name()),
                                            null,
                                            null)
                                    .targetAccess(
                                            target.jdbcUrl(
                                                    rig.schema(Side.TARGET).name()),
                                            null,
                                            null))
                    .start();
            // the seal would find what the fence has to
            Node fresh = rig.node(
                            "fresh", b -> b.seams(stops).flipBudget(ENOUGH).sealing(false))
                    .start();
            stale.write("INSERT INTO account VALUES (1, 'a', 1, 1)");
            Rig.readyToFlip(fresh.dualWrite());
            try (Connection connection = stale.dataSource().getConnection();
                    java.sql.Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE account SET balance = 2 WHERE id = 1");
                Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
                Stops.Stop gate = stops.at("GATE");
                CompletableFuture<FlipOutcome> flip =
                        CompletableFuture.supplyAsync(fresh.dualWrite()::flip, Background.THREADS);
                gate.awaitReached();
                source.stall();
                target.stall();
                gate.release();
                Rig.flipped(flip.get(60, TimeUnit.SECONDS));
                StatementLog said = rig.proxy(Side.SOURCE).record();
                CompletableFuture<Integer> write = CompletableFuture.supplyAsync(
                        () -> {
                            try { // on the connection that it wrote on before, with what it knew then
                                return statement.executeUpdate("UPDATE account SET balance = 3 WHERE id = 1");
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Background.THREADS);
                Eventually.eventually()
                        .until(
                                "told to be committed, or rolled back by the library",
                                () -> write.isDone() || said.count("ROLLBACK") > 0);
                source.pass();
                target.pass();
                assertThat(write.get(60, TimeUnit.SECONDS)).isEqualTo(1);
            }
            rig.log().claim("told to be committed", "SELECT balance FROM account WHERE id = 1", "3.00");
            rig.finish();
        }
    }
}
