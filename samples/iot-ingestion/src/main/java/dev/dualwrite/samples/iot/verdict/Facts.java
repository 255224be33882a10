package dev.dualwrite.samples.iot.verdict;

import dev.dualwrite.jdbc.DualWrite.VerificationReport;
import dev.dualwrite.samples.iot.operate.FlipRecord;
import dev.dualwrite.samples.iot.stats.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a verdict is made of.
 *
 * @param findings on the owner
 * @param seen by the devices
 * @param verification the library's last before the end
 * @param comparison the independent one before the end
 * @param flips in order, rollbacks among them
 * @param budget that no flip may exceed
 * @param unfinished where the course stopped, if it did
 * @param servers that were used
 */
public record Facts(
        Findings findings,
        Sample seen,
        Optional<VerificationReport> verification,
        Optional<Comparison> comparison,
        List<FlipRecord> flips,
        Duration budget,
        Optional<String> unfinished,
        String servers) {
    public Facts {
        flips = List.copyOf(flips);
    }
}
