package dev.dualwrite.samples.orders.move;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What has to add up in the application's database, whoever owns it. */
public final class Books {
    private static final Map<String, String> RULES = rules();

    private Books() {}

    private static Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("what was received is on hand or ordered", """
                SELECT s.sku FROM stock_item s LEFT JOIN order_line l ON l.sku = s.sku
                 GROUP BY s.sku, s.on_hand, s.received HAVING s.on_hand + COALESCE(SUM(l.quantity), 0) <> s.received""");
        rules.put("an order costs what its lines cost", """
                SELECT o.reference FROM purchase_order o LEFT JOIN order_line l ON l.order_id = o.id
                 GROUP BY o.reference, o.total HAVING o.total <> COALESCE(SUM(l.quantity * l.price), 0)""");
        rules.put("a customer's orders are counted", """
                SELECT c.email FROM customer c LEFT JOIN purchase_order o ON o.customer_id = c.id
                 GROUP BY c.email, c.orders HAVING c.orders <> COUNT(o.id)""");
        rules.put("what is shipped has a shipment", """
                SELECT o.reference FROM purchase_order o LEFT JOIN shipment s ON s.order_id = o.id
                 WHERE (o.state = 'SHIPPED') <> (s.id IS NOT NULL)""");
        rules.put("the id of a line comes from a block that was taken", """
                SELECT l.id FROM order_line l JOIN id_block b ON b.name = 'order_line' WHERE l.id > b.next_val""");
        return rules;
    }

    /** The rules, each with a query for what breaks it. */
    public static Map<String, String> asQueries() {
        return RULES;
    }

    /** What does not add up in this database. */
    public static List<String> wrong(DataSource database) {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        List<String> wrong = new ArrayList<>();
        RULES.forEach((rule, query) -> jdbc.queryForList(query, String.class)
                .forEach(row -> wrong.add("it does not hold that " + rule + ": " + row)));
        return wrong;
    }
}
