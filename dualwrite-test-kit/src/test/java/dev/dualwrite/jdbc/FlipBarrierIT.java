package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.server.ServerKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a flip does about transactions that are open, and what those see of it. */
class FlipBarrierIT {
    private static final Duration SLACK = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Seams that do one thing once, after each of some steps. */
    private static final class Once implements Seams {
        private final Map<FlipStep, Action> actions = new ConcurrentHashMap<>();

        void after(FlipStep step, Action what) {
            actions.put(step, what);
        }

        @Override
        public void afterFlipStep(FlipStep step) {
            Action action = actions.remove(step);
            if (action != null) {
                try {
                    action.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private static void account(Rig rig, Node node, long id) throws SQLException {
        node.write("INSERT INTO account VALUES (" + id + ", 'someone', 10, NULL)");
        rig.log().present("account", "id", id);
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static FlipOutcome.GaveUp gaveUp(FlipOutcome outcome) {
        if (outcome instanceof FlipOutcome.GaveUp gaveUp) {
            return gaveUp;
        }
        throw new AssertionError("it did not give up: " + outcome);
    }

    /** MariaDB does not tell who holds a lock; there the flip finds out by waiting, and says where to look. */
    @Scenario({62, 79})
    @Test
    void aTransactionThatOutlivesTheBudgetMakesTheFlipGiveUpAndCommits() throws Exception {
        Duration budget = Duration.ofMillis(400);
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flipBudget(budget)).start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            try (Connection open = node.dataSource().getConnection()) {
                open.setAutoCommit(false);
                update(open, "UPDATE account SET balance = balance + 7 WHERE id = 1");
                long began = System.nanoTime();
                FlipOutcome.GaveUp first = gaveUp(flip(rig, node));
                assertThat(first.stall()).isLessThan(budget.plus(SLACK));
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(budget.plus(SLACK));
                assertThat(first.reasons()).isNotEmpty();
                assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
                // nobody else is kept out
                account(rig, node, 2);
                if (rig.server(Side.SOURCE).kind() == ServerKind.MYSQL) {
                    Eventually.eventually().untilAsserted(() -> {
                        FlipOutcome.GaveUp named = gaveUp(flip(rig, node));
                        assertThat(named.at()).isEqualTo(FlipStep.GATE);
                        assertThat(named.stall()).isZero();
                        assertThat(named.reasons().get(0)).contains("account ", " has held the fence of SOURCE for ");
                    });
                } else {
                    assertThat(first.at()).isEqualTo(FlipStep.FREEZE);
                    assertThat(first.reasons().get(0))
                            .contains("in flight", "transaction on SOURCE (information_schema.innodb_trx)")
                            .contains("wait for it or end it");
                }
                open.commit();
                rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "17.00");
                open.setAutoCommit(true);
            }
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    @Scenario({62, 79})
    @Test
    void aTransactionThatEndsInTimeIsWaitedFor() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(20))).start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            try (Connection open = node.dataSource().getConnection()) {
                open.setAutoCommit(false);
                update(open, "UPDATE account SET balance = balance + 7 WHERE id = 1");
                Background<FlipOutcome> flip = Background.run(node.dualWrite()::flip);
                Eventually.eventually()
                        .until(
                                "the freeze waits",
                                () -> !rig.ask(
                                                Side.SOURCE,
                                                "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE"
                                                        + " 'UPDATE%_fence%state = ''FROZEN''%' AND info LIKE '%"
                                                        + rig.migration() + "%'")
                                        .equals("0"));
                assertThat(flip.done()).isFalse();
                update(open, "INSERT INTO entry (account, amount, note) VALUES (1, 7, 'in time')");
                open.commit();
                open.setAutoCommit(true);
                Rig.flipped(flip.result());
            }
            rig.log().present("entry", "note", "in time");
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "17.00");
            assertThat(rig.ask(Side.TARGET, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo("17.00");
            rig.finish();
        }
    }

