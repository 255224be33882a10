package dev.dualwrite.testkit.contract;

import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.HarnessBuilder;
import dev.dualwrite.testkit.rehearsal.StatementMix;
import dev.dualwrite.testkit.rehearsal.Transaction;

/** A mix of statements keeps the contract of a load's transaction. */
class StatementMixContractIT extends TransactionContract {
    private final StatementMix mix = StatementMix.parse("""
            INSERT INTO visit VALUES ({n}, 'new');
            UPDATE visit SET state = 'seen' WHERE id = {n};
            """);

    @Override
    protected Transaction transaction() {
        return mix;
    }

    @Override
    protected HarnessBuilder databases() {
        return DualWriteHarness.isolated().schema("CREATE TABLE visit (id BIGINT PRIMARY KEY, state VARCHAR(20));");
    }
}
