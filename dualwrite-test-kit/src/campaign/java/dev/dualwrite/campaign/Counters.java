package dev.dualwrite.campaign;

import java.util.List;

/** Two tables that every run has: counters that all clients raise, and a token for each time that one was raised. */
final class Counters {
    static final String COUNTER = "counter";
    static final String TOKEN = "token";
    static final int COUNT = 2;

    private Counters() {}

    static List<String> ddl() {
        return List.of(
                "CREATE TABLE counter (id INT PRIMARY KEY, n BIGINT NOT NULL) ENGINE=InnoDB",
                "CREATE TABLE token (id BIGINT AUTO_INCREMENT PRIMARY KEY, counter INT NOT NULL,"
                        + " n BIGINT NOT NULL, token VARCHAR(40) NOT NULL, UNIQUE KEY once (token)) ENGINE=InnoDB");
    }
}
