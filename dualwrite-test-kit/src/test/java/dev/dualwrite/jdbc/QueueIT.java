package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.server.ServerKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private static void awaitDrained(Rig rig) {
        Eventually.within(Duration.ofSeconds(60)).until("the queue is empty", () -> rig.queued(Side.SOURCE) == 0);
    }

    @Test
    @DisplayName(
            "50: a row that the follower refuses is parked, with what to do; it blocks itself and the gate, no other")
    void aPoisonedRowBlocksItselfAndTheGateOnly() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            rows(node, 1, 41);
            Rig.readyToFlip(node.dualWrite());
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                target.write("CREATE TRIGGER poison BEFORE UPDATE ON account FOR EACH ROW"
                        + " BEGIN IF NEW.id = 13 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END");
                increment(node, 1, 41);
                Eventually.eventually()
                        .until("it is parked", () -> node.dualWrite().parked(10).size() == 1);
                awaitDrained(rig);
                assertThat(node.dualWrite().parked(10))
                        .singleElement()
                        .asString()
                        .startsWith("account 13:")
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
                target.write("DROP TRIGGER poison");
            }
            assertThat(node.dualWrite().unpark()).isEqualTo(1);
            awaitDrained(rig);
            assertThat(node.dualWrite().parked(10)).isEmpty();
            rig.log().claim("13", "SELECT balance FROM account WHERE id = 13", "2.00");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Test
    @DisplayName("50: a new write of a parked row that the follower takes now unparks it by itself")
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

    @Test
    @DisplayName(
            "51: a hundred thousand intents after an outage are coalesced by unit, and live writes go on meanwhile")
    void aLongQueueIsCoalesced() throws Exception {
        Duration patience = Duration.ofSeconds(10); // of a live write; it is about being held up, not about speed
        try (Rig rig = Rig.ofItsOwn()) {
            Node node = rig.node("one").start();
            rows(node, 1, 1_001);
            Rig.readyToFlip(node.dualWrite());
            rig.servers().target().pause();
            for (int i = 0; i < 100; i++) {
                node.write("UPDATE account SET balance = balance + 1 WHERE id BETWEEN 1 AND 1000");
            }
            assertThat(rig.queued(Side.SOURCE)).isGreaterThanOrEqualTo(100_000);
            assertThat(node.dualWrite().status().queued()).isGreaterThanOrEqualTo(100_000);
            long before;
            try (StatementLog log = rig.proxy(Side.TARGET).record()) {
                rig.servers().target().resume();
                before = rowsUpdated(rig);
                Duration longest = Duration.ZERO;
                int live = 0;
                while (rig.queued(Side.SOURCE) > 1_000 && live < 1_000) {
                    long began = System.nanoTime();
                    node.write("INSERT INTO account VALUES (" + (2_000 + live) + ", 'live', 0, NULL)");
                    Duration took = Duration.ofNanos(System.nanoTime() - began);
                    longest = took.compareTo(longest) > 0 ? took : longest;
                    rig.log().present("account", "id", 2_000 + live);
                    live++;
                }
                awaitDrained(rig);
                long commits = log.count(Statement.isCommit());
                long updated = rowsUpdated(rig) - before;
                System.out.println("100,000 intents of 1,000 units: " + commits + " transactions and " + updated
                        + " updated rows on the follower; " + live + " live writes meanwhile, the longest "
                        + longest.toMillis() + " ms");
                assertThat(live).isPositive();
                assertThat(longest).isLessThan(patience);
                assertThat(commits).as("transactions on the follower").isLessThan(20_000);
                assertThat(updated).as("rows updated on the follower").isLessThan(20_000);
            }
            rig.log().claim("sum", "SELECT SUM(balance) FROM account", "100000.00");
            rig.finish();
        }
    }

    /** Rows that the follower's server has updated, in all its tables. */
    private static long rowsUpdated(Rig rig) throws SQLException {
        return Long.parseLong(rig.ask(
                Side.TARGET,
                rig.server(Side.TARGET).kind() == ServerKind.MARIADB
                        ? "SELECT variable_value FROM information_schema.global_status"
                                + " WHERE variable_name = 'Handler_update'"
                        : "SELECT variable_value FROM performance_schema.global_status"
                                + " WHERE variable_name = 'Handler_update'"));
    }

    @Test
    @DisplayName("52: two instances with four workers each: nothing is written twice, nobody deadlocks, all is drained")
    void manyWorkersOfTwoInstancesShareOneQueue() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> b.workers(4)).start();
            Node two = rig.node("two", b -> b.workers(4)).start();
            rows(one, 1, 201);
            Rig.readyToFlip(one.dualWrite());
            long deadlocks = deadlocks(rig);
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                target.write("CREATE TABLE written (id BIGINT NOT NULL)");
                target.write("CREATE TRIGGER count_them AFTER UPDATE ON account FOR EACH ROW"
                        + " INSERT INTO written VALUES (NEW.id)");
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
                target.write("DROP TRIGGER count_them");
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

    @Test
    @DisplayName("102: a follower that takes no more connections is an outage like any other")
    void aFollowerWithoutAFreeConnectionIsAnOutage() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'before', 0, NULL)");
            awaitDrained(rig);
            List<Connection> hogs = new ArrayList<>();
            try (Bypass admin = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                admin.write("SET GLOBAL max_connections = 10");
                rig.proxy(Side.TARGET).down();
                Eventually.eventually().until("every place is taken", () -> {
                    try {
                        hogs.add(DriverManager.getConnection(
                                rig.schema(Side.TARGET).jdbcUrl()));
                        return false;
                    } catch (SQLException e) {
                        return e.getErrorCode() == 1040;
                    }
                });
                rig.proxy(Side.TARGET).pass();
                for (int i = 10; i < 60; i++) {
                    node.write("INSERT INTO account VALUES (" + i + ", 'during', 0, NULL)");
                    rig.log().present("account", "id", i);
                }
                assertThat(rig.queued(Side.SOURCE)).isGreaterThanOrEqualTo(50);
                assertThat(node.dualWrite().parked(10)).isEmpty();
                for (Connection hog : hogs) {
                    hog.close();
                }
                admin.write("SET GLOBAL max_connections = 151");
            }
            awaitDrained(rig);
            rig.finish();
        }
    }
}
