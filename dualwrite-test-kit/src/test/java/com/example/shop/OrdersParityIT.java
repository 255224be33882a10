package com.example.shop;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;

import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteTest;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

@DualWriteTest(schema = "shop.sql")
class OrdersParityIT {
    @Test
    void whatTheApplicationWritesIsOnBothSides(DualWriteHarness kit) throws Exception {
        try (Connection connection = kit.dataSource().getConnection()) {
            connection.createStatement().executeUpdate("INSERT INTO orders VALUES (2, 'Bob', 'NEW')");
        }
        kit.awaitConverged();
        assertThat(kit.parity()).tables("orders", "order_line").isIdenticalAndNotEmpty();
    }
}
