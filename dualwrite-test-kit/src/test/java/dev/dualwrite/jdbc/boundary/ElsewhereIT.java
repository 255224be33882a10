package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SchemaReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What reaches into the schema of the moved tables out of another one, and what the schema itself may not hold. Where
 * there is a boundary, the test ends with {@link Stage#finish()}; the others judge by what is refused when the schema is read.
 */
class ElsewhereIT {
    private static final String ITEM = "CREATE TABLE item (id BIGINT PRIMARY KEY, v INT)";

    private final String other =
            "elsewhere_" + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);

    private void drop(Stage stage) throws SQLException {
        for (Side side : Side.values()) {
            stage.execute(side, "DROP DATABASE IF EXISTS " + other);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Scenario(35)
    @Test
    void viewsAndFunctionsOfAnotherSchemaDoNotChangeMovedTables() throws Exception {
        try (Stage stage = new Stage(
                "",
                List.of("item"),
                ITEM,
                "CREATE DATABASE IF NOT EXISTS " + other,
                "CREATE OR REPLACE VIEW " + other + ".near AS SELECT * FROM item",
                "CREATE OR REPLACE VIEW " + other + ".far AS SELECT * FROM " + other + ".near",
                "CREATE TABLE IF NOT EXISTS " + other + ".own (id INT PRIMARY KEY)",
                "DROP FUNCTION IF EXISTS " + other + ".changes",
                "CREATE FUNCTION " + other + ".changes() RETURNS INT DETERMINISTIC RETURN 1")) {
            stage.put("INSERT INTO item VALUES (1, 1)");
            try (Connection connection = stage.connect()) {
                for (String view : List.of("near", "far")) {
                    assertThatThrownBy(() -> run(connection, "UPDATE " + other + "." + view + " SET v = 2"))
                            .isInstanceOf(StatementRefusedException.class)
                            .hasMessageContaining("DW-2022");
                }
                assertThatThrownBy(() -> run(connection, "REPLACE INTO " + other + ".far VALUES (1, 2)"))
                        .isInstanceOf(StatementRefusedException.class);
                run(connection, "INSERT INTO " + other + ".own VALUES (1)");
                connection.setCatalog(other);
                assertThatThrownBy(() -> run(connection, "UPDATE far SET v = 2"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2022");
                assertThatThrownBy(() -> run(connection, "SELECT changes()"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2023");
                run(connection, "SELECT ABS(id) FROM own");
            } finally {
                drop(stage);
            }
            assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item")).isEqualTo("1");
            assertThat(stage.busy()).isZero();
            stage.finish();
        }
    }

    @Scenario(28)
    @Test
    void aTriggerOfAnotherSchemaThatChangesAMovedTableIsAFault() throws Exception {
        try (Stage stage = new Stage("", List.of("item"), ITEM)) {
            try (Connection direct = stage.direct(Side.SOURCE)) {
                SchemaReader reader = new SchemaReader(new Domain(List.of("item")), "dualwrite_", row -> row);
                run(direct, "CREATE DATABASE " + other);
                run(direct, "CREATE TABLE " + other + ".own (id INT PRIMARY KEY)");
                assertThat(reader.read(direct, Side.SOURCE).tables()).containsOnlyKeys("item");
                run(
                        direct,
                        "CREATE TRIGGER " + other + ".alike BEFORE INSERT ON " + other
                                + ".own FOR EACH ROW SET @alike = '" + stage.schemaName(Side.SOURCE) + " items item'");
                assertThat(reader.read(direct, Side.SOURCE).tables()).containsOnlyKeys("item");
                run(
                        direct,
                        "CREATE TRIGGER " + other + ".reaches AFTER INSERT ON " + other + ".own FOR EACH ROW UPDATE "
                                + stage.schemaName(Side.SOURCE) + ".item SET v = 2");
                assertThatThrownBy(() -> reader.read(direct, Side.SOURCE))
                        .isInstanceOf(DualWriteException.class)
                        .hasMessageContaining("DW-1003")
                        .hasMessageContaining("reaches");
            } finally {
                drop(stage);
            }
        }
    }

    @Test
    void aKeyWithTwoSpellingsIsAFault() {
        assertThatThrownBy(() ->
                        new Stage("", List.of("spelt"), "CREATE TABLE spelt (id INT(5) ZEROFILL PRIMARY KEY, v INT)"))
                .isInstanceOf(DualWriteException.class)
                .hasMessageContaining("DW-1003")
                .hasMessageContaining("zerofill");
    }

    @Scenario(37)
    @Test
    void keysAreNotChangedWhereTheyAreReadPadded() throws Exception {
        try (Stage stage = new Stage(
                "",
                List.of("item", "fixed"),
                ITEM,
                "CREATE TABLE fixed (c CHAR(5) PRIMARY KEY, v INT) CHARACTER SET utf8mb4")) {
            stage.put("INSERT INTO item VALUES (1, 1)", "INSERT INTO fixed VALUES ('a', 1)");
            try (Connection connection = stage.connect()) {
                run(connection, "UPDATE fixed SET v = 2 WHERE v = 1");
                run(connection, "SET SESSION sql_mode = 'STRICT_ALL_TABLES,PAD_CHAR_TO_FULL_LENGTH'");
                run(connection, "UPDATE item SET v = 2 WHERE v = 1");
                assertThatThrownBy(() -> run(connection, "UPDATE fixed SET v = 3 WHERE v = 2"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2043");
            }
            assertThat(stage.ask(Side.SOURCE, "SELECT v FROM fixed")).isEqualTo("2");
            assertThat(stage.captured(Side.SOURCE)).containsExactly("fixed:a", "item:1");
            stage.finish();
        }
    }
}
