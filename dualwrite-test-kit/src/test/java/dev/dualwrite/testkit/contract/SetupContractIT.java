package dev.dualwrite.testkit.contract;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.fault.Database;
import java.time.Duration;

/** A setup as a suite has it keeps the contract. */
class SetupContractIT extends DualWriteSetupContract {
    private static final class Shop implements DualWriteSetup {
        @Override
        public void prepare(Side side, Database database) throws Exception {
            database.execute("CREATE TABLE orders (id BIGINT PRIMARY KEY, state VARCHAR(10) NOT NULL)");
            if (side == Side.SOURCE) {
                database.execute("INSERT INTO orders VALUES (1, 'NEW'), (2, 'PAID')");
            }
        }

        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return builder.flipBudget(Duration.ofSeconds(5));
        }
    }

    @Override
    protected DualWriteSetup setup() {
        return new Shop();
    }
}
