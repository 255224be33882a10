package dev.dualwrite.samples.orders.spring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.jdbc.AlreadyAppliedException;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.jdbc.DualWriteConnection;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.DualWriteTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** What the library's exceptions become where {@code JdbcTemplate} and its transaction managers translate them. */
@DualWriteTest(schema = "entry.sql", setup = TranslationIT.Keys.class)
class TranslationIT extends OnSpring {
    /** A migration with idempotency keys. */
    static final class Keys implements DualWriteSetup {
        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return builder.idempotencyKeys(Duration.ofHours(1));
        }
    }

    @Test
    void aStatementThatAFlipOvertookIsTransient() {
        assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {
                    overtaken();
                    insert(1);
                }))
                .isExactlyInstanceOf(CannotAcquireLockException.class)
                .hasCauseInstanceOf(OwnershipException.class)
                .hasMessageContaining("DW-3002");
        absent(1);
        insert(2);
        present(2);
    }

    @Test
    void aCommitAfterAnErrorThatWasIgnoredIsTransientToo() {
        assertThatThrownBy(() -> transaction().executeWithoutResult(this::goesOn))
                .isExactlyInstanceOf(CannotAcquireLockException.class)
                .hasCauseInstanceOf(OwnershipException.class);
        absent(1);
    }

    /** Which does not translate what a commit fails by, whoever says it. */
    @Test
    void theOlderTransactionManagerHidesItInACause() {
        TransactionTemplate older = new TransactionTemplate(new DataSourceTransactionManager(kit().dataSource()));
        assertThatThrownBy(() -> older.executeWithoutResult(this::goesOn))
                .isExactlyInstanceOf(TransactionSystemException.class)
                .hasCauseInstanceOf(OwnershipException.class);
        absent(1);
    }

    private void goesOn(Object status) {
        overtaken();
        assertThatThrownBy(() -> insert(1)).isExactlyInstanceOf(CannotAcquireLockException.class);
    }

    @Test
    void aRefusalIsNotTransientAndTheTransactionGoesOn() {
        transaction().executeWithoutResult(status -> {
            insert(1);
            assertThatThrownBy(() -> jdbc().update("REPLACE INTO entry VALUES (1, 'other')"))
                    .isExactlyInstanceOf(UncategorizedSQLException.class)
                    .hasCauseInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("DW-2001");
            assertThatThrownBy(() -> jdbc().execute("XA START 'x'"))
                    .isExactlyInstanceOf(UncategorizedSQLException.class)
                    .hasMessageContaining("DW-2018");
            insert(2);
        });
        present(1, 2);
    }

    @Test
    void aKeyThatWasAppliedIsAViolationAndNotTransient() {
        transaction().executeWithoutResult(status -> {
            key("once");
            insert(1);
        });
        assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {
                    key("once");
                    insert(2);
                }))
                .isExactlyInstanceOf(DataIntegrityViolationException.class)
                .hasCauseInstanceOf(AlreadyAppliedException.class);
        present(1);
        absent(2);
    }

    private void key(String key) {
        jdbc().execute((ConnectionCallback<Boolean>) connection -> {
            connection.unwrap(DualWriteConnection.class).idempotencyKey(key);
            return true;
        });
    }
}
