package dev.dualwrite.samples.tenants;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service. It wants two databases: {@code tenants.source.jdbc-url} and {@code tenants.target.jdbc-url}. */
@SpringBootApplication
public class TenantsApplication {
    /** Starts it, as any Spring Boot application. */
    public static void main(String[] args) {
        SpringApplication.run(TenantsApplication.class, args);
    }
}
