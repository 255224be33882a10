package dev.dualwrite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.HarnessBuilder;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.rehearsal.Fault;
import dev.dualwrite.testkit.rehearsal.Scene;
import dev.dualwrite.testkit.rehearsal.StatementMix;
import dev.dualwrite.testkit.rehearsal.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A contract finds who breaks it, by the test that says what is broken, and by no other. */
class ContractsIT {

    @Test
    void flagsThatForgetAWishWhenAskedAreFound() {
        assertThat(failed(ForgetfulFlags.class)).contains("beingAskedChangesNothing()");
    }

    @Test
    void flagsThatMixHoldAndKillUpAreFound() {
        assertThat(failed(MixedFlags.class))
                .contains("keepsTheThreeApart()")
                .doesNotContain("wishesForNothingByItself()");
    }

    @Test
    void flagsThatWishByThemselvesAreFound() {
        assertThat(failed(OwnWill.class)).contains("wishesForNothingByItself()");
    }

    @Test
    void flagsThatTakeSamplingForReadersAreFound() {
        assertThat(failed(MistakenShare.class)).containsExactly("tellsReadersSamplingAndPaceIfItHasThem()");
    }

    @Test
    void flagsThatSayAnotherThingInOneLookAreFound() {
        assertThat(failed(OtherMoment.class)).contains("saysTheSameInOneLook()");
    }

    @Test
    void aTransactionThatCommitsIsFound() {
        assertThat(failed(Committing.class)).containsExactly("changesSomethingAndLeavesTheEndToTheRehearsal()");
    }

    @Test
    void aTransactionThatChangesNothingIsFound() {
        assertThat(failed(Idle.class)).containsExactly("changesSomethingAndLeavesTheEndToTheRehearsal()");
    }

    @Test
    void aFaultThatClaimsToHaveHitAndHasNoNameIsFound() {
        assertThat(failed(Boasting.class)).containsExactlyInAnyOrder("hasANameOfOneLine()", "failsIfNobodyNotices()");
    }

    @Test
    void aFaultThatLosesSomethingItselfIsFound() {
        assertThat(failed(Losing.class)).containsExactly("strikesBeforeTheFlipAndBeforeTheRollbackAndNothingIsLost()");
    }

    @Test
    void aFaultThatLeavesSomethingBehindIsFound() {
        assertThat(failed(Leaving.class)).containsExactly("leavesServersAndTablesAsItFoundThem()");
    }

    @Test
    void aSetupWhoseSidesDifferIsFound() {
        assertThat(failed(TwoMinds.class))
                .contains("makesTheSameTablesOnBothSides()")
                .doesNotContain("configuresAMigrationThatGoesThereAndBack()");
    }

    @Test
    void aSetupThatRemembersWhatAnotherOneDidIsFound() {
        assertThat(failed(Once.class)).containsExactly("makesThemAgainForEachPairOfDatabases()");
    }

    @Test
    void aSetupThatConfiguresAnotherMigrationIsFound() {
        assertThat(failed(OwnBuilder.class)).contains("configuresAMigrationThatGoesThereAndBack()");
    }

