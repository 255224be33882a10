package dev.dualwrite.samples.orders.sales;

import java.math.BigDecimal;
import java.util.SortedMap;
import org.springframework.retry.RetryOperations;
import org.springframework.stereotype.Component;

/** Where customers come to: does each thing once, however often its transaction has to be run again. Thread-safe. */
@Component
public class Counter {
    private final Sales sales;
    private final RetryOperations retries;

    Counter(Sales sales, RetryOperations retries) {
        this.sales = sales;
        this.retries = retries;
    }

    /** So many more are on hand. */
    public void receive(String sku, BigDecimal price, int quantity) {
        retries.execute(attempt -> {
            sales.receive(sku, price, quantity);
            return sku;
        });
    }

    /** A customer's number. */
    public long register(String email) {
        return retries.execute(attempt -> sales.register(email));
    }

    /**
     * Orders.
     *
     * @param reference names the order, once for ever
     * @throws SoldOutException if there is not enough
     */
    public Receipt place(long customer, String reference, SortedMap<String, Integer> items) {
        return retries.execute(attempt -> sales.place(customer, reference, items));
    }

    /** Changes how many of something are ordered; 0 for none. */
    public Receipt change(String reference, String sku, int quantity) {
        return retries.execute(attempt -> sales.change(reference, sku, quantity));
    }

    /** Sends an order off; the number of the shipment. */
    public long ship(String reference) {
        return retries.execute(attempt -> sales.ship(reference));
    }

    /** As if it had not been ordered. */
    public void cancel(String reference) {
        retries.execute(attempt -> {
            sales.cancel(reference);
            return reference;
        });
    }

    /** An order as it is. */
    public Receipt look(String reference) {
        return retries.execute(attempt -> sales.look(reference));
    }
}
