package dev.dualwrite.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.orders.move.Shop;
import dev.dualwrite.samples.orders.sales.Counter;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.TwoServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.actuate.jdbc.DataSourceHealthIndicator;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.ConfigurableApplicationContext;

/** What Spring Boot looks for behind a {@code DataSource} is found behind the boundary. Nothing converges here but one row. */
class PoolsIT {
    @Test
    void thePoolsTellTheirFiguresAsBefore() throws SQLException {
        try (Shop shop = Shop.on(TwoServers.get())) {
            ConfigurableApplicationContext application = shop.start(List.of());
            application.getBean(Counter.class).receive("SKU", BigDecimal.ONE, 1);
            DataSource boundary = application.getBean(DataSource.class);
            assertThat(boundary).isSameAs(application.getBean(DualWrite.class).dataSource());
            meters(application.getBean(MeterRegistry.class), "source");
            metadata(application, boundary);
            healthy(boundary);
            noXa(boundary);
            behind(boundary, application.getBean("source", HikariDataSource.class));
            new Passage(application.getBean(DualWrite.class)).to(Phase.REVERSE_WINDOW);
            behind(boundary, application.getBean("target", HikariDataSource.class));
            application.getBean(Counter.class).receive("SKU", BigDecimal.ONE, 1);
            meters(application.getBean(MeterRegistry.class), "target");
        }
    }

    private static void meters(MeterRegistry meters, String owner) {
        assertThat(meters.get("hikaricp.connections.max")
                        .tag("pool", owner)
                        .gauge()
                        .value())
                .isEqualTo(12);
        assertThat(meters.get("hikaricp.connections.usage")
                        .tag("pool", owner)
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters.get("jdbc.connections.max").tag("name", owner).gauge().value())
                .isEqualTo(12);
        assertThat(meters.get("jdbc.connections.max")
                        .tag("name", "dataSource")
                        .gauge()
                        .value())
                .as("of the pool that owned when the application started")
                .isEqualTo(12);
    }

    private static void metadata(ConfigurableApplicationContext application, DataSource boundary) {
        DataSourcePoolMetadataProvider pools = new CompositeDataSourcePoolMetadataProvider(
                application.getBeansOfType(DataSourcePoolMetadataProvider.class).values());
        assertThat(pools.getDataSourcePoolMetadata(boundary).getMax()).isEqualTo(12);
    }

    private static void healthy(DataSource boundary) {
        HealthIndicator indicator = new DataSourceHealthIndicator(boundary);
        Health health = indicator.health();
        assertThat(health.getStatus()).as(health.toString()).isEqualTo(Status.UP);
    }

    private static void noXa(DataSource boundary) throws SQLException {
        assertThat(boundary.isWrapperFor(XADataSource.class)).isFalse();
        assertThatThrownBy(() -> boundary.unwrap(XADataSource.class))
                .isExactlyInstanceOf(SQLFeatureNotSupportedException.class)
                .hasMessageContaining("XA transactions are not supported");
    }

    private static void behind(DataSource boundary, HikariDataSource pool) throws SQLException {
        assertThat(boundary.unwrap(HikariConfigMXBean.class)).isSameAs(pool);
        assertThat(boundary.unwrap(HikariDataSource.class)).isSameAs(pool);
        assertThat(DataSourceUnwrapper.unwrap(boundary, HikariConfigMXBean.class, HikariDataSource.class))
                .isSameAs(pool);
    }
}
