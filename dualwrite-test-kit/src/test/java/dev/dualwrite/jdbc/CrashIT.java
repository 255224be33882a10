package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.fault.StatementLog;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process dies with a committed change that the follower has not, or of which it is not said that it has. */
class CrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Predicate<Statement> CHANGES_A_TABLE = Statement.startsWith("INSERT INTO `dst")
            .or(Statement.startsWith("UPDATE `dst"))
            .or(Statement.startsWith("DELETE FROM `dst"))
            .and(Statement.contains("dualwrite_").negate());

    @Scenario({5, 6, 7})
    @Requirement(132)
    @ParameterizedTest
    @EnumSource(HaltingInstance.Place.class)
    void whateverADyingInstanceLeavesAnotherOneRepairs(HaltingInstance.Place place) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node first = rig.node("first").start();
            first.write("INSERT INTO account VALUES (1, 'one', 1, 1), (2, 'two', 2, 2)");
            Rig.readyToFlip(first.dualWrite());
            first.close();

            try (ChildJvm child = ChildJvm.of(HaltingInstance.class)
                    .arguments(
                            place.name(),
                            rig.migration(),
                            rig.proxy(Side.SOURCE)
                                    .jdbcUrl(rig.schema(Side.SOURCE).name()),
                            rig.proxy(Side.TARGET)
                                    .jdbcUrl(rig.schema(Side.TARGET).name()),
                            String.join(",", rig.tables()),
                            "DELETE FROM account WHERE id = 1",
                            "UPDATE account SET balance = balance + 40 WHERE id = 2",
                            "INSERT INTO account VALUES (3, 'three', 3, 1)",
                            "INSERT INTO entry (id, account, amount, note) VALUES (7, 2, 40, 'once')")
                    .start()) {
                assertThat(child.exitCode(LONG)).as(child::output).isEqualTo(HaltingInstance.HALTED);
            }
            rig.log().claim("the change is committed", "SELECT balance FROM account WHERE id = 2", "42.00");
            rig.log().absent("account", "id", 1);
            rig.log().present("account", "id", 3);
            rig.log().present("entry", "id", 7);
            boolean applied = place == HaltingInstance.Place.AFTER_FOLLOWER_COMMIT;
            // all of it or nothing: the follower's transaction died with its process
            Eventually.eventually().untilAsserted(() -> {
                assertThat(rig.ask(Side.TARGET, "SELECT GROUP_CONCAT(id ORDER BY id) FROM account FOR UPDATE"))
                        .isEqualTo(applied ? "2,3" : "1,2");
                assertThat(rig.ask(Side.TARGET, "SELECT balance FROM account WHERE id = 2"))
                        .isEqualTo(applied ? "42.00" : "2.00");
                assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM entry")).isEqualTo(applied ? "1" : "0");
            });
            assertThat(rig.queued(Side.SOURCE)).as("the intents have survived").isEqualTo(4);

            try (StatementLog asked = rig.proxy(Side.TARGET).record()) {
                rig.node("second").start();
                Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
                if (applied) {
                    assertThat(asked.count(CHANGES_A_TABLE))
                            .as("the replay changes nothing")
                            .isZero();
                } else {
                    assertThat(asked.count(CHANGES_A_TABLE)).isPositive();
                }
            }
            rig.finish();
        }
    }
}
