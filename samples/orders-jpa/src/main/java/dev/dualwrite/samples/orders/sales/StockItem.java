package dev.dualwrite.samples.orders.sales;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;

/** What can be ordered. What was received is on hand or on an order. */
@Entity
@Table(name = "stock_item")
class StockItem {
    @Id
    private String sku;

    @Version
    private int version;

    @Column(nullable = false, precision = 10, scale = 2)
    private BigDecimal price;

    @Column(nullable = false)
    private int received;

    @Column(name = "on_hand", nullable = false)
    private int onHand;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected StockItem() {}

    StockItem(String sku, BigDecimal price) {
        this.sku = sku;
        this.price = price;
    }

    String sku() {
        return sku;
    }

    BigDecimal price() {
        return price;
    }

    void receive(int quantity) {
        received += quantity;
        onHand += quantity;
    }

    void take(int quantity) {
        if (quantity > onHand) {
            throw new SoldOutException(sku);
        }
        onHand -= quantity;
    }

    void putBack(int quantity) {
        onHand += quantity;
    }
}
