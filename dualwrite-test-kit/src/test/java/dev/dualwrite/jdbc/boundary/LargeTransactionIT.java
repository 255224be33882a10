package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction of many rows keeps no key for longer than until its intent is written, and of that 16 bytes; judged as
 * {@link OnStage} says. {@code -Ddualwrite.rows=200000} makes it as long as scenario 38 has it.
 */
class LargeTransactionIT extends OnStage {
    private static final Logger LOG = LoggerFactory.getLogger(LargeTransactionIT.class);
    private static final int ROWS = Integer.getInteger("dualwrite.rows", 10_000);
    private static final int BATCH = 500;
    private static final int PENDING = 1_000;

    /** What an intent's id takes with its place in a list, and a little more. */
    private static final int KEPT_FOR_A_ROW = 64;

    /** What a heap is more or less from one look to the next. */
    private static final int NOISE = 4 << 20;

    @Scenario(38)
    @ParameterizedTest
    @CsvSource({"true, 'INSERT INTO item (id, v) VALUES (?, 1)'", "false, 'INSERT INTO item (v) VALUES (?)'"})
    void allRowsOfALargeTransactionArriveAndLittleIsKeptOfThem(boolean known, String sql) throws Exception {
        open("&rewriteBatchedStatements=true");
        try (BoundaryConnection c = (BoundaryConnection) stage.connect();
                PreparedStatement p = c.prepareStatement(sql)) {
            c.setAutoCommit(false);
            insert(c, p, 1, ROWS / 4);
            long before = used();
            insert(c, p, ROWS / 4 + 1, ROWS);
            long kept = used() - before;
            LOG.info("{} rows in one transaction, keys {}: {} bytes more in use", ROWS - ROWS / 4, known, kept);
            assertThat(kept).isLessThan((long) KEPT_FOR_A_ROW * ROWS + NOISE);
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo(Integer.toString(ROWS));
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(DISTINCT unit) FROM dualwrite_intent"))
                .isEqualTo(Integer.toString(ROWS));
        assertThat(stage.committed()).isGreaterThanOrEqualTo(ROWS);
    }

    private static void insert(BoundaryConnection c, PreparedStatement p, int first, int last) throws SQLException {
        for (int i = first; i <= last; i++) {
            p.setInt(1, i);
            p.addBatch();
            if (i % BATCH == 0 || i == last) {
                assertThat(p.executeBatch()).isNotEmpty();
                assertThat(c.session().work().pendingKeys()).isLessThanOrEqualTo(PENDING);
            }
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
