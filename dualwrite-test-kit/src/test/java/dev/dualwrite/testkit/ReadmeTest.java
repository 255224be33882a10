package dev.dualwrite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The examples of whole tests in the kit's README are tests that the build runs, and the first is as short as it says. */
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

    @Test
    void showsAPropertyThatRuns() throws IOException {
        String example = Files.readString(HERE.resolve("src/test/java/com/example/shop/AnyHistoryIT.java"));
        assertThat(Files.readString(HERE.resolve("README.md"))).contains("```java\n" + example + "```");
    }

    @Test
    void showsAContractThatRuns() throws IOException {
        String example = Files.readString(HERE.resolve("src/test/java/com/example/shop/SwitchboardTest.java"));
        String readme = Files.readString(HERE.resolve("README.md"));
        int from = readme.indexOf("class SwitchboardTest");
        for (String line : readme.substring(from, readme.indexOf("    …", from)).split("\n", -1)) {
            assertThat(example).contains(line);
        }
    }
}
