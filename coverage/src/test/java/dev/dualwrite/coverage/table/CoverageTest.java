package dev.dualwrite.coverage.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/scenarios.md} is what the annotations in all modules say. */
class CoverageTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..");

    @Test
    void everyRowHasATestOrAnIssueAndEveryAnnotationARow() throws IOException {
        assertThat(Coverage.of(ROOT).problems()).isEmpty();
    }

    @Test
    void theDocumentIsWhatTheAnnotationsSay() throws IOException {
        assertThat(Files.readString(Coverage.document(ROOT)))
                .as("mvn -q -pl coverage compile exec:java writes it anew")
                .isEqualTo(Coverage.of(ROOT).text());
    }
}