    @Scenario(62)
    @Test
    void aTransactionThatReadBeforeTheFlipAndWritesAfterItIsToldToTryAgain() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            try (Connection read = node.dataSource().getConnection();
                    Connection idle = node.dataSource().getConnection()) {
                read.setAutoCommit(false);
                idle.setAutoCommit(false);
                try (Statement statement = read.createStatement();
                        ResultSet row = statement.executeQuery("SELECT balance FROM account WHERE id = 1")) {
                    assertThat(row.next()).isTrue();
                }
                Rig.flipInSomeTries(node.dualWrite()::flip);
                assertThatThrownBy(() -> update(read, "UPDATE account SET balance = 1 WHERE id = 1"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("40001"));
                // still lost until the application rolls back
                assertThatThrownBy(read::commit).isInstanceOf(SQLException.class);
                read.rollback();
                update(read, "UPDATE account SET balance = balance + 1 WHERE id = 1");
                read.commit();
                // one that did nothing before is taken to the new owner without a word
                update(idle, "UPDATE account SET balance = balance + 1 WHERE id = 1");
                idle.commit();
                read.setAutoCommit(true);
                idle.setAutoCommit(true);
            }
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "12.00");
            rig.finish();
        }
    }

    /** Of a flip that goes through, each hears what its instance was configured for. */
    @Scenario(79)
    @Test
    void aWriteInTheFreezeWaitsOrIsSentAwayAsItsInstanceSays() throws Exception {
        Once once = new Once();
        Duration budget = Duration.ofSeconds(20);
        try (Rig rig = Rig.shared()) {
            Node patient =
                    rig.node("patient", b -> b.seams(once).flipBudget(budget)).start();
            Node hasty = rig.node("hasty", b -> b.freezeWait(Duration.ZERO).flipBudget(budget))
                    .start();
            Duration limit = Duration.ofMillis(150);
            Node limited = rig.node("limited", b -> b.freezeWait(limit).flipBudget(budget))
                    .start();
            account(rig, patient, 1);
            Rig.readyToFlip(patient.dualWrite());
            List<Background<Integer>> waiting = new CopyOnWriteArrayList<>();
            once.after(FlipStep.FREEZE, () -> {
                String more = "UPDATE account SET balance = balance + 100 WHERE id = 1";
                List<Action> writes = List.of(
                        () -> hasty.write(more),
                        () -> hasty.transaction(more, "INSERT INTO entry (account, amount) VALUES (1, 100)"));
                for (Action write : writes) {
                    assertThatThrownBy(write::run)
                            .isInstanceOf(OwnershipException.class)
                            .hasMessageContaining("DW-3001")
                            .hasMessageContaining("FROZEN")
                            .extracting(e -> ((SQLException) e).getSQLState())
                            .isEqualTo("40001");
                }
                long began = System.nanoTime();
                assertThatThrownBy(() -> limited.write(more))
                        .isInstanceOf(OwnershipException.class)
                        .hasMessageContaining("DW-3001");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(limit);
                waiting.add(
                        Background.run(() -> patient.write("UPDATE account SET balance = balance + 7 WHERE id = 1")));
            });
            Rig.flipped(flip(rig, patient));
            assertThat(waiting).hasSize(1);
            assertThat(waiting.get(0).result()).isOne();
            assertThat(hasty.write("UPDATE account SET balance = balance + 1 WHERE id = 1"))
                    .as("run again")
                    .isOne();
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "18.00");
            rig.log().claim("nothing by half", "SELECT COUNT(*) FROM entry", 0);
            rig.finish();
        }
    }

    /** The watch of an instance is kept from both databases, so that it believes what was. */
    @Scenario(61)
    @Requirement(133)
    @Test
    void anInstanceThatHasNotSeenTheFlipCommitsNothingOnTheOldOwner() throws Exception {
        try (Rig rig = Rig.shared();
                TcpProxy source = TcpProxy.inFrontOf(rig.server(Side.SOURCE));
                TcpProxy target = TcpProxy.inFrontOf(rig.server(Side.TARGET))) {
            Node one = rig.node(
                            "one",
                            b -> b.heartbeatTimeout(Duration.ofSeconds(2)).flipBudget(Duration.ofSeconds(5)))
                    .start();
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
            account(rig, stale, 1);
            Rig.readyToFlip(one.dualWrite());
            // the belief that a write by key goes by
            stale.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
            Eventually.eventually().until("it is converged", () -> rig.queued(Side.SOURCE) == 0);
            source.stall();
            target.stall();
            // what it verifies by itself may hold the follower's fence just now
            flipAndEndWhatStandsInTheWay(rig, one);
            assertThat(stale.dualWrite().ownership().owner()).isEqualTo(Side.SOURCE);
            Background<Integer> byKey =
                    Background.run(() -> stale.write("UPDATE account SET balance = balance + 1 WHERE id = 1"));
            Background<Integer> generated = Background.run(
                    () -> stale.write("INSERT INTO entry (account, amount, note) VALUES (1, 1, 'stale')"));
            Background<Boolean> explicit = Background.run(() -> {
                stale.transaction(
                        "UPDATE account SET balance = balance + 1 WHERE id = 1",
                        "INSERT INTO entry (account, amount, note) VALUES (1, 1, 'stale, too')");
                return true;
            });
            one.write("INSERT INTO entry (account, amount, note) VALUES (1, 1, 'meanwhile')");
            rig.log().present("entry", "note", "meanwhile");
            // One that finds the source closed waits, or is told the way by another that asked the target itself; the
            // application's own connections are not stalled. Nobody writes on the source.
            assertThat(intentsOfTheSource(rig)).isEqualTo("0");
            source.pass();
            target.pass();
            assertThat(byKey.result()).isOne();
            assertThat(generated.result()).isOne();
            assertThat(explicit.result()).isTrue();
            assertThat(intentsOfTheSource(rig)).isEqualTo("0");
            rig.log().present("entry", "note", "stale");
            rig.log().present("entry", "note", "stale, too");
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "13.00");
            rig.finish();
        }
    }

    private static String intentsOfTheSource(Rig rig) throws Exception {
        return rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_intent WHERE side = 'SOURCE'");
    }

    @Scenario(63)
    @Test
    void aStoppedInstanceThatHoldsTheFenceMakesTheFlipGiveUpUntilItsSessionIsEnded() throws Exception {
        Duration budget = Duration.ofMillis(500);
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flipBudget(budget).heartbeatTimeout(Duration.ofSeconds(2)))
                    .start();
            account(rig, node, 1);
            account(rig, node, 2);
            Rig.readyToFlip(node.dualWrite());
            try (ChildJvm child = Coordinator.start(rig, "stopped", budget)) {
                child.awaitLine("READY", LONG);
                child.send("hold 1");
                child.awaitLine("EVENT HOLDS ", LONG);
                child.pause();
                long began = System.nanoTime();
                // refused, if it was stopped while it held the next owner's fence as well
                assertThat(flip(rig, node)).isNotInstanceOf(FlipOutcome.Flipped.class);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(budget.plus(SLACK));
                assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
                node.write("UPDATE account SET balance = balance + 1 WHERE id = 2");
                child.resume();
                child.send("go");
                child.awaitLine("EVENT COMMITTED", LONG);
                rig.log().claim("committed", "SELECT balance FROM account WHERE id = 1", "11.00");
                rig.log().claim("not kept out", "SELECT balance FROM account WHERE id = 2", "11.00");
                // the second time the operator ends its session
                Eventually.eventually()
                        .until("all is converged", () -> intentsOfTheSource(rig).equals("0"));
                child.send("hold 1");
                String session = child.awaitLine("EVENT HOLDS ", LONG);
                child.pause();
                assertThat(flip(rig, node)).isNotInstanceOf(FlipOutcome.Flipped.class);
                try (Connection operator = rig.direct(Side.SOURCE)) {
                    update(operator, "KILL " + session);
                }
                // it may also have been stopped in a heartbeat
                flipAndEndWhatStandsInTheWay(rig, node);
                child.resume();
                child.send("go");
                child.awaitLine("EVENT FAILED ", LONG);
            }
            rig.finish();
        }
    }

    /** Each in the last moment in which it is possible. */
    @Scenario({74, 75, 85})
    @Test
    void whatBreaksBetweenTheGateAndTheHandOverStopsTheFlipAndTheOwnerOpensAgain() throws Exception {
        Once once = new Once();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.seams(once).flipBudget(Duration.ofSeconds(5)))
                    .start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            for (FlipStep step :
                    new FlipStep[] {FlipStep.GATE, FlipStep.FREEZE, FlipStep.DRAIN, FlipStep.LOCK_FOLLOWER}) {
                once.after(step, () -> park(rig));
                FlipOutcome.GaveUp gaveUp = gaveUp(flip(rig, node));
                assertThat(gaveUp.at())
                        .as("parked after %s", step)
                        .isEqualTo(
                                step == FlipStep.GATE || step == FlipStep.FREEZE ? FlipStep.DRAIN : FlipStep.HAND_OVER);
                assertThat(gaveUp.reasons().toString()).contains("parked");
                assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
                assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
                rig.schema(Side.SOURCE).execute("DELETE FROM dualwrite_parked");
                node.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
            }
            once.after(FlipStep.GATE, () -> node.dualWrite().hold(true));
            assertThat(gaveUp(flip(rig, node)).reasons().toString()).contains("not-held");
            node.dualWrite().hold(false);
            once.after(
                    FlipStep.FREEZE,
                    () -> rig.schema(Side.SOURCE).execute("ALTER TABLE entry AUTO_INCREMENT = 700000"));
            assertThat(gaveUp(flip(rig, node)).reasons().toString()).contains("identifiers-above");
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "14.00");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** What stands in the queue behind the freeze is not left behind. */
    @Scenario(88)
    @Requirement(135)
    @Test
    void aRollbackIsGivenUpWhileChangesOfTheNewOwnerCannotBeConverged() throws Exception {
        Once once = new Once();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.seams(once).flipBudget(Duration.ofSeconds(2)))
                    .start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            FlipOutcome.GaveUp gaveUp;
            try (Connection somebody = rig.direct(Side.SOURCE)) {
                somebody.setAutoCommit(false);
                once.after(FlipStep.GATE, () -> {
                    try (Statement statement = somebody.createStatement()) {
                        statement.execute("SELECT COUNT(*) FROM dualwrite_lane FOR UPDATE");
                    }
                    node.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
                });
                gaveUp = gaveUp(node.dualWrite().rollBack());
                somebody.rollback();
            }
            assertThat(gaveUp.at()).isEqualTo(FlipStep.DRAIN);
            assertThat(gaveUp.reasons().toString()).contains("the queue was not empty within the budget");
            assertThat(rig.state(Side.TARGET)).isEqualTo("OPEN");
            assertThat(rig.state(Side.SOURCE)).isEqualTo("CLOSED");
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "11.00");
            rig.finish();
        }
    }

    /** What changed last is verified behind the freeze, and the follower does not answer what it is asked for that. */
    @Scenario(111)
    @Test
    void aVerificationThatIsTooSlowBehindTheFreezeLetsTheFlipGiveUpInTime() throws Exception {
        Duration budget = Duration.ofSeconds(2);
        Once once = new Once();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.seams(once).flipBudget(budget)).start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            rig.schema(Side.SOURCE).execute("CREATE TABLE kept LIKE dualwrite_intent");
            // that of a change, which the upkeep might verify before the freeze
            once.after(
                    FlipStep.GATE,
                    () -> Eventually.eventually().until("a mark is kept", () -> {
                        node.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
                        Eventually.eventually().until("it is converged", () -> rig.queued(Side.SOURCE) == 0);
                        rig.schema(Side.SOURCE)
                                .execute("INSERT INTO kept SELECT * FROM dualwrite_intent WHERE marked = 1");
                        return !rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM kept")
                                .equals("0");
                    }));
            List<Hold> slow = new CopyOnWriteArrayList<>();
            once.after(FlipStep.FREEZE, () -> {
                rig.schema(Side.SOURCE).execute("INSERT IGNORE INTO dualwrite_intent SELECT * FROM kept LIMIT 1");
                slow.add(rig.proxy(Side.TARGET)
                        .holdNext(dev.dualwrite.testkit.fault.Statement.startsWith("SELECT")
                                .and(dev.dualwrite.testkit.fault.Statement.contains("`account`"))));
            });
            FlipOutcome.GaveUp gaveUp = gaveUp(node.dualWrite().flip());
            assertThat(gaveUp.at()).isEqualTo(FlipStep.DRAIN);
            assertThat(slow.get(0).hits())
                    .as("it is the verification that did not end")
                    .isOne();
            assertThat(gaveUp.stall()).isLessThan(budget.multipliedBy(2));
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            assertThat(rig.state(Side.TARGET)).isEqualTo("CLOSED");
            long before = System.nanoTime();
            node.write("UPDATE account SET balance = 50 WHERE id = 1");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SLACK);
            slow.get(0).release();
            Rig.flipInSomeTries(() -> flip(rig, node));
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "50.00");
            rig.finish();
        }
    }

    /** What the host says must hold is asked before the freeze on the owner, and behind it on both sides. */
    @Scenario({74, 112})
    @Requirement(317)
    @Test
    void anInvariantThatDoesNotHoldKeepsOwnershipWhereItIs() throws Exception {
        Once once = new Once();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "one",
                            b -> b.seams(once)
                                    .flipBudget(Duration.ofSeconds(5))
                                    .invariant("nobody owes", "SELECT id, balance FROM account WHERE balance < 0"))
                    .start();
            account(rig, node, 1);
            Rig.readyToFlip(node.dualWrite());
            node.write("UPDATE account SET balance = -1 WHERE id = 1");
            assertThat(flip(rig, node))
                    .isInstanceOfSatisfying(
                            FlipOutcome.Refused.class,
                            refused -> assertThat(refused.toString())
                                    .contains("invariants", "nobody owes does not hold on SOURCE: 1, -1"));
            node.write("UPDATE account SET balance = 1 WHERE id = 1");
            once.after(FlipStep.GATE, () -> node.write("UPDATE account SET balance = -2 WHERE id = 1"));
            FlipOutcome.GaveUp gaveUp = gaveUp(flip(rig, node));
            assertThat(gaveUp.at()).isEqualTo(FlipStep.DRAIN);
            assertThat(gaveUp.reasons().toString()).contains("on SOURCE: 1, -2", "on TARGET: 1, -2");
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            node.write("UPDATE account SET balance = 2 WHERE id = 1");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "2.00");
            rig.finish();
        }
    }

    /** Flips once the instance has heard of the epoch that the last try left behind. */
    private static FlipOutcome flip(Rig rig, Node node) {
        Eventually.eventually()
                .until(
                        "the instance acts by the present epoch",
                        () -> rig.ask(
                                        Side.SOURCE,
                                        "SELECT COUNT(*) FROM dualwrite_instance i JOIN dualwrite_fence f ON f.side = 'SOURCE'"
                                                + " WHERE i.epoch < f.epoch")
                                .equals("0"));
        return node.dualWrite().flip();
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

    /** What an operator does about an instance that stands still and holds something. */
    private static void flipAndEndWhatStandsInTheWay(Rig rig, Node node) {
        Eventually.eventually().until("the flip is free of the stopped instance", () -> {
            for (Side side : Side.values()) {
                InnoDb.endOlderThan(Duration.ofSeconds(2), rig.schema(side));
            }
            return node.dualWrite().flip() instanceof FlipOutcome.Flipped;
        });
    }
}
