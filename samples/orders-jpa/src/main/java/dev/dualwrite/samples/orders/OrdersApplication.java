package dev.dualwrite.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. It wants two databases: {@code orders.source.jdbc-url} and {@code orders.target.jdbc-url}. */
@SpringBootApplication
public class OrdersApplication {
    /** Starts it, as any Spring Boot application. */
    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }
}
