package dev.dualwrite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.HarnessBuilder;
import dev.dualwrite.testkit.rehearsal.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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
    void aTransactionThatCommitsIsFound() {
        assertThat(failed(Committing.class)).containsExactly("changesSomethingAndLeavesTheEndToTheRehearsal()");
    }

    @Test
    void aTransactionThatChangesNothingIsFound() {
        assertThat(failed(Idle.class)).containsExactly("changesSomethingAndLeavesTheEndToTheRehearsal()");
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
}
