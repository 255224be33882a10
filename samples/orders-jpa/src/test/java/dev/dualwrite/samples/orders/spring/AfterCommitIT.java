package dev.dualwrite.samples.orders.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.DualWriteTest;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.FailPoint;
import dev.dualwrite.testkit.fault.Hold;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A synchronisation writes after the commit, when the owner is frozen. */
@DualWriteTest(schema = "entry.sql", setup = AfterCommitIT.Patient.class)
class AfterCommitIT extends OnSpring {
    /** A flip that may take its time. */
    static final class Patient implements DualWriteSetup {
        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return builder.flipBudget(Duration.ofSeconds(30));
        }
    }

    private CompletableFuture<FlipOutcome> flip = new CompletableFuture<>();
    private CompletableFuture<Void> waited = new CompletableFuture<>();

    /**
     * In a transaction of its own, as Spring advises; or else on the connection of the one that has committed, where what is
     * written is committed when Spring switches autocommit on again.
     */
    @ParameterizedTest(name = "in a transaction of its own: {0}")
    @ValueSource(booleans = {true, false})
    void itsWriteWaitsAndGoesToTheNewOwner(boolean ownTransaction) throws Exception {
        ready();
        transaction().executeWithoutResult(status -> {
            insert(1);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    frozen();
                    if (ownTransaction) {
                        requiresNew().executeWithoutResult(own -> insert(2));
                    } else {
                        insert(2);
                    }
                }
            });
        });
        waited.get();
        assertThat(flip.get()).isInstanceOf(FlipOutcome.Flipped.class);
        assertThat(kit().dualWrite().ownership().owner()).isEqualTo(Side.TARGET);
        assertThat(kit().target().ask("SELECT COUNT(*) FROM entry WHERE id = 2"))
                .isEqualTo("1");
        present(1, 2);
    }

    /** Returns with the owner frozen; the flip goes on as soon as this thread waits for it. */
    private void frozen() {
        Thread writer = Thread.currentThread();
        Hold handOver = kit().source().libraryNetwork().holdNext(FailPoint.HAND_OVER);
        flip = CompletableFuture.supplyAsync(kit().dualWrite()::flip, THREADS);
        handOver.awaitHit(Duration.ofSeconds(20));
        waited = CompletableFuture.runAsync(
                () -> {
                    Eventually.eventually()
                            .until("the writer waits", () -> writer.getState() == Thread.State.TIMED_WAITING);
                    handOver.release();
                },
                THREADS);
    }
}
