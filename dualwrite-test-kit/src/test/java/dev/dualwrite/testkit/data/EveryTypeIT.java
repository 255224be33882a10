package dev.dualwrite.testkit.data;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every value of every type that the servers have is written through the migration's {@code DataSource} and arrives, both ways. */
class EveryTypeIT {
    private static final int CHANGES = 25;
    private static final EveryType TYPES =
            EveryType.of(TwoServers.get().source().version());

    private static void write(DualWriteHarness kit, List<String> statements) throws SQLException {
        try (Connection connection = kit.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET time_zone = '+00:00'");
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }

    private static void changeAtRandom(DualWriteHarness kit, long seed) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = TYPES.rows("every").size();
        write(
                kit,
                random.ints(CHANGES, 1, rows + 1)
                        .mapToObj(id -> TYPES.change("every", id, random))
                        .toList());
    }

    private static void assertEqual(DualWriteHarness kit, String when) throws SQLException {
        kit.awaitConverged();
        assertThat(kit.dualWrite().status().parked()).as(when).isZero();
        assertThat(kit.parity()).as(when).tables("every").isIdenticalAndNotEmpty();
    }

    @Scenario(57)
    @Requirement(209)
    @Test
    void isWrittenThroughTheBoundaryAndConvergedThereAndBack() throws SQLException {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        try (DualWriteHarness kit =
                DualWriteHarness.isolated().schema(TYPES.ddl("every") + ";").start()) {
            write(kit, TYPES.rows("every"));
            assertEqual(kit, "inserted");
            changeAtRandom(kit, seed);
            assertEqual(kit, "changed on the source, -Ddualwrite.seed=" + seed);

            kit.enter(Phase.REVERSE_WINDOW);
            changeAtRandom(kit, seed + 1);
            assertEqual(kit, "changed on the target, -Ddualwrite.seed=" + seed);
            write(kit, List.of("DELETE FROM every"));
            write(kit, TYPES.rows("every"));
            assertEqual(kit, "inserted on the target");

            kit.enter(Phase.DUAL_WRITE);
            kit.oracle().assertHolds();
        }
    }
}
