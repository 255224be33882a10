package dev.dualwrite.samples.orders.sales;

/** Where an order is. */
public enum OrderState {
    /** It may still be changed or cancelled. */
    PLACED,
    /** It is on its way. */
    SHIPPED
}
