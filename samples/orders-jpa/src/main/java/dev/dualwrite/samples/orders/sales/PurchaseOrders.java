package dev.dualwrite.samples.orders.sales;

import java.util.Optional;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;

/** What was ordered. */
interface PurchaseOrders extends JpaRepository<PurchaseOrder, Long> {
    @EntityGraph(attributePaths = "lines")
    Optional<PurchaseOrder> findByReference(String reference);
}
