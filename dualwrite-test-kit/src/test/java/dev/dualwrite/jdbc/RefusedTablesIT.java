package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.server.ServerKind;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with which the library does not start. Nothing is moved; each judges by the refusal, and that it names the reason. */
class RefusedTablesIT {
    private static void refused(Rig rig, String... says) {
        assertThatThrownBy(() -> rig.node("one").start())
                .isInstanceOf(DualWriteException.class)
                .hasMessageStartingWith("DW-1003")
                .hasMessageContainingAll(says);
    }

    @Scenario(34)
    @ParameterizedTest
    @ValueSource(strings = {"v INT", "v INT NULL UNIQUE", "v INT NOT NULL UNIQUE"})
    void withoutAPrimaryKey(String columns) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, "CREATE TABLE bare (" + columns + ") ENGINE=InnoDB")) {
            refused(rig, "bare", "primary key");
        }
    }

    /** Another column's change moves the row, which only MySQL has; MariaDB makes no such table. */
    @Test
    void withAGeneratedPrimaryKey() throws Exception {
        String table = "CREATE TABLE made (a INT, k INT AS (a + 1) STORED, PRIMARY KEY (k)) ENGINE=InnoDB";
        try (Rig rig = Rig.shared()) {
            if (rig.schema(Side.SOURCE).server().kind() == ServerKind.MARIADB) {
                assertThatThrownBy(() -> rig.schema(Side.SOURCE).execute(table))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("generated column");
                return;
            }
        }
        try (Rig rig = Rig.shared(Rig.ACCOUNT, table)) {
            refused(rig, "made.k", "generated");
        }
    }

    @Scenario(27)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ON DELETE CASCADE",
                "ON UPDATE CASCADE",
                "ON DELETE SET NULL",
                "ON DELETE SET NULL ON UPDATE CASCADE"
            })
    void withAForeignKeyThatActsByItself(String acts) throws Exception {
        try (Rig rig = Rig.shared(
                Rig.ACCOUNT,
                "CREATE TABLE card (id INT PRIMARY KEY, account BIGINT NULL, CONSTRAINT card_account FOREIGN KEY (account)"
                        + " REFERENCES account (id) " + acts + ") ENGINE=InnoDB")) {
            refused(rig, "card_account");
        }
    }

    @Scenario({28, 29})
    @ParameterizedTest
    @EnumSource(Side.class)
    void withATriggerOnEitherSide(Side side) throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.schema(side)
                    .execute("CREATE TRIGGER notes AFTER INSERT ON account FOR EACH ROW INSERT INTO entry (account,"
                            + " amount) VALUES (NEW.id, 0)");
            refused(rig, side.name(), "notes");
        }
    }

    /** On a table that does not move, and writes one that does. */
    @Scenario(28)
    @Test
    void withATriggerElsewhereThatWritesThem() throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.both("CREATE TABLE outside (id INT PRIMARY KEY) ENGINE=InnoDB");
            rig.schema(Side.SOURCE)
                    .execute("CREATE TRIGGER reaches AFTER INSERT ON outside FOR EACH ROW INSERT INTO entry (account,"
                            + " amount) VALUES (NEW.id, 0)");
            refused(rig, "SOURCE", "reaches");
        }
    }
}
