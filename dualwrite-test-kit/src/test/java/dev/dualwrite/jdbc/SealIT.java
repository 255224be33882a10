package dev.dualwrite.jdbc;

import static dev.dualwrite.jdbc.Restored.drained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Step 7 of the flip: the server itself refuses writers of the old side that do not pass the library. */
class SealIT {
    private static final String TRIGGERS =
            "SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()";

    private static final String TEXT = "SELECT MAX(action_statement) FROM information_schema.triggers"
            + " WHERE trigger_schema = DATABASE() AND event_object_table = 'entry' AND event_manipulation = 'INSERT'";

    private static void refused(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(1644);
            assertThat(e.getSQLState()).isEqualTo("45000");
            assertThat(e.getMessage()).contains("DW-3011", "does not own");
        });
    }

    private static void sealed(Rig rig, Node node, Side side) {
        Eventually.eventually()
                .untilAsserted(() ->
                        assertThat(node.dualWrite().status().sides().get(side)).contains("CLOSED", "; sealed"));
        assertThat(count(rig, side)).isEqualTo(6);
    }

    private static int count(Rig rig, Side side) {
        try {
            return Integer.parseInt(rig.ask(side, TRIGGERS));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Scenario({78, 91})
    @Requirement(133)
    @Test
    void whoWritesTheOldSideDirectlyIsRefusedAndTheLibraryConvergesThere() throws Exception {
        try (Rig rig = Rig.shared();
                Bypass old = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl());
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'a', 10, NULL), (2, 'b', 20, NULL)");
            Rig.readyToFlip(node.dualWrite());
            assertThat(count(rig, Side.SOURCE)).as("the owner is not sealed").isZero();
            assertThat(count(rig, Side.TARGET))
                    .as("who never owned may still be loaded")
                    .isZero();
            old.begin();
            assertThat(old.number("SELECT COUNT(*) FROM dualwrite_fence WHERE state = 'OPEN'"))
                    .as("a snapshot in which the source owns")
                    .isOne();
            Rig.flipInSomeTries(node.dualWrite()::flip);
            sealed(rig, node, Side.SOURCE);
            refused(() -> old.write("INSERT INTO account VALUES (9, 'outside', 0, NULL)"));
            old.rollback();
            refused(() -> outside.write("UPDATE account SET balance = 0 WHERE id = 1"));
            refused(() -> outside.write("DELETE FROM account WHERE id = 1"));
            refused(() -> outside.write("REPLACE INTO account VALUES (1, 'outside', 0, NULL)"));
            String whom = "account " + outside.text("SELECT SUBSTRING_INDEX(USER(), '@', 1)") + " from ";
            String connection = "(connection " + outside.number("SELECT CONNECTION_ID()") + ")";
            Eventually.eventually().untilAsserted(() -> {
                assertThat(node.dualWrite().status().sides().get(Side.SOURCE))
                        .contains("; sealed, and refused ", whom, connection);
                assertThat(node.dualWrite().audit(200).toString()).contains("refused by one " + whom, connection);
            });
            outside.begin();
            refused(() -> outside.write("INSERT INTO account VALUES (9, 'outside', 0, NULL)"));
            node.write("INSERT INTO account VALUES (3, 'c', 30, NULL)");
            node.write("UPDATE account SET balance = 11 WHERE id = 1");
            node.write("DELETE FROM account WHERE id = 2");
            drained(rig, Side.TARGET);
            assertThat(rig.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id, ' ', balance ORDER BY id) FROM account"))
                    .isEqualTo("1 11.00,3 30.00");

            outside.rollback();
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            sealed(rig, node, Side.TARGET);
            assertThat(count(rig, Side.SOURCE))
                    .as("an owner's writers are not held up for taking the seal away")
                    .isEqualTo(6);
            node.write("UPDATE account SET balance = 12 WHERE id = 1");
            node.dualWrite().unseal(Side.SOURCE);
            assertThat(count(rig, Side.SOURCE)).isZero();
            assertThatThrownBy(() -> node.dualWrite().unseal(Side.TARGET))
                    .isInstanceOfSatisfying(
                            DualWriteException.class, e -> assertThat(e.code()).isEqualTo("DW-5013"));
            node.write("UPDATE account SET balance = 13 WHERE id = 1");
            assertThat(node.dualWrite().audit(200).toString())
                    .contains(
                            "SOURCE epoch", "sealed by one 6 triggers on account, entry", "unsealed by one 6 triggers");
            rig.finish();
        }
    }

    @Scenario(108)
    @Test
    void theTargetIsSealedBeforeItOwnsIfThatIsWanted() throws Exception {
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
            Node node = rig.node("one", DualWriteBuilder::sealTarget).start();
            node.write("INSERT INTO account VALUES (1, 'a', 10, NULL)");
            outside.write("INSERT INTO account VALUES (9, 'loaded before', 0, NULL)");
            outside.write("DELETE FROM account WHERE id = 9");
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            sealed(rig, node, Side.TARGET);
            Node unasked = rig.node("two").start();
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            Rig.verify(node.dualWrite());
            refused(() -> outside.write("INSERT INTO account VALUES (9, 'outside', 0, NULL)"));
            refused(() -> outside.write("UPDATE account SET balance = 0 WHERE id = 1"));
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(node.dualWrite().audit(200).toString())
                            .contains("TARGET epoch", "refused by one account "));
            assertThat(unasked.dualWrite().audit(200).toString())
                    .as("by an instance that was not told to seal it")
                    .doesNotContain("unsealed");
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed().toString())
                    .contains("configured with other tables or settings than this instance: two");
            unasked.close();
            node.write("UPDATE account SET balance = 11 WHERE id = 1");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            node.write("UPDATE account SET balance = 12 WHERE id = 1");
            assertThat(outside.write("UPDATE account SET owner = 'b' WHERE id = 1"))
                    .as("an owner is not sealed")
                    .isOne();
            outside.write("UPDATE account SET owner = 'a' WHERE id = 1");
            rig.finish();
        }
    }

    /** MySQL lets who was refused keep the fence row until its transaction ends; so does whoever reads it with a lock. */
    @Scenario(74)
    @Test
    void aTransactionThatHoldsTheNextOwnersFenceRowIsToldBeforeWritersAreHeld() throws Exception {
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'a', 10, NULL)");
            Rig.readyToFlip(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            sealed(rig, node, Side.SOURCE);
            outside.begin();
            refused(() -> outside.write("INSERT INTO account VALUES (9, 'outside', 0, NULL)"));
            outside.text("SELECT state FROM dualwrite_fence WHERE migration = '" + rig.migration()
                    + "' AND slice = '' AND side = 'SOURCE' LOCK IN SHARE MODE");
            FlipOutcome held = node.dualWrite().rollBack();
            assertThat(held).isInstanceOf(FlipOutcome.Refused.class);
            assertThat(held.toString()).contains("next-owner-free", "a transaction holds the fence row of SOURCE");
            node.write("UPDATE account SET balance = 11 WHERE id = 1");
            outside.rollback();
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            rig.finish();
        }
    }

    /** A table is renamed, or comes with a dump: what it brings along would let everybody pass, or nobody. */
    @Scenario(29)
    @Test
    void triggersThatCameWithATableAreNotTakenForTheSeal() throws Exception {
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'a', 10, NULL)");
            Rig.readyToFlip(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            sealed(rig, node, Side.SOURCE);
            outside.write("CREATE TABLE account_new LIKE account");
            outside.write("INSERT INTO account_new SELECT * FROM account");
            outside.write("RENAME TABLE account TO account_old, account_new TO account");
            assertThat(outside.write("UPDATE account SET balance = 10 WHERE id = 1"))
                    .isOne();
            node.close();
            Node next = rig.node("two").start();
            sealed(rig, next, Side.SOURCE);
            refused(() -> outside.write("UPDATE account SET balance = 0 WHERE id = 1"));
            outside.write("DROP TABLE account_old");
            rig.schema(Side.TARGET)
                    .execute("CREATE TRIGGER dualwrite_seal_copied BEFORE INSERT ON entry FOR EACH ROW "
                            + rig.ask(Side.SOURCE, TEXT));
            assertThatThrownBy(() -> rig.node("three").start())
                    .hasMessageContaining("DW-1003")
                    .hasMessageContaining("dualwrite_seal_copied");
            rig.schema(Side.TARGET).execute("DROP TRIGGER dualwrite_seal_copied");
            rig.finish();
        }
    }

    @Test
    void aSealThatCannotBeMadeIsSaidAndMadeLater() throws Exception {
        try (Rig rig = Rig.shared();
                Bypass reader = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'a', 10, NULL)");
            Rig.readyToFlip(node.dualWrite());
            reader.begin();
            reader.number("SELECT COUNT(*) FROM account");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            Eventually.eventually()
                    .untilAsserted(
                            () -> assertThat(node.dualWrite().status().sides().get(Side.SOURCE))
                                    .contains("CLOSED", "not sealed: ", "Lock wait timeout"));
            node.write("UPDATE account SET balance = 11 WHERE id = 1");
            drained(rig, Side.TARGET);
            reader.rollback();
            sealed(rig, node, Side.SOURCE);
            rig.finish();
        }
    }

    @Test
    void anInstanceStartsOnASealedSideAndTakesTheSealAwayWhenTheMigrationIsOff() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node first = rig.node("one").start();
            first.write("INSERT INTO account VALUES (1, 'a', 10, NULL)");
            Rig.readyToFlip(first.dualWrite());
            Rig.flipInSomeTries(first.dualWrite()::flip);
            sealed(rig, first, Side.SOURCE);
            first.close();
            Node second = rig.node("two").start();
            second.write("UPDATE account SET balance = 11 WHERE id = 1");
            Rig.verify(second.dualWrite());
            Rig.flipInSomeTries(second.dualWrite()::rollBack);
            sealed(rig, second, Side.TARGET);
            drained(rig, Side.SOURCE);
            Rig.enter(second.dualWrite(), Phase.SOURCE_ONLY);
            Eventually.eventually().until("the target may be loaded anew", () -> count(rig, Side.TARGET) == 0);
            rig.finish();
        }
    }

    @Test
    void whoDoesNotWantASealGetsNoneAndAnotherTriggerIsNotTakenForOne() throws Exception {
        try (Rig rig = Rig.shared();
                Bypass outside = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            Node node = rig.node("one", b -> b.sealing(false)).start();
            node.write("INSERT INTO account VALUES (1, 'a', 10, NULL)");
            Rig.readyToFlip(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            drained(rig, Side.TARGET);
            Rig.verify(node.dualWrite()); // takes longer than sealing would
            assertThat(outside.write("UPDATE account SET balance = 10 WHERE id = 1"))
                    .isOne();
            assertThat(count(rig, Side.SOURCE)).isZero();
            node.dualWrite().unseal(Side.SOURCE); // of what an earlier configuration may have left
            outside.write("CREATE TRIGGER dualwrite_seal_mine BEFORE INSERT ON entry FOR EACH ROW SET NEW.note = 'x'");
            assertThatThrownBy(() -> rig.node("two").start())
                    .hasMessageContaining("DW-1003")
                    .hasMessageContaining("dualwrite_seal_mine");
            outside.write("DROP TRIGGER dualwrite_seal_mine");
            rig.finish();
        }
    }
}
