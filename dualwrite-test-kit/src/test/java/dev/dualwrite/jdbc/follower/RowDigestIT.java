package dev.dualwrite.jdbc.follower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SchemaReader;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the servers say of a range is the same exactly if the rows are. There is no instance here, and nothing to converge. */
class RowDigestIT {
    private static final KeyRange ALL = new KeyRange(null, false, null, false);

    /** For each type: edge values, each to be told from every other and from NULL. */
    private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

    static {
        VALUES.put("TINYINT", List.of("-128", "0", "127"));
        VALUES.put("BIGINT UNSIGNED", List.of("0", "18446744073709551615"));
        VALUES.put("DECIMAL(20,5)", List.of("0.00001", "-999999999999999.99999", "1"));
        VALUES.put("FLOAT", List.of("16777216", "1.5", "-0.1", "3.402823e38"));
        VALUES.put("DOUBLE", List.of("0.1", "0.30000000000000004", "1.7976931348623157e308"));
        VALUES.put("BIT(10)", List.of("b'0'", "b'1111111111'", "b'101'"));
        VALUES.put("DATE", List.of("'1000-01-01'", "'9999-12-31'"));
        VALUES.put("TIME(3)", List.of("'-838:59:59.000'", "'100:30:15.123'", "'00:00:00.001'"));
        VALUES.put("DATETIME(6)", List.of("'2024-12-31 23:59:59.999999'", "'1000-01-01 00:00:00'"));
        VALUES.put("TIMESTAMP(6) NULL", List.of("'2024-06-01 12:00:00.000001'", "'1970-01-01 00:00:01'"));
        VALUES.put("YEAR", List.of("1901", "2155"));
        VALUES.put("CHAR(10)", List.of("''", "'a'", "'A'", "'ä'"));
        VALUES.put(
                "VARCHAR(60)",
                List.of("''", "' '", "'N'", "'1:a'", "',,'", "'a,1:b'", "'\\\\'", "'x\\0y'", "'😀'", "'NULL'"));
        VALUES.put("VARCHAR(60) COLLATE utf8mb4_general_ci", List.of("'same'", "'SAME'", "'same '"));
        VALUES.put("BINARY(4)", List.of("''", "0x01", "0xff00ff00"));
        VALUES.put("VARBINARY(20)", List.of("''", "0x00", "0x0000", "0x2c2c"));
        VALUES.put("TEXT", List.of("''", "'N'", "REPEAT('long ', 5000)", "CONCAT(REPEAT('long ', 4999), 'lonG ')"));
        VALUES.put("BLOB", List.of("''", "0x00", "REPEAT(0x00, 30000)"));
        VALUES.put("LONGTEXT", List.of("'{}'", "REPEAT('x', 100000)"));
        VALUES.put("JSON", List.of("'{\"a\": [1, 2, null]}'", "'\"text\"'", "'[]'"));
        VALUES.put("ENUM('a','b','N')", List.of("'a'", "'b'", "'N'"));
        VALUES.put("SET('x','y')", List.of("''", "'x'", "'x,y'"));
        VALUES.put("POINT", List.of("ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(2 1)')"));
    }

    private static Mapping mapping(Schema source, Schema target, String... tables) throws SQLException {
        return new Mappings(read(source, Side.SOURCE, tables), read(target, Side.TARGET, tables))
                .of(Side.SOURCE, tables[0]);
    }

    private static SideSchema read(Schema schema, Side side, String... tables) throws SQLException {
        try (Connection connection = schema.connect()) {
            return new SchemaReader(new Domain(List.of(tables)), "dualwrite_", row -> row).read(connection, side);
        }
    }

    private static RangeDigest ofOwner(Mapping table, Schema schema, KeyRange range) throws SQLException {
        try (Connection connection = utc(schema)) {
            return table.ownerDigest().of(connection, range);
        }
    }

    private static RangeDigest ofFollower(Mapping table, Schema schema, KeyRange range) throws SQLException {
        try (Connection connection = utc(schema)) {
            return table.followerDigest().of(connection, range);
        }
    }

