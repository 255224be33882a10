package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A driver that prepares on the server keeps it to itself if the server cannot, and sends the text later. The server may
 * have rolled the transaction back by then: what follows must not be taken for a part of it.
 */
class HiddenErrorIT extends OnStage {

    /**
     * @param earlier what the transaction has done before, with {@code item}
     * @param fatal what is prepared when somebody keeps {@code amount} and waits for {@code item}
     */
    private record Loss(String name, List<String> earlier, Fatal fatal) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Fatal {
        void on(Connection connection) throws SQLException;
    }

    private static final String CHANGE = "UPDATE item SET v = 10 WHERE id = 1";

    static final List<Loss> LOSSES = List.of(
            new Loss("in a later change of known keys", List.of(CHANGE), runs("UPDATE amount SET v = ? WHERE d = 1")),
            new Loss(
                    "in the question for a change's keys",
                    List.of(CHANGE),
                    runs("UPDATE amount SET v = v + ? WHERE v > 0")),
            new Loss("in a read", List.of(CHANGE), runs("SELECT v FROM amount WHERE v > ? FOR UPDATE")),
            new Loss("in metadata", List.of(CHANGE), connection -> {
                try (PreparedStatement statement = connection.prepareStatement("SELECT v FROM amount WHERE v > ?")) {
                    statement.getMetaData();
                }
            }),
            new Loss(
                    "in the first change, after a read",
                    List.of("SELECT v FROM item"),
                    runs("UPDATE amount SET v = ? WHERE d = 1")),
            new Loss("in a batch", List.of(CHANGE), connection -> {
                try (PreparedStatement statement = connection.prepareStatement("UPDATE amount SET v = ? WHERE d = 1")) {
                    statement.setInt(1, 70);
                    statement.addBatch();
                    statement.setInt(1, 71);
                    statement.addBatch();
                    statement.executeBatch();
                }
            }));

