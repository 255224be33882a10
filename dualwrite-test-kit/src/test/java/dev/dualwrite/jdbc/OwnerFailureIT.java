package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.fault.Moment;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails on the owner fails for the caller as it would without the library, and leaves nothing behind. */
class OwnerFailureIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static void ready(Rig rig, Node node) throws SQLException {
        node.write("INSERT INTO account VALUES (1, 'one', 1, 1), (2, 'two', 2, 2)");
        rig.log().present("account", "id", 1);
        rig.log().present("account", "id", 2);
        Rig.readyToFlip(node.dualWrite());
        Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
    }

    @Scenario(1)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO account VALUES (1, 'again', 1, NULL)",
                "INSERT INTO account VALUES (3, 'slot taken', 1, 2)",
                "UPDATE account SET slot = 1 WHERE id = 2",
                "INSERT INTO account VALUES (3, NULL, 1, NULL)",
                "INSERT INTO account VALUES (3, 'too rich', 12345678901234, NULL)",
                "INSERT INTO account (id, nobody) VALUES (3, 1)",
                "SELEKT nothing"
            })
    void theOwnersRefusalReachesTheCallerAsItIsAndLeavesNothing(String sql) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            ready(rig, node);
            SQLException raw;
            try (Connection connection = rig.direct(Side.SOURCE);
                    Statement statement = connection.createStatement()) {
                raw = failure(() -> statement.executeUpdate(sql));
            }
            node.dualWrite().kill(true); // so that an intent, if there were one, would stay to be seen
            for (SQLException seen : List.of(failure(() -> node.write(sql)), failure(() -> node.transaction(sql)))) {
                assertThat(seen.getClass()).isEqualTo(raw.getClass());
                assertThat(seen.getErrorCode()).isEqualTo(raw.getErrorCode());
                assertThat(seen.getSQLState()).isEqualTo(raw.getSQLState());
                assertThat(seen.getMessage()).isEqualTo(raw.getMessage());
            }
            rig.log().absent("account", "id", 3);
            rig.log().claim("unchanged", "SELECT slot FROM account WHERE id = 2", 2);
            assertThat(rig.queued(Side.SOURCE)).isZero();
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** A call that must fail. */
    private interface Call {
        void run() throws SQLException;
    }

    private static SQLException failure(Call call) {
        try {
            call.run();
        } catch (SQLException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    @Scenario(2)
    @Requirement(207)
    @Test
    void aTransactionThatIsNotCommittedLeavesNeitherRowsNorIntents() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            ready(rig, node);
            node.dualWrite().kill(true);
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                change(connection, 11);
                connection.rollback();
                change(connection, 12); // and again, this time it is closed without a word
            }
            assertThatThrownBy(() -> {
                        try (Connection connection = node.dataSource().getConnection()) {
                            connection.setAutoCommit(false);
                            change(connection, 13);
                            throw new IllegalStateException("the application failed");
                        }
                    })
                    .isInstanceOf(IllegalStateException.class);
            try (Connection connection = node.dataSource().getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
            }
            for (int id = 11; id <= 13; id++) {
                rig.log().absent("account", "id", id);
            }
            rig.log().claim("unchanged", "SELECT balance FROM account WHERE id = 1", "1.00");
            rig.log().claim("none", "SELECT COUNT(*) FROM entry", 0);
            Eventually.eventually().until("given back", () -> node.busy() == 0);
            assertThat(rig.queued(Side.SOURCE)).isZero();
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    private static void change(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO account VALUES (" + id + ", 'never', 1, NULL)");
            statement.executeUpdate("UPDATE account SET balance = balance + 100");
            statement.executeUpdate("INSERT INTO entry (account, amount) VALUES (" + id + ", 1)");
        }
    }

    @Scenario(12)
    @Test
    void aDeadlockThatTheHostSwallowsTakesWhatItUndidOutOfTheTransaction() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            ready(rig, node);
            node.dualWrite().kill(true);
            try (Bypass other = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl());
                    Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                other.begin();
                for (int i = 0; i < 60; i++) { // the heavier one survives
                    other.write("INSERT INTO entry (id, account, amount) VALUES (?, 1, 1)", 1_000 + i);
                }
                other.write("UPDATE account SET balance = 0 WHERE id = 2");
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET balance = 50 WHERE id = 1");
                statement.executeUpdate("INSERT INTO account VALUES (20, 'undone', 1, NULL)");
                CompletableFuture<SQLException> victim = CompletableFuture.supplyAsync(
                        () -> failure(() -> statement.executeUpdate("UPDATE account SET balance = 50 WHERE id = 2")),
                        Background.THREADS);
                Eventually.eventually()
                        .until("it waits for the other's row", () -> InnoDb.waits(rig.schema(Side.SOURCE)));
                other.write("UPDATE account SET balance = 0 WHERE id = 1");
                assertThat(victim.get(60, TimeUnit.SECONDS).getErrorCode()).isEqualTo(1213);
                other.rollback();
                // the host goes on as if nothing had happened
                statement.executeUpdate("INSERT INTO account VALUES (21, 'afterwards', 1, NULL)");
                connection.commit();
            }
            rig.log().absent("account", "id", 20);
            rig.log().present("account", "id", 21);
            rig.log().claim("undone", "SELECT balance FROM account WHERE id = 1", "1.00");
            assertThat(rig.queued(Side.SOURCE))
                    .as("an intent for what was committed alone")
                    .isEqualTo(1);
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    @Scenario(14)
    @Test
    void savepointsUndoAsOnTheServerAndNothingIsMissedByTheFollower() throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("dualwrite.seed=" + seed);
        Random random = new Random(seed);
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            Map<Integer, Integer> committed = new TreeMap<>();
            for (int i = 0; i < 30; i++) {
                try (Connection connection = node.dataSource().getConnection()) {
                    connection.setAutoCommit(false);
                    Map<Integer, Integer> rows = new TreeMap<>(committed);
                    nested(connection, random, rows);
                    if (random.nextInt(4) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                        committed = rows;
                    }
                }
            }
            rig.log().claim("seed " + seed, "SELECT COUNT(*) FROM account", committed.size());
            committed.forEach((id, balance) -> rig.log()
                    .claim(
                            "seed " + seed,
                            "SELECT balance FROM account WHERE id = " + id,
                            new BigDecimal(balance + ".00")));
            rig.finish();
        }
    }

    /** A savepoint and what the rows were then. */
    private record Point(Savepoint savepoint, Map<Integer, Integer> rows) {}

    private static void nested(Connection connection, Random random, Map<Integer, Integer> rows) throws SQLException {
        Deque<Point> points = new ArrayDeque<>();
        try (Statement statement = connection.createStatement()) {
            for (int step = 0; step < 14; step++) {
                int id = random.nextInt(12);
                int value = random.nextInt(1_000);
                switch (random.nextInt(7)) {
                    case 0 -> {
                        String sql = "INSERT INTO account VALUES (" + id + ", 'x', " + value + ", NULL)";
                        if (rows.containsKey(id)) {
                            assertThat(failure(() -> statement.executeUpdate(sql))
                                            .getErrorCode())
                                    .isEqualTo(1062);
                        } else {
                            statement.executeUpdate(sql);
                            rows.put(id, value);
                        }
                    }
                    case 1 -> {
                        statement.executeUpdate("UPDATE account SET balance = " + value + " WHERE id = " + id);
                        rows.computeIfPresent(id, (key, old) -> value);
                    }
                    case 2 -> {
                        statement.executeUpdate("DELETE FROM account WHERE id = " + id);
                        rows.remove(id);
                    }
                    case 3, 4 ->
                        points.push(new Point(
                                random.nextBoolean()
                                        ? connection.setSavepoint()
                                        : connection.setSavepoint("p" + points.size()),
                                new TreeMap<>(rows)));
                    case 5 -> {
                        for (int i = random.nextInt(points.size() + 1); i > 1; i--) {
                            points.pop();
                        }
                        if (!points.isEmpty()) {
                            Point back = points.getFirst(); // it stays, to be gone back to again
                            connection.rollback(back.savepoint());
                            rows.clear();
                            rows.putAll(back.rows());
                        }
                    }
                    default -> {
                        if (!points.isEmpty()) {
                            connection.releaseSavepoint(points.pop().savepoint());
                        }
                    }
                }
            }
        }
    }

    /** Whatever a statement or a connection dies of. */
    @Scenario(103)
    @Test
    void noErrorKeepsAConnectionAThreadOrATransaction() throws Exception {
        try (Rig rig = Rig.shared()) {
            Leaks leaks = Leaks.watch(List.of("dualwrite-rig-", "rig-"))
                    .and(rig.server(Side.SOURCE), rig.schema(Side.SOURCE).name())
                    .and(rig.server(Side.TARGET), rig.schema(Side.TARGET).name());
            Node node = rig.node("one").start();
            ready(rig, node);
            String insert = "INSERT INTO account VALUES (%d, 'x', 1, NULL)";
            int id = 100;
            for (String sql : List.of(
                    "TRUNCATE account",
                    "REPLACE INTO account VALUES (1, 'x', 1, 1)",
                    "UPDATE account SET balance = 1 WHERE RAND() < 0.5",
                    "SELECT * FROM missing",
                    "INSERT INTO missing VALUES (1)",
                    "INSERT INTO account VALUES (1, 'x', 1, NULL)",
                    "not SQL")) {
                for (int i = 0; i < 3; i++) {
                    failure(() -> node.write(sql));
                    failure(() -> node.transaction(insert.formatted(99), sql));
                }
            }
            rig.log().absent("account", "id", 99);
            List<Predicate<dev.dualwrite.testkit.fault.Statement>> places = List.of(
                    dev.dualwrite.testkit.fault.Statement.startsWith("BEGIN"),
                    dev.dualwrite.testkit.fault.Statement.contains("dualwrite_fence"),
                    dev.dualwrite.testkit.fault.Statement.startsWith("INSERT INTO account"),
                    dev.dualwrite.testkit.fault.Statement.startsWith("INSERT INTO `src"),
                    dev.dualwrite.testkit.fault.Statement.isCommit());
            for (Predicate<dev.dualwrite.testkit.fault.Statement> place : places) {
                for (Moment moment : Moment.values()) {
                    try (Cut cut = rig.proxy(Side.SOURCE).cutNext(moment, place)) {
                        Deadline deadline = Deadline.in(LONG);
                        while (cut.hits() == 0) {
                            deadline.check("the proxy sees a statement to cut at");
                            attempt(node, insert.formatted(++id), id % 2 == 0);
                        }
                    }
                }
            }
            // a caller that was not told so may yet have committed; and no lock is left that would keep another out
            for (int free = 101; free <= id; free++) {
                node.write("DELETE FROM account WHERE id = " + free);
                rig.log().absent("account", "id", free);
            }
            for (String part : List.of("dualwrite_lane", "dualwrite_fence", "INSERT INTO `dst", "COMMIT")) {
                for (Moment moment : Moment.values()) {
                    try (Cut cut = rig.proxy(Side.TARGET)
                            .cutNext(moment, dev.dualwrite.testkit.fault.Statement.contains(part))) {
                        node.write(insert.formatted(++id));
                        rig.log().present("account", "id", id);
                        cut.awaitHit(LONG);
                    }
                }
            }
            rig.finish();
            leaks.assertNone(Duration.ofSeconds(30));
        }
    }

    private static void attempt(Node node, String sql, boolean transaction) {
        try {
            if (transaction) {
                node.transaction(sql);
            } else {
                node.write(sql);
            }
        } catch (SQLException cut) {
            assertThat(cut.getSQLState()).as(cut::toString).startsWith("08");
        }
    }

    /** Also where it is the library's own question that waits. */
    @Test
    void aStatementsTimeoutEndsItAndLeavesTheTransactionToItsCaller() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            ready(rig, node);
            try (Bypass other = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl());
                    Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                other.begin();
                other.text("SELECT id FROM account WHERE id = 2 FOR UPDATE");
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET balance = 5 WHERE id = 1");
                statement.setQueryTimeout(1);
                failure(() -> statement.executeUpdate("UPDATE account SET balance = 5 WHERE id = 2"));
                failure(() -> statement.executeUpdate("UPDATE account SET balance = balance * 2"));
                other.rollback();
                connection.commit();
            }
            rig.log().claim("kept", "SELECT balance FROM account WHERE id = 1", "5.00");
            rig.log().claim("not done", "SELECT balance FROM account WHERE id = 2", "2.00");
            rig.finish();
        }
    }
}
