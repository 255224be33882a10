package dev.dualwrite.samples.tenants;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.ReadComparison;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** All that the migration changes in the service, but for who reads ({@link Tenant}) and what he has written ({@link OwnWrites}). */
@Configuration(proxyBeanMethods = false)
class DataSources {
    @Bean
    @ConfigurationProperties("tenants.source")
    HikariDataSource source() {
        return new HikariDataSource();
    }

    @Bean
    @ConfigurationProperties("tenants.target")
    HikariDataSource target() {
        return new HikariDataSource();
    }

    @Bean
    DualWrite dualWrite(
            @Qualifier("source") HikariDataSource source,
            @Qualifier("target") HikariDataSource target,
            @Value("${tenants.instance}") String instance,
            @Value("${tenants.zone}") String zone,
            @Value("${tenants.reads-compared}") double compared) {
        return DualWrite.named("tenants-2026")
                .source(source)
                .target(target)
                .tables("plan", "price")
                .instance(instance)
                .label("zone", zone)
                .reader(Tenant::ofThisRequest)
                .readLag(Duration.ofSeconds(1))
                .readComparison(ReadComparison.standard().withPercent(compared))
                .build();
    }

    @Bean
    @Primary
    DataSource dataSource(DualWrite dualWrite) {
        return dualWrite.dataSource();
    }
}
