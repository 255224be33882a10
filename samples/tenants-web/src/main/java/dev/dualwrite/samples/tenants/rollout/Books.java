package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.samples.tenants.plans.Plan;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a database holds when nobody writes any more; read without the library.
 *
 * @param rows by table and key, each as text
 */
record Books(Map<String, String> rows) {
    private static final Map<String, String> TABLES = Map.of(
            "plan", "SELECT id, CONCAT_WS('|', tenant, name, cents, version) FROM plan",
            "price", "SELECT CONCAT(plan_id, ' ', version), cents FROM price");

    static Books of(Connection database) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = database.createStatement()) {
            for (Map.Entry<String, String> table : TABLES.entrySet()) {
                try (ResultSet row = statement.executeQuery(table.getValue())) {
                    while (row.next()) {
                        rows.put(table.getKey() + ' ' + row.getString(1), row.getString(2));
                    }
                }
            }
        }
        return new Books(rows);
    }

    /** Keys of rows that the other does not have like that, and of those that only the other has. */
    List<String> differing(Books other) {
        return Stream.concat(rows.keySet().stream(), other.rows.keySet().stream())
                .distinct()
                .filter(key -> !String.valueOf(rows.get(key)).equals(String.valueOf(other.rows.get(key))))
                .toList();
    }

    /** Writes that somebody was told of and that are not here. */
    List<String> missing(List<Plan> acknowledged) {
        return acknowledged.stream()
                .filter(plan -> !String.valueOf(plan.cents()).equals(rows.get(price(plan))))
                .map(Books::price)
                .toList();
    }

    private static String price(Plan plan) {
        return "price " + plan.id() + ' ' + plan.version();
    }

    /** Prices that nobody was told of, and that were not there before. */
    long unheardOf(List<Plan> acknowledged, Beginning beginning) {
        Set<String> known = acknowledged.stream().map(Books::price).collect(Collectors.toSet());
        for (int tenant = 0; tenant < beginning.tenants(); tenant++) {
            Beginning.plans(tenant).forEach(plan -> known.add("price " + plan + " 1"));
        }
        return rows.keySet().stream()
                .filter(key -> key.startsWith("price ") && !known.contains(key))
                .count();
    }
}
