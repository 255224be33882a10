package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/**
 * For tests of the boundary alone. On a {@link Stage} nothing converges while they run, so that the intents stay to be
 * looked at, and each change is held against the rows that it changed. Every test ends with no connection kept, and with
 * {@link Stage#finish()}: what was captured makes both sides equal.
 */
abstract class OnStage {
    private static final List<String> MOVED = List.of("item", "pair", "code", "stamp", "amount", "day");
    static final String[] DDL = {
        "CREATE TABLE item (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(50) NULL UNIQUE)",
        "CREATE TABLE pair (a INT, b VARCHAR(20), v INT, PRIMARY KEY (a, b))",
        "CREATE TABLE code (c VARCHAR(10) PRIMARY KEY, v INT)",
        "CREATE TABLE stamp (t DATETIME(3) PRIMARY KEY, v INT)",
        "CREATE TABLE amount (d DECIMAL(10,2) PRIMARY KEY, v INT)",
        "CREATE TABLE day (d DATE PRIMARY KEY, v INT)",
        "CREATE TABLE elsewhere (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "CREATE VIEW items AS SELECT * FROM item",
    };

    @SuppressWarnings("NullAway.Init")
    Stage stage;

    void open(String options) throws Exception {
        stage = new Stage(options, MOVED, DDL);
    }

    /** With the same tables, for what is not to be judged at the end. */
    static Stage anotherStage(String options) throws Exception {
        return new Stage(options, MOVED, DDL);
    }

    @AfterEach
    void close() throws Exception {
        if (stage == null) {
            return;
        }
        try (Stage ended = stage) {
            assertThat(ended.busy()).as("connections that were not given back").isZero();
            ended.finish();
        }
    }

    /** Something that a host does. */
    interface Work {
        void on(Connection connection) throws Exception;
    }

    /** Every key whose row changed has an intent, and the connection went back. */
    Set<String> doing(boolean autoCommit, Work work) throws Exception {
        Map<String, String> before = stage.rows(Side.SOURCE);
        stage.forget(Side.SOURCE);
        try (Connection connection = stage.connect()) {
            connection.setAutoCommit(autoCommit);
            work.on(connection);
            if (!autoCommit) {
                connection.commit();
            }
        }
        Set<String> captured = stage.captured(Side.SOURCE);
        Set<String> changed = Stage.changed(before, stage.rows(Side.SOURCE));
        // the collations here have no case, and an intent is of a unit
        assertThat(folded(captured)).containsAll(folded(changed));
        assertThat(stage.busy()).isZero();
        return captured;
    }

    static Set<String> folded(Set<String> keys) {
        return keys.stream().map(key -> key.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
