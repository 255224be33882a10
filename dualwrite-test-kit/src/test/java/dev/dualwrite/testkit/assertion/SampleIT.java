package dev.dualwrite.testkit.assertion;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteTest;
import dev.dualwrite.testkit.oracle.Sample;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One transaction of the host arrives on the other side, row by row, or it is said which row has not. */
@DualWriteTest(schema = "/com/example/shop/shop.sql")
class SampleIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    private static void transaction(DualWriteHarness kit, String... statements) throws SQLException {
        try (Connection connection = kit.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
            connection.commit();
        }
    }

    @Requirement(216)
    @Test
    void whatATransactionInsertsChangesAndDeletesArrivesThereAndBack(DualWriteHarness kit) throws Exception {
        Sample there = kit.sample(() -> transaction(
                kit,
                "INSERT INTO orders VALUES (2, 'Bob', 'NEW')",
                "UPDATE orders SET state = 'SENT' WHERE id = 1",
                "DELETE FROM order_line WHERE id = 1"));
        assertThat(there).arrives("orders", "order_line");
        assertThat(there.rows()).isEqualTo(3);
        kit.enter(Phase.REVERSE_WINDOW);
        assertThat(kit.sample(() -> transaction(kit, "INSERT INTO orders VALUES (3, 'Eve', 'NEW')")))
                .arrives("orders");
        kit.oracle().assertHolds();
    }

    @Requirement(216)
    @Test
    void aRowThatDoesNotArriveIsToldWithItsReason(DualWriteHarness kit) throws Exception {
        String untouched = "INSERT INTO orders VALUES (71, 'no intent has named it', 'NEW')";
        kit.source().execute(untouched);
        kit.target().execute("INSERT INTO orders VALUES (70, 'another difference', 'NEW')", untouched);
        kit.target().down();
        Sample late = kit.sample(() -> transaction(
                kit, "INSERT INTO orders VALUES (2, 'Bob', 'NEW')", "UPDATE orders SET state = 'SENT' WHERE id = 1"));
        assertThatThrownBy(() -> assertThat(late).as("checkout").arrivesWithin(SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[checkout] the sample of 2 rows has not arrived")
                .hasMessageContaining("orders: only on the source: id=2 customer='Bob' state='NEW' <- an intent waits")
                .hasMessageContaining("orders: different: id=1: state source 'SENT', target 'PAID'")
                .message()
                .doesNotContain("another difference");
        kit.target().restore();
        assertThat(late).arrives();

        Sample past = kit.sample(() -> kit.source().execute("DELETE FROM orders WHERE id = 71"));
        assertThatThrownBy(() -> assertThat(past).arrivesWithin(SHORT))
                .hasMessageContaining("only on the target: id=71");
        kit.target().execute("DELETE FROM orders WHERE id = 71", "DELETE FROM orders WHERE id = 70");
        kit.oracle().assertHolds();
    }

    @Test
    void aSampleThatChangesNothingOrAnotherTableFails(DualWriteHarness kit) throws Exception {
        Sample undone = kit.sample(() -> {
            try (Connection connection = kit.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                connection.createStatement().executeUpdate("DELETE FROM orders");
                connection.rollback();
            }
        });
        assertThatThrownBy(() -> assertThat(undone).arrives()).hasMessageContaining("changed no row");
        Sample orders = kit.sample(() -> transaction(kit, "UPDATE orders SET state = 'SENT'"));
        assertThatThrownBy(() -> assertThat(orders).arrives("orders", "order_line"))
                .hasMessageContaining("none of [order_line]");
        assertThatThrownBy(() -> kit.sample(() -> transaction(kit, "DELETE FROM nowhere")))
                .isInstanceOf(SQLException.class);
        kit.oracle().assertHolds();
    }
}
