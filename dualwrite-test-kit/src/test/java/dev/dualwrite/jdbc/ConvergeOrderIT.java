package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Moment;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** In whatever order, how often and by whom a unit is converged, the follower ends as the owner is. */
class ConvergeOrderIT {

    private static Seams atPeek(Halt stop) {
        return new Seams() {
            @Override
            public void afterPeek() {
                stop.here();
            }
        };
    }

    private static Seams atOwnerRead(Halt stop) {
        return new Seams() {
            @Override
            public void afterOwnerRead() {
                stop.here();
            }
        };
    }

    private static void awaitDrained(Rig rig) {
        Eventually.eventually().until("the queue is empty", () -> rig.queued(Side.SOURCE) == 0);
    }

    private static String there(Rig rig, int id) throws SQLException {
        return rig.ask(Side.TARGET, "SELECT balance FROM account WHERE id = " + id);
    }

    @Scenario(41)
    @Test
    @DisplayName("the converger of the first write comes after that of the second: the newest stays")
    void theNewestStaysWhenTheFirstOfTwoConvergersIsLast() throws Exception {
        try (Rig rig = Rig.shared()) {
            Halt stop = new Halt();
            Node slow = rig.node("slow", b -> b.workers(1).seams(atPeek(stop))).start();
            Rig.enter(slow.dualWrite(), Phase.DUAL_WRITE);
            stop.arm();
            slow.write("INSERT INTO account VALUES (1, 'first', 1, NULL)");
            stop.awaitReached();
            Node fast = rig.node("fast").start();
            fast.write("UPDATE account SET owner = 'second', balance = 2 WHERE id = 1");
            awaitDrained(rig);
            assertThat(there(rig, 1)).isEqualTo("2.00");
            stop.release();
            slow.write("INSERT INTO account VALUES (2, 'behind', 3, NULL)");
            awaitDrained(rig);
            assertThat(there(rig, 1)).isEqualTo("2.00");
            rig.log().claim("the newest", "SELECT owner FROM account WHERE id = 1", "second");
            rig.finish();
        }
    }

    @Scenario(41)
    @Test
    @DisplayName("a converger that read the owner's row keeps others off the unit until it has written it")
    void aRowThatWasReadIsNotOvertaken() throws Exception {
        try (Rig rig = Rig.shared()) {
            Halt stop = new Halt();
            Node slow =
                    rig.node("slow", b -> b.workers(1).seams(atOwnerRead(stop))).start();
            Rig.enter(slow.dualWrite(), Phase.DUAL_WRITE);
            stop.arm();
            slow.write("INSERT INTO account VALUES (1, 'first', 1, NULL)");
            stop.awaitReached();
            Node fast = rig.node("fast").start();
            fast.write("UPDATE account SET balance = 2 WHERE id = 1");
            fast.write("INSERT INTO account VALUES (2, 'other unit', 7, NULL)");
            Eventually.eventually()
                    .until("another unit is not held up", () -> there(rig, 2).equals("7.00"));
            assertThat(there(rig, 1)).isEqualTo("no row");
            stop.release();
            Eventually.eventually()
                    .until("the newest arrives", () -> there(rig, 1).equals("2.00"));
            rig.log().claim("the newest", "SELECT balance FROM account WHERE id = 1", "2.00");
            rig.finish();
        }
    }

    @Scenario(42)
    @Test
    @DisplayName("a repair that is overtaken by a live write leaves the live write")
    void aRepairDoesNotUndoALiveWrite() throws Exception {
        try (Rig rig = Rig.shared()) {
            Halt stop = new Halt();
            Node slow = rig.node("slow", b -> b.workers(1).seams(atPeek(stop))).start();
            slow.write("INSERT INTO account VALUES (1, 'row', 1, NULL)");
            Rig.readyToFlip(slow.dualWrite());
            try (Bypass rogue = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                rogue.write("UPDATE account SET balance = 99 WHERE id = 1");
            }
            assertThat(slow.dualWrite().verify().divergences()).hasSize(1);
            stop.arm();
            assertThat(slow.dualWrite().repair()).isEqualTo(1);
            stop.awaitReached();
            Node fast = rig.node("fast").start();
            fast.write("UPDATE account SET balance = 2 WHERE id = 1");
            Eventually.eventually()
                    .until("the live write arrives", () -> there(rig, 1).equals("2.00"));
            stop.release();
            awaitDrained(rig);
            assertThat(there(rig, 1)).isEqualTo("2.00");
            Rig.verify(slow.dualWrite());
            rig.log().claim("the live write", "SELECT balance FROM account WHERE id = 1", "2.00");
            rig.finish();
        }
    }

    @Scenario(43)
    @Requirement(206)
    @Test
    @DisplayName("a delete, then a late converger that had read the row: it stays deleted")
    void aLateUpsertDoesNotBringADeletedRowBack() throws Exception {
        try (Rig rig = Rig.shared()) {
            Halt stop = new Halt();
            Node slow =
                    rig.node("slow", b -> b.workers(1).seams(atOwnerRead(stop))).start();
            Rig.enter(slow.dualWrite(), Phase.DUAL_WRITE);
            stop.arm();
            slow.write("INSERT INTO account VALUES (1, 'row', 1, NULL)");
            stop.awaitReached();
            Node fast = rig.node("fast").start();
            fast.write("DELETE FROM account WHERE id = 1");
            stop.release();
            awaitDrained(rig);
            rig.log().absent("account", "id", 1);
            assertThat(there(rig, 1)).isEqualTo("no row");
            rig.finish();
        }
    }

