package dev.dualwrite.samples.iot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole job, small; two at a time, for a job waits more than it works. */
@Execution(ExecutionMode.CONCURRENT)
class IotIngestionIT {
    private static final String ALL = "--duration 15s --devices 60 --history 5000 --threads 4 --rate 60 --seed 11";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(ALL.split(" ", -1)));
        arguments.addAll(
                List.of("--plain", "--report", folder.resolve("report.html").toString()));
        arguments.addAll(List.of(more));
        return IotIngestion.run(arguments, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Scenario(76)
    @Requirement({5, 130, 134, 220})
    @Test
    void aLiveSystemMovesAndMovesBackAndNothingIsLost() throws IOException {
        assertThat(run()).as(text()).isZero();
        assertThat(text()).contains("VERDICT: GREEN", "TARGET_ONLY", "is stopped (SIGSTOP)", "the target is back");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("Nothing was lost", "SIGSTOP");
    }

    @Requirement(202)
    @Test
    void aRecordingIsReplayed() throws IOException {
        List<String> lines = new ArrayList<>(List.of("device,epoch_millis,value"));
        for (int i = 0; i < 500; i++) {
            lines.add("meter-" + i % 20 + "," + (1_700_000_000_000L + i) + "," + i / 8.0);
        }
        Path trace = Files.write(folder.resolve("trace.csv"), lines);
        assertThat(run("--trace", trace.toString())).as(text()).isZero();
    }

    @Test
    void oneAcknowledgedReadingThatIsDeletedOnTheOwnerTurnsTheVerdictRed() {
        assertThat(run("--plant", "lost")).as(text()).isEqualTo(1);
        assertThat(text()).contains("VERDICT: RED").containsPattern("NO +lost +1\\R");
        assertThat(text()).doesNotContainPattern("NO +doubled");
    }

    @Scenario(106)
    @Test
    void oneRowThatIsChangedOnTheFollowerTurnsTheVerdictRed() {
        assertThat(run("--plant", "changed")).as(text()).isEqualTo(1);
        assertThat(text())
                .contains("VERDICT: RED")
                .containsPattern("NO +rows verified equal by the library")
                .containsPattern("NO +rows compared both ways, independently")
                .containsPattern("ok +lost +0\\R");
    }

    @Test
    void aBadOptionIsSaidAndNothingStarts() {
        assertThat(IotIngestion.run(List.of("--fast"), new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .isEqualTo(2);
        assertThat(text()).contains("'--fast' is no option").doesNotContain("servers");
    }
}
