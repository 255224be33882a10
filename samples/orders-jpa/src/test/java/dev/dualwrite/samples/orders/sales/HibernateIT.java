package dev.dualwrite.samples.orders.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.samples.orders.move.Shop;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.TwoServers;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.hibernate.exception.GenericJDBCException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.retry.RetryOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the library's exceptions become on their way through Hibernate, and what the application makes of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HibernateIT {
    private final OperationLog log = new OperationLog();
    private Shop shop;
    private ConfigurableApplicationContext application;
    private Passage passage;
    private Stock stock;
    private EntityManager entities;
    private RetryOperations retries;
    private TransactionTemplate transaction;

    @BeforeAll
    void open() throws SQLException {
        shop = Shop.on(TwoServers.get());
        application = shop.start(List.of());
        passage = new Passage(application.getBean(DualWrite.class));
        stock = application.getBean(Stock.class);
        entities = application.getBean(EntityManager.class);
        retries = application.getBean(RetryOperations.class);
        transaction = new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
        passage.to(Phase.DUAL_WRITE);
        application.getBean(Counter.class).receive("SKU", BigDecimal.ONE, 100);
    }

    @AfterEach
    void judge() throws SQLException {
        new Oracle(
                        shop.source()::connect,
                        shop.target()::connect,
                        "orders-2026",
                        List.of("customer", "stock_item", "purchase_order", "order_line", "shipment", "id_block"),
                        log)
                .assertHolds();
    }

    @AfterAll
    void close() {
        shop.close();
    }

    private int onHand() throws SQLException {
        DualWrite dualWrite = application.getBean(DualWrite.class);
        String pool = dualWrite.ownership().owner() == Side.SOURCE ? "source" : "target";
        Integer onHand = new JdbcTemplate(application.getBean(pool, DataSource.class))
                .queryForObject("SELECT on_hand FROM stock_item", Integer.class);
        return onHand == null ? -1 : onHand;
    }

    @Test
    void aFlushThatAFlipOvertookIsTransient() throws SQLException {
        int before = onHand();
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    StockItem item = stock.findById("SKU").orElseThrow();
                    passage.flip();
                    item.take(1);
                    stock.flush();
                }))
                .isExactlyInstanceOf(CannotAcquireLockException.class)
                .hasRootCauseInstanceOf(OwnershipException.class);
        assertThat(onHand()).isEqualTo(before);
    }

    @Test
    void aCommitThatFlushesAndThatAFlipOvertookIsTransient() throws SQLException {
        int before = onHand();
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    StockItem item = stock.findById("SKU").orElseThrow();
                    passage.flip();
                    item.take(1);
                }))
                .isExactlyInstanceOf(CannotAcquireLockException.class)
                .hasRootCauseInstanceOf(OwnershipException.class);
        assertThat(onHand()).isEqualTo(before);
    }

    @Test
    void aLockingReadThatAFlipOvertookIsTransient() {
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    assertThat(stock.findById("SKU")).isPresent();
                    passage.flip();
                    assertThat(stock.findLockedBySku("SKU")).isEmpty();
                }))
                .isExactlyInstanceOf(CannotAcquireLockException.class)
                .hasRootCauseInstanceOf(OwnershipException.class);
    }

    /** Past a repository nothing is translated, and JPA calls every lock that is not taken optimistic; the cause tells. */
    @Test
    void aLockingReadPastTheRepositoryIsKnownByItsCause() {
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> lockTooLate()))
                .isExactlyInstanceOf(OptimisticLockException.class)
                .hasRootCauseInstanceOf(OwnershipException.class);
        retries.execute(attempt -> {
            transaction.executeWithoutResult(status -> {
                if (attempts.incrementAndGet() == 1) {
                    lockTooLate();
                }
            });
            return true;
        });
        assertThat(attempts).hasValue(2);
    }

    private void lockTooLate() {
        StockItem item = stock.findById("SKU").orElseThrow();
        passage.flip();
        entities.refresh(item, LockModeType.PESSIMISTIC_WRITE);
    }

    @Test
    void aCommitThatIsRefusedIsTransient() throws SQLException {
        int before = onHand();
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> goesOn()))
                .isExactlyInstanceOf(CannotAcquireLockException.class)
                .hasRootCauseInstanceOf(OwnershipException.class);
        retries.execute(attempt -> {
            transaction.executeWithoutResult(status -> {
                if (attempts.incrementAndGet() == 1) {
                    goesOn();
                } else {
                    stock.findById("SKU").orElseThrow().take(1);
                }
            });
            return true;
        });
        assertThat(attempts).hasValue(2);
        assertThat(onHand()).isEqualTo(before - 1);
    }

    private void goesOn() {
        JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
        assertThat(stock.findById("SKU")).isPresent();
        passage.flip();
        assertThatThrownBy(() -> jdbc.update("UPDATE stock_item SET on_hand = on_hand - 1"))
                .isExactlyInstanceOf(CannotAcquireLockException.class);
    }

    @Test
    void aRefusalIsNotTransient() throws SQLException {
        int before = onHand();
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> retries.execute(attempt -> {
                    attempts.incrementAndGet();
                    transaction.executeWithoutResult(status -> entities.createNativeQuery(
                                    "UPDATE stock_item SET on_hand = on_hand - 1 ORDER BY sku LIMIT 1")
                            .executeUpdate());
                    return true;
                }))
                .isExactlyInstanceOf(GenericJDBCException.class)
                .hasRootCauseInstanceOf(StatementRefusedException.class)
                .hasStackTraceContaining("DW-2005");
        assertThat(attempts).hasValue(1);
        assertThat(onHand()).isEqualTo(before);
    }

    @Test
    void whatAFlipOvertookIsRunAgainAndDoneOnceOnTheNewOwner() throws SQLException {
        Counter counter = application.getBean(Counter.class);
        Sales sales = application.getBean(Sales.class);
        long customer = counter.register("again@example.com");
        AtomicInteger attempts = new AtomicInteger();
        Receipt receipt = retries.execute(attempt -> transaction.execute(status -> {
            assertThat(stock.findById("SKU")).isPresent();
            if (attempts.incrementAndGet() == 1) {
                passage.flip();
            }
            return sales.place(customer, "once", new TreeMap<>(Map.of("SKU", 1)));
        }));
        assertThat(attempts).hasValue(2);
        assertThat(counter.look("once")).isEqualTo(receipt);
        counter.cancel("once");
        log.absent("order_line", "order_id", receipt.order());
    }
}
