package dev.dualwrite.samples.orders.sales;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What can be done, each in a transaction that does it once or not at all. */
@Service
@Transactional
class Sales {
    private final Customers customers;
    private final Stock stock;
    private final PurchaseOrders orders;
    private final Shipments shipments;

    Sales(Customers customers, Stock stock, PurchaseOrders orders, Shipments shipments) {
        this.customers = customers;
        this.stock = stock;
        this.orders = orders;
        this.shipments = shipments;
    }

    void receive(String sku, BigDecimal price, int quantity) {
        StockItem item = stock.findLockedBySku(sku).orElseGet(() -> stock.save(new StockItem(sku, price)));
        item.receive(quantity);
    }

    long register(String email) {
        return customers.save(new Customer(email)).id();
    }

    Receipt place(long customer, String reference, SortedMap<String, Integer> items) {
        Customer buyer = customers.findById(customer).orElseThrow();
        PurchaseOrder order = new PurchaseOrder(buyer, reference, now());
        items.forEach((sku, quantity) -> {
            StockItem item = item(sku);
            item.take(quantity);
            order.add(item, quantity);
        });
        buyer.ordered();
        orders.save(order);
        return receipt(order);
    }

    /** So many instead; none takes the line away. */
    Receipt change(String reference, String sku, int quantity) {
        PurchaseOrder order = order(reference);
        StockItem item = item(sku);
        OrderLine line = order.lineOf(sku).orElse(null);
        if (line != null) {
            item.putBack(line.quantity());
        }
        if (quantity > 0) {
            item.take(quantity);
        }
        if (line == null) {
            order.add(item, quantity);
        } else if (quantity == 0) {
            order.remove(line);
        } else {
            line.quantity(quantity);
            order.addUp();
        }
        orders.flush();
        return receipt(order);
    }

    /** The number of the shipment. */
    long ship(String reference) {
        PurchaseOrder order = order(reference);
        order.ship();
        return shipments.save(new Shipment(order, now())).id();
    }

    void cancel(String reference) {
        PurchaseOrder order = order(reference);
        List<OrderLine> inOrder = new ArrayList<>(order.lines());
        inOrder.forEach(line -> line.item().putBack(line.quantity()));
        order.customer().cancelled();
        orders.delete(order);
    }

    @Transactional(readOnly = true)
    Receipt look(String reference) {
        return receipt(order(reference));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private PurchaseOrder order(String reference) {
        return orders.findByReference(reference)
                .orElseThrow(() -> new NoSuchElementException("there is no order " + reference));
    }

    private StockItem item(String sku) {
        return stock.findById(sku).orElseThrow(() -> new NoSuchElementException("there is no " + sku));
    }

    private static Receipt receipt(PurchaseOrder order) {
        Map<String, Receipt.Item> items = new TreeMap<>();
        for (OrderLine line : order.lines()) {
            items.put(line.item().sku(), new Receipt.Item(line.id(), line.quantity()));
        }
        return new Receipt(order.id(), order.state(), items);
    }
}
