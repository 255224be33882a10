package dev.dualwrite.samples.orders.sales;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** Somebody who orders. Counts the orders that are there. */
@Entity
class Customer {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Version
    private int version;

    @Column(nullable = false, unique = true)
    private String email;

    @Column(nullable = false)
    private int orders;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected Customer() {}

    Customer(String email) {
        this.email = email;
    }

    long id() {
        return Ids.of(id);
    }

    void ordered() {
        orders++;
    }

    void cancelled() {
        orders--;
    }
}
