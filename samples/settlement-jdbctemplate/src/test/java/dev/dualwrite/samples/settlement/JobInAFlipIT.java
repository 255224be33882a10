package dev.dualwrite.samples.settlement;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Statement;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.TransientDataAccessException;

/**
 * A settlement run is in the middle of a chunk when ownership moves: the flip waits for the chunk, and what comes after it waits
 * for the flip, or is sent away to be started again. No chunk is on one side by half, and none is posted twice.
 */
class JobInAFlipIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FILE = "night";

    /** What the application configured for work that finds the owner frozen. */
    enum Policy implements DualWriteSetup {
        WAIT,
        REJECT;

        @Override
        public void prepare(Side side, Database database) throws SQLException {
            new SettlementIT.Settlement().prepare(side, database);
        }

        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            SettlementOnJdbcTemplate.configure(builder);
            return this == REJECT ? builder.freezeWait(Duration.ZERO) : builder;
        }
    }

    private static <T> FutureTask<T> beside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "beside-the-test");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static String schema() throws Exception {
        try (InputStream in = Objects.requireNonNull(SettlementJob.class.getResourceAsStream("schema.sql"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String entries(Database database) throws SQLException {
        return database.ask("SELECT COUNT(*) FROM ledger_entry WHERE file = '" + FILE + "'");
    }

    /** Somebody waits for the lock that the chunk holds on the fence. */
    private static boolean freezeWaits(Database owner) throws SQLException {
        return !owner.ask("SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" + owner.schema()
                        + "' AND info LIKE 'UPDATE%FROZEN%'")
                .equals("0");
    }

    @Scenario(79)
    @ParameterizedTest
    @EnumSource
    void noChunkIsOnOneSideByHalf(Policy policy) throws Exception {
        try (DualWriteHarness kit = DualWriteHarness.isolated()
                .schema(schema())
                .tables("account", "instruction", "ledger_entry")
                .setup(policy)
                .driverOptions("rewriteBatchedStatements=true")
                .start()) {
            SettlementJob job = new SettlementJob(kit.dataSource());
            List<Instruction> instructions = Banks.instructions(new Random(1));
            job.receive(FILE, instructions);
            kit.awaitConverged();
            assertThat(kit.dualWrite().verify().equal()).isTrue();
            Database source = kit.source();
            try (Hold chunk = source.applicationNetwork().holdNext(Statement.startsWith("INSERT INTO ledger_entry"));
                    Hold handOver = source.libraryNetwork()
                            .holdNext(
                                    Statement.startsWith("UPDATE").and(Statement.contains("state = 'HANDED_OVER'")))) {
                FutureTask<Turnover> run = beside(() -> job.settle(FILE));
                chunk.awaitHit(PATIENCE);
                FutureTask<FlipOutcome> flip = beside(kit.dualWrite()::flip);
                Eventually.eventually().until("the flip waits for the chunk", () -> freezeWaits(source));
                chunk.release();

                handOver.awaitHit(PATIENCE);
                assertThat(entries(source)).as("one chunk, whole").isEqualTo(String.valueOf(2 * SettlementJob.CHUNK));
                if (policy == Policy.REJECT) {
                    assertSentAway(run);
                } else {
                    assertThat(run.isDone()).as("the run waits").isFalse();
                }
                handOver.release();
                assertThat(result(flip)).isInstanceOf(FlipOutcome.Flipped.class);
                Turnover turnover = policy == Policy.REJECT ? job.settle(FILE) : result(run);
                assertThat(turnover).isEqualTo(Turnover.of(instructions));
            }
            assertThat(kit.dualWrite().ownership().owner()).isEqualTo(Side.TARGET);
            kit.awaitConverged();
            for (Database side : List.of(source, kit.target())) {
                assertThat(entries(side)).isEqualTo(String.valueOf(2 * Banks.INSTRUCTIONS));
            }
            Books.RULES.forEach(
                    rule -> assertThat(kit.invariant(rule.name(), rule.query())).holdsOnBothSides());
            kit.log().claim(FILE, "SELECT COUNT(*) FROM ledger_entry", 2 * Banks.INSTRUCTIONS);
            kit.enter(Phase.DUAL_WRITE);
            kit.oracle().assertHolds();
        }
    }

    private static void assertSentAway(FutureTask<Turnover> run) {
        ExecutionException failed = catchThrowableOfType(ExecutionException.class, () -> result(run));
        assertThat(failed).cause().isInstanceOf(TransientDataAccessException.class);
        assertThat(failed).rootCause().isInstanceOfSatisfying(OwnershipException.class, why -> {
            assertThat(why.code()).isEqualTo("DW-3001");
            assertThat(why.getSQLState()).isEqualTo("40001");
        });
    }
}
