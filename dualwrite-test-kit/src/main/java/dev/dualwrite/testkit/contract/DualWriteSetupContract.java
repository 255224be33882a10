package dev.dualwrite.testkit.contract;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.HarnessBuilder;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A {@link DualWriteSetup} of a suite: it makes the same tables on both sides, again for each pair of databases, and configures the
 * builder that it is given to a migration that goes there and back. Needs the two servers.
 */
public abstract class DualWriteSetupContract {

    /** For the subclass, once for each test. */
    protected DualWriteSetupContract() {}

    /** A new one each time, as a test class is given one. */
    protected abstract DualWriteSetup setup();

    /** Databases for it, not started yet; with the scripts that the suite runs beside, by default none. */
    protected HarnessBuilder databases() {
        return DualWriteHarness.isolated();
    }

    private DualWriteHarness started(Phase phase) {
        return databases().setup(setup()).phase(phase).start();
    }

    @Test
    final void makesTheSameTablesOnBothSides() throws SQLException {
        try (DualWriteHarness kit = started(Phase.SOURCE_ONLY)) {
            assertThat(kit.parity()).tables(tables(kit)).hasSameSchema();
        }
    }

    @Test
    final void makesThemAgainForEachPairOfDatabases() throws SQLException {
        try (DualWriteHarness first = started(Phase.SOURCE_ONLY);
                DualWriteHarness second = started(Phase.SOURCE_ONLY)) {
            assertThat(tables(second)).as("tables of the second pair").isEqualTo(tables(first));
            assertThat(second.parity()).tables(tables(second)).hasSameSchema();
        }
    }

    @Test
    final void configuresAMigrationThatGoesThereAndBack() throws SQLException {
        try (DualWriteHarness kit = started(Phase.DUAL_WRITE)) {
            assertThat(kit.source().ask("SELECT COUNT(*) FROM dualwrite_fence"))
                    .as("migrations on the source: the one of the builder that it was given")
                    .isEqualTo("1");
            kit.enter(Phase.REVERSE_WINDOW);
            kit.enter(Phase.DUAL_WRITE);
            assertThat(kit.parity()).tables(tables(kit)).isIdentical();
            kit.oracle().assertHolds();
        }
    }

    private static String[] tables(DualWriteHarness kit) throws SQLException {
        List<String> tables = kit.source()
                .column("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                        + " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'dualwrite\\_%'"
                        + " AND table_name NOT LIKE 'testkit\\_%' ORDER BY table_name");
        assertThat(tables).as("tables that it made").isNotEmpty();
        return tables.toArray(new String[0]);
    }
}
