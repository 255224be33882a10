package dev.dualwrite.samples.settlement;

import dev.dualwrite.jdbc.AlreadyAppliedException;
import dev.dualwrite.jdbc.DualWriteConnection;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs transactions that have an idempotency key, each until it is known to be applied. A deadlock is no reason to give up, and
 * neither is a connection that is lost during COMMIT: it is run again with the same key, and if it was committed after all, that
 * is what it is told. Safe for use by any number of threads.
 */
final class Once {
    private static final int RETRIES = 50;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final RetryTemplate retry = new RetryTemplate(RetryPolicy.builder()
            .includes(
                    TransientDataAccessException.class,
                    RecoverableDataAccessException.class,
                    DataAccessResourceFailureException.class,
                    TransactionSystemException.class) // of the ROLLBACK that Spring sends after a COMMIT without answer
            .maxRetries(RETRIES)
            .delay(PAUSE)
            .build());

    Once(DataSource dataSource, JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /** What the work answered, now or when a transaction with this key was committed. */
    Turnover run(String key, Supplier<Turnover> work) {
        try {
            return Objects.requireNonNull(retry.execute(() -> transaction.execute(status -> {
                take(key);
                Turnover result = work.get();
                remember(result);
                return result;
            })));
        } catch (RetryException e) {
            if (e.getCause() instanceof DataAccessException failure) {
                if (failure.getRootCause() instanceof AlreadyAppliedException applied) {
                    return Turnover.ofBytes(applied.result().orElseThrow().bytes());
                }
                throw failure;
            }
            throw new IllegalStateException(key + " was not settled: " + e.getMessage(), e);
        }
    }

    private void take(String key) {
        jdbc.execute((Connection connection) -> {
            connection.unwrap(DualWriteConnection.class).idempotencyKey(key);
            return key;
        });
    }

    private void remember(Turnover result) {
        jdbc.execute((Connection connection) -> {
            connection.unwrap(DualWriteConnection.class).storeResult(result.toBytes());
            return result;
        });
    }
}
