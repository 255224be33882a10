package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Generated identifiers across a flip: what the next owner hands out must lie above everything that the
 * present one ever did, rolled back or not (scenario 80). The counters are read without MySQL's cache, which
 * is a day old by default (M11).
 */
final class Identifiers {
    private Identifiers() {}

    /** Raises the next owner's counters to the present owner's, and a margin for what is handed out meanwhile. */
    static void raise(Place owner, Place next, long margin) throws SQLException {
        Map<String, BigInteger> present = counters(owner);
        Map<String, BigInteger> there = counters(next);
        ControlSide control = next.control();
        for (Table table : next.require().schema().tables().values()) {
            if (table.autoIncrement().isEmpty()) {
                continue;
            }
            String name = table.name().toLowerCase(Locale.ROOT);
            BigInteger needed = present.getOrDefault(name, BigInteger.ONE);
            BigInteger wanted = needed.add(BigInteger.valueOf(margin))
                    .min(largest(table.autoIncrement().get()));
            if (there.getOrDefault(name, BigInteger.ONE).compareTo(needed.add(BigInteger.valueOf(margin / 2))) < 0
                    && wanted.compareTo(needed) >= 0) {
                try (Connection connection = control.connection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("ALTER TABLE " + Sql.name(table.schema()) + "." + Sql.name(table.name())
                            + " AUTO_INCREMENT = " + wanted);
                }
            }
        }
    }

    private static BigInteger largest(Column column) {
        int bits = switch (column.dataType()) {
            case "tinyint" -> 8;
            case "smallint" -> 16;
            case "mediumint" -> 24;
            case "int" -> 32;
            default -> 64;
        };
        return BigInteger.ONE.shiftLeft(column.unsigned() ? bits : bits - 1).subtract(BigInteger.ONE);
    }

    /** The tables whose counter on the next owner is below the present owner's. */
    static List<String> below(Place owner, Place next) throws SQLException {
        Map<String, BigInteger> there = counters(next);
        List<String> below = new ArrayList<>();
        counters(owner).forEach((table, counter) -> {
            if (there.getOrDefault(table, BigInteger.ONE).compareTo(counter) < 0) {
                below.add(table);
            }
        });
        return below;
    }

    private static Map<String, BigInteger> counters(Place place) throws SQLException {
        SideSchema schema = place.require().schema();
        Map<String, BigInteger> counters = new HashMap<>();
        try (Connection connection = place.control().connection();
                Statement statement = connection.createStatement()) {
            if (schema.dialect() == Dialect.MYSQL) {
                statement.execute("SET SESSION information_schema_stats_expiry = 0");
            }
            try (ResultSet row = statement.executeQuery(
                    "SELECT LOWER(table_name), auto_increment FROM information_schema.tables WHERE table_schema = "
                            + Sql.text(schema.schema()) + " AND auto_increment IS NOT NULL")) {
                while (row.next()) {
                    if (schema.table(row.getString(1)).isPresent()) {
                        counters.put(row.getString(1), new BigInteger(row.getString(2)));
                    }
                }
            }
        }
        return counters;
    }
}
