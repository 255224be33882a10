package dev.dualwrite.jdbc.transparency;

import java.util.ArrayList;
import java.util.List;

/** The tables: five that move, and five of the same form that stay. */
final class Tables {
    static final List<String> FORMS = List.of("item", "child", "pair", "code", "kind");
    static final List<String> GENERATING = List.of("item", "child");
    static final int FIRST_GENERATED = 101;

    private static final String DDL = """
            CREATE TABLE %1$sitem (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NOT NULL DEFAULT 7,
              name VARCHAR(12) NULL, d DECIMAL(8,2) NULL, UNIQUE KEY one_name (name), KEY by_v (v));
            CREATE TABLE %1$schild (id INT AUTO_INCREMENT PRIMARY KEY, parent BIGINT NULL, note VARCHAR(12) NULL,
              KEY by_parent (parent), CONSTRAINT %1$schild_of FOREIGN KEY (parent) REFERENCES %1$sitem (id));
            CREATE TABLE %1$spair (a INT, b VARCHAR(6), v INT NULL, PRIMARY KEY (a, b));
            CREATE TABLE %1$scode (c VARCHAR(8) PRIMARY KEY, v INT NULL, twice INT GENERATED ALWAYS AS (v * 2) VIRTUAL);
            CREATE TABLE %1$skind (id INT PRIMARY KEY, t TINYINT NULL, u BIGINT UNSIGNED NULL, f DOUBLE NULL, day DATE NULL,
              at DATETIME(3) NULL, clock TIME(2) NULL, bits BIT(9) NULL, e ENUM('x','y') NULL, s SET('p','q') NULL,
              bin BINARY(4) NULL, vb VARBINARY(20) NULL, txt TEXT NULL, blb BLOB NULL, yr YEAR NULL)""";

    private Tables() {}

    static String[] ddl(String prefix) {
        return DDL.formatted(prefix).split(";", -1);
    }

    /** Which hold rows before a block begins; children after their parents. */
    static List<String> baseRows(String prefix) {
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            rows.add("INSERT INTO " + prefix + "item (id, v, name, d) VALUES (" + i + ", " + i % 7 + ", 'n" + i + "', "
                    + i + ".25)");
        }
        rows.add("INSERT INTO " + prefix + "child (id, parent, note) VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 5, 'a'),"
                + " (4, NULL, NULL)");
        rows.add("INSERT INTO " + prefix + "pair (a, b, v) VALUES (1, 'x', 1), (1, 'y', 2), (2, 'x', 3), (3, 'z', 4)");
        rows.add("INSERT INTO " + prefix + "code (c, v) VALUES ('a', 1), ('b', 2), ('ccc', 3)");
        rows.add(
                "INSERT INTO " + prefix + "kind (id, t, u, f, day, at, clock, bits, e, s, bin, vb, txt, blb, yr) VALUES"
                        + " (1, -3, 18446744073709551615, 0.125, '2026-02-28', '2026-02-28 23:59:59.999', '12:30:00.25', b'101',"
                        + " 'y', 'p,q', x'00ff', x'010203', 'a text', x'ff00', 2026), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
                        + " NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        return rows;
    }

    /** Children before their parents. */
    static List<String> emptying(String prefix) {
        return List.of(
                "DELETE FROM " + prefix + "child",
                "DELETE FROM " + prefix + "item",
                "DELETE FROM " + prefix + "pair",
                "DELETE FROM " + prefix + "code",
                "DELETE FROM " + prefix + "kind");
    }

    static String all(String table) {
        String form = table.startsWith(Realm.STAYING_PREFIX) ? table.substring(Realm.STAYING_PREFIX.length()) : table;
        String order = form.equals("pair") ? "a, b" : form.equals("code") ? "c" : "id";
        return "SELECT * FROM " + table + " ORDER BY " + order;
    }
}