    private static Set<String> failed(Class<?> contract) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(contract))
                                .build(),
                        listener);
        assertThat(listener.getSummary().getTestsStartedCount()).isPositive();
        return listener.getSummary().getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName())
                .collect(Collectors.toSet());
    }

    // ---- who breaks it --------------------------------------------------------------------------------------

    /** Flags as fields, for those that break something. */
    abstract static class Flags extends FlagSourceContract implements FlagSource {
        volatile Optional<Phase> phase = Optional.empty();
        volatile boolean held;
        volatile boolean killed;

        @Override
        protected FlagSource flags() {
            return this;
        }

        @Override
        protected void request(Optional<Phase> wished) {
            phase = wished;
        }

        @Override
        protected void hold(boolean on) {
            held = on;
        }

        @Override
        protected void kill(boolean on) {
            killed = on;
        }

        @Override
        public Optional<Phase> requestedPhase() {
            return phase;
        }

        @Override
        public boolean hold() {
            return held;
        }

        @Override
        public boolean kill() {
            return killed;
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(200);
        }
    }

    static class ForgetfulFlags extends Flags {
        @Override
        public Optional<Phase> requestedPhase() {
            Optional<Phase> wished = phase;
            phase = Optional.empty();
            return wished;
        }
    }

    static class MixedFlags extends Flags {
        @Override
        public boolean kill() {
            return held;
        }
    }

    static class OwnWill extends Flags {
        @Override
        public Optional<Phase> requestedPhase() {
            return phase.or(() -> Optional.of(Phase.DUAL_WRITE));
        }
    }

    static class MistakenShare extends Flags {
        volatile OptionalDouble percent = OptionalDouble.empty();

        @Override
        protected boolean names() {
            return true;
        }

        @Override
        protected void readers(
                OptionalDouble percent, Map<String, Set<String>> members, OptionalDouble sampling, boolean paused) {
            this.percent = percent;
        }

        @Override
        public OptionalDouble sampling() {
            return percent;
        }
    }

    static class OtherMoment extends Flags {
        @Override
        public FlagSource now() {
            return FlagSource.none();
        }
    }

    /** A transaction on one table. */
    abstract static class OnVisits extends TransactionContract implements Transaction {
        @Override
        protected Transaction transaction() {
            return this;
        }

        @Override
        protected HarnessBuilder databases() {
            return DualWriteHarness.isolated().schema("CREATE TABLE visit (id BIGINT AUTO_INCREMENT PRIMARY KEY);");
        }
    }

    static class Committing extends OnVisits {
        @Override
        public void run(Connection connection, long number) throws SQLException {
            try (Statement insert = connection.createStatement()) {
                insert.executeUpdate("INSERT INTO visit VALUES (NULL)");
            }
            connection.commit();
        }
    }

    static class Idle extends OnVisits {
        @Override
        public void run(Connection connection, long number) {}
    }

    /** A fault beside one table that moves and one that stays. */
    abstract static class OnShop extends FaultContract implements Fault {
        @Override
        protected Fault fault() {
            return this;
        }

        @Override
        public String name() {
            return getClass().getSimpleName();
        }

        @Override
        protected HarnessBuilder databases() {
            return DualWriteHarness.isolated()
                    .schema("CREATE TABLE visit (id BIGINT AUTO_INCREMENT PRIMARY KEY); CREATE TABLE stays (id INT);")
                    .tables("visit");
        }

        @Override
        protected Transaction load() {
            return StatementMix.parse("INSERT INTO visit VALUES (NULL);");
        }
    }

    static class Boasting extends OnShop {
        @Override
        public String name() {
            return " ";
        }

        @Override
        public String strike(Scene scene) {
            return "everything";
        }
    }

    static class Losing extends OnShop {
        @Override
        public String strike(Scene scene) throws Exception {
            scene.awaitCommits(1);
            scene.stage().source().execute("DELETE FROM testkit_mark WHERE number < 10");
            scene.stage().target().execute("DELETE FROM testkit_mark WHERE number < 10");
            return "some rows";
        }
    }

    static class Leaving extends OnShop {
        @Override
        public String strike(Scene scene) throws Exception {
            scene.awaitCommits(1);
            scene.stage().follower().execute("DROP TRIGGER IF EXISTS left_over", """
                            CREATE TRIGGER left_over BEFORE INSERT ON stays FOR EACH ROW SET NEW.id = 1""");
            return "a table that stays";
        }
    }

    /** A setup of one table. */
    abstract static class OfATable extends DualWriteSetupContract implements DualWriteSetup {
        @Override
        protected DualWriteSetup setup() {
            return this;
        }

        @Override
        public void prepare(Side side, Database database) throws Exception {
            database.execute("CREATE TABLE visit (id BIGINT PRIMARY KEY)");
        }
    }

    static class TwoMinds extends OfATable {
        @Override
        public void prepare(Side side, Database database) throws Exception {
            database.execute(
                    "CREATE TABLE visit (id BIGINT PRIMARY KEY, n INT DEFAULT " + (side == Side.SOURCE ? 1 : 2) + ")");
        }
    }

    static class Once extends OfATable {
        static final AtomicInteger shops = new AtomicInteger();

        @Override
        public void prepare(Side side, Database database) throws Exception {
            int shop = side == Side.SOURCE ? shops.incrementAndGet() : shops.get();
            database.execute("CREATE TABLE visit" + shop + " (id BIGINT PRIMARY KEY)");
        }
    }

    static class OwnBuilder extends OfATable {
        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return DualWrite.named("another").tables("visit");
        }
    }
}
