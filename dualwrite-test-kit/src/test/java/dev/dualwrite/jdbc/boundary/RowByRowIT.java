package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Results that are read row by row, or by a cursor of the server: a host that does something else before it has read one to its
 * end gets what the driver gives on a bare connection, goes on reading, and has changed the same rows in the end.
 */
class RowByRowIT extends OnStage {
    private static final String ROWS = IntStream.rangeClosed(1, 300)
            .mapToObj(i -> "(" + i + ", " + i + ")")
            .collect(Collectors.joining(", ", "INSERT INTO item (id, v) VALUES ", ""));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a host does on a connection whose autocommit is off, and notes. */
    private interface Part {
        void of(Host host) throws SQLException;
    }

    private static final Map<String, Part> PARTS = Map.ofEntries(
            Map.entry(
                    "reads beside it",
                    host -> host.beside(
                            s -> s.executeQuery("SELECT COUNT(*) FROM item").next())),
            Map.entry(
                    "updates beside it",
                    host -> host.beside(s -> s.executeUpdate("UPDATE item SET v = v + 1 WHERE id = 7"))),
            Map.entry(
                    "updates many beside it",
                    host -> host.beside(s -> s.executeUpdate("UPDATE item SET v = v + 1 WHERE v > 290"))),
            Map.entry(
                    "inserts beside it", host -> host.beside(s -> s.executeUpdate("INSERT INTO item (v) VALUES (7)"))),
            Map.entry(
                    "writes another table beside it",
                    host -> host.beside(s -> s.executeUpdate("INSERT INTO elsewhere (v) VALUES (7)"))),
            Map.entry(
                    "sends a batch beside it",
                    host -> host.beside(s -> {
                        s.addBatch("UPDATE item SET v = 0 WHERE id = 8");
                        s.addBatch("DELETE FROM item WHERE id = 9");
                        return s.executeBatch().length;
                    })),
            Map.entry("changes the session beside it", host -> host.beside(s -> s.execute("SET @mine = 1"))),
            Map.entry("executes the same statement again", RowByRowIT::again),
            Map.entry("ends the transaction beside it", RowByRowIT::ends),
            Map.entry("closes it early", RowByRowIT::closes),
            Map.entry("hears of an error in it", RowByRowIT::fails),
            Map.entry("leaves it open", RowByRowIT::leaves));

