package dev.dualwrite.samples.orders.sales;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLTransientException;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.retry.RetryCallback;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryListener;
import org.springframework.retry.RetryOperations;
import org.springframework.retry.support.RetryTemplate;

/**
 * When a transaction is run again: as it has to be for deadlocks and stale versions anyway. Spring does not translate what comes
 * from an {@code EntityManager} past a repository, nor what a nested transaction fails by; so causes count.
 */
@Configuration(proxyBeanMethods = false)
class Retrying {
    @Bean
    RetryOperations retries(MeterRegistry meters) {
        return RetryTemplate.builder()
                .maxAttempts(20)
                .exponentialBackoff(5, 2, 200, true)
                .retryOn(List.of(TransientDataAccessException.class, SQLTransientException.class))
                .traversingCauses()
                .withListener(new Counted(meters))
                .build();
    }

    /** Counts what transactions are run again for. */
    private record Counted(MeterRegistry meters) implements RetryListener {
        @Override
        public <T, E extends Throwable> void onError(RetryContext context, RetryCallback<T, E> what, Throwable error) {
            meters.counter("orders.failed.attempts", "error", error.getClass().getSimpleName())
                    .increment();
        }
    }
}
