package dev.dualwrite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The first example of the kit's README is a test that the build runs, and as short as it says. */
class ReadmeTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

    @Test
    void showsATestThatRuns() throws IOException {
        String readme = Files.readString(HERE.resolve("README.md"));
        String example = Files.readString(HERE.resolve("src/test/java/com/example/shop/OrdersParityIT.java"));
        int from = readme.indexOf("```java\n") + "```java\n".length();
        String shown = readme.substring(from, readme.indexOf("```", from));
        assertThat(shown.strip()).isEqualTo(example.strip());
        assertThat(shown.lines().filter(line -> !line.isBlank()).count()).isLessThan(20);
    }
}
