package dev.dualwrite.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The code in the README is compiled: it is a part of the sample. */
class ReadmeTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

    @Test
    void showsWhatTheSampleDoes() throws IOException {
        String sample =
                Files.readString(HERE.resolve("src/main/java/dev/dualwrite/samples/quickstart/Quickstart.java"));
        String shown = between(Files.readString(HERE.resolve("../../README.md")), "```java\n", "```");
        assertThat(shown.stripIndent().strip())
                .isEqualTo(between(sample, "// README\n", "// README end")
                        .stripIndent()
                        .strip());
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
        return text.substring(from, text.indexOf(end, from));
    }
}
