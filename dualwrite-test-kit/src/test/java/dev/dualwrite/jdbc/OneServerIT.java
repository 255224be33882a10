package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Source and target are two schemas of one server, each with control tables of its own. */
class OneServerIT {

    @Test
    void aMigrationBetweenTwoSchemasOfOneServerGoesThereAndBack() throws Exception {
        try (Rig rig = Rig.onOneServer()) {
            assertThat(rig.server(Side.SOURCE)).isSameAs(rig.server(Side.TARGET));
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(10))).start();
            for (int i = 1; i <= 30; i++) {
                node.write("INSERT INTO account VALUES (" + i + ", 'someone', 10.00, " + i + ")");
                rig.log().present("account", "id", i);
            }
            Rig.readyToFlip(node.dualWrite());
            try (OneOwner oneOwner = OneOwner.watch(rig);
                    Writers writers = Writers.start(rig, node, 2, 100, Duration.ofMillis(10))) {
                writers.awaitEach(Duration.ofSeconds(60));
                FlipOutcome.Flipped there = Rig.flipInSomeTries(node.dualWrite()::flip);
                assertThat(node.dualWrite().ownership().owner()).isEqualTo(Side.TARGET);
                writers.awaitEach(Duration.ofSeconds(60));
                node.transaction(
                        "UPDATE account SET balance = balance + 6 WHERE id = 7",
                        "INSERT INTO entry (account, amount, note) VALUES (7, 6, 'on the target')");
                FlipOutcome.Flipped back = Rig.flipInSomeTries(node.dualWrite()::rollBack);
                assertThat(back.epoch()).isGreaterThan(there.epoch());
                writers.awaitEach(Duration.ofSeconds(60));
                writers.end();
                oneOwner.check();
            }
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 7", "16.00");
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }
}