    /** As a session of the library. */
    private static Connection utc(Schema schema) throws SQLException {
        Connection connection = schema.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION time_zone = '+00:00'");
        }
        return connection;
    }

    @Scenario(57)
    @Test
    void everyTypeAndEveryValueTellsItselfFromAllOthers() throws Exception {
        TwoServers servers = TwoServers.get();
        List<String> types = List.copyOf(VALUES.keySet());
        String ddl = "CREATE TABLE t (id INT PRIMARY KEY, "
                + IntStream.range(0, types.size())
                        .mapToObj(i ->
                                "c" + i + " " + types.get(i) + (types.get(i).endsWith("NULL") ? "" : " NULL"))
                        .collect(Collectors.joining(", "))
                + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
        try (Schema source = servers.source().isolatedSchema("digest");
                Schema target = servers.target().isolatedSchema("digest")) {
            source.execute(ddl);
            target.execute(ddl);
            Mapping table = mapping(source, target, "t");
            source.execute("INSERT INTO t (id) VALUES (1)");
            target.execute("INSERT INTO t (id) VALUES (1)");
            RangeDigest nulls = ofOwner(table, source, ALL);
            assertThat(nulls.rows()).isEqualTo(1);
            assertThat(nulls.proves(ofFollower(table, target, ALL))).isTrue();
            for (int i = 0; i < types.size(); i++) {
                Map<String, String> seen = new LinkedHashMap<>();
                seen.put(nulls.digest(), "NULL");
                for (String value : VALUES.getOrDefault(types.get(i), List.of())) {
                    String update = "UPDATE t SET c" + i + " = " + value + " WHERE id = 1";
                    source.execute(update);
                    RangeDigest changed = ofOwner(table, source, ALL);
                    assertThat(changed.undigested()).isZero();
                    assertThat(seen).as("%s %s", types.get(i), value).doesNotContainKey(changed.digest());
                    seen.put(changed.digest(), value);
                    assertThat(changed.proves(ofFollower(table, target, ALL)))
                            .as("before %s %s is on the follower", types.get(i), value)
                            .isFalse();
                    target.execute(update);
                    assertThat(changed.proves(ofFollower(table, target, ALL)))
                            .as("%s %s on both sides", types.get(i), value)
                            .isTrue();
                }
                source.execute("UPDATE t SET c" + i + " = NULL");
                target.execute("UPDATE t SET c" + i + " = NULL");
            }
        }
    }

    @Test
    void otherCharacterSetsAndColumnOrdersOfTheTwoSidesMakeNoDifference() throws Exception {
        TwoServers servers = TwoServers.get();
        try (Schema source = servers.source().isolatedSchema("digest");
                Schema target = servers.target().isolatedSchema("digest")) {
            source.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, b TEXT CHARACTER SET"
                            + " latin1, n INT) ENGINE=InnoDB");
            target.execute("CREATE TABLE t (n BIGINT, b TEXT CHARACTER SET utf8mb4, id INT PRIMARY KEY, a VARCHAR(20)"
                    + " CHARACTER SET utf8mb4) ENGINE=InnoDB");
            source.execute("INSERT INTO t (id, a, b, n) VALUES (1, 'äöü', 'Grüße', 7), (2, '', NULL, NULL)");
            target.execute("INSERT INTO t (id, a, b, n) VALUES (1, 'äöü', 'Grüße', 7), (2, '', NULL, NULL)");
            Mapping table = mapping(source, target, "t");
            assertThat(ofOwner(table, source, ALL).proves(ofFollower(table, target, ALL)))
                    .isTrue();
        }
    }

    /** Of which the XOR of a linear code knows nothing. */
    @Scenario(107)
    @Test
    void rowsThatExchangeTheirValuesChangeTheDigest() throws Exception {
        TwoServers servers = TwoServers.get();
        try (Schema source = servers.source().isolatedSchema("digest");
                Schema target = servers.target().isolatedSchema("digest")) {
            source.execute("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b INT) ENGINE=InnoDB");
            target.execute("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b INT) ENGINE=InnoDB");
            source.execute("INSERT INTO t VALUES (1, 'one', 11), (2, 'two', 22), (3, 'three', 33)");
            target.execute("INSERT INTO t VALUES (1, 'two', 11), (2, 'one', 22), (3, 'three', 33)");
            Mapping table = mapping(source, target, "t");
            RangeDigest owner = ofOwner(table, source, ALL);
            assertThat(owner.rows()).isEqualTo(3);
            assertThat(owner.proves(ofFollower(table, target, ALL))).isFalse();
            KeyRange third = KeyRange.page(Key.of(2), Key.of(3));
            assertThat(ofOwner(table, source, third).proves(ofFollower(table, target, third)))
                    .isTrue();
            target.execute(
                    "UPDATE t SET a = 'one', b = 22 WHERE id = 1", "UPDATE t SET a = 'two', b = 11 WHERE id = 2");
            assertThat(owner.proves(ofFollower(table, target, ALL))).isFalse();
        }
    }

    @Test
    void aRowWithoutADigestProvesNothing() {
        RangeDigest digest = new RangeDigest(3, "42", 1);
        assertThat(digest.proves(digest)).isFalse();
    }
}
