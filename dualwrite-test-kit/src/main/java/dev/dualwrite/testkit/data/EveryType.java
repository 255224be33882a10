package dev.dualwrite.testkit.data;

import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.ServerVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Every column type that MySQL and MariaDB both have, and those of one of them alone, each with its edge values: least and
 * greatest, zero and empty, values that are told apart by nothing but a trailing space, a case or the last bit. All are SQL, for
 * a strict {@code sql_mode}, a session in UTC and utf8mb4. Immutable.
 *
 * <p>{@link #ddl} makes a table with a column for each, {@link #rows} fills it with every edge value, and {@link #change}
 * changes a row at random, by a seed.
 */
public final class EveryType {
    /** The server's version from which on it has the type {@code VECTOR}. */
    private static final int VECTOR_MAJOR = 9;

    private static final Map<String, List<String>> COMMON = new LinkedHashMap<>();

    static {
        integers("TINYINT", "-128", "127", "255");
        integers("SMALLINT", "-32768", "32767", "65535");
        integers("MEDIUMINT", "-8388608", "8388607", "16777215");
        integers("INT", "-2147483648", "2147483647", "4294967295");
        integers("BIGINT", "-9223372036854775808", "9223372036854775807", "18446744073709551615");
        COMMON.put("BOOLEAN", List.of("FALSE", "TRUE"));
        COMMON.put("DECIMAL(20,5)", List.of("0.00001", "-999999999999999.99999", "1"));
        COMMON.put(
                "DECIMAL(65,30)",
                List.of("1e-30", "99999999999999999999999999999999999.999999999999999999999999999999"));
        COMMON.put("FLOAT", List.of("16777216", "1.5", "-0.1", "3.402823e38", "1.1754944e-38"));
        COMMON.put(
                "DOUBLE",
                List.of("0.1", "0.30000000000000004", "1.7976931348623157e308", "2.2250738585072014e-308", "-0e0"));
        COMMON.put("BIT(1)", List.of("b'0'", "b'1'"));
        COMMON.put("BIT(10)", List.of("b'0'", "b'1111111111'", "b'101'"));
        COMMON.put("BIT(64)", List.of("b'0'", "0xFFFFFFFFFFFFFFFF", "0x8000000000000000"));
        COMMON.put("DATE", List.of("'1000-01-01'", "'2024-02-29'", "'9999-12-31'"));
        COMMON.put("TIME", List.of("'-838:59:59'", "'838:59:59'", "'00:00:00'"));
        COMMON.put("TIME(3)", List.of("'-838:59:59.000'", "'100:30:15.123'", "'00:00:00.001'", "'-00:00:00.001'"));
        COMMON.put("DATETIME", List.of("'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'"));
        COMMON.put("DATETIME(6)", List.of("'2024-12-31 23:59:59.999999'", "'1000-01-01 00:00:00'"));
        COMMON.put("TIMESTAMP NULL", List.of("'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'"));
        COMMON.put("TIMESTAMP(6) NULL", List.of("'2024-06-01 12:00:00.000001'", "'1970-01-01 00:00:01'"));
        COMMON.put("YEAR", List.of("1901", "2155"));
        COMMON.put("CHAR(10)", List.of("''", "'a'", "'A'", "'ä'"));
        COMMON.put(
                "VARCHAR(60)",
                List.of("''", "' '", "'N'", "'1:a'", "',,'", "'a,1:b'", "'\\\\'", "'x\\0y'", "'😀'", "'NULL'"));
        COMMON.put("VARCHAR(60) COLLATE utf8mb4_general_ci", List.of("'same'", "'SAME'", "'same '"));
        COMMON.put("VARCHAR(60) CHARACTER SET latin1", List.of("''", "'Grüße'", "'grüße'"));
        COMMON.put("VARCHAR(60) COLLATE utf8mb4_bin", List.of("'a'", "'a '", "'A'"));
        COMMON.put(
                "VARCHAR(60) COLLATE utf8mb4_unicode_520_ci",
                List.of("'ss'", "'ß'", "'e\u0301'", "'é'", "'\u00a0'", "'😀'", "'😁'"));
        COMMON.put("VARCHAR(60) CHARACTER SET utf8mb3", List.of("'€'", "'表'"));
        COMMON.put("VARCHAR(60) CHARACTER SET utf16", List.of("''", "'a '", "'😀'", "'\\\\'"));
        COMMON.put("VARCHAR(60) CHARACTER SET ucs2", List.of("'Ω'", "'€'"));
        COMMON.put("VARCHAR(60) CHARACTER SET utf32", List.of("'😀'", "'a'"));
        COMMON.put("CHAR(10) CHARACTER SET utf16", List.of("''", "'a'", "'😀'"));
        COMMON.put("VARCHAR(60) CHARACTER SET cp1251", List.of("'Ж'", "'№'"));
        COMMON.put("VARCHAR(60) CHARACTER SET sjis", List.of("'表'", "'ソ'", "'ｱ'"));
        COMMON.put("VARCHAR(60) CHARACTER SET gbk", List.of("'誠'", "'中'"));
        COMMON.put("VARCHAR(60) CHARACTER SET binary", List.of("''", "0xff5c27", "0x61"));
        COMMON.put("TEXT CHARACTER SET utf16", List.of("''", "REPEAT('😀', 1000)"));
        COMMON.put("BINARY(4)", List.of("''", "0x01", "0xff00ff00"));
        COMMON.put("VARBINARY(20)", List.of("''", "0x00", "0x0000", "0x2c2c"));
        COMMON.put("TINYTEXT", List.of("''", "REPEAT('x', 255)"));
        COMMON.put("TEXT", List.of("''", "'N'", "REPEAT('long ', 5000)", "CONCAT(REPEAT('long ', 4999), 'lonG ')"));
        COMMON.put("MEDIUMTEXT", List.of("''", "REPEAT('y', 70000)"));
        COMMON.put("LONGTEXT", List.of("'{}'", "REPEAT('x', 100000)"));
        COMMON.put("TINYBLOB", List.of("''", "REPEAT(0xff, 255)"));
        COMMON.put("BLOB", List.of("''", "0x00", "REPEAT(0x00, 30000)"));
        COMMON.put("MEDIUMBLOB", List.of("''", "REPEAT(0x5c, 70000)"));
        COMMON.put("LONGBLOB", List.of("''", "REPEAT(0x27, 100000)"));
        COMMON.put(
                "JSON",
                List.of(
                        "'{\"a\": [1, 2, null]}'",
                        "'\"text\"'",
                        "'[]'",
                        "'null'",
                        "'\"NaN\"'",
                        "'[1.0, -0.0, 1e300, 18446744073709551615, 18446744073709551616]'",
                        "'{\"\": \"\\\\u0000 😀 \\\\\"\"}'"));
        COMMON.put("ENUM('a','b','N')", List.of("'a'", "'b'", "'N'"));
        COMMON.put("ENUM('ä','ß') CHARACTER SET latin1", List.of("'ä'", "'ß'"));
        COMMON.put("SET('x','y')", List.of("''", "'x'", "'x,y'"));
        COMMON.put("SET('Ж','😀') CHARACTER SET utf16", List.of("'Ж'", "'Ж,😀'"));
        shapes("POINT", "POINT(1 2)", "POINT(2 1)");
        shapes("LINESTRING", "LINESTRING(0 0, 1 1)", "LINESTRING(1 1, 0 0)");
        shapes("POLYGON", "POLYGON((0 0, 1 0, 1 1, 0 0))");
        shapes("MULTIPOINT", "MULTIPOINT(0 0, 1 1)");
        shapes("MULTILINESTRING", "MULTILINESTRING((0 0, 1 1), (2 2, 3 3))");
        shapes("MULTIPOLYGON", "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))");
        shapes("GEOMETRYCOLLECTION", "GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1))");
        shapes("GEOMETRY", "POINT(1 2)", "LINESTRING(0 0, 1 1)");
    }

    private final Map<String, List<String>> values;

    private EveryType(Map<String, List<String>> values) {
        this.values = values;
    }

    private static void integers(String type, String least, String greatest, String greatestUnsigned) {
        COMMON.put(type, List.of(least, "0", greatest));
        COMMON.put(type + " UNSIGNED", List.of("0", greatestUnsigned));
    }

    private static void shapes(String type, String... texts) {
        List<String> shapes = new ArrayList<>();
        for (String text : texts) {
            shapes.add("ST_GeomFromText('" + text + "')");
        }
        COMMON.put(type, List.copyOf(shapes));
    }

    /** The types that servers of both kinds have. */
    public static EveryType common() {
        return new EveryType(COMMON);
    }

    /** The types that a server has: the common ones, VECTOR on MySQL 9, INET4, INET6 and UUID on MariaDB. */
    public static EveryType of(ServerVersion version) {
        Map<String, List<String>> values = new LinkedHashMap<>(COMMON);
        if (version.kind() == ServerKind.MARIADB) {
            values.put("INET4", List.of("'0.0.0.0'", "'255.255.255.255'"));
            values.put("INET6", List.of("'::'", "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'"));
            values.put(
                    "UUID",
                    List.of("'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"));
        } else if (version.major() >= VECTOR_MAJOR) {
            values.put("VECTOR(3)", List.of("STRING_TO_VECTOR('[0,0,0]')", "STRING_TO_VECTOR('[1.5,-2,3e38]')"));
        }
        return new EveryType(values);
    }

    /** The types, in the order of their columns {@code c0}, {@code c1} and so on. */
    public List<String> types() {
        return List.copyOf(values.keySet());
    }

    /**
     * The edge values of a type, as SQL; each differs from each other and from NULL.
     *
     * @throws IllegalArgumentException if it is none of {@link #types()}
     */
    public List<String> values(String type) {
        List<String> found = values.get(type);
        if (found == null) {
            throw new IllegalArgumentException(type + " is none of " + types());
        }
        return found;
    }

    /** The table: {@code id INT} as primary key, and a column for each type, which may be NULL. */
    public String ddl(String table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE `" + table + "` (id INT PRIMARY KEY");
        int number = 0;
        for (String type : values.keySet()) {
            sql.append(", c").append(number++).append(' ').append(type).append(type.endsWith("NULL") ? "" : " NULL");
        }
        return sql.append(") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4").toString();
    }

    /** Statements that insert one row of NULLs, then rows until every edge value of every type stands in one; ids from 1. */
    public List<String> rows(String table) {
        int longest = values.values().stream().mapToInt(List::size).max().orElseThrow();
        List<String> rows = new ArrayList<>(List.of("INSERT INTO `" + table + "` (id) VALUES (1)"));
        for (int row = 0; row < longest; row++) {
            StringBuilder sql = new StringBuilder("INSERT INTO `" + table + "` VALUES (" + (row + 2));
            for (List<String> edges : values.values()) {
                sql.append(", ").append(edges.get(row % edges.size()));
            }
            rows.add(sql.append(')').toString());
        }
        return rows;
    }

    /** A statement that gives each column of a row another edge value, or NULL, as the random numbers fall. */
    public String change(String table, int id, SplittableRandom random) {
        StringBuilder sql = new StringBuilder("UPDATE `" + table + "` SET ");
        int number = 0;
        for (List<String> edges : values.values()) {
            int chosen = random.nextInt(edges.size() + 1);
            sql.append(number == 0 ? "c" : ", c")
                    .append(number++)
                    .append(" = ")
                    .append(chosen == edges.size() ? "NULL" : edges.get(chosen));
        }
        return sql.append(" WHERE id = ").append(id).toString();
    }
}
