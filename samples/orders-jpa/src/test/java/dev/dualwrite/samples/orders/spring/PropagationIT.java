package dev.dualwrite.samples.orders.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.testkit.fault.Eventually;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code PROPAGATION_NESTED}, {@code REQUIRES_NEW} and read-only transactions, over flips. */
class PropagationIT extends OnSpring {
    @Scenario(14)
    @Test
    void whatANestedTransactionDidIsUndoneWithItAndTheRestIsNot() {
        transaction().executeWithoutResult(outer -> {
            insert(1);
            assertThatThrownBy(() -> nested().executeWithoutResult(inner -> {
                        insert(2);
                        insert(1);
                    }))
                    .isExactlyInstanceOf(DuplicateKeyException.class);
            nested().executeWithoutResult(inner -> insert(3));
            nested().executeWithoutResult(inner -> {
                insert(4);
                inner.setRollbackOnly();
            });
        });
        present(1, 3);
        absent(2, 4);
    }

    @Test
    void aNestedTransactionThatHasDoneNothingYetGoesWithTheOwner() {
        transaction()
                .executeWithoutResult(outer -> nested().executeWithoutResult(inner -> {
                    flip();
                    insert(1);
                }));
        present(1);
    }

    /** Spring cannot go back to the savepoint of a transaction that is rolled back, and says that instead; the cause tells. */
    @Test
    void aNestedTransactionThatAFlipOvertookIsRolledBackWithTheOuterOne() {
        assertThatThrownBy(() -> transaction().executeWithoutResult(outer -> {
                    nested().executeWithoutResult(inner -> {
                        overtaken();
                        insert(1);
                    });
                }))
                .isExactlyInstanceOf(TransactionSystemException.class)
                .hasRootCauseInstanceOf(OwnershipException.class);
        absent(1);
    }

    @Test
    void anInnerTransactionOfItsOwnStaysWhenTheOuterOneIsRolledBack() {
        transaction().executeWithoutResult(outer -> {
            insert(1);
            requiresNew().executeWithoutResult(inner -> insert(2));
            outer.setRollbackOnly();
        });
        present(2);
        absent(1);
    }

    @Test
    void anInnerTransactionOfItsOwnWritesOnTheNewOwnerWhileTheOuterOneOnlyRead() {
        transaction().executeWithoutResult(outer -> {
            overtaken();
            requiresNew().executeWithoutResult(inner -> insert(1));
        });
        assertThat(kit().dualWrite().ownership().owner()).isEqualTo(Side.TARGET);
        present(1);
    }

    /**
     * The flip waits for the outer transaction, the inner one behind the flip, and the outer one for the inner. Only the flip has
     * a budget, so it gives up.
     */
    @Scenario(62)
    @Test
    void aFlipBetweenAnOuterAndAnInnerTransactionGivesUp() {
        ready();
        transaction().executeWithoutResult(outer -> {
            insert(1);
            CompletableFuture<FlipOutcome> flip = CompletableFuture.supplyAsync(kit().dualWrite()::flip, THREADS);
            Eventually.eventually()
                    .until("the freeze waits, or the gate has refused", () -> flip.isDone() || freezes());
            requiresNew().executeWithoutResult(inner -> insert(2));
            assertThat(flip.join()).isInstanceOf(FlipOutcome.GaveUp.class);
        });
        present(1, 2);
        flip();
        transaction().executeWithoutResult(outer -> {
            insert(3);
            requiresNew().executeWithoutResult(inner -> insert(4));
        });
        present(3, 4);
    }

    private boolean freezes() throws Exception {
        return !kit().source()
                .ask("SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()"
                        + " AND info LIKE 'UPDATE%fence%FROZEN%'")
                .equals("0");
    }

    /** What the driver says of a write is passed on as it is, and Spring takes its SQLState for a passing trouble. */
    @Test
    void aReadOnlyTransactionReadsFromTheOwnerAndDoesNotWrite() {
        insert(1);
        assertThat(readOnly().<Integer>execute(status -> count())).isEqualTo(1);
        flip();
        insert(2);
        assertThat(readOnly().<Integer>execute(status -> count())).isEqualTo(2);
        assertThatThrownBy(() -> readOnly().executeWithoutResult(status -> insert(3)))
                .isExactlyInstanceOf(TransientDataAccessResourceException.class);
        insert(4);
        present(1, 2, 4);
        absent(3);
    }

    @Test
    void aReadOnlyTransactionThatSpringEnforcesByATextIsRefusedWithTheCallInstead() {
        JdbcTransactionManager enforcing = new JdbcTransactionManager(kit().dataSource());
        enforcing.setEnforceReadOnly(true);
        TransactionTemplate reading = new TransactionTemplate(enforcing);
        reading.setReadOnly(true);
        assertThatThrownBy(() -> reading.<Integer>execute(status -> count()))
                .isExactlyInstanceOf(CannotCreateTransactionException.class)
                .hasRootCauseInstanceOf(StatementRefusedException.class)
                .hasStackTraceContaining("DW-2019")
                .hasStackTraceContaining("setReadOnly");
        assertThat(readOnly().<Integer>execute(status -> count())).isZero();
    }
}
