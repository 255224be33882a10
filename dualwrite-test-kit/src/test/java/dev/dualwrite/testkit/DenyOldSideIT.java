package dev.dualwrite.testkit;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Requirement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A suite without the old side: what goes the right way works, what does not is found. */
@DualWriteTest(schema = "/com/example/shop/shop.sql", tables = "orders")
class DenyOldSideIT {

    private static void write(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Requirement(109)
    @Test
    void whoUsesTheDataSourceIsWellAndWhoDoesNotIsFound(DualWriteHarness kit) throws Exception {
        try (Connection early = DriverManager.getConnection(kit.source().url());
                DeniedOldSide denied = kit.denyOldSide()) {
            assertThat(kit.dualWrite().ownership().phase()).isEqualTo(Phase.REVERSE_WINDOW);
            assertThatThrownBy(() -> early.createStatement().executeQuery("SELECT * FROM orders"))
                    .as("a connection from before")
                    .isInstanceOf(SQLException.class);

            write(kit.dataSource(), "INSERT INTO orders VALUES (2, 'Bob', 'NEW')");
            kit.awaitConverged();
            assertThat(kit.parity()).tables("orders").isIdenticalAndNotEmpty();
            denied.assertUnused();

            try (Connection hidden = DriverManager.getConnection(kit.source().url());
                    Statement statement = hidden.createStatement()) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT COUNT(*) FROM orders"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("denied");
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE `ORDERS` SET state = 'X' WHERE id = 1"))
                        .isInstanceOf(SQLException.class);
                assertThat(statement
                                .executeQuery("SELECT article FROM order_line")
                                .next())
                        .as("a table that stays")
                        .isTrue();
            }
            assertThat(denied.attempts())
                    .containsExactly("SELECT COUNT(*) FROM orders", "UPDATE `ORDERS` SET state = 'X' WHERE id = 1");
            assertThatThrownBy(kit::assertOldSideUnused)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("2 statements")
                    .hasMessageContaining("SELECT COUNT(*) FROM orders");
            kit.oracle().assertHolds();
        }
        try (Connection again = DriverManager.getConnection(kit.source().url())) {
            assertThat(again.createStatement()
                            .executeQuery("SELECT * FROM orders")
                            .next())
                    .isTrue();
        }
    }
}
