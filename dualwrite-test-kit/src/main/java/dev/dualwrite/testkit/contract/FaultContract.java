package dev.dualwrite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.HarnessBuilder;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.rehearsal.Fault;
import dev.dualwrite.testkit.rehearsal.RehearsalReport;
import dev.dualwrite.testkit.rehearsal.Scene;
import dev.dualwrite.testkit.rehearsal.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A {@link Fault} of a rehearsal: it strikes as often as it is asked to, whoever owns; the application goes on and loses nothing; it
 * lets go of what it has broken; and it fails if nobody noticed. Needs two servers.
 */
public abstract class FaultContract {
    private static final int PER_SECOND = 100;
    private static final Duration SHORT = Duration.ofSeconds(5);

    /** For the subclass, once for each test. */
    protected FaultContract() {}

    /** The fault under test. */
    protected abstract Fault fault();

    /** Databases in which it can strike, not started yet: schema, and the rows that the load needs. */
    protected abstract HarnessBuilder databases();

    /** A load that it has to hit; one that keeps {@link TransactionContract}. */
    protected abstract Transaction load();

    @Test
    final void hasANameOfOneLine() {
        assertThat(fault().name()).isNotBlank().doesNotContain("\n").isEqualTo(fault().name());
    }

    @Test
    final void strikesBeforeTheFlipAndBeforeTheRollbackAndNothingIsLost() {
        try (DualWriteHarness kit = databases().start()) {
            RehearsalReport report = kit.rehearsal()
                    .load(PER_SECOND, load())
                    .threads(2)
                    .faults(fault())
                    .flip()
                    .rollback()
                    .run();
            assertThat(report.problems()).isEmpty();
            assertThat(report.faults())
                    .as("what it has hit, before the flip and before the rollback")
                    .hasSize(2)
                    .values()
                    .allSatisfy(hit -> assertThat(hit).isNotBlank());
        }
    }

    @Test
    final void leavesServersAndTablesAsItFoundThem() throws SQLException {
        try (DualWriteHarness kit = databases().start()) {
            Map<String, String> source = state(kit.source());
            Map<String, String> target = state(kit.target());
            kit.rehearsal()
                    .load(PER_SECOND, load())
                    .threads(2)
                    .faults(fault())
                    .flip()
                    .run();
            assertThat(state(kit.source())).as("the source").isEqualTo(source);
            assertThat(state(kit.target())).as("the target").isEqualTo(target);
        }
    }

    @Test
    final void failsIfNobodyNotices() {
        Still still = new Still(load());
        AtomicBoolean claimed = new AtomicBoolean();
        Fault stopping = new Fault() {
            @Override
            public String name() {
                return fault().name();
            }

            @Override
            public String strike(Scene scene) throws Exception {
                still.stand();
                String hit = fault().strike(scene);
                claimed.set(true);
                return hit;
            }
        };
        try (DualWriteHarness kit = databases().start()) {
            AssertionError failure = catchThrowableOfType(
                    AssertionError.class,
                    () -> kit.rehearsal()
                            .load(PER_SECOND, still)
                            .threads(1)
                            .patience(SHORT)
                            .faults(stopping)
                            .flip()
                            .run());
            assertThat(claimed)
                    .as("it claims to have hit, and no transaction went on")
                    .isFalse();
            assertThat(failure).as("it fails by an AssertionError").isNotNull();
        }
    }

    /** A load that can be told to stand still: each transaction is refused and tried again. */
    private static final class Still implements Transaction {
        private final Transaction load;
        private final AtomicInteger refused = new AtomicInteger();
        private volatile boolean standing;

        Still(Transaction load) {
            this.load = load;
        }

        @Override
        public void run(Connection connection, long number) throws SQLException {
            if (standing) {
                refused.incrementAndGet();
                throw new SQLException("the load stands still", "40001");
            }
            load.run(connection, number);
        }

        /** Its one thread has no transaction on its way once it was refused. */
        void stand() {
            standing = true;
            Eventually.eventually().until("the load stands still", () -> refused.get() > 0);
        }
    }

    /** Variables of the server that do not change by themselves, and triggers on tables of the host. */
    private static Map<String, String> state(Database database) throws SQLException {
        Map<String, String> state = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SHOW GLOBAL VARIABLES")) {
                while (row.next()) {
                    String name = row.getString(1);
                    if (!name.contains("gtid") && !name.contains("timestamp")) {
                        state.put(name, row.getString(2));
                    }
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT trigger_name FROM information_schema.triggers"
                    + " WHERE trigger_schema = DATABASE() AND trigger_name NOT LIKE 'dualwrite%'")) {
                while (row.next()) {
                    state.put("trigger " + row.getString(1), "");
                }
            }
        }
        return state;
    }
}
