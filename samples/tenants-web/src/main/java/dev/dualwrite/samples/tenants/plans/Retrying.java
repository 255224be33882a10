package dev.dualwrite.samples.tenants.plans;

import java.sql.SQLTransientException;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.retry.RetryOperations;
import org.springframework.retry.support.RetryTemplate;

/** When a transaction is run again: as it has to be for deadlocks anyway. */
@Configuration(proxyBeanMethods = false)
class Retrying {
    @Bean
    RetryOperations retries() {
        return RetryTemplate.builder()
                .maxAttempts(20)
                .exponentialBackoff(5, 2, 200, true)
                .retryOn(List.of(TransientDataAccessException.class, SQLTransientException.class))
                .traversingCauses()
                .build();
    }
}
