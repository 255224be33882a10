package dev.dualwrite.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.jdbc.runtime.Seams;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/**
 * An instance in a process of its own, which runs one transaction and dies at a given place: at once, as a
 * crash would, so that nothing is said to anybody any more.
 */
final class HaltingInstance {
    static final int HALTED = 86;

    /** Where it dies. */
    enum Place {
        AFTER_OWNER_COMMIT,
        AFTER_PEEK,
        AFTER_LANES_LOCKED,
        AFTER_OWNER_READ,
        BETWEEN_FOLLOWER_STATEMENTS,
        BEFORE_FOLLOWER_COMMIT,
        AFTER_FOLLOWER_COMMIT
    }

    private HaltingInstance() {}

    /** @param arguments place, migration, URL of the source, URL of the target, tables; then the statements */
    public static void main(String[] arguments) throws Exception {
        List<String> statements = Arrays.asList(arguments).subList(5, arguments.length);
        try (HikariDataSource source = pool(arguments[2]);
                HikariDataSource target = pool(arguments[3]);
                DualWrite dualWrite = DualWrite.named(arguments[1])
                        .source(source)
                        .target(target)
                        .tables(arguments[4].split(",", -1))
                        .instance("halting")
                        .workers(1) // so that one follower transaction gets the lanes of all units
                        .seams(haltingAt(Place.valueOf(arguments[0])))
                        .build();
                Connection connection = dualWrite.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.executeUpdate(sql);
                }
            }
            connection.commit();
            System.out.println("COMMITTED");
            while (System.in.read() >= 0) {
                // it dies by its own hand, or is killed
            }
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        return new HikariDataSource(config);
    }

    private static Seams haltingAt(Place chosen) {
        return new Seams() {
            private void at(Place place) {
                if (place == chosen) {
                    Runtime.getRuntime().halt(HALTED);
                }
            }

            @Override
            public void afterOwnerCommit() {
                at(Place.AFTER_OWNER_COMMIT);
            }

            @Override
            public void afterPeek() {
                at(Place.AFTER_PEEK);
            }

            @Override
            public void afterLanesLocked() {
                at(Place.AFTER_LANES_LOCKED);
            }

            @Override
            public void afterOwnerRead() {
                at(Place.AFTER_OWNER_READ);
            }

            @Override
            public void betweenFollowerStatements() {
                at(Place.BETWEEN_FOLLOWER_STATEMENTS);
            }

            @Override
            public void beforeFollowerCommit() {
                at(Place.BEFORE_FOLLOWER_COMMIT);
            }

            @Override
            public void afterFollowerCommit() {
                at(Place.AFTER_FOLLOWER_COMMIT);
            }
        };
    }
}
