package dev.dualwrite.samples.orders.move;

import dev.dualwrite.samples.orders.OrdersApplication;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** The two databases of the application, and the instances of it that run. For one thread. */
public final class Shop implements AutoCloseable {
    private final Schema source;
    private final Schema target;
    private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

    private Shop(Schema source, Schema target) {
        this.source = source;
        this.target = target;
    }

    /** Makes the tables on both servers. */
    public static Shop on(TwoServers servers) throws SQLException {
        Shop shop = new Shop(
                servers.source().isolatedSchema("orders"), servers.target().isolatedSchema("orders"));
        try {
            makeTables(shop.source);
            makeTables(shop.target);
        } catch (SQLException | RuntimeException e) {
            shop.close();
            throw e;
        }
        return shop;
    }

    private static void makeTables(Schema schema) throws SQLException {
        try (Connection connection = schema.connect()) {
            ScriptUtils.executeSqlScript(connection, new ClassPathResource("orders.sql", OrdersApplication.class));
        }
    }

    /** Where the tables are before. */
    public Schema source() {
        return source;
    }

    /** Where they go. */
    public Schema target() {
        return target;
    }

    /**
     * Starts an instance of the application.
     *
     * @param more configuration classes beside the application's own
     * @param settings of this instance, as {@code name=value}
     */
    public ConfigurableApplicationContext start(List<Class<?>> more, String... settings) {
        ConfigurableApplicationContext instance = new SpringApplicationBuilder(OrdersApplication.class)
                .sources(more.toArray(new Class<?>[0]))
                .properties("orders.source.jdbc-url=" + source.jdbcUrl(), "orders.target.jdbc-url=" + target.jdbcUrl())
                .properties(dialect())
                .properties(settings)
                .run();
        instances.add(instance);
        return instance;
    }

    /** Hibernate asks for the server's keywords, and Connector/J fails on MariaDB where it looks for them. */
    private String[] dialect() {
        return source.server().kind() == ServerKind.MARIADB
                ? new String[] {
                    "spring.jpa.database-platform=org.hibernate.dialect.MariaDBDialect",
                    "spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false"
                }
                : new String[0];
    }

    /** Ends the instances, and drops the tables. */
    @Override
    public void close() {
        instances.forEach(ConfigurableApplicationContext::close);
        target.close();
        source.close();
    }
}
