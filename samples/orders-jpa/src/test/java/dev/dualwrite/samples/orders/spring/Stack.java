package dev.dualwrite.samples.orders.spring;

import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** What Spring applications put in front of a {@code DataSource}. */
enum Stack {
    LAZY,
    ROUTING,
    ALL;

    DataSource on(DataSource boundary) {
        return switch (this) {
            case LAZY -> new LazyConnectionDataSourceProxy(boundary);
            case ROUTING -> routing(boundary);
            case ALL -> new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(routing(boundary)));
        };
    }

    private static DataSource routing(DataSource boundary) {
        AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return "orders";
            }
        };
        routing.setTargetDataSources(Map.of("orders", boundary));
        routing.afterPropertiesSet();
        return routing;
    }
}
