package dev.dualwrite.testkit.assertion;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteTest;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

/** A difference that the migration knows of says why. */
@DualWriteTest(schema = "/com/example/shop/shop.sql")
class ExplainedParityIT {

    private static void write(DualWriteHarness kit, String sql) throws Exception {
        try (Connection connection = kit.dataSource().getConnection()) {
            connection.createStatement().executeUpdate(sql);
        }
    }

    @Test
    void intentsThatWaitAndUnitsThatAreParkedStandBesideTheirRows(DualWriteHarness kit) throws Exception {
        kit.target().execute("INSERT INTO orders VALUES (50, 'past the library', 'NEW')");
        kit.target().execute("ALTER TABLE orders ADD CONSTRAINT no_mallory CHECK (customer <> 'Mallory')");
        write(kit, "INSERT INTO orders VALUES (2, 'Mallory', 'NEW')");
        Eventually.eventually()
                .until("the unit is parked", () -> kit.dualWrite().status().parked() == 1);
        kit.target().down();
        write(kit, "UPDATE orders SET state = 'SENT' WHERE id = 1");
        assertThatThrownBy(() -> assertThat(kit.parity()).tables("orders").isIdentical())
                .hasMessageContaining("id=1: state source 'SENT', target 'PAID' <- an intent waits on SOURCE since")
                .hasMessageMatching("(?s).*only on the source: id=2 .* <- parked on SOURCE: .*CHECK constraint.*")
                .hasMessageMatching("(?s).*only on the target: id=50 customer='past the library' state='NEW'\\n.*")
                .hasMessageContaining("orders: 1 intents wait, 1 units are parked");

        kit.target().restore();
        kit.target().execute("ALTER TABLE orders DROP CONSTRAINT no_mallory", "DELETE FROM orders WHERE id = 50");
        kit.dualWrite().unpark();
        kit.awaitConverged();
        assertThat(kit.parity()).tables("orders", "order_line").isIdenticalAndNotEmpty();
        kit.oracle().assertHolds();
    }
}
