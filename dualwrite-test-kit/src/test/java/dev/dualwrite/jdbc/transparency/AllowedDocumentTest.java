package dev.dualwrite.jdbc.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AllowedDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .resolve("../docs/known-defects.md")
            .normalize();

    @Test
    void whatMayDifferStandsAmongTheKnownDefects() throws IOException {
        assertThat(Files.readAllLines(DOCUMENT).stream().filter(line -> line.matches("\\| [A-Z_]+ \\| .*")))
                .containsExactlyElementsOf(Arrays.stream(Allowed.values())
                        .map(one -> "| " + one.name() + " | " + one.reason() + " |")
                        .toList());
    }
}
