package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BypassAndLeaksIT {

    private static final Duration LONG = Duration.ofSeconds(20);

    private Schema schema;

    @BeforeEach
    void open() throws SQLException {
        schema = TwoServers.get().target().isolatedSchema("bypass");
        schema.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10))");
    }

    @AfterEach
    void close() {
        schema.close();
    }

    @Test
    void aBypassCommitsEachStatementUntilItBegins() throws SQLException {
        try (Bypass writer = Bypass.of(schema.jdbcUrl());
                Bypass reader = Bypass.of(schema.jdbcUrl())) {
            assertThat(writer.write("INSERT INTO t VALUES (?, ?), (?, ?)", 1, "a", 2, null))
                    .isEqualTo(2);
            assertThat(reader.column("SELECT v FROM t ORDER BY id")).containsExactly("a", null);
            writer.begin();
            writer.write("DELETE FROM t");
            assertThat(reader.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
            writer.rollback();
            writer.begin();
            writer.write("DELETE FROM t WHERE id = ?", 2);
            writer.commit();
            assertThat(reader.number("SELECT COUNT(*) FROM t")).isEqualTo(1);
            assertThat(reader.text("SELECT v FROM t WHERE id = 99")).isNull();
        }
    }

    @Test
    void aConnectionLeftOpenIsFoundAndOneThatWasThereBeforeIsNot() throws SQLException {
        try (Bypass before = Bypass.of(schema.jdbcUrl())) {
            Leaks leaks = Leaks.watch().and(schema.server(), schema.name());
            try (Bypass left = Bypass.of(schema.jdbcUrl())) {
                assertThat(left.number("SELECT 1")).isEqualTo(1);
                assertThatThrownBy(() -> leaks.assertNone(Duration.ofMillis(50)))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("connection")
                        .hasMessageContaining(schema.name());
            }
            leaks.assertNone(LONG);
            assertThat(before.number("SELECT 1")).isEqualTo(1);
        }
    }

    @Test
    void aThreadLeftRunningIsFound() throws SQLException {
        Leaks leaks = Leaks.watch();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "dualwrite-forgotten");
        thread.start();
        assertThat(leaks.found()).containsExactly("thread dualwrite-forgotten");
        end.countDown();
        leaks.assertNone(LONG);
    }
}
