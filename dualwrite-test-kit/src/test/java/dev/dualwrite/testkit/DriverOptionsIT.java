package dev.dualwrite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The application under test has the driver options of the suite, on both sides. */
@DualWriteTest(schema = "/com/example/shop/shop.sql", driverOptions = "useAffectedRows=true")
class DriverOptionsIT {
    @Test
    void reachTheApplicationsDriverOnBothSides(DualWriteHarness kit) throws Exception {
        for (Phase phase : new Phase[] {Phase.DUAL_WRITE, Phase.REVERSE_WINDOW}) {
            kit.enter(phase);
            try (Connection connection = kit.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("UPDATE orders SET state = state WHERE id = 1"))
                        .as("rows that an UPDATE without effect has changed, while %s owns", kit.owner())
                        .isZero();
            }
        }
        kit.oracle().assertHolds();
    }
}
