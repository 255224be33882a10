package dev.dualwrite.samples.tenants.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.samples.tenants.rollout.Options.Plant;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole job, small. */
class TenantsRolloutIT {
    private static final List<String> SMALL = List.of(
            "--seconds",
            "1",
            "--tenants",
            "100",
            "--rate",
            "200",
            "--shares",
            "50,100",
            "--compared",
            "100",
            "--seed",
            "11");

    /** One course is judged as it was, and again after each harm. */
    @Scenario({87, 94})
    @Requirement({83, 87})
    @Test
    void readsMoveStopAtADifferenceMoveOnAndComeBackAndHarmIsNoticed() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Log log = new Log(new PrintStream(printed, true, StandardCharsets.UTF_8));
        List<Verdict> verdicts = new TenantsRollout(Options.parse(SMALL), log)
                .run(TwoServers.get(), List.of(Plant.NOTHING, Plant.CHANGED, Plant.LOST));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(wrong(verdicts.get(0))).as(text).isEmpty();
        assertThat(text)
                .contains("the ramp stops at 50", "answers all reads again", "REVERSE_WINDOW", "VERDICT: GREEN");
        assertThat(wrong(verdicts.get(1))).as(text).containsExactly("rows compared both ways, without the library");
        assertThat(wrong(verdicts.get(2)))
                .as(text)
                .containsExactly(
                        "writes acknowledged and found on the owner", "rows compared both ways, without the library");
    }

    private static List<String> wrong(Verdict verdict) {
        return verdict.lines().stream()
                .filter(line -> !line.good().orElse(true))
                .map(Verdict.Line::name)
                .toList();
    }
}
