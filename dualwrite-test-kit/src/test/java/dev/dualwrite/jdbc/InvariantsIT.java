package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the host says must hold, and does not. */
class InvariantsIT {
    /** What was wrong before the migration is told as such, and an operator may take it over as it is. */
    @Scenario(112)
    @Test
    void whatIsWrongOnBothSidesAlikeIsAcceptedByNameAndNothingElseIs() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "one",
                            b -> b.flipBudget(Duration.ofSeconds(5))
                                    .invariant("nobody owes", "SELECT id, balance FROM account WHERE balance < 0")
                                    .invariant("all are known", "SELECT id FROM account WHERE id > 100"))
                    .start();
            DualWrite dualWrite = node.dualWrite();
            node.write("INSERT INTO account VALUES (1, 'a', 1, NULL), (2, 'b', 2, NULL)");
            node.write("UPDATE account SET balance = -1 WHERE id = 1");
            Rig.readyToFlip(dualWrite);
            assertRefused(dualWrite, "owes", "is not known", "nobody owes");
            assertRefused(dualWrite, "all are known", "holds on both sides");
            assertThat(dualWrite.flip().toString()).contains("nobody owes", "1, -1", "acceptInvariant");

            rig.schema(Side.TARGET).execute("UPDATE account SET balance = -3 WHERE id = 1");
            assertRefused(dualWrite, "nobody owes", "on the source 1, -1", "on the target 1, -3");
            rig.schema(Side.TARGET).execute("UPDATE account SET balance = -1 WHERE id = 1");
            dualWrite.acceptInvariant("nobody owes", "ticket 7");
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).checks())
                    .filteredOn(check -> check.name().equals("invariants"))
                    .singleElement()
                    .satisfies(check -> assertThat(check.passed()).isTrue())
                    .satisfies(check -> assertThat(check.detail()).contains("nobody owes", "accepted", "1, -1"));
            assertThat(dualWrite.audit(100))
                    .anyMatch(line -> line.contains("invariant-accepted")
                            && line.contains("nobody owes")
                            && line.contains("ticket 7"));

            node.write("UPDATE account SET balance = -2 WHERE id = 2");
            assertThat(dualWrite.flip().toString()).contains("2, -2", "other rows were accepted");
            node.write("UPDATE account SET balance = 2 WHERE id = 2");
            Rig.flipInSomeTries(dualWrite::flip);
            Rig.flipInSomeTries(dualWrite::rollBack);
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "-1.00");
            rig.finish();
        }
    }

    private static void assertRefused(DualWrite dualWrite, String invariant, String... why) {
        assertThatThrownBy(() -> dualWrite.acceptInvariant(invariant, "a test"))
                .isInstanceOf(DualWriteException.class)
                .hasMessageContaining("DW-5015")
                .hasMessageContainingAll(why);
    }
}
