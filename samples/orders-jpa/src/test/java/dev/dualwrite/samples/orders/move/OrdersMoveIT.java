package dev.dualwrite.samples.orders.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.orders.sales.Counter;
import dev.dualwrite.samples.orders.sales.Receipt;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.TwoServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The application moves, and moves back, while customers order. */
class OrdersMoveIT {
    private static final Duration STAGE = Duration.ofMillis(300);
    private static final int VISITS = 25;
    private static final List<String> TABLES =
            List.of("customer", "stock_item", "purchase_order", "order_line", "shipment", "id_block");

    /** It ends in {@code TARGET_ONLY}, which the oracle cannot judge; the sample itself verifies before. */
    @Test
    void theSampleLosesNothing() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean good =
                new OrdersMove(new PrintStream(printed, true, StandardCharsets.UTF_8), Duration.ofMillis(100)).run();
        assertThat(good).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("lost or different 0");
    }

    /** The other instance has autocommit off in its pools and tells Hibernate so: nobody ever calls setAutoCommit there. */
    @Scenario({76, 81})
    @Test
    void twoInstancesMoveAndMoveBackAndNoIdIsHandedOutTwice() throws Exception {
        HandedOut.clear();
        try (Shop shop = Shop.on(TwoServers.get())) {
            Leaks leaks = Leaks.watch()
                    .and(shop.source().server(), shop.source().name())
                    .and(shop.target().server(), shop.target().name());
            try (ConfigurableApplicationContext one = shop.start(List.of(HandedOut.class));
                    ConfigurableApplicationContext other = shop.start(
                            List.of(HandedOut.class),
                            "orders.source.auto-commit=false",
                            "orders.target.auto-commit=false",
                            "spring.jpa.properties.hibernate.connection.provider_disables_autocommit=true")) {
                Shoppers shoppers = new Shoppers(List.of(one.getBean(Counter.class), other.getBean(Counter.class)), 4);
                shoppers.stock();
                shoppers.start();
                moveAndMoveBack(one.getBean(DualWrite.class), shoppers);
                shoppers.end();
                assertThat(shoppers.failures()).as(attempts(one, other)).isEmpty();
                judge(shop, one, shoppers);
            }
            leaks.assertNone(Duration.ofSeconds(20));
        }
    }

    private static void moveAndMoveBack(DualWrite dualWrite, Shoppers shoppers) throws InterruptedException {
        Passage passage = new Passage(dualWrite);
        passage.to(Phase.DUAL_WRITE);
        shoppers.go(STAGE, VISITS);
        passage.flip();
        assertThat(dualWrite.ownership().owner()).isEqualTo(Side.TARGET);
        shoppers.go(STAGE, VISITS);
        passage.flip();
        assertThat(dualWrite.ownership().owner()).isEqualTo(Side.SOURCE);
        shoppers.go(STAGE, VISITS);
    }

    private static void judge(Shop shop, ConfigurableApplicationContext one, Shoppers shoppers) throws Exception {
        OperationLog log = new OperationLog();
        shoppers.told().forEach((reference, receipt) -> {
            log.present("purchase_order", "id", receipt.order());
            receipt.items().values().forEach(item -> log.present("order_line", "id", item.line()));
        });
        shoppers.cancelled().forEach(reference -> log.absent("purchase_order", "reference", reference));
        shoppers.shipments().forEach(number -> log.present("shipment", "id", number));
        new Oracle(shop.source()::connect, shop.target()::connect, "orders-2026", TABLES, log).assertHolds();
        for (String side : List.of("source", "target")) {
            assertThat(Books.wrong(one.getBean(side, DataSource.class)))
                    .as(side)
                    .isEmpty();
        }
        Counter counter = one.getBean(Counter.class);
        for (var order : shoppers.told().entrySet()) {
            Receipt now = counter.look(order.getKey());
            assertThat(now).isEqualTo(order.getValue());
        }
        assertThat(HandedOut.twice()).as("of " + HandedOut.count()).isEmpty();
        assertThat(HandedOut.count()).isGreaterThan(3 * VISITS);
    }

    private static String attempts(ConfigurableApplicationContext... instances) {
        StringBuilder text = new StringBuilder("failed attempts:");
        for (ConfigurableApplicationContext instance : instances) {
            instance.getBean(MeterRegistry.class)
                    .find("orders.failed.attempts")
                    .counters()
                    .forEach(counter -> text.append(' ')
                            .append(counter.getId().getTag("error"))
                            .append(' ')
                            .append((long) counter.count()));
        }
        return text.toString();
    }
}
