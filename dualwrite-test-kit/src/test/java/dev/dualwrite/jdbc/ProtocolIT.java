package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The whole way, once, without a fault. */
class ProtocolIT {

    @Requirement({130, 195})
    @Test
    void aMigrationGoesThereAndBackAndForthAgain() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(10))).start();
            DualWrite dualWrite = node.dualWrite();
            for (int i = 1; i <= 50; i++) {
                node.write("INSERT INTO account VALUES (" + i + ", 'someone', 10.00, " + i + ")");
                rig.log().present("account", "id", i);
            }
            Rig.readyToFlip(dualWrite);
            node.transaction(
                    "UPDATE account SET balance = balance + 5 WHERE id = 7",
                    "INSERT INTO entry (account, amount, note) VALUES (7, 5, 'there')");
            FlipOutcome.Flipped there = Rig.flipped(dualWrite.flip());
            assertThat(dualWrite.ownership().owner()).isEqualTo(Side.TARGET);
            node.transaction(
                    "UPDATE account SET balance = balance + 6 WHERE id = 7",
                    "INSERT INTO entry (account, amount, note) VALUES (7, 6, 'on the target')",
                    "DELETE FROM account WHERE id = 9");
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 7", "21.00");
            FlipOutcome.Flipped back = Rig.flipped(dualWrite.rollBack());
            assertThat(back.epoch()).isGreaterThan(there.epoch());
            assertThat(rig.ask(Side.SOURCE, "SELECT balance FROM account WHERE id = 7"))
                    .isEqualTo("21.00");
            node.write("INSERT INTO account VALUES (9, 'again', 1, 9)");
            Rig.flipped(dualWrite.flip());
            Rig.enter(dualWrite, Phase.TARGET_ONLY);
            assertThat(dualWrite.rollBack()).isInstanceOf(FlipOutcome.Refused.class);
            rig.finish();
        }
    }
}
