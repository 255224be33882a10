package dev.dualwrite.samples.orders.sales;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToOne;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An order is on its way. The server numbers shipments, as it does customers. */
@Entity
class Shipment {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @OneToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "order_id")
    @SuppressWarnings("UnusedVariable") // Hibernate reads it
    private PurchaseOrder order;

    @Column(name = "sent_at", nullable = false)
    private Instant sentAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected Shipment() {}

    Shipment(PurchaseOrder order, Instant sentAt) {
        this.order = order;
        this.sentAt = sentAt;
    }

    long id() {
        return Ids.of(id);
    }
}
