package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.server.ManagedServer;
import dev.dualwrite.testkit.server.PrivateServers;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.ServersUnavailableException;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that differ by case only, which mean two tables on one server and one on another; judged as {@link OnStage} says. */
class CaseOfNamesIT extends OnStage {
    private static final String ITEM = "CREATE TABLE Item (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)";
    private static final String TWIN = "CREATE TABLE ITEM (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)";
    private static final String PAIR = "CREATE TABLE pair (a INT PRIMARY KEY)";

    private static final String FOLDING = "--lower-case-table-names=1";

    private @Nullable ManagedServer folding;

    @Override
    @AfterEach
    void close() throws Exception {
        try {
            super.close();
        } finally {
            if (folding != null) {
                folding.close();
            }
        }
    }

    /** Whichever of the two was read last would be taken for both. */
    @Scenario(35)
    @ParameterizedTest
    @CsvSource({"item, '" + TWIN + "'", "ITEM, '" + TWIN + "'", "item, 'CREATE VIEW ITEM AS SELECT * FROM pair'"})
    void twoNamesThatDifferByCaseOnlyAreAFault(String named, String twin) {
        assertThatThrownBy(() -> new Stage("", List.of(named), ITEM, PAIR, twin).close())
                .isInstanceOf(DualWriteException.class)
                .hasMessageContaining("DW-1003")
                .hasMessageContaining("Item")
                .hasMessageContaining("ITEM")
                .hasMessageContaining("case");
    }

    @Scenario(35)
    @Test
    void whereTheServerTellsThemApartAnotherSpellingIsNoTable() throws Exception {
        stage = new Stage("", List.of("Item"), ITEM);
        assertThat(stage.ask(Side.SOURCE, "SELECT @@lower_case_table_names")).isEqualTo("0");
        stage.put("INSERT INTO Item VALUES (1, 1), (2, 2)");
        for (boolean autoCommit : new boolean[] {true, false}) {
            doing(autoCommit, c -> {
                for (String sql : List.of(
                        "UPDATE item SET v = 9 WHERE id = 1",
                        "UPDATE ITEM SET v = 9 WHERE v < 3",
                        "INSERT INTO iteM (v) VALUES (9)")) {
                    assertThatThrownBy(() -> update(c, sql))
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    e -> assertThat(e.getErrorCode()).as(sql).isEqualTo(1146));
                }
                assertThat(update(c, "UPDATE Item SET V = v + 1 WHERE ID = 2")).isEqualTo(1);
            });
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(v ORDER BY id) FROM Item"))
                .isEqualTo("1,4");
    }

    /** MySQL keeps to the setting that its data was made with, so there the rest is MariaDB's alone. */
    @Scenario(35)
    @Test
    void whereItDoesNotEverySpellingIsTheTable() throws Exception {
        if (TwoServers.get().source().kind() == ServerKind.MYSQL) {
            assertThatThrownBy(() -> PrivateServers.start(FOLDING).close())
                    .isInstanceOf(ServersUnavailableException.class);
            return;
        }
        folding = PrivateServers.start(FOLDING);
        stage = new Stage(folding, folding, "", List.of("Item"), ITEM);
        stage.put("INSERT INTO item VALUES (1, 1), (2, 2)");
        String own = stage.schemaName(Side.SOURCE).toUpperCase(Locale.ROOT);
        for (boolean autoCommit : new boolean[] {true, false}) {
            assertThat(doing(autoCommit, c -> {
                        update(c, "UPDATE item SET v = v + 1 WHERE id = 1");
                        update(c, "UPDATE ITEM SET v = v + 10 WHERE v < 3");
                        update(c, "INSERT INTO `iteM` (id, v) VALUES (NULL, 9)");
                        update(c, "DELETE FROM " + own + ".ITEM WHERE v = 9");
                    }))
                    .contains("item:1");
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM iTEM")).isEqualTo("2");
    }
}