    private static Fatal runs(String sql) {
        return connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, 70);
                statement.execute();
            }
        };
    }

    private void lose(Connection c, Loss loss) throws Exception {
        for (String sql : loss.earlier) {
            try (PreparedStatement statement = c.prepareStatement(sql)) {
                statement.execute();
            }
        }
        lose(c, loss.fatal);
    }

    private void lose(Connection c, Fatal fatal) throws Exception {
        try (Connection other = stage.direct(Side.SOURCE)) {
            // in the order of their names: it has amount when it waits for item
            update(other, "SET SESSION lock_wait_timeout = 20");
            CompletableFuture<Void> locks = CompletableFuture.runAsync(
                    () -> {
                        try {
                            update(other, "RENAME TABLE amount TO a, item TO i, a TO amount, i TO item");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Background.THREADS);
            Eventually.eventually().until("the other one waits for a table", () -> stage.waitsForTable(Side.SOURCE));
            assertThatThrownBy(() -> fatal.on(c))
                    .satisfies(e -> assertThat(((SQLException) e).getSQLState())
                            .as(e.toString())
                            .isEqualTo("40001"));
            locks.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @FieldSource("LOSSES")
    void whatWasRolledBackUnseenIsTold(Loss loss) throws Exception {
        open("&useServerPrepStmts=true");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2)", "INSERT INTO amount VALUES (1, 1), (2, 2)");
        for (boolean warm : Arrays.asList(false, true)) {
            try (Connection c = stage.connect()) {
                c.setAutoCommit(false);
                if (warm) { // from the second transaction on autocommit is off in the driver
                    update(c, "UPDATE item SET v = 2 WHERE id = 2");
                    c.commit();
                }
                stage.forget(Side.SOURCE);
                lose(c, loss);
                assertThat(stage.captured(Side.SOURCE)).isEmpty();
                assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item WHERE id = 1"))
                        .isEqualTo("1");
                assertThat(stage.ask(Side.SOURCE, "SELECT SUM(v) FROM amount")).isEqualTo("3");
                c.rollback();
                update(c, "UPDATE item SET v = 3 WHERE id = 2");
                c.rollback();
                update(c, "UPDATE amount SET v = v WHERE d = 2");
                c.commit();
                assertThat(stage.captured(Side.SOURCE)).containsExactly("amount:2.00");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("LOSSES")
    void whoDoesNotRollBackGoesOnInAnotherTransaction(Loss loss) throws Exception {
        open("&useServerPrepStmts=true");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2)", "INSERT INTO amount VALUES (1, 1), (2, 2)");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            lose(c, loss);
            update(c, "UPDATE item SET v = 3 WHERE id = 2");
            assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item WHERE id = 2"))
                    .isEqualTo("2");
            c.commit();
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:2");
    }

    /** What the driver makes of a batch by itself it prepares in a way that keeps nothing to itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | INSERT INTO amount (v, d) VALUES (?, ?)",
                "false | INSERT INTO amount (v, d) VALUES (?, ?)",
                "false | UPDATE amount SET v = ? WHERE d = ?"
            })
    void whatIsRolledBackInABatchThatTheDriverRewritesIsTold(boolean before, String sql) throws Exception {
        open("&useServerPrepStmts=true&rewriteBatchedStatements=true");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2)", "INSERT INTO amount VALUES (1, 1), (2, 2)");
        if (before) { // the phase before, which captures nothing
            stage.execute(Side.SOURCE, "UPDATE dualwrite_fence SET phase = 'SOURCE_ONLY'");
        }
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            try (PreparedStatement statement = c.prepareStatement(sql)) { // before the table is kept
                for (int i = 11; i < 16; i++) {
                    statement.setInt(1, i);
                    statement.setInt(2, i);
                    statement.addBatch();
                }
                update(c, CHANGE);
                lose(c, connection -> statement.executeBatch());
            }
            c.rollback();
            assertThat(stage.ask(Side.SOURCE, "SELECT SUM(v) FROM amount")).isEqualTo("3");
            assertThat(stage.captured(Side.SOURCE)).isEmpty();
            stage.execute(Side.SOURCE, "UPDATE dualwrite_fence SET phase = 'DUAL_WRITE'");
            update(c, "UPDATE amount SET v = v WHERE d = 2");
            c.commit();
            assertThat(stage.captured(Side.SOURCE)).containsExactly("amount:2.00");
        }
    }

    @Test
    void aStatementIsPreparedWhileAResultIsRead() throws Exception {
        open("&useServerPrepStmts=true");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2)");
        try (Connection c = stage.connect();
                Statement reader = c.createStatement()) {
            c.setAutoCommit(false);
            update(c, CHANGE);
            reader.setFetchSize(Integer.MIN_VALUE);
            ResultSet rows = reader.executeQuery("SELECT id FROM item ORDER BY id");
            assertThat(rows.next()).isTrue();
            try (PreparedStatement statement = c.prepareStatement("UPDATE item SET v = ? WHERE id = 2")) {
                rows.close();
                statement.setInt(1, 20);
                statement.executeUpdate();
            }
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT SUM(v) FROM item")).isEqualTo("30");
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1", "item:2");
    }

    /** Not every server prepares it, and preparing it clears what it would tell on some: as on a bare connection. */
    @Test
    void whatTellsOfTheStatementBeforeIsNotDisturbed() throws Exception {
        open("&useServerPrepStmts=true");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1)");
        try (Connection direct = stage.direct(Side.SOURCE);
                Connection bare =
                        DriverManager.getConnection(direct.getMetaData().getURL() + "&useServerPrepStmts=true");
                Connection c = stage.connect()) {
            assertThat(warned(c)).isEqualTo(warned(bare));
        }
    }

    private static String warned(Connection c) throws SQLException {
        c.setAutoCommit(false);
        try (PreparedStatement warns = c.prepareStatement("SELECT CAST('x' AS SIGNED), id FROM item")) {
            warns.executeQuery().close();
        }
        try (PreparedStatement asks = c.prepareStatement("SHOW WARNINGS");
                ResultSet warning = asks.executeQuery()) {
            return warning.next() ? warning.getString("Code") : "none";
        }
    }
}
