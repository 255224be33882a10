package dev.dualwrite.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A table of the domain, as drawn. Every row belongs to one client and keeps the trail of its changes.
 *
 * @param unique whether it has a unique column beside the key
 * @param extras further columns, which the server fills
 */
record Table(String name, KeyKind key, boolean unique, List<String> extras) {
    private static final List<String> EXTRAS = List.of(
            "made DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)",
            "touched TIMESTAMP(3) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(3)",
            "price DECIMAL(12,4) NOT NULL DEFAULT 19.9900",
            "ratio DOUBLE NULL DEFAULT 0.1",
            "word VARCHAR(30) NOT NULL DEFAULT 'größer als 🙂'",
            "flags BIT(7) NOT NULL DEFAULT b'101'",
            "day DATE NULL DEFAULT '2024-02-29'",
            "bytes VARBINARY(20) NULL DEFAULT 'a '");

    Table {
        extras = List.copyOf(extras);
    }

    static Table draw(Draw draw, int number) {
        List<String> extras = new ArrayList<>(EXTRAS);
        extras.removeIf(extra -> !draw.chance(35));
        return new Table("t" + number, draw.of(KeyKind.values()), draw.chance(50), extras);
    }

    String ddl() {
        List<String> parts = new ArrayList<>(List.of(key.ddl(), "client INT NOT NULL", "lot INT NOT NULL"));
        parts.add("trail VARCHAR(4000) CHARACTER SET ascii NOT NULL");
        parts.add("last VARCHAR(20) NOT NULL");
        if (unique) {
            parts.add("slot INT NULL");
            parts.add("UNIQUE KEY one_slot (slot)");
        }
        parts.addAll(extras);
        parts.add("PRIMARY KEY (" + String.join(", ", key.columns()) + ")");
        parts.add("KEY by_client (client, lot)");
        return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ") ENGINE=InnoDB";
    }

    /** Inserts so many rows; parameters of each: key (unless the server gives it), client, lot, trail, last, slot. */
    String insert(int rows, boolean generated) {
        List<String> columns = new ArrayList<>(generated ? List.of() : key.columns());
        columns.addAll(List.of("client", "lot", "trail", "last"));
        if (unique) {
            columns.add("slot");
        }
        String row = "(" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        return "INSERT INTO " + name + " (" + String.join(", ", columns) + ") VALUES "
                + String.join(", ", Collections.nCopies(rows, row));
    }

    /** Appends to the trail: marks, last; then the condition's parameters. */
    String append(String where) {
        return "UPDATE " + name + " SET trail = CONCAT(trail, ?), last = ? WHERE " + where;
    }

    String whereAny(int keys) {
        return String.join(" OR ", Collections.nCopies(keys, key.where()));
    }
}