    @Scenario(44)
    @Test
    @DisplayName("insert, delete, insert, converged after each or not: the follower ends as the owner")
    void insertDeleteInsertConvergesHoweverOftenItIsConverged() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            for (int mask = 0; mask < 8; mask++) {
                int id = 100 + mask;
                List<String> steps = List.of(
                        "INSERT INTO account VALUES (" + id + ", 'first', 1, NULL)",
                        "DELETE FROM account WHERE id = " + id,
                        "INSERT INTO account VALUES (" + id + ", 'again', 2, NULL)");
                for (int step = 0; step < 3; step++) {
                    node.dualWrite().kill(true);
                    node.write(steps.get(step));
                    if ((mask & (1 << step)) != 0) {
                        node.dualWrite().kill(false);
                        awaitDrained(rig);
                        assertThat(there(rig, id)).isEqualTo(step == 1 ? "no row" : step == 0 ? "1.00" : "2.00");
                    }
                }
                node.dualWrite().kill(false);
                rig.log().claim("the last", "SELECT owner FROM account WHERE id = " + id, "again");
            }
            rig.finish();
        }
    }

    @Scenario(44)
    @Requirement(206)
    @Test
    @DisplayName("the three intents of insert, delete, insert, replayed in every order, twice")
    void intentsReplayedInEveryOrderChangeNothing() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.dualWrite().kill(true);
            node.write("INSERT INTO account VALUES (1, 'first', 1, NULL)");
            node.write("DELETE FROM account WHERE id = 1");
            node.write("INSERT INTO account VALUES (1, 'again', 2, NULL)");
            rig.log().claim("the last", "SELECT owner FROM account WHERE id = 1", "again");
            try (Connection connection = rig.direct(Side.SOURCE);
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("CREATE TABLE kept AS SELECT * FROM dualwrite_intent");
                statement.executeUpdate("DELETE FROM dualwrite_intent");
                List<String> ids = new ArrayList<>();
                try (var row = statement.executeQuery("SELECT HEX(id) FROM kept ORDER BY id")) {
                    while (row.next()) {
                        ids.add(row.getString(1));
                    }
                }
                assertThat(ids).hasSize(3);
                node.dualWrite().kill(false);
                int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
                for (int[] order : orders) {
                    for (int at : order) {
                        statement.executeUpdate(
                                "INSERT INTO dualwrite_intent SELECT * FROM kept WHERE id = 0x" + ids.get(at));
                        awaitDrained(rig);
                        assertThat(there(rig, 1)).isEqualTo("2.00");
                    }
                }
            }
            rig.finish();
        }
    }

    @Scenario(23)
    @Test
    @DisplayName("an increment whose converging is cut at COMMIT again and again is never doubled")
    void anIncrementIsNeverDoubled() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'counter', 0, NULL)");
            for (Moment moment : Moment.values()) {
                try (Cut cut = rig.proxy(Side.TARGET).cutEveryCommit(moment)) {
                    for (int i = 0; i < 10; i++) {
                        node.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
                    }
                    cut.awaitHits(3, Duration.ofSeconds(20));
                }
            }
            rig.log().claim("the sum", "SELECT balance FROM account WHERE id = 1", "20.00");
            awaitDrained(rig);
            assertThat(there(rig, 1)).isEqualTo("20.00");
            rig.finish();
        }
    }

    @Scenario(49)
    @Test
    @DisplayName("a child whose intent is converged before its parent's: the orphan is gone when the queue is empty")
    void aChildMayArriveBeforeItsParent() throws Exception {
        try (Rig rig = Rig.shared("CREATE TABLE parent (id BIGINT PRIMARY KEY, name VARCHAR(20)) ENGINE=InnoDB", """
                CREATE TABLE child (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL,
                  CONSTRAINT child_of FOREIGN KEY (parent) REFERENCES parent (id)) ENGINE=InnoDB""")) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.dualWrite().kill(true);
            node.transaction("INSERT INTO parent VALUES (1, 'p')", "INSERT INTO child VALUES (10, 1)");
            try (Connection connection = rig.direct(Side.SOURCE);
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(
                        "CREATE TABLE kept AS SELECT * FROM dualwrite_intent WHERE table_name = 'parent'");
                statement.executeUpdate("DELETE FROM dualwrite_intent WHERE table_name = 'parent'");
                node.dualWrite().kill(false);
                Eventually.eventually()
                        .until(
                                "the child is there",
                                () -> rig.ask(Side.TARGET, "SELECT parent FROM child WHERE id = 10")
                                        .equals("1"));
                assertThat(rig.ask(Side.TARGET, "SELECT id FROM parent")).isEqualTo("no row");
                statement.executeUpdate("INSERT INTO dualwrite_intent SELECT * FROM kept");
            }
            Eventually.eventually()
                    .until(
                            "the parent follows",
                            () -> rig.ask(Side.TARGET, "SELECT id FROM parent").equals("1"));
            // and the other way round: the parent goes first
            node.transaction("DELETE FROM child WHERE id = 10", "DELETE FROM parent WHERE id = 1");
            rig.log().absent("child", "id", 10);
            rig.finish();
        }
    }
}
