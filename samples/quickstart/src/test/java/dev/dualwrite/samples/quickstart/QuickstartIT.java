package dev.dualwrite.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The oracle cannot end this: the sample drops its schemas when it ends, it ends in {@code TARGET_ONLY}, where the source
 * stays behind, and its devices never stand still. In its place the sample itself verifies both sides row by row before
 * it leaves the reverse window, and at the end holds what was acknowledged against the owner, past the library.
 */
class QuickstartIT {

    @Test
    void losesNothing() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean good =
                new Quickstart(new PrintStream(printed, true, StandardCharsets.UTF_8), Duration.ofMillis(200)).run();
        assertThat(good).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("lost 0");
        assertThat(printed.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains("verify: VerificationReport[complete=true")
                                && line.contains("divergences=[]")))
                .as("verified on the way there, and before the way back is given up")
                .hasSize(2);
    }
}
