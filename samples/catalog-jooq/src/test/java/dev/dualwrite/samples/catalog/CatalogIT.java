package dev.dualwrite.samples.catalog;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A catalogue on jOOQ moves there and back while it is edited, and neither it nor an editor notices. */
@DualWriteTest(
        schema = "schema.sql",
        tables = {"product", "price_change", "tag"},
        phase = Phase.SOURCE_ONLY)
class CatalogIT {
    private static final int EDITS = 60;

    @Requirement(134)
    @Test
    void movesThereAndBackUnderLoad(DualWriteHarness kit) throws Exception {
        try (Editors editors = new Editors(kit.dataSource(), 3).start()) {
            for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.DUAL_WRITE)) {
                editors.awaitEdits(EDITS);
                kit.enter(phase);
            }
            editors.awaitEdits(EDITS);
            editors.end();
            assertThat(editors.discontinued()).isNotEmpty();
            editors.discontinued().forEach(id -> kit.log().absent("product", "id", id));
            editors.repriced()
                    .forEach((id, times) -> kit.log()
                            .claim(
                                    "the version of product " + id,
                                    "SELECT version FROM product WHERE id = " + id,
                                    1 + times.get()));
            assertThat(kit.source().ask("SELECT SUM(views) FROM popularity"))
                    .as("what does not move is used as before")
                    .isEqualTo(String.valueOf(editors.views()));
        }
        kit.oracle().assertHolds();
        assertThat(kit.invariant("a product costs what its last price says, and each version has one", """
                SELECT p.id, p.version, COUNT(c.version)
                  FROM product p LEFT JOIN price_change c ON c.product_id = p.id
                 GROUP BY p.id, p.version, p.price
                HAVING p.version <> COUNT(c.version) OR p.version <> MAX(c.version)
                    OR p.price <> MAX(CASE WHEN c.version = p.version THEN c.price END)
                    OR p.price <> 10 + 0.25 * (p.version - 1)"""))
                .holdsOnBothSides();
        assertThat(kit.invariant("a product has two tags", """
                SELECT p.id, COUNT(t.name) FROM product p LEFT JOIN tag t ON t.product_id = p.id
                 GROUP BY p.id HAVING COUNT(t.name) <> 2""")).holdsOnBothSides();
        assertThat(kit.invariant("prices and tags have a product", """
                SELECT t.product_id FROM tag t LEFT JOIN product p ON p.id = t.product_id WHERE p.id IS NULL
                UNION ALL
                SELECT c.product_id FROM price_change c LEFT JOIN product p ON p.id = c.product_id
                 WHERE p.id IS NULL""")).holdsOnBothSides();
    }

    @Test
    void theSampleDoesWhatItSays() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        CatalogOnJooq.run(new PrintStream(printed, true, StandardCharsets.UTF_8), 10);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .startsWith("DUAL_WRITE: SOURCE owns", "REVERSE_WINDOW: TARGET owns", "DUAL_WRITE: SOURCE owns");
    }
}
