package dev.dualwrite.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuickstartIT {

    @Test
    void losesNothing() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean good =
                new Quickstart(new PrintStream(printed, true, StandardCharsets.UTF_8), Duration.ofMillis(200)).run();
        assertThat(good).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("lost 0");
    }
}
