package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A statement belongs to one step at most, and what only looks like one to none. */
class FailPointTest {
    private static final String FENCE = " FROM `shop`.`dualwrite_fence` WHERE migration = 'm' AND side = 'SOURCE'";
    private static final String OF_FENCE = "UPDATE `shop`.`dualwrite_fence` SET ";
    private static final String CHUNK = "`shop`.`dwkit_backfill_chunk`";

    private static List<FailPoint> of(String sql) {
        Statement statement = new Statement(1, Command.QUERY, sql);
        return Arrays.stream(FailPoint.values())
                .filter(point -> point.test(statement))
                .toList();
    }

    @Test
    void stepsOfTransactionsAndConvergersAreToldApart() {
        assertThat(of("SELECT state, phase" + FENCE + " FOR SHARE")).containsExactly(FailPoint.READ_FENCE);
        assertThat(of("SELECT 1" + FENCE + " AND state = 'OPEN' LOCK IN SHARE MODE NOWAIT"))
                .containsExactly(FailPoint.READ_FENCE);
        assertThat(of("INSERT INTO `s`.`dualwrite_intent` (lane) SELECT 1" + FENCE))
                .containsExactly(FailPoint.WRITE_INTENTS);
        assertThat(of("/* by hand */ insert into orders values (1)")).containsExactly(FailPoint.INSERT_ROWS);
        assertThat(of("REPLACE INTO `dualwrite_shop`.`orders` VALUES (1)")).containsExactly(FailPoint.INSERT_ROWS);
        assertThat(of("UPDATE `s`.`t` SET `id` = 1,\n `v` = 6 WHERE `id` = 1")).containsExactly(FailPoint.UPDATE_ROWS);
        assertThat(of("DELETE FROM t")).containsExactly(FailPoint.DELETE_ROWS);
        assertThat(of("COMMIT AND NO CHAIN NO RELEASE")).containsExactly(FailPoint.COMMIT);
        assertThat(of("SELECT lane, id FROM `s`.`dualwrite_intent` WHERE marked = 0"))
                .containsExactly(FailPoint.READ_INTENTS);
        assertThat(of("SELECT l.lane FROM (SELECT 1 AS n) k STRAIGHT_JOIN `s`.`dualwrite_lane` l FOR UPDATE"))
                .containsExactly(FailPoint.LOCK_LANES);
        assertThat(of("SELECT CAST(`id` AS CHAR) FROM `s`.`t` WHERE `id` IN (5)"))
                .containsExactly(FailPoint.READ_ROWS);
        assertThat(of("DELETE FROM `s`.`dualwrite_intent` WHERE marked = 0 AND (SELECT f.marking" + FENCE + ") = 0"))
                .containsExactly(FailPoint.REMOVE_INTENTS);
        assertThat(of("UPDATE `s`.`dualwrite_intent` SET marked = 1 WHERE (SELECT f.marking" + FENCE + ") = 1"))
                .containsExactly(FailPoint.MARK_INTENTS);
        assertThat(of("INSERT INTO `s`.`dualwrite_parked` (unit) VALUES (1)")).containsExactly(FailPoint.PARK);
    }

    @Test
    void stepsOfBackfillVerificationAndFlipAreToldApart() {
        assertThat(of("SELECT state, reached_key FROM " + CHUNK + " FOR UPDATE SKIP LOCKED"))
                .containsExactly(FailPoint.CLAIM_CHUNK);
        assertThat(of("UPDATE " + CHUNK + " SET row_count = row_count + 1")).containsExactly(FailPoint.ADVANCE_CHUNK);
        assertThat(of(OF_FENCE + "backfill = 7")).containsExactly(FailPoint.SWITCH_BACKFILL);
        assertThat(of("INSERT INTO `s`.`dualwrite_verification` (run) VALUES (1)"))
                .containsExactly(FailPoint.BEGIN_VERIFICATION);
        assertThat(of("SELECT COUNT(*), BIT_XOR(CAST(`id` AS UNSIGNED)) FROM `s`.`t`"))
                .containsExactly(FailPoint.DIGEST_ROWS);
        assertThat(of("UPDATE `s`.`dualwrite_verification` SET state = 'DONE'"))
                .containsExactly(FailPoint.SAVE_VERIFICATION);
        assertThat(of(OF_FENCE + "phase = 'DUAL_WRITE', epoch = 2, attempt = 'a'"))
                .containsExactly(FailPoint.CHANGE_PHASE);
        assertThat(of(OF_FENCE + "marking = 1")).containsExactly(FailPoint.SWITCH_MARKING);
        assertThat(of(OF_FENCE + "state = 'FROZEN', epoch = 3")).containsExactly(FailPoint.FREEZE);
        assertThat(of(OF_FENCE + "epoch = 3, attempt = 'a' WHERE state = 'CLOSED'"))
                .containsExactly(FailPoint.STAMP_FOLLOWER);
        assertThat(of("SELECT state" + FENCE + " FOR UPDATE NOWAIT")).containsExactly(FailPoint.LOCK_FENCE);
        assertThat(of(OF_FENCE + "state = 'OPEN', phase = 'REVERSE_WINDOW', epoch = 4"))
                .containsExactly(FailPoint.OPEN_FOLLOWER);
        assertThat(of(OF_FENCE + "state = 'HANDED_OVER', epoch = 4 WHERE state = 'FROZEN'"))
                .containsExactly(FailPoint.HAND_OVER);
        assertThat(of(OF_FENCE + "state = 'CLOSED', marking = 0 WHERE state = 'HANDED_OVER'"))
                .containsExactly(FailPoint.CLOSE_OWNER);
        assertThat(of(OF_FENCE + "state = 'OPEN', epoch = 5, attempt = 'b'")).containsExactly(FailPoint.REOPEN_OWNER);
        assertThat(of("UPDATE `s`.`dualwrite_instance` SET epoch = 1")).containsExactly(FailPoint.HEARTBEAT);
    }

    @Test
    void whatNobodyStandsAtIsNoStep() {
        assertThat(of(OF_FENCE + "epoch = 2 WHERE attempt = 'a'")).isEmpty();
        assertThat(of("SELECT of_side, beats FROM `s`.`dualwrite_pulse`")).isEmpty();
        assertThat(of("SELECT LOWER(table_name) FROM information_schema.tables"))
                .isEmpty();
        assertThat(of("SELECT @@session.transaction_isolation")).isEmpty();
        assertThat(of("SET autocommit=0")).isEmpty();
        assertThat(of("BEGIN")).isEmpty();
    }
}
