package dev.dualwrite.samples.orders.sales;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.TableGenerator;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * What a customer ordered; its lines live and end with it. Its id, as theirs, comes from a block that was taken from a table: so
 * Hibernate knows it without an INSERT, and sends all of them in batches at the end.
 */
@Entity
@Table(name = "purchase_order")
class PurchaseOrder {
    @Id
    @GeneratedValue(strategy = GenerationType.TABLE, generator = "purchase_order")
    @TableGenerator(
            name = "purchase_order",
            table = "id_block",
            pkColumnName = "name",
            valueColumnName = "next_val",
            allocationSize = 10)
    private @Nullable Long id;

    @Version
    private int version;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "customer_id")
    private Customer customer;

    @Column(nullable = false, unique = true)
    private String reference;

    @Enumerated(EnumType.STRING)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Column(nullable = false)
    private OrderState state = OrderState.PLACED;

    @Column(name = "placed_at", nullable = false)
    private Instant placedAt;

    @Column(nullable = false, precision = 12, scale = 2)
    private BigDecimal total = BigDecimal.ZERO;

    @OneToMany(mappedBy = "order", cascade = CascadeType.ALL, orphanRemoval = true)
    private List<OrderLine> lines = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected PurchaseOrder() {}

    PurchaseOrder(Customer customer, String reference, Instant placedAt) {
        this.customer = customer;
        this.reference = reference;
        this.placedAt = placedAt;
    }

    long id() {
        return Ids.of(id);
    }

    Customer customer() {
        return customer;
    }

    OrderState state() {
        return state;
    }

    List<OrderLine> lines() {
        return lines;
    }

    Optional<OrderLine> lineOf(String sku) {
        return lines.stream().filter(line -> line.item().sku().equals(sku)).findAny();
    }

    void add(StockItem item, int quantity) {
        lines.add(new OrderLine(this, item, quantity));
        addUp();
    }

    void remove(OrderLine line) {
        lines.remove(line);
        addUp();
    }

    void ship() {
        state = OrderState.SHIPPED;
    }

    void addUp() {
        total = lines.stream().map(OrderLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
