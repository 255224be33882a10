package dev.dualwrite.samples.settlement;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.jdbc.Resolution.Outcome;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.DualWriteTest;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Moment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A settlement job on JdbcTemplate moves there and back while files come in, and no chunk is lost or posted twice. */
@DualWriteTest(
        schema = "schema.sql",
        setup = SettlementIT.Settlement.class,
        driverOptions = "rewriteBatchedStatements=true",
        tables = {"account", "instruction", "ledger_entry"},
        phase = Phase.SOURCE_ONLY)
class SettlementIT {
    private static final int FILES = 6;

    /** Accounts, and what the application configures. */
    static final class Settlement implements DualWriteSetup {
        @Override
        public void prepare(Side side, Database database) throws SQLException {
            if (side == Side.SOURCE) {
                for (int id = 1; id <= Banks.ACCOUNTS; id++) {
                    database.execute("INSERT INTO account VALUES (" + id + ", 1000, 1000)");
                }
            }
        }

        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return SettlementOnJdbcTemplate.configure(builder);
        }
    }

    @Requirement(134)
    @Test
    void movesThereAndBackUnderLoad(DualWriteHarness kit) throws Exception {
        List<String> settled;
        try (Banks banks = new Banks(kit.dataSource(), 3).start()) {
            for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.DUAL_WRITE)) {
                banks.awaitFiles(FILES);
                kit.enter(phase);
            }
            banks.awaitFiles(FILES);
            banks.end();
            settled = banks.settled();
        }
        assertEverythingIsPosted(kit, settled);
    }

    /** The job is told of a lost connection, runs the chunk again, and hears whether it was committed. */
    @Requirement(259)
    @Scenario(8)
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aChunkWhoseCommitWasNotAnsweredIsPostedOnce(Moment moment, DualWriteHarness kit) throws Exception {
        SettlementJob job = new SettlementJob(kit.dataSource());
        for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW)) {
            kit.enter(phase);
            List<Instruction> instructions = Banks.instructions(new Random(1));
            job.receive(phase.name(), instructions);
            try (Cut cut = kit.owner().applicationNetwork().cutNextCommit(moment)) {
                assertThat(job.settle(phase.name(), SettlementJob.CHUNK).instructions())
                        .isEqualTo(SettlementJob.CHUNK);
                cut.awaitHit(Duration.ofSeconds(10));
            }
            assertThat(job.settle(phase.name())).isEqualTo(Turnover.of(instructions));
        }
        kit.enter(Phase.DUAL_WRITE);
        assertEverythingIsPosted(kit, List.of(Phase.DUAL_WRITE.name(), Phase.REVERSE_WINDOW.name()));
    }

    @Test
    void theSampleDoesWhatItSays() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        SettlementOnJdbcTemplate.run(new PrintStream(printed, true, StandardCharsets.UTF_8), 2);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .startsWith("DUAL_WRITE: SOURCE owns", "REVERSE_WINDOW: TARGET owns", "DUAL_WRITE: SOURCE owns");
    }

    private static void assertEverythingIsPosted(DualWriteHarness kit, List<String> settled) throws SQLException {
        for (String file : settled) {
            kit.log()
                    .claim(
                            file,
                            "SELECT COUNT(*) FROM ledger_entry WHERE file = '" + file + "'",
                            2 * Banks.INSTRUCTIONS);
        }
        kit.log().claim("files", "SELECT COUNT(DISTINCT file) FROM ledger_entry", settled.size());
        kit.oracle().assertHolds();
        Books.RULES.forEach(
                rule -> assertThat(kit.invariant(rule.name(), rule.query())).holdsOnBothSides());
        for (String file : List.of(settled.get(0), settled.get(settled.size() - 1))) {
            assertThat(kit.dualWrite().resolve(SettlementJob.key(file, 0)).outcome())
                    .isEqualTo(Outcome.COMMITTED);
        }
    }
}
