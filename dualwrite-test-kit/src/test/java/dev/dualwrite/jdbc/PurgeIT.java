package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The control tables keep what is needed, on both sides. */
class PurgeIT {

    /** Rows as old as that, and on each side a name by which they are found. */
    private static void plant(Rig rig, Side side, String name, int days) throws SQLException {
        String at = "UTC_TIMESTAMP(6) - INTERVAL " + days + " DAY";
        rig.schema(side)
                .execute(
                        "INSERT INTO dualwrite_audit VALUES ('" + rig.migration()
                                + "', UNHEX(REPLACE(UUID(), '-', '')), " + at + ", 1, 'planted', '" + name + "', '')",
                        "INSERT INTO dualwrite_instance (migration, instance, epoch, configuration, version, started_at,"
                                + " heartbeat_at) VALUES ('" + rig.migration() + "', '" + name + "', 1, '', '', "
                                + at + ", " + at + ")",
                        "INSERT INTO dualwrite_attestation VALUES ('" + rig.migration() + "', '" + side + "', " + at
                                + ", '" + name + "', '', " + at + ")",
                        "INSERT INTO dualwrite_attestation VALUES ('" + rig.migration() + "', '" + side + "', " + at
                                + " - INTERVAL 1 HOUR, '" + name + " weak', 'sync_binlog=0', " + at + ")");
    }

    private static String left(Rig rig, Side side, String name) throws SQLException {
        return rig.ask(
                side,
                "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM dualwrite_audit WHERE instance = '" + name
                        + "'), (SELECT COUNT(*) FROM dualwrite_instance WHERE instance = '" + name
                        + "'), (SELECT COUNT(*) FROM dualwrite_attestation WHERE server_uuid = '" + name
                        + "'), (SELECT COUNT(*) FROM dualwrite_attestation WHERE server_uuid = '" + name + " weak'))");
    }

    @Scenario(105)
    @Test
    void whatIsOldIsForgottenOnBothSidesAndWhatIsNeededStays() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("first").start();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            Rig.readyToFlip(node.dualWrite());
            node.close();
            for (Side side : Side.values()) {
                plant(rig, side, "very old", 400);
                plant(rig, side, "old", 3);
                plant(rig, side, "fresh", 0);
            }
            Node next = rig.node("next").start();
            for (Side side : Side.values()) {
                // audit rows, instances, starts of the server, and starts that were seen weak
                Eventually.eventually()
                        .untilAsserted(
                                () -> assertThat(left(rig, side, "very old")).isEqualTo("0 0 0 1"));
                assertThat(left(rig, side, "old"))
                        .as("the audit is kept for a year")
                        .isEqualTo("1 0 0 1");
                assertThat(left(rig, side, "fresh")).isEqualTo("1 1 1 1");
                assertThat(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_instance WHERE instance = 'next'"))
                        .isEqualTo("1");
            }
            assertThat(next.dualWrite().verify().equal()).isTrue();
            rig.finish();
        }
    }
}
