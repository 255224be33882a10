package dev.dualwrite.testkit.assertion;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.testkit.data.EveryType;
import dev.dualwrite.testkit.fault.StatementLog;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.Tolerance;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Digests of ranges of keys, of databases that know nothing of the library, find what differs and say where. */
class DigestsIT {
    private static final int ROWS = 250;

    private Schema source;
    private Schema target;

    @BeforeEach
    void open() throws SQLException {
        source = TwoServers.get().source().isolatedSchema("src");
        target = TwoServers.get().target().isolatedSchema("dst");
        onBoth("CREATE TABLE item (shop INT, word VARCHAR(20), v INT, at TIMESTAMP NULL, PRIMARY KEY (shop, word))");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add("(" + i / 50 + ", 'w" + (100 + i % 50) + "', " + i + ", '2026-01-01 10:00:00')");
        }
        onBoth("INSERT INTO item VALUES " + String.join(", ", rows));
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private void onBoth(String... statements) throws SQLException {
        source.execute(statements);
        target.execute(statements);
    }

    private ParityAssert parity() {
        return assertThat(Parity.between(source.jdbcUrl(), target.jdbcUrl()));
    }

    private ParityAssert items() {
        return parity().tables("item").inRangesOf(40);
    }

    @Requirement(215)
    @Test
    void whatDiffersIsFoundInItsRange() throws SQLException {
        items().hasSameDigests();
        target.execute("UPDATE item SET v = -1 WHERE shop = 1 AND word = 'w110'"); // the 61st
        assertThatThrownBy(() -> items().as("the shop").hasSameDigests())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[the shop]")
                .hasMessageContaining("in 7 of 7 ranges:")
                .hasMessageEndingWith(
                        "item: shop, word after 0, w139 up to 1, w129: other values in the 40 rows of each side");
        items().ignoring("v").hasSameDigests();
        target.execute("UPDATE item SET v = 60 WHERE v = -1", "DELETE FROM item WHERE v = 0");
        assertThatThrownBy(() -> items().hasSameDigests())
                .hasMessageEndingWith("item: shop, word up to 0, w139: 40 rows on the source, 39 on the target");
        target.execute("INSERT INTO item VALUES (0, 'w100', 0, '2026-01-01 10:00:00'), (9, 'extra', 1, NULL)");
        assertThatThrownBy(() -> items().hasSameDigests())
                .hasMessageEndingWith("item: shop, word after 4, w139: 10 rows on the source, 11 on the target");
        target.execute("DELETE FROM item WHERE shop = 9");
        items().hasSameDigests();
        target.execute("UPDATE item SET at = NULL WHERE v = 249");
        assertThatThrownBy(() -> items().hasSameDigests()).hasMessageContaining("after 4, w139: other values");
    }

    @Requirement(215)
    @Test
    void rowsThatExchangeTheirValuesAndCopiesOfRowsWithoutAKeyAreFound() throws SQLException {
        target.execute("UPDATE item SET v = 1 - v WHERE v IN (0, 1)");
        assertThatThrownBy(() -> items().hasSameDigests()).hasMessageContaining("other values in the 40 rows");
        onBoth("CREATE TABLE bare (word VARCHAR(20))");
        source.execute("INSERT INTO bare VALUES ('a'), ('a'), ('b'), ('b')");
        target.execute("INSERT INTO bare VALUES ('a'), ('a'), ('c'), ('c')");
        assertThatThrownBy(() -> parity().tables("bare").hasSameDigests())
                .hasMessageEndingWith("bare: all rows: other values in the 4 rows of each side");
    }

    @Requirement(215)
    @Test
    void everyTypeHasADigestAndEveryValueItsOwn() throws SQLException {
        EveryType types = EveryType.of(TwoServers.get().source().version());
        onBoth(types.ddl("every"), "INSERT INTO every (id) VALUES (1)", types.ddl("edges"));
        for (int column = 0; column < types.types().size(); column++) {
            for (String value : types.values(types.types().get(column))) {
                target.execute("UPDATE every SET c" + column + " = " + value);
                assertThatThrownBy(() -> parity().tables("every").hasSameDigests())
                        .as("%s %s", types.types().get(column), value)
                        .hasMessageContaining("every: all rows: other values in the 1 rows");
            }
            target.execute("UPDATE every SET c" + column + " = NULL");
        }
        for (String row : types.rows("edges")) {
            onBoth(row);
        }
        parity().tables("every", "edges").inRangesOf(2).hasSameDigests();
    }

    @Requirement(316)
    @Test
    void aSampleLooksAtSomeRangesOfEachTableAndFindsWhatIsThere() throws Exception {
        onBoth("CREATE TABLE small (id INT PRIMARY KEY)", "INSERT INTO small VALUES (1)");
        try (TcpProxy proxy = TcpProxy.inFrontOf(target.server());
                StatementLog log = proxy.record()) {
            assertThat(Parity.between(source.jdbcUrl(), proxy.jdbcUrl(target.name())))
                    .tables("item", "small")
                    .inRangesOf(1)
                    .hasSameDigestsInSample(20);
            long digests = log.statements().stream()
                    .filter(statement -> statement.text().contains("SHA2"))
                    .count();
            assertThat(digests).as("of 251 ranges and 2").isBetween(10L, 110L);
            assertThat(log.statements())
                    .filteredOn(statement -> statement.text().contains("SHA2"))
                    .anyMatch(statement -> statement.text().contains("`small`"));
        }
        target.execute("UPDATE item SET v = v + 1");
        assertThatThrownBy(() -> parity().tables("item").inRangesOf(11).hasSameDigestsInSample(10))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("of 23 ranges, chosen with -Ddualwrite.seed=")
                .hasMessageContaining("other values in the");
    }

    @Test
    void keysThatTheSidesOrderDifferentlyAreOneRange() throws SQLException {
        onBoth("CREATE TABLE named (name VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY)");
        target.execute("ALTER TABLE named MODIFY name VARCHAR(20) COLLATE utf8mb4_general_ci");
        onBoth("INSERT INTO named VALUES ('a'), ('B'), ('c'), ('D')");
        parity().tables("named").inRangesOf(1).hasSameDigests();
        target.execute("DELETE FROM named WHERE name = 'D'");
        assertThatThrownBy(() -> parity().tables("named").inRangesOf(1).hasSameDigests())
                .hasMessageContaining("named: all rows: 4 rows on the source, 3 on the target");
    }

    @Test
    void whatADigestCannotTellIsRefused() throws SQLException {
        assertThatThrownBy(() -> parity().hasSameDigests()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        items().tolerating("v", Tolerance.numbersWithin("1")).hasSameDigests())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot tolerate");
        assertThatThrownBy(() -> items().ignoring("vv").hasSameDigests()).hasMessageContaining("[vv]");
        assertThatThrownBy(() -> items().hasSameDigestsInSample(100)).hasMessageContaining("1 to 99");
        assertThatThrownBy(() -> items().inRangesOf(0)).hasMessageContaining("at least 1");
        target.execute("ALTER TABLE item ADD COLUMN more INT");
        assertThatThrownBy(() -> items().hasSameDigests())
                .hasMessageContaining("item: column more is only on the target");
    }
}
