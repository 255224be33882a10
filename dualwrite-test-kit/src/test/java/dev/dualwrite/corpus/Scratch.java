package dev.dualwrite.corpus;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The small schema that the corpus is about, with rows that its statements find. */
public final class Scratch {
    /** Stands in a text where the schema's name goes. */
    public static final String SCHEMA = "scratch_schema_";

    /** What a key column, or a column that statements write, holds. */
    enum ColumnType {
        INT,
        AUTO,
        TEXT,
        BINARY,
        DATE,
        DATETIME,
        DECIMAL
    }

    record Column(String name, ColumnType type) {
        /** As it can be written everywhere. */
        String sql() {
            return name.equals("select") ? "`select`" : name;
        }
    }

    /**
     * @param key in its order
     * @param others that statements write, the first of them {@code v}
     * @param computed those that an INSERT without a column list leaves to DEFAULT, last of all
     */
    record Table(String name, List<Column> key, List<Column> others, int computed) {
        List<Column> columns() {
            return Stream.concat(key.stream(), others.stream()).toList();
        }
    }

    private static final Column V = new Column("v", ColumnType.INT);

    static final Table ITEM = new Table(
            "item",
            List.of(new Column("id", ColumnType.AUTO)),
            List.of(V, new Column("name", ColumnType.TEXT), new Column("code", ColumnType.INT)),
            0);
    static final Table PAIR = new Table(
            "pair", List.of(new Column("a", ColumnType.INT), new Column("b", ColumnType.TEXT)), List.of(V), 0);
    static final Table STAMP = new Table(
            "stamp", List.of(new Column("d", ColumnType.DATE), new Column("t", ColumnType.DATETIME)), List.of(V), 0);
    static final Table COIN = new Table(
            "coin",
            List.of(new Column("amount", ColumnType.DECIMAL), new Column("raw", ColumnType.BINARY)),
            List.of(V),
            0);
    static final Table WORD = new Table("word", List.of(new Column("c", ColumnType.TEXT)), List.of(V), 1);
    static final Table PART = new Table(
            "part", List.of(new Column("p", ColumnType.INT), new Column("id", ColumnType.AUTO)), List.of(V), 0);
    static final Table LINE = new Table(
            "order line",
            List.of(new Column("select", ColumnType.INT)),
            List.of(new Column("v", ColumnType.INT), new Column("a `b`", ColumnType.TEXT)),
            0);
    static final Table ELSEWHERE = new Table(
            "elsewhere",
            List.of(new Column("id", ColumnType.AUTO)),
            List.of(V, new Column("name", ColumnType.TEXT)),
            0);

    static final List<Table> MOVED = List.of(ITEM, PAIR, STAMP, COIN, WORD, PART, LINE);

    private Scratch() {}

    /** The tables of the domain. */
    public static List<String> moved() {
        return Stream.concat(MOVED.stream().map(Table::name), Stream.of("child"))
                .toList();
    }

    /** Everything else that a statement can name. */
    public static List<String> others() {
        return List.of("elsewhere", "note", "items");
    }

    /** Makes the empty schema. */
    public static String[] ddl() {
        return new String[] {
            "CREATE TABLE item (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(40) NULL, code INT NULL,"
                    + " UNIQUE KEY by_name (name), UNIQUE KEY by_code (code)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
            "CREATE TABLE pair (a INT, b VARCHAR(20) COLLATE utf8mb4_general_ci, v INT NULL, PRIMARY KEY (a, b))"
                    + " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
            "CREATE TABLE stamp (d DATE, t DATETIME(3), v INT NULL, PRIMARY KEY (d, t)) ENGINE=InnoDB",
            "CREATE TABLE coin (amount DECIMAL(10,2), raw VARBINARY(8), v INT NULL, PRIMARY KEY (amount, raw),"
                    + " UNIQUE KEY by_v (v)) ENGINE=InnoDB",
            "CREATE TABLE word (c VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT NULL, g INT AS (v + 1000) VIRTUAL,"
                    + " hidden INT DEFAULT 7 INVISIBLE, bits BIT(8) DEFAULT b'01000001' INVISIBLE,"
                    + " filled INT(5) ZEROFILL DEFAULT 42 INVISIBLE) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
            "CREATE TABLE part (p TINYINT UNSIGNED, id BIGINT UNSIGNED AUTO_INCREMENT, v INT NULL, PRIMARY KEY (p, id),"
                    + " KEY (id)) ENGINE=InnoDB",
            "CREATE TABLE `order line` (`select` INT PRIMARY KEY, v INT NULL, `a ``b``` VARCHAR(40) NULL) ENGINE=InnoDB"
                    + " DEFAULT CHARSET=utf8mb4",
            "CREATE TABLE child (item BIGINT, n INT, PRIMARY KEY (item, n), CONSTRAINT child_item FOREIGN KEY (item)"
                    + " REFERENCES item (id)) ENGINE=InnoDB",
            "CREATE TABLE elsewhere (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NULL, name VARCHAR(40) NULL UNIQUE)"
                    + " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
            "CREATE TABLE note (id INT PRIMARY KEY, item BIGINT NULL, CONSTRAINT note_item FOREIGN KEY (item) REFERENCES"
                    + " item (id) ON DELETE CASCADE ON UPDATE CASCADE) ENGINE=InnoDB",
            "CREATE VIEW items AS SELECT * FROM item",
        };
    }

    /** What puts a table's first rows into it, by table; for a session that checks no foreign keys. */
    public static Map<String, List<String>> rows() {
        return Map.of(
                "item",
                List.of(
                        "INSERT INTO item (id, v, name, code) VALUES (1, 1, 'x', 1), (2, 1, 'y', 2), (3, 2, 'it''s', NULL),"
                                + " (4, NULL, 'a?b', 4), (5, 3, NULL, 5), (6, 5, NULL, 6)",
                        // a value that the server's counter may not know of
                        "UPDATE item SET id = 1000000 WHERE id = 6"),
                "pair",
                List.of(
                        "INSERT INTO pair VALUES (1, 'x', 1), (1, 'y', 2), (2, 'x', 1), (2, 'Ärger', 3), (3, 'it''s', 4),"
                                + " (4, 'a?b', 4)"),
                "stamp",
                List.of(
                        "INSERT INTO stamp VALUES ('2024-01-31', '2024-01-31 10:00:00.5', 1), ('2024-02-29', '2024-02-29"
                                + " 23:59:59.999', 2), ('2025-01-01', '1999-12-31', 1)"),
                "coin",
                List.of("INSERT INTO coin VALUES (1.00, X'61', 1), (1.50, X'6162', 2), (2.50, X'', 3), (-3.00, X'00FF',"
                        + " 4)"),
                "word",
                List.of(
                        "INSERT INTO word (c, v) VALUES ('x', 1), ('X', 2), ('y', 1), ('it''s', 3), ('a?b', 4), ('5', 5)"),
                "part",
                List.of("INSERT INTO part (p, id, v) VALUES (1, 1, 1), (1, 2, 2), (2, 3, 1), (3, 4, 3)"),
                "order line",
                List.of("INSERT INTO `order line` VALUES (1, 1, 'x'), (2, 2, 'y'), (3, 1, NULL)"),
                "child",
                List.of("INSERT INTO child VALUES (5, 1)"),
                "elsewhere",
                List.of("INSERT INTO elsewhere (id, v, name) VALUES (1, 1, 'x'), (2, 2, 'y')"),
                "note",
                List.of("INSERT INTO note VALUES (1, 3), (2, NULL)"));
    }
}
