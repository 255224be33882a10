package dev.dualwrite.jdbc.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTableTest {

    @Test
    void isNamedAfterItsMigration() {
        assertThat(LedgerTable.name("dualwrite_", "meters_2026")).isEqualTo("dualwrite_ledger_meters_2026");
    }

    /** Two migrations between the same schemas must not share one: what one copies, the other would take away. */
    @Test
    void noTwoMigrationsShareOneWhetherOrNotTheServerTellsCasesApart() {
        Set<String> names = new HashSet<>();
        List<String> migrations = List.of(
                "a.b", "a-b", "a_b", "A_B", "x".repeat(64), "x".repeat(63) + "y", "x".repeat(47), "x".repeat(48));
        for (String migration : migrations) {
            String name = LedgerTable.name("dualwrite_", migration);
            assertThat(name).hasSizeLessThanOrEqualTo(64).matches("[a-z0-9_]+");
            assertThat(names.add(name)).as(name).isTrue();
        }
    }
}
