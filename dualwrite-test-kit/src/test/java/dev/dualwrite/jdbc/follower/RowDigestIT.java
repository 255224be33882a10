package dev.dualwrite.jdbc.follower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SchemaReader;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.data.EveryType;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the servers say of a range is the same exactly if the rows are. There is no instance here, and nothing to converge. */
class RowDigestIT {
    private static final KeyRange ALL = new KeyRange(null, false, null, false);

    private static final EveryType TYPES = EveryType.common();

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
    @Requirement(209)
    @Test
    void everyTypeAndEveryValueTellsItselfFromAllOthers() throws Exception {
        TwoServers servers = TwoServers.get();
        List<String> types = TYPES.types();
        String ddl = TYPES.ddl("t");
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
                for (String value : TYPES.values(types.get(i))) {
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
