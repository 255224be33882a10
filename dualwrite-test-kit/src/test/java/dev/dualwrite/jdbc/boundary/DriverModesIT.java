package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Under every mixture of the driver's options that rewrite, prepare or count: what a host is told of its rows and keys is
 * what it is told without the boundary, on a table made alike; and what is captured is judged as {@link OnStage} says.
 */
class DriverModesIT extends OnStage {
    private static final String COLUMNS =
            " (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(50) UNIQUE)";

    /** All pairs of two options, and of the first three all mixtures. */
    static Stream<String> options() {
        return IntStream.range(0, 8)
                .mapToObj(bits -> "&rewriteBatchedStatements=" + on(bits, 1) + "&useServerPrepStmts=" + on(bits, 2)
                        + "&continueBatchOnError=" + on(bits, 4) + "&cachePrepStmts=" + on(bits ^ (bits >> 1), 1)
                        + "&useAffectedRows=" + on(bits ^ (bits >> 2), 1) + "&allowMultiQueries="
                        + on(bits ^ (bits >> 1), 2));
    }

    private static boolean on(int bits, int bit) {
        return (bits & bit) != 0;
    }

    @Scenario({25, 32})
    @ParameterizedTest
    @MethodSource("options")
    void whatTheHostHearsIsWhatTheDriverSaysAndWhatIsCapturedIsTheTruth(String options) throws Exception {
        stage = new Stage(options, List.of("item"), "CREATE TABLE item" + COLUMNS, "CREATE TABLE twin" + COLUMNS);
        for (int increment : new int[] {1, 3}) {
            for (boolean autoCommit : new boolean[] {true, false}) {
                List<String> bare = new ArrayList<>();
                try (Connection c = stage.open(Side.SOURCE)) {
                    c.setAutoCommit(autoCommit);
                    use(c, "twin", increment, bare);
                    if (!autoCommit) {
                        c.commit();
                    }
                }
                List<String> wrapped = new ArrayList<>();
                doing(autoCommit, c -> use(c, "item", increment, wrapped));
                assertThat(wrapped).isEqualTo(bare);
            }
        }
    }

    private static void use(Connection c, String table, int increment, List<String> heard) throws SQLException {
        OnStage.update(c, "SET SESSION auto_increment_increment = " + increment);
        try (PreparedStatement p =
                c.prepareStatement("INSERT INTO " + table + " (v) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            for (int v = 1; v <= 5; v++) {
                p.setInt(1, v);
                p.addBatch();
            }
            hear("batch", p, p.executeBatch(), heard);
            p.setInt(1, 6);
            hear("single", p, new int[] {p.executeUpdate()}, heard);
        }
        try (PreparedStatement p = c.prepareStatement(
                "INSERT INTO " + table + " (id, v) VALUES (?, 7), (NULL, 8), (DEFAULT, ?)",
                Statement.RETURN_GENERATED_KEYS)) {
            long far = Long.parseLong(ask(c, "SELECT MAX(id) + 100 FROM " + table));
            p.setLong(1, far);
            p.setInt(2, 9);
            hear("given and generated", p, new int[] {p.executeUpdate()}, heard);
        }
        try (PreparedStatement p = c.prepareStatement("INSERT INTO " + table + " (id, v) VALUES (?, 10)")) {
            long far = Long.parseLong(ask(c, "SELECT MAX(id) + 50 FROM " + table));
            for (int i = 0; i < 4; i++) {
                if (i % 2 == 0) {
                    p.setLong(1, far + i);
                } else {
                    p.setNull(1, Types.BIGINT);
                }
                p.addBatch();
            }
            heard.add("batch of both " + Arrays.toString(p.executeBatch()));
        }
        try (Statement s = c.createStatement()) {
            for (int i = 0; i < 5; i++) {
                s.addBatch("INSERT INTO " + table + " (v) VALUES (" + i + "), (" + i + ")");
            }
            heard.add("batch of texts " + Arrays.toString(s.executeBatch()));
            heard.add("affected " + s.executeUpdate("UPDATE " + table + " SET v = 3 WHERE v IN (3, 4)"));
        }
        try (PreparedStatement p = c.prepareStatement("INSERT INTO " + table + " (v, name) VALUES (11, ?)")) {
            for (String name : List.of("a", "b", "a", "c")) {
                p.setString(1, name + increment + c.getAutoCommit());
                p.addBatch();
            }
            hearFailure(p, heard);
        }
        for (int count : new int[] {2, 3, 4, 5}) {
            hearFailureAmong(c, table, count, heard);
        }
        try (PreparedStatement p = c.prepareStatement("UPDATE " + table + " SET v = v + 1 WHERE id = ?")) {
            for (long id = 1; id <= 5; id++) {
                p.setLong(1, id);
                p.addBatch();
            }
            heard.add("updates " + Arrays.toString(p.executeBatch()));
        }
        heard.add(ask(c, "SELECT GROUP_CONCAT(CONCAT_WS(':', id, v, name) ORDER BY id) FROM " + table));
        OnStage.update(c, "SET SESSION auto_increment_increment = 1");
    }

    /** The second one fails, and none names its keys. */
    private static void hearFailureAmong(Connection c, String table, int count, List<String> heard)
            throws SQLException {
        try (PreparedStatement p = c.prepareStatement("UPDATE " + table + " SET name = CONCAT(?, id) WHERE v = ?");
                Statement s = c.createStatement()) {
            for (int v = 1; v <= count; v++) {
                String name = (v == 2 ? "n".repeat(60) : "n") + count;
                p.setString(1, name);
                p.setInt(2, v);
                p.addBatch();
                s.addBatch("UPDATE " + table + " SET name = CONCAT('s" + name + "', id) WHERE v = " + v);
            }
            hearFailure(p, heard);
            hearFailure(s, heard);
        }
    }

    private static void hearFailure(Statement statement, List<String> heard) throws SQLException {
        try {
            heard.add("not reached " + Arrays.toString(statement.executeBatch()));
        } catch (BatchUpdateException e) {
            heard.add(
                    "failed " + e.getErrorCode() + " " + e.getSQLState() + " " + Arrays.toString(e.getUpdateCounts()));
        }
    }

    private static void hear(String what, Statement statement, int[] counts, List<String> heard) throws SQLException {
        List<String> keys = new ArrayList<>();
        try (ResultSet generated = statement.getGeneratedKeys()) {
            while (generated.next()) {
                keys.add(generated.getString(1));
            }
        }
        heard.add(what + " " + Arrays.toString(counts) + " " + keys);
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
