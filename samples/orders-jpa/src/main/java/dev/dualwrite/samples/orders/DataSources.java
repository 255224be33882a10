package dev.dualwrite.samples.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.jdbc.DualWrite;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * All that the migration changes in the application: JPA's {@code DataSource} is dualwrite's, in front of the pool that was there
 * and the one of the other server. Both stay beans, so that their figures are told as before.
 */
@Configuration(proxyBeanMethods = false)
class DataSources {
    @Bean
    @ConfigurationProperties("orders.source")
    HikariDataSource source() {
        return new HikariDataSource();
    }

    @Bean
    @ConfigurationProperties("orders.target")
    HikariDataSource target() {
        return new HikariDataSource();
    }

    @Bean
    DualWrite dualWrite(@Qualifier("source") HikariDataSource source, @Qualifier("target") HikariDataSource target) {
        return DualWrite.named("orders-2026")
                .source(source)
                .target(target)
                .tables("customer", "stock_item", "purchase_order", "order_line", "shipment", "id_block")
                .build();
    }

    @Bean
    @Primary
    DataSource dataSource(DualWrite dualWrite) {
        return dualWrite.dataSource();
    }
}
