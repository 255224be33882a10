package dev.dualwrite.samples.orders.sales;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import jakarta.persistence.TableGenerator;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** So many of one item. */
@Entity
@Table(name = "order_line")
class OrderLine {
    @Id
    @GeneratedValue(strategy = GenerationType.TABLE, generator = "order_line")
    @TableGenerator(
            name = "order_line",
            table = "id_block",
            pkColumnName = "name",
            valueColumnName = "next_val",
            allocationSize = 10)
    private @Nullable Long id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "order_id")
    @SuppressWarnings("UnusedVariable") // Hibernate reads it
    private PurchaseOrder order;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "sku")
    private StockItem item;

    @Column(nullable = false)
    private int quantity;

    @Column(nullable = false, precision = 10, scale = 2)
    private BigDecimal price;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected OrderLine() {}

    OrderLine(PurchaseOrder order, StockItem item, int quantity) {
        this.order = order;
        this.item = item;
        this.quantity = quantity;
        this.price = item.price();
    }

    long id() {
        return Ids.of(id);
    }

    StockItem item() {
        return item;
    }

    int quantity() {
        return quantity;
    }

    void quantity(int wanted) {
        quantity = wanted;
    }

    BigDecimal amount() {
        return price.multiply(BigDecimal.valueOf(quantity));
    }
}
