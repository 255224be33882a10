package dev.dualwrite.jdbc.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.ReadShapeTable.Counted;
import dev.dualwrite.jdbc.control.ReadShapeTable.Scope;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is counted of reads is added up over processes, and does not grow with those that are gone. */
class ReadShapeTableIT {
    private static final Scope NOW = new Scope(2, 7, "m");

    private static Counted counted(String shape, long compared) {
        return new Counted(shape.repeat(32), "SELECT " + shape, Map.of("matched", compared, "rule.float-text", 1L));
    }

    private static List<String> processes(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT process FROM dualwrite_read_shape ORDER BY process, shape")) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        return all;
    }

    @Test
    void processesAreAddedUpAndThoseThatAreGoneAreOneRow() throws Exception {
        try (Schema schema = TwoServers.get().source().isolatedSchema("src");
                InputStream ddl = ControlSide.class.getResourceAsStream("/dev/dualwrite/jdbc/control-tables.sql")) {
            String text = new String(Objects.requireNonNull(ddl).readAllBytes(), StandardCharsets.UTF_8);
            for (String statement : text.replaceAll("(?m)^--.*$", "").split(";", -1)) {
                if (statement.contains("dualwrite_read_shape")) {
                    schema.execute(statement);
                }
            }
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(schema.jdbcUrl());
            config.setMaximumPoolSize(1);
            try (HikariDataSource pool = new HikariDataSource(config);
                    Connection connection = pool.getConnection()) {
                ReadShapeTable table =
                        new ReadShapeTable(new ControlNames("reads", Side.SOURCE, schema.name(), "dualwrite_"));
                table.put(connection, NOW, "one", "i", List.of(counted("a", 3), counted("b", 1)));
                table.put(connection, NOW, "one", "i", List.of(counted("a", 5))); // in place of 3
                table.put(connection, NOW, "two", "i", List.of(counted("a", 4)));
                table.put(connection, new Scope(1, 7, "m"), "one", "i", List.of(counted("a", 100)));
                table.put(connection, new Scope(2, 6, "m"), "one", "i", List.of(counted("a", 100)));
                table.put(connection, new Scope(2, 7, "n"), "one", "i", List.of(counted("a", 100)));
                List<Counted> sums = table.sum(connection, NOW);
                assertThat(sums).extracting(one -> one.counts().get("matched")).containsExactly(9L, 1L);
                assertThat(sums)
                        .extracting(one -> one.counts().get("rule.float-text"))
                        .containsExactly(2L, 1L);

                table.purge(connection, NOW, Duration.ofHours(1));
                assertThat(processes(connection)).containsExactly("one", "one", "one", "one", "one", "two");
                schema.execute(
                        "UPDATE dualwrite_read_shape SET seen_at = seen_at - INTERVAL 2 HOUR WHERE NOT (process ="
                                + " 'two' AND run = 2)");
                for (int again = 0; again < 2; again++) {
                    table.purge(connection, NOW, Duration.ofHours(1));
                    assertThat(processes(connection)).containsExactly("", "", "two");
                    assertThat(table.sum(connection, NOW)).containsExactlyInAnyOrderElementsOf(sums);
                }
            }
        }
    }
}
