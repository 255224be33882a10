package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The repair queue: long, poisoned, worked off by many, and with a follower that takes no connection. */
class QueueIT {

    private static void rows(Node node, int from, int to) throws SQLException {
        try (Connection connection = node.dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO account VALUES (?, 'row', 0, ?)")) {
            connection.setAutoCommit(false);
            for (int i = from; i < to; i++) {
                insert.setInt(1, i);
                insert.setInt(2, i);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    /** Adds one to each balance, in one transaction. */
    private static void increment(Node node, int from, int to) throws SQLException {
        try (Connection connection = node.dataSource().getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE account SET balance = balance + 1 WHERE id = ?")) {
            connection.setAutoCommit(false);
            for (int i = from; i < to; i++) {
                update.setInt(1, i);
                update.addBatch();
            }
            update.executeBatch();
            connection.commit();
        }
    }

    /** From now on the follower's server notes each account that is updated, and committed, in a table of its own. */
    private static void noteUpdates(Bypass target) throws SQLException {
        target.write("CREATE TABLE written (id BIGINT NOT NULL)");
        target.write(
                "CREATE TRIGGER note_them AFTER UPDATE ON account FOR EACH ROW INSERT INTO written VALUES (NEW.id)");
    }

    private static void awaitDrained(Rig rig) {
        Eventually.within(Duration.ofSeconds(60)).until("the queue is empty", () -> rig.queued(Side.SOURCE) == 0);
    }

    @Scenario(50)
    @Test
    @DisplayName("a row that the follower refuses is parked, with what to do; it blocks itself and the gate, no other")
    void aPoisonedRowBlocksItselfAndTheGateOnly() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            rows(node, 1, 41);
            Rig.readyToFlip(node.dualWrite());
            try (ServerFault poison = rig.refusing(Side.TARGET, "account", "NEW.id = 13")) {
                increment(node, 1, 41);
                Eventually.eventually()
                        .until("it is parked", () -> node.dualWrite().parked(10).size() == 1);
                awaitDrained(rig);
                assertThat(node.dualWrite().parked(10))
                        .singleElement()
                        .asString()
                        .startsWith("account 13:")
                        .as("%s", poison)
                        .contains("1644", "trigger");
                assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account WHERE balance = 1"))
                        .as("all others have converged")
                        .isEqualTo("39");
                assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isFalse();
                assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).toString())
                        .containsIgnoringCase("parked");
                increment(node, 1, 41);
                awaitDrained(rig);
                assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account WHERE balance = 2"))
                        .isEqualTo("39");
                assertThat(node.dualWrite().unpark()).isEqualTo(1);
                Eventually.eventually()
                        .until(
                                "it is parked again",
                                () -> node.dualWrite().parked(10).size() == 1);
                assertThat(node.dualWrite().status().parked()).isEqualTo(1);
            }
            assertThat(node.dualWrite().unpark()).isEqualTo(1);
            awaitDrained(rig);
            assertThat(node.dualWrite().parked(10)).isEmpty();
            rig.log().claim("13", "SELECT balance FROM account WHERE id = 13", "2.00");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Scenario(50)
    @Test
    @DisplayName("a new write of a parked row that the follower takes now unparks it by itself")
    void aLaterWriteThatTheFollowerTakesUnparks() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            rig.schema(Side.TARGET).execute("ALTER TABLE account MODIFY owner VARCHAR(10) NOT NULL");
            node.write("INSERT INTO account VALUES (1, 'much too long for it', 0, NULL)");
            Eventually.eventually()
                    .until("it is parked", () -> node.dualWrite().parked(10).size() == 1);
            node.write("UPDATE account SET owner = 'short' WHERE id = 1");
            awaitDrained(rig);
            assertThat(node.dualWrite().parked(10)).isEmpty();
            rig.log().claim("1", "SELECT owner FROM account WHERE id = 1", "short");
            rig.schema(Side.TARGET).execute("ALTER TABLE account MODIFY owner VARCHAR(40) NOT NULL");
            rig.finish();
        }
    }

    /** What one transaction takes on at most, as docs/operating.md says. */
    private static final int ROUND = 400;

    /** Lets some rounds through, and stops every worker in the middle of its next one until it is released. */
    private static final class HalfWay implements Seams {
        private static final int THROUGH = 20;

        private final AtomicInteger rounds = new AtomicInteger();
        private final AtomicInteger standing = new AtomicInteger();
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void afterOwnerRead() {
            if (rounds.get() >= THROUGH && go.getCount() > 0) {
                standing.incrementAndGet();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void afterFollowerCommit() {
            rounds.incrementAndGet();
        }
    }

    @Scenario(51)
    @Test
    @DisplayName("a hundred thousand intents after an outage: each unit is written once, workers and rounds are"
            + " bounded, and live writes do not wait for them")
    void aLongQueueIsCoalesced() throws Exception {
        int units = 1_000;
        int backlog = 100 * units;
        int workers = 2;
        HalfWay half = new HalfWay();
        try (Rig rig = Rig.ofItsOwn()) {
            Node async = rig.node("async", b -> b.workers(workers).seams(half)).start();
            Node sync = rig.node("sync", b -> b.workers(workers).seams(half).sync(Duration.ofMillis(20)))
                    .start();
            rows(async, 1, units + 1);
            Rig.enter(async.dualWrite(), Phase.DUAL_WRITE); // not verified, so that nobody but workers takes lanes
            assertThat(async.dualWrite().backfill().complete()).isTrue();
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                noteUpdates(target);
            }
            rig.servers().target().pause();
            for (int i = 0; i < backlog / units; i++) {
                async.write("UPDATE account SET balance = balance + 1 WHERE id BETWEEN 1 AND " + units);
            }
            assertThat(rig.queued(Side.SOURCE)).isEqualTo(backlog);
            assertThat(async.dualWrite().status().queued()).isEqualTo(backlog);
            try (StatementLog log = rig.proxy(Side.TARGET).record()) {
                rig.servers().target().resume();
                Eventually.within(Duration.ofSeconds(60))
                        .until("every worker is in a transaction", () -> half.standing.get() >= 2 * workers);
                long done = backlog - rig.queued(Side.SOURCE);
                assertThat(done)
                        .as("after %s rounds", half.rounds.get())
                        .isPositive()
                        .isLessThanOrEqualTo((long) half.rounds.get() * ROUND);
                int live = 40;
                for (int i = 0; i < live; i++) {
                    Node node = i % 2 == 0 ? async : sync;
                    assertThat(node.write("INSERT INTO account VALUES (" + (2_000 + i) + ", 'live', 0, NULL)"))
                            .isOne();
                    rig.log().present("account", "id", 2_000 + i);
                }
                assertThat(rig.queued(Side.SOURCE))
                        .as("the live writes waited for nothing")
                        .isEqualTo(backlog - done + live);
                half.go.countDown();
                awaitDrained(rig);
                assertThat(half.rounds.get()).as("rounds").isBetween(backlog / ROUND, units + live);
                assertThat(atOnce(log)).as("transactions at once").isEqualTo(2 * workers);
            }
            assertThat(rig.ask(Side.TARGET, "SELECT CONCAT(COUNT(*), ' of ', COUNT(DISTINCT id)) FROM written"))
                    .as("updated rows, each unit once")
                    .isEqualTo(units + " of " + units);
            rig.log().claim("sum", "SELECT SUM(balance) FROM account", backlog + ".00");
            rig.finish();
        }
    }

    /** From taking lanes to its end: how many transactions of the convergers were open at one time. */
    private static int atOnce(StatementLog log) {
        Predicate<Statement> begins = Statement.startsWith("SELECT l.lane FROM");
        Predicate<Statement> ends = Statement.isCommit().or(Statement.startsWith("ROLLBACK"));
        Set<Integer> open = new HashSet<>();
        int most = 0;
        for (Statement statement : log.statements()) {
            if (begins.test(statement)) {
                open.add(statement.connection());
                most = Math.max(most, open.size());
            } else if (ends.test(statement)) {
                open.remove(statement.connection());
            }
        }
        return most;
    }

    @Scenario(52)
    @Test
    @DisplayName("two instances with four workers each: nothing is written twice, nobody deadlocks, all is drained")
    void manyWorkersOfTwoInstancesShareOneQueue() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> b.workers(4)).start();
            Node two = rig.node("two", b -> b.workers(4)).start();
            rows(one, 1, 201);
            Rig.readyToFlip(one.dualWrite());
            long deadlocks = deadlocks(rig);
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                noteUpdates(target);
                for (int round = 0; round < 3; round++) {
                    one.dualWrite().kill(true);
                    Eventually.eventually()
                            .until("both know", () -> two.dualWrite().status().killed());
                    increment(one, 1, 201);
                    increment(two, 1, 201);
                    increment(one, 1, 201);
                    one.dualWrite().kill(false);
                    awaitDrained(rig);
                    assertThat(target.number("SELECT COUNT(*) FROM written"))
                            .as("each unit was written once, by whomever")
                            .isEqualTo(200);
                    target.write("DELETE FROM written");
                }
                List<Background<Integer>> writers = new ArrayList<>();
                for (Node node : List.of(one, two)) {
                    writers.add(Background.run(() -> {
                        for (int i = 0; i < 10; i++) {
                            increment(node, 1 + i * 20, 21 + i * 20);
                        }
                        return 10;
                    }));
                }
                for (Background<Integer> writer : writers) {
                    assertThat(writer.result()).isEqualTo(10);
                }
                awaitDrained(rig);
                assertThat(target.number("SELECT MAX(n) FROM (SELECT COUNT(*) n FROM written GROUP BY id) w"))
                        .as("never more often than it was committed")
                        .isLessThanOrEqualTo(2);
                target.write("DROP TRIGGER note_them");
            }
            assertThat(deadlocks(rig)).as("deadlocks on the follower").isEqualTo(deadlocks);
            rig.log().claim("all", "SELECT COUNT(*) FROM account WHERE balance = 11", 200);
            rig.finish();
        }
    }

    /** Deadlocks that the follower's server has seen, which both kinds of server count in different places. */
    private static long deadlocks(Rig rig) throws SQLException {
        boolean mariadb = rig.ask(Side.TARGET, "SELECT VERSION()").contains("MariaDB");
        return Long.parseLong(rig.ask(
                Side.TARGET,
                mariadb
                        ? "SELECT variable_value FROM information_schema.global_status"
                                + " WHERE variable_name = 'Innodb_deadlocks'"
                        : "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'"));
    }

    @Scenario(102)
    @Test
    @DisplayName("a follower that takes no more connections is an outage like any other")
    void aFollowerWithoutAFreeConnectionIsAnOutage() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'before', 0, NULL)");
            awaitDrained(rig);
            try (ServerFault full = ServerFault.full(rig.server(Side.TARGET))) {
                for (int i = 10; i < 60; i++) {
                    node.write("INSERT INTO account VALUES (" + i + ", 'during', 0, NULL)");
                    rig.log().present("account", "id", i);
                }
                assertThat(rig.queued(Side.SOURCE)).as("%s", full).isGreaterThanOrEqualTo(50);
                assertThat(node.dualWrite().parked(10)).isEmpty();
            }
            awaitDrained(rig);
            rig.finish();
        }
    }
}
