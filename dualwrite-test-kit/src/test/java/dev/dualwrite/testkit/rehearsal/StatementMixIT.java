package dev.dualwrite.testkit.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded statements are those of the application, and run again. */
class StatementMixIT {

    @Requirement(202)
    @Test
    void committedTransactionsAreRecordedWrittenReadAndReplayed(@TempDir Path directory) throws Exception {
        try (Schema schema = TwoServers.get().source().isolatedSchema("mix");
                TcpProxy proxy = TcpProxy.inFrontOf(schema.server())) {
            schema.execute("CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(40))");
            StatementMix mix;
            try (StatementLog log = proxy.record();
                    Connection connection = DriverManager.getConnection(proxy.jdbcUrl(schema.name()))) {
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (word) VALUES (?)")) {
                    insert.setString(1, "it's; one");
                    insert.executeUpdate();
                    connection.setAutoCommit(false);
                    insert.setString(1, "undone");
                    insert.executeUpdate();
                    connection.rollback();
                    insert.setString(1, "two");
                    insert.executeUpdate();
                    insert.setString(1, "three");
                    insert.executeUpdate();
                    connection.commit();
                }
                mix = StatementMix.recorded(log);
            }
            assertThat(mix.size()).isEqualTo(2);
            assertThat(mix.text()).contains("it''s; one").doesNotContain("undone", "SET ", "COMMIT");
            mix.write(directory.resolve("mix.sql"));
            StatementMix read = StatementMix.read(directory.resolve("mix.sql"));
            assertThat(read.text()).isEqualTo(mix.text());

            schema.execute("DELETE FROM t");
            try (Connection connection = schema.connect()) {
                for (int number = 0; number < 40; number++) {
                    read.run(connection, number);
                }
            }
            assertThat(schema.server().ask("SELECT COUNT(DISTINCT word) FROM " + schema.name() + ".t"))
                    .isEqualTo("3");
        }
    }

    @Test
    void aNumberGivesTheSameStatementsEachTime() throws Exception {
        StatementMix mix = StatementMix.parse("""
                -- weight 3
                INSERT INTO t VALUES ({n},
                  {1..1000000});

                DELETE FROM t
                  WHERE id < 0;
                """);
        try (Schema schema = TwoServers.get().source().isolatedSchema("mix");
                Connection connection = schema.connect()) {
            schema.execute("CREATE TABLE t (id BIGINT, value BIGINT)");
            for (int number = 0; number < 100; number++) {
                mix.run(connection, number);
                mix.run(connection, number);
            }
            String t = schema.name() + ".t";
            assertThat(schema.server().ask("SELECT COUNT(*) = 2 * COUNT(DISTINCT id, value) FROM " + t))
                    .isEqualTo("1");
            assertThat(Integer.parseInt(schema.server().ask("SELECT COUNT(DISTINCT id) FROM " + t)))
                    .as("about three of four")
                    .isBetween(60, 90);
            assertThat(Integer.parseInt(schema.server().ask("SELECT COUNT(DISTINCT value) FROM " + t)))
                    .isGreaterThan(50);
        }
    }

    @Test
    void whatIsNoMixIsRefused() {
        assertThatThrownBy(() -> StatementMix.parse("\n-- weight 2\n")).hasMessageContaining("no load");
        assertThatThrownBy(() -> StatementMix.parse("DELETE FROM t\n\nDELETE FROM u;"))
                .hasMessageContaining("no semicolon");
    }
}
