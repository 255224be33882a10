package dev.dualwrite.samples.devices;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A registry on MyBatis moves there and back while devices report, and neither it nor a device notices. */
@DualWriteTest(
        schema = "schema.sql",
        tables = {"device", "device_state", "reading"},
        phase = Phase.SOURCE_ONLY)
class DevicesIT {
    private static final int REPORTS = 60;

    @Requirement({5, 134})
    @Test
    void movesThereAndBackUnderLoad(DualWriteHarness kit) throws Exception {
        try (Fleet fleet = new Fleet(kit.dataSource(), 3).start()) {
            for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.DUAL_WRITE)) {
                fleet.awaitReports(REPORTS);
                kit.enter(phase);
            }
            fleet.awaitReports(REPORTS);
            fleet.end();
            assertThat(fleet.retired()).isNotEmpty();
            fleet.retired().forEach(serial -> kit.log().absent("device", "serial", serial));
            fleet.stored()
                    .forEach((serial, sequence) -> kit.log()
                            .claim(
                                    serial,
                                    "SELECT s.sequence FROM device_state s JOIN device d ON d.id = s.device_id"
                                            + " WHERE d.serial = '" + serial + "'",
                                    sequence));
            assertThat(kit.source().ask("SELECT SUM(messages) FROM presence"))
                    .as("what does not move is used as before")
                    .isEqualTo(String.valueOf(fleet.acknowledged()));
        }
        kit.oracle().assertHolds();
        assertThat(kit.invariant("a state is that of the last reading, and no reading is missing", """
                SELECT s.device_id, s.sequence, COUNT(r.sequence), MAX(r.sequence)
                  FROM device_state s LEFT JOIN reading r ON r.device_id = s.device_id
                 GROUP BY s.device_id, s.sequence
                HAVING s.sequence <> COUNT(r.sequence) OR s.sequence <> COALESCE(MAX(r.sequence), 0)"""))
                .holdsOnBothSides();
        assertThat(kit.invariant("a device has a state", """
                SELECT d.serial FROM device d LEFT JOIN device_state s ON s.device_id = d.id
                 WHERE s.device_id IS NULL""")).holdsOnBothSides();
        assertThat(kit.invariant("what is left has a device", """
                SELECT r.device_id FROM reading r LEFT JOIN device d ON d.id = r.device_id WHERE d.id IS NULL
                UNION ALL
                SELECT s.device_id FROM device_state s LEFT JOIN device d ON d.id = s.device_id
                 WHERE d.id IS NULL""")).holdsOnBothSides();
    }

    @Test
    void theSampleDoesWhatItSays() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        DevicesOnMyBatis.run(new PrintStream(printed, true, StandardCharsets.UTF_8), 10);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .startsWith("DUAL_WRITE: SOURCE owns", "REVERSE_WINDOW: TARGET owns", "DUAL_WRITE: SOURCE owns");
    }
}
