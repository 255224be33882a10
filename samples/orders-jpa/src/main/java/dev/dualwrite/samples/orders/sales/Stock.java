package dev.dualwrite.samples.orders.sales;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

/** What can be ordered. */
interface Stock extends JpaRepository<StockItem, String> {
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<StockItem> findLockedBySku(String sku);
}
