package dev.dualwrite.samples.orders.sales;

import java.util.Map;

/**
 * An order as the customer is told.
 *
 * @param order its id
 * @param items its lines, by what was ordered
 */
public record Receipt(long order, OrderState state, Map<String, Item> items) {
    public Receipt {
        items = Map.copyOf(items);
    }

    /** A line. */
    public record Item(long line, int quantity) {}
}
