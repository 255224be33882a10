package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.jdbc.boundary.StatementRow.Form;
import dev.dualwrite.sql.Kind;
import dev.dualwrite.sql.SqlDialect;
import dev.dualwrite.sql.Statement;
import dev.dualwrite.sql.StatementReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of statements and features are complete, and {@code docs/statements.md} is what they say. */
class StatementsDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .resolve("../docs/statements.md")
            .normalize();

    @Test
    void theDocumentIsWhatTheTablesSay() throws IOException {
        String text = StatementsDocument.text();
        if (System.getProperty("dualwrite.docs", "").equals("write")) {
            Files.writeString(DOCUMENT, text);
        }
        assertThat(Files.readString(DOCUMENT))
                .as("-Ddualwrite.docs=write writes it anew")
                .isEqualTo(text);
    }

    @Test
    void everyKindThatTheReaderTellsApartHasAnExample() {
        StatementReader reader = new StatementReader(SqlDialect.mysql(80022));
        Set<Kind> met = EnumSet.noneOf(Kind.class);
        for (StatementRow row : StatementKinds.ALL) {
            if (reader.read(row.sql()) instanceof Statement.Other other) {
                met.add(other.kind());
            }
        }
        assertThat(met).containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void everyReasonToRefuseHasAnExample() {
        Set<String> met = new TreeSet<>();
        StatementKinds.ALL.forEach(row -> met.add(row.expected().code()));
        JdbcFeatures.ALL.forEach(row -> met.add(row.expected().code()));
        Stream.concat(StatementKinds.PROVED.values().stream(), JdbcFeatures.PROVED.values().stream())
                .flatMap(List::stream)
                .map(Proved::refusal)
                .forEach(refusal -> met.add(refusal == null ? "" : refusal.code()));
        assertThat(met)
                .containsAll(Stream.of(Refusal.values()).map(Refusal::code).toList());
    }

    @Test
    void everyFormAndEveryAreaHasARow() {
        assertThat(Form.values())
                .allMatch(form -> StatementKinds.PROVED.containsKey(form)
                        || StatementKinds.ALL.stream().anyMatch(row -> row.form() == form));
        assertThat(Feature.Area.values())
                .allMatch(area -> JdbcFeatures.PROVED.containsKey(area)
                        || JdbcFeatures.ALL.stream().anyMatch(row -> row.area() == area));
    }

    @Test
    void whatOtherTestsShowIsShownByTestsThatTheBuildRuns() {
        assertThat(Stream.concat(StatementKinds.PROVED.values().stream(), JdbcFeatures.PROVED.values().stream())
                        .flatMap(List::stream)
                        .flatMap(row -> row.tests().stream()))
                .isNotEmpty()
                .allMatch(Proved::runs);
    }
}
