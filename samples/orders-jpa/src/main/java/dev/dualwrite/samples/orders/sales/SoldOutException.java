package dev.dualwrite.samples.orders.sales;

/** There is not as much on hand as was ordered. */
public final class SoldOutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SoldOutException(String sku) {
        super(sku + " is sold out");
    }
}