    /** One connection of a host, and what it has heard. */
    private record Host(
            Connection connection,
            int size,
            boolean cursors,
            boolean prepared,
            List<String> heard,
            List<Statement> made) {
        Host(Connection connection, int size, boolean cursors, boolean prepared, List<String> heard) {
            this(connection, size, cursors, prepared, heard, new ArrayList<>());
        }

        /** A result of which two rows were read. */
        ResultSet open() throws SQLException {
            ResultSet rows = open("SELECT id, v FROM item ORDER BY id");
            heard.add("row " + rows.next() + " " + rows.getInt(1) + " " + rows.next() + " " + rows.getInt(2));
            return rows;
        }

        ResultSet open(String sql) throws SQLException {
            if (prepared) {
                PreparedStatement statement = connection.prepareStatement(sql);
                made.add(statement);
                sized(statement);
                return statement.executeQuery();
            }
            Statement statement = connection.createStatement();
            made.add(statement);
            sized(statement);
            return statement.executeQuery(sql);
        }

        private void sized(Statement statement) throws SQLException {
            if (size != 0) {
                statement.setFetchSize(size);
            }
        }

        /** That of the last result; a driver may name another as the result's. */
        Statement last() {
            return made.get(made.size() - 1);
        }

        void hear(String what, Callable<?> call) {
            try {
                heard.add(what + ": " + call.call());
            } catch (SQLException e) {
                heard.add(what + ": " + e.getClass().getName() + " " + e.getSQLState() + " " + e.getErrorCode() + " "
                        + String.valueOf(e.getMessage()).replaceAll("@[0-9a-f]+", "@"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        void readOn(ResultSet rows) {
            hear("the rest", () -> {
                int count = 0;
                while (rows.next()) {
                    count++;
                }
                last().close();
                return count;
            });
        }

        void update(int id) {
            hear("update", () -> OnStage.update(connection, "UPDATE item SET v = v + 1000 WHERE id = " + id));
        }

        void commit() {
            hear("commit", () -> {
                connection.commit();
                return "done";
            });
        }

        /** Something on another statement, between two rows. */
        void beside(Action action) throws SQLException {
            update(1);
            ResultSet rows = open();
            try (Statement statement = connection.createStatement()) {
                hear("beside", () -> action.on(statement));
            }
            readOn(rows);
            update(2);
            commit();
        }
    }

    private interface Action {
        Object on(Statement statement) throws SQLException;
    }

    private static void again(Host host) throws SQLException {
        for (String sql : List.of(
                "UPDATE item SET v = v + 1 WHERE id = 7",
                "UPDATE item SET v = v + 1 WHERE v BETWEEN 100 AND 110",
                "INSERT INTO item (v) VALUES (7)",
                "SELECT COUNT(*) FROM item")) {
            ResultSet rows = host.open();
            Statement statement = host.last();
            if (statement instanceof PreparedStatement same) {
                host.hear("again", () -> {
                    try (ResultSet second = same.executeQuery()) {
                        return second.next() + " " + second.getInt(1);
                    }
                });
            } else {
                host.hear("again", () -> statement.execute(sql));
            }
            host.hear("the first one", rows::isClosed);
            statement.close();
        }
        host.update(1);
        host.commit();
    }

    private static void ends(Host host) throws SQLException {
        host.update(1);
        ResultSet rows = host.open();
        host.commit();
        host.hear("rollback", () -> {
            host.connection().rollback();
            return "done";
        });
        host.hear("savepoint", () -> host.connection().setSavepoint() != null);
        host.hear("autocommit", () -> {
            host.connection().setAutoCommit(true);
            return host.connection().getAutoCommit();
        });
        host.readOn(rows);
        host.connection().setAutoCommit(false);
        host.update(2);
        Savepoint savepoint = host.connection().setSavepoint();
        host.update(3);
        ResultSet more = host.open();
        host.hear("back", () -> {
            host.connection().rollback(savepoint);
            return "done";
        });
        host.readOn(more);
        host.commit();
    }

    private static void closes(Host host) throws SQLException {
        host.open().close();
        host.update(1);
        host.open();
        host.last().close();
        host.update(2);
        host.commit();
    }

    private static void fails(Host host) throws SQLException {
        host.update(1);
        if (!host.cursors()) {
            host.hear(
                    "at once",
                    () -> host.open("SELECT (SELECT id FROM elsewhere)").next());
        }
        host.hear("unknown", () -> host.open("SELECT nothing FROM item").next());
        host.readOn(host.open());
        if (!host.cursors()) {
            host.hear("within", () -> {
                ResultSet rows = host.open("SELECT id, (SELECT e.id FROM elsewhere e WHERE item.id > 250) FROM item");
                int count = 0;
                while (rows.next()) {
                    count++;
                }
                return count;
            });
        }
        host.readOn(host.open());
        host.update(2);
        host.commit();
    }

    private static void leaves(Host host) throws SQLException {
        host.update(1);
        host.commit();
        host.update(2);
        host.open();
    }

    @Scenario(100)
    @ParameterizedTest
    @CsvSource({
        "-2147483648, ''",
        "10, &useCursorFetch=true",
        "0, &useCursorFetch=true&defaultFetchSize=10",
        "0, &defaultFetchSize=-2147483648",
        "-2147483648, &useServerPrepStmts=true&cachePrepStmts=true",
        "-2147483648, &clobberStreamingResults=true",
    })
    void whoDoesSomethingElseMeanwhileGetsWhatTheDriverGives(int size, String options) throws Exception {
        open(options);
        boolean cursors = size >= 0 && options.contains("useCursorFetch=true");
        try (Schema schema = TwoServers.get().source().isolatedSchema("bare")) {
            schema.execute(DDL);
            for (boolean prepared : new boolean[] {false, true}) {
                for (Map.Entry<String, Part> part : PARTS.entrySet()) {
                    String what = part.getKey() + (prepared ? ", prepared" : "");
                    String[] begin = {
                        "DELETE FROM item",
                        "DELETE FROM elsewhere",
                        ROWS,
                        "INSERT INTO elsewhere (id, v) VALUES (1, 1), (2, 2)"
                    };
                    schema.execute(begin);
                    stage.put(begin);
                    stage.forget(Side.SOURCE);
                    List<String> expected = heard(
                            DriverManager.getConnection(schema.jdbcUrl() + options),
                            size,
                            cursors,
                            prepared,
                            part.getValue());
                    List<String> heard = heard(stage.connect(), size, cursors, prepared, part.getValue());
                    assertThat(heard).as(what).isEqualTo(expected).isNotEmpty();
                    assertThat(stage.ask(Side.SOURCE, CONTENT)).as(what).isEqualTo(ask(schema));
                    assertThat(stage.busy()).as(what).isZero();
                }
            }
        }
    }

    private static final String CONTENT = "SELECT CONCAT(COUNT(*), ' ', SUM(v), ' ', SUM(id * v), ' ', (SELECT COUNT(*)"
            + " FROM elsewhere)) FROM item";

    private static String ask(Schema schema) throws SQLException {
        try (Connection connection = schema.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CONTENT)) {
            row.next();
            return row.getString(1);
        }
    }

    /** In a thread of its own: what does not end is told. */
    private static List<String> heard(Connection connection, int size, boolean cursors, boolean prepared, Part part)
            throws Exception {
        List<String> heard = new ArrayList<>();
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                connection.setAutoCommit(false);
                                part.of(new Host(connection, size, cursors, prepared, heard));
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            } finally {
                                giveBack(connection);
                            }
                            return heard;
                        },
                        Background.THREADS)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A bare one cannot be closed in an orderly way while a result is read row by row. */
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("Streaming result set");
            end(connection);
        }
    }

    private static void end(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On a bare connection what comes next is told that error, though it runs, and the next after it what that one was to hear. */
    @Scenario(100)
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCursorThatCannotBeOpenedCostsTheConnection(boolean prepared) throws Exception {
        open("&useCursorFetch=true");
        stage.put(ROWS, "INSERT INTO elsewhere (id, v) VALUES (1, 1), (2, 2)");
        List<String> heard = new ArrayList<>();
        try (Connection connection = stage.connect()) {
            Host host = new Host(connection, 10, true, prepared, heard);
            connection.setAutoCommit(false);
            host.update(1);
            assertThatThrownBy(() -> host.open("SELECT (SELECT id FROM elsewhere)"))
                    .satisfies(RowByRowIT::told);
            host.update(2);
            host.commit();
            connection.rollback();
            host.update(3);
            connection.rollback();
        }
        assertThat(heard).hasSize(4).startsWith("update: 1").endsWith("update: 1");
        assertThat(heard.subList(1, 3)).allMatch(what -> what.contains(" 40001 0 DW-3014 "));
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item WHERE v > 1000"))
                .isEqualTo("0");
        assertThat(stage.captured(Side.SOURCE)).isEmpty();
        try (Connection connection = stage.connect()) {
            Host host = new Host(connection, 10, true, prepared, heard);
            host.update(1);
            assertThatThrownBy(() -> host.open("SELECT (SELECT id FROM elsewhere)"))
                    .satisfies(RowByRowIT::told);
            host.update(2);
            host.readOn(host.open());
        }
        assertThat(heard.subList(4, 8))
                .containsExactly("update: 1", "update: 1", "row true 1 true 1002", "the rest: 298");
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1", "item:2");
    }

    private static void told(Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1242));
        assertThat(error.getSuppressed()).singleElement().asString().contains("DW-3014");
    }
}
