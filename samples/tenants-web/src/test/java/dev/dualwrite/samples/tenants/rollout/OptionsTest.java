package dev.dualwrite.samples.tenants.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void whatIsSaidCanBeTypedAgain() {
        Options options = Options.parse(List.of(
                "--seconds",
                "30",
                "--tenants",
                "200",
                "--rate",
                "99",
                "--shares",
                "2.5,100",
                "--compared",
                "9",
                "--seed",
                "7",
                "--plant",
                "changed"));
        assertThat(options.asTyped())
                .isEqualTo(
                        "--seconds 30 --tenants 200 --rate 99 --shares 2.5,100 --compared 9 --seed 7 --plant changed");
        assertThat(Options.parse(List.of(options.asTyped().split(" ", -1)))).isEqualTo(options);
    }

    @Test
    void urlsAreNotSaid() {
        Options options = Options.parse(List.of(
                "--source-url", "jdbc:mysql://a/?password=secret", "--target-url", "jdbc:mysql://b/?password=secret"));
        assertThat(options.asTyped() + options).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--fast",
                "--seconds",
                "--seconds 0",
                "--seconds x",
                "--seed 1 --seed 2",
                "--shares 1,50",
                "--shares 50,10,100",
                "--shares 0,100",
                "--plant nobody",
                "--source-url jdbc:mysql://a/",
                "--source-url a --target-url b"
            })
    void aBadOptionIsRefused(String text) {
        List<String> arguments = List.of(text.split(" ", -1));
        assertThatThrownBy(() -> Options.parse(arguments)).isInstanceOf(Options.BadOptionException.class);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        assertThat(TenantsRollout.run(arguments, new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("--").doesNotContain("servers");
    }
}
