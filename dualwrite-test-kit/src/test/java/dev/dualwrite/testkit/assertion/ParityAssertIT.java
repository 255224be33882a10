package dev.dualwrite.testkit.assertion;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.testkit.oracle.Invariant;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.Tolerance;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Assertions about two databases that know nothing of the library. */
class ParityAssertIT {
    private static final String DDL =
            "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer VARCHAR(40), total DECIMAL(10,2), at DATETIME(3))";

    private Schema source;
    private Schema target;

    @BeforeEach
    void open() throws SQLException {
        source = TwoServers.get().source().isolatedSchema("src");
        target = TwoServers.get().target().isolatedSchema("dst");
        for (Schema side : new Schema[] {source, target}) {
            side.execute(
                    DDL,
                    "INSERT INTO orders VALUES (1, 'Ann', 10.00, '2026-01-01 10:00:00'),"
                            + " (2, 'Bob', 20.00, '2026-01-01 11:00:00'), (3, NULL, 30.00, NULL)",
                    "CREATE TABLE bare (word VARCHAR(20))",
                    "INSERT INTO bare VALUES ('twice'), ('twice')");
        }
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private ParityAssert parity() {
        return assertThat(Parity.between(source.jdbcUrl(), target.jdbcUrl()));
    }

    @Requirement(228)
    @Test
    void equalTablesAreIdenticalByUrlAlone() {
        parity().tables("orders", "bare").isIdenticalAndNotEmpty().hasSameSchema();
    }

    @Requirement(228)
    @Test
    void aFailureTellsWhatIsMissingExtraAndDifferent() throws SQLException {
        target.execute(
                "DELETE FROM orders WHERE id = 1",
                "UPDATE orders SET customer = 'bob', total = 21 WHERE id = 2",
                "INSERT INTO orders VALUES (9, 'Eve', 1, NULL)",
                "DELETE FROM bare LIMIT 1");
        assertThatThrownBy(
                        () -> parity().tables("orders", "bare").as("the shop").isIdentical())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[the shop]")
                .hasMessageContaining(
                        "orders: 1 missing on the target, 1 extra there, 1 different, of 3 rows on the source"
                                + " and 3 on the target")
                .hasMessageContaining("orders: only on the source: id=1 customer='Ann' total=10.00")
                .hasMessageContaining("orders: only on the target: id=9 customer='Eve'")
                .hasMessageContaining(
                        "orders: different: id=2: customer source 'Bob', target 'bob'; total source 20.00, target 21.00\n")
                .hasMessageContaining("bare: only on the source: word='twice'");
    }

    @Test
    void whatIsIgnoredOrToleratedIsNoDifferenceAndAllElseIs() throws SQLException {
        target.execute(
                "UPDATE orders SET total = total + 0.01, at = at + INTERVAL 1 SECOND WHERE id = 1",
                "UPDATE orders SET customer = 'BOB' WHERE id = 2",
                "ALTER TABLE orders ADD COLUMN extra INT, RENAME TO sales_orders");
        ParityAssert lenient = parity().table("orders", "sales_orders")
                .ignoring("extra")
                .tolerating("orders.total", Tolerance.numbersWithin("0.01"))
                .tolerating("at", Tolerance.timesWithin(Duration.ofSeconds(1)))
                .tolerating("customer", Tolerance.ignoringCase());
        lenient.isIdentical();
        assertThatThrownBy(() -> parity().table("orders", "sales_orders")
                        .ignoring("total", "at", "customer")
                        .isIdentical())
                .hasMessageContaining("column extra is only on the target");
        target.execute("UPDATE sales_orders SET total = total + 0.01 WHERE id = 1");
        assertThatThrownBy(lenient::isIdentical)
                .hasMessageContaining("orders -> sales_orders: different: id=1: total source 10.00, target 10.02"
                        + " (numbers within 0.01 is tolerated)");
        target.execute("UPDATE sales_orders SET total = NULL WHERE id = 1");
        assertThatThrownBy(lenient::isIdentical).hasMessageContaining("target NULL");
    }

    @Test
    void manyDifferencesDoNotFlood() throws SQLException {
        StringBuilder rows = new StringBuilder("INSERT INTO orders VALUES (100, REPEAT('x', 40), 1, NULL)");
        for (int i = 101; i < 3000; i++) {
            rows.append(", (").append(i).append(", REPEAT('x', 40), 1, NULL)");
        }
        source.execute(rows.toString());
        assertThatThrownBy(() -> parity().tables("orders").showing(3).isIdentical())
                .hasMessageContaining("2900 missing")
                .hasMessageContaining("id=102")
                .hasMessageContaining("… and 2897 more")
                .message()
                .doesNotContain("id=103")
                .satisfies(text -> assertThat(text.length()).isLessThan(1500));
    }

    @Test
    void whatComparesNothingIsRefused() throws SQLException {
        assertThatThrownBy(() -> parity().isIdentical()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parity().tables("no_such").isIdentical()).hasMessageContaining("no table no_such");
        assertThatThrownBy(() -> parity().tables("orders").ignoring("totl").isIdentical())
                .hasMessageContaining("[totl]");
        assertThatThrownBy(() -> parity().tables("orders").ignoring("bare.word"))
                .hasMessageContaining("name it first");
        source.execute("DELETE FROM bare");
        target.execute("DELETE FROM bare");
        parity().tables("bare").isIdentical();
        assertThatThrownBy(() -> parity().tables("bare").isIdenticalAndNotEmpty())
                .hasMessageContaining("bare is empty on both sides");
    }

    @Requirement(213)
    @Test
    void eachPartOfADefinitionCounts() throws SQLException {
        source.execute(
                "DELETE FROM orders WHERE customer IS NULL",
                "ALTER TABLE orders MODIFY customer VARCHAR(40) NOT NULL DEFAULT '', ADD COLUMN twice DECIMAL(11,2)"
                        + " AS (total * 2) STORED, ADD UNIQUE KEY one (customer, at)",
                "CREATE TABLE line (id BIGINT PRIMARY KEY, order_id BIGINT, CONSTRAINT of_order FOREIGN KEY (order_id)"
                        + " REFERENCES orders (id))",
                "ALTER TABLE bare MODIFY word VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        target.execute(
                "DELETE FROM orders WHERE customer IS NULL",
                "ALTER TABLE orders MODIFY customer VARCHAR(40) NOT NULL, MODIFY total DECIMAL(12,2)",
                "CREATE TABLE line (id BIGINT PRIMARY KEY, order_id BIGINT, KEY of_order (order_id))",
                "CREATE TRIGGER tg BEFORE INSERT ON line FOR EACH ROW SET NEW.order_id = 1");
        assertThatThrownBy(() ->
                        parity().tables("orders", "line", "bare").showing(20).hasSameSchema())
                .hasMessageContaining("orders: column customer: source varchar(40), not null, default,")
                .hasMessageContaining(
                        "orders: column total: source decimal(10,2), nullable, target decimal(12,2), nullable")
                .hasMessageContaining("orders: column twice")
                .hasMessageContaining("orders: key one: source unique, customer,at, target has none")
                .hasMessageContaining("line: foreign key of_order: source order_id, orders, id, RESTRICT")
                .hasMessageContaining("line: trigger tg: source has none, target BEFORE, INSERT")
                .hasMessageContaining("bare: column word: source varchar(20), nullable, utf8mb4_bin");
    }

    @Test
    void anInvariantIsAskedOnEachSide() throws SQLException {
        Invariant paid = Invariant.of(
                "every order has a customer",
                "SELECT id, total FROM orders WHERE customer IS NULL",
                source::connect,
                target::connect);
        source.execute("DELETE FROM orders WHERE id = 3");
        assertThat(paid).holdsOnSource();
        assertThatThrownBy(() -> assertThat(paid).holdsOnBothSides())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("\"every order has a customer\" does not hold")
                .hasMessageContaining("on the target: id=3 total=30.00")
                .message()
                .doesNotContain("on the source");
        target.execute("DELETE FROM orders WHERE id = 3");
        assertThat(paid).holdsOnBothSides();
        target.execute("DROP TABLE orders");
        assertThatThrownBy(() -> assertThat(paid).holdsOnTarget()).hasMessageContaining("could not be asked");
    }

    @Requirement(317)
    @Test
    void anInvariantInJavaIsAskedOnEachSide() throws SQLException {
        Invariant known = new Invariant(
                "every order has a customer",
                side -> {
                    List<String> without = new ArrayList<>();
                    try (Statement statement = side.createStatement();
                            ResultSet row = statement.executeQuery("SELECT id, customer FROM orders ORDER BY id")) {
                        while (row.next()) {
                            if (row.getString(2) == null) {
                                without.add("order " + row.getLong(1));
                            }
                        }
                    }
                    return without;
                },
                source::connect,
                target::connect);
        source.execute("DELETE FROM orders WHERE id = 3");
        assertThat(known).holdsOnSource();
        target.execute("UPDATE orders SET customer = NULL");
        assertThatThrownBy(() -> assertThat(known).holdsOnBothSides())
                .hasMessageContaining("\"every order has a customer\" does not hold")
                .hasMessageContaining("on the target: order 1")
                .hasMessageContaining("on the target: order 3")
                .message()
                .doesNotContain("on the source");
    }

    private static BigDecimal total(Connection side) throws SQLException {
        try (Statement statement = side.createStatement();
                ResultSet row = statement.executeQuery("SELECT SUM(total) FROM orders")) {
            row.next();
            return row.getBigDecimal(1);
        }
    }

    @Requirement(317)
    @Test
    void theSidesHaveToAgreeOnWhatTheHostComputes() throws SQLException {
        parity().agreesOn("the turnover", ParityAssertIT::total);
        target.execute("UPDATE orders SET total = 20.01 WHERE id = 2");
        assertThatThrownBy(() -> parity().agreesOn("the turnover", ParityAssertIT::total))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("do not agree on the turnover: source 60.00, target 60.01");
        target.execute("DELETE FROM orders");
        assertThatThrownBy(() -> parity().agreesOn("the turnover", ParityAssertIT::total))
                .hasMessageContaining("target null");
    }
}
