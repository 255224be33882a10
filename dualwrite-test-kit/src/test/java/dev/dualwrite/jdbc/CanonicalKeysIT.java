package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SchemaReader;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that the server holds equal are one unit, however they are spelled; and what is written last is what both sides hold. */
class CanonicalKeysIT {

    /** A kind of key: its column, and spellings of which each group is one key. */
    static Stream<Arguments> kinds() {
        return Stream.of(
                kind(
                        "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
                        "'abc' | 'ABC' | 'abc ' | 'aBc   ' | 'ábc'",
                        "'abd' | 'ABD'",
                        "'ss' | 'SS '",
                        "' abc'",
                        "'' | ' '"),
                kind(
                        "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                        "'straße' | 'STRASSE' | 'strasse '",
                        "'Ärger' | 'arger' | 'ARGER '",
                        "'b' | 'B'"),
                kind(
                        "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                        "'abc' | 'abc '",
                        "'ABC' | 'ABC  '",
                        "'é'"),
                kind(
                        "CHAR(36) CHARACTER SET ascii COLLATE ascii_general_ci",
                        "'3f2504e0-4f89-11d3-9a0c-0305e82c3301' | '3F2504E0-4F89-11D3-9A0C-0305E82C3301'",
                        "'short' | 'SHORT  '"),
                kind(
                        "VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci",
                        "'Öl' | 'öl' | 'ÖL '",
                        "'ol' | 'OL'",
                        "'ü' | 'y' | 'Y '"),
                kind(
                        "DECIMAL(10,2)",
                        "1.5 | 1.50 | '1.50' | 1.500 | 15e-1",
                        "-0.01 | -1e-2",
                        "0 | 0.00 | -0.0",
                        "99999999.99"),
                kind(
                        "DATETIME(3)",
                        "'2024-02-29 12:00:00.5' | '2024-02-29 12:00:00.500' | '2024-02-29T12:00:00.5'",
                        "'2024-02-29 12:00:00' | 20240229120000 | '2024-2-29 12:0:0'",
                        "'2024-12-31'"),
                kind(
                        "BINARY(16)",
                        "x'00112233445566778899aabbccddeeff' | 0x00112233445566778899AABBCCDDEEFF",
                        "'sixteen bytes ab' | x'7369787465656e206279746573206162'",
                        "'Sixteen bytes ab'"),
                kind("DATE", "'2024-02-29' | '2024-2-29' | 20240229", "'0001-01-01'"),
                kind("BIGINT UNSIGNED", "18446744073709551615", "1 | 01 | '1'", "0"));
    }

    /** Groups of spellings, each separated by {@code |}. */
    private static Arguments kind(String column, String... groups) {
        return Arguments.of(
                column,
                Stream.of(groups).map(group -> List.of(group.split(" \\| "))).toList());
    }

    private static String table(String column) {
        return "CREATE TABLE keyed (k " + column + " NOT NULL PRIMARY KEY, v VARCHAR(60) NOT NULL) ENGINE=InnoDB";
    }

    private static KeySpec key(Rig rig) throws SQLException {
        try (Connection connection = rig.direct(Side.SOURCE)) {
            return new SchemaReader(new Domain(List.of("keyed")), "dualwrite_", row -> row)
                    .read(connection, Side.SOURCE)
                    .require("keyed")
                    .key();
        }
    }

    private static void awaitDrained(Rig rig) {
        Eventually.eventually().until("the queue is empty", () -> rig.queued(Side.SOURCE) == 0);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void equalKeysShareAUnitAndALane(String column, List<List<String>> groups) throws Exception {
        try (Rig rig = Rig.shared(table(column))) {
            Node node = rig.standingStill();
            KeySpec key = key(rig);
            List<String> units = new ArrayList<>();
            for (List<String> group : groups) {
                rig.schema(Side.SOURCE).execute("DELETE FROM dualwrite_intent");
                for (String spelling : group) {
                    node.write("INSERT INTO keyed VALUES (" + spelling + ", 'by insert')");
                    node.write("UPDATE keyed SET v = 'by update' WHERE k = " + spelling);
                    node.write("UPDATE keyed SET v = 'by predicate' WHERE k IN (" + spelling + ") AND v <> ''");
                    node.write("DELETE FROM keyed WHERE k = " + spelling);
                }
                assertThat(Integer.parseInt(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_intent")))
                        .as("each change left its intent")
                        .isGreaterThanOrEqualTo(group.size() * 4);
                assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(DISTINCT unit, lane) FROM dualwrite_intent"))
                        .as("%s are one key, so one unit and lane", group)
                        .isEqualTo("1");
                units.add(rig.ask(Side.SOURCE, "SELECT HEX(unit) FROM dualwrite_intent LIMIT 1"));
                node.write("INSERT INTO keyed VALUES (" + group.get(0) + ", 'again')");
                rig.schema(Side.SOURCE).execute("DELETE FROM dualwrite_intent");
                node.write("UPDATE keyed SET v = 'selected' WHERE v = 'again'");
                assertThat(rig.ask(
                                Side.SOURCE,
                                "SELECT COUNT(*) FROM keyed k JOIN dualwrite_intent i ON i.unit = "
                                        + key.unitOfRow("k.") + " AND i.key_values = " + key.encodedRow("k.")))
                        .as("a server that captures by itself writes the same")
                        .isEqualTo("1");
                node.write("DELETE FROM keyed");
            }
            assertThat(units).as("different keys are different units").doesNotHaveDuplicates();
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    /** What sets the levels of a collation's weights apart is no letter of the session's. */
    @Test
    void aUnitIsTheSameInASessionOfWideCharacters() throws Exception {
        boolean maria = TwoServers.get().source().kind() == ServerKind.MARIADB;
        String collation = maria ? "utf8mb4_uca1400_as_cs" : "utf8mb4_0900_as_cs";
        try (Rig rig = Rig.shared(table("VARCHAR(20) CHARACTER SET utf8mb4 COLLATE " + collation))) {
            KeySpec key = key(rig);
            try (Connection plain = rig.direct(Side.SOURCE);
                    Connection wide = rig.direct(Side.SOURCE)) {
                run(wide, "SET collation_connection = utf16_general_ci");
                for (String text : List.of("a", "Ä b", "a ")) {
                    String unit = "SELECT HEX(" + key.unitExpression(Key.of(text)) + ")";
                    assertThat(ask(wide, unit)).as(text).isEqualTo(ask(plain, unit));
                }
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "no row";
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keysSpelledInManyWaysConvergeUnderTwoInstances(String column, List<List<String>> groups) throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("-Ddualwrite.seed=" + seed);
        try (Rig rig = Rig.shared(table(column))) {
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            for (List<String> group : groups) {
                one.write("INSERT INTO keyed VALUES (" + group.get(0) + ", 'before')");
            }
            Rig.readyToFlip(one.dualWrite());
            List<Background<Integer>> writers = new ArrayList<>();
            for (Node node : List.of(one, two)) {
                Random random = new Random(seed + writers.size());
                writers.add(Background.run(() -> {
                    int done = 0;
                    while (done < 40) {
                        List<String> group = groups.get(random.nextInt(groups.size()));
                        change(node, random, group, String.valueOf(done));
                        done++;
                    }
                    return done;
                }));
            }
            for (Background<Integer> writer : writers) {
                assertThat(writer.result()).isPositive();
            }
            awaitDrained(rig);
            Rig.verify(two.dualWrite());
            rig.finish();
        }
    }

    private static void change(Node node, Random random, List<String> group, String value) throws SQLException {
        String a = group.get(random.nextInt(group.size()));
        String b = group.get(random.nextInt(group.size()));
        try {
            switch (random.nextInt(6)) {
                case 0 -> node.write("INSERT INTO keyed VALUES (" + a + ", 'inserted " + value + "')");
                case 1 -> node.write("DELETE FROM keyed WHERE k = " + a);
                case 2 -> node.write("UPDATE keyed SET k = " + a + " WHERE k = " + b);
                case 3 ->
                    node.write("UPDATE keyed SET k = " + a + ", v = 'k" + value + "' WHERE k = " + b + " AND v <> ''");
                case 4 -> node.write("UPDATE keyed SET v = 'updated " + value + "' WHERE k = " + a);
                default ->
                    node.transaction(
                            "DELETE FROM keyed WHERE k = " + a,
                            "INSERT INTO keyed VALUES (" + b + ", 'again " + value + "')");
            }
        } catch (SQLException e) {
            // both writers use the same keys: a duplicate or a deadlock is what the owner's server says
            if (e.getErrorCode() != 1062 && e.getErrorCode() != 1213) {
                throw e;
            }
        }
    }

    @Test
    void aKeyThatChangesOnlyItsCaseOrItsSpacesArrivesAsItIs() throws Exception {
        try (Rig rig = Rig.shared(table("VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"))) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO keyed VALUES ('abc', '1'), ('def', '2'), ('ghi', '3')");
            Rig.readyToFlip(node.dualWrite());
            node.write("UPDATE keyed SET k = 'ABC' WHERE k = 'abc'");
            node.write("UPDATE keyed SET k = CONCAT(k, ' ') WHERE k = 'def'");
            node.write("UPDATE keyed SET k = UPPER(k) WHERE v = '3'");
            rig.log().present("keyed", "k", "ABC");
            rig.log().present("keyed", "k", "def ");
            rig.log().present("keyed", "k", "GHI");
            awaitDrained(rig);
            assertThat(rig.ask(Side.TARGET, "SELECT GROUP_CONCAT('<', k, '>' ORDER BY v) FROM keyed"))
                    .isEqualTo("<ABC>,<def >,<GHI>");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Test
    void aCompositeKeyOfANumberAndATextIsOneUnitHoweverTheTextIsSpelled() throws Exception {
        String ddl = "CREATE TABLE keyed (a BIGINT NOT NULL, b VARCHAR(20) CHARACTER SET utf8mb4"
                + " COLLATE utf8mb4_general_ci NOT NULL, v VARCHAR(60) NOT NULL, PRIMARY KEY (a, b)) ENGINE=InnoDB";
        try (Rig rig = Rig.shared(ddl)) {
            Node node = rig.node("one", b -> b.chunkRows(10)).start();
            for (int i = 0; i < 40; i++) {
                node.write("INSERT INTO keyed VALUES (" + i / 10 + ", 'Key" + i + "', '" + i + "')");
            }
            Rig.readyToFlip(node.dualWrite());
            node.dualWrite().kill(true);
            node.write("UPDATE keyed SET v = 'x' WHERE a = 1 AND b = 'KEY11'");
            node.write("UPDATE keyed SET b = 'KEY11 ' WHERE b = 'key11' AND a = 1");
            node.write("UPDATE keyed SET v = 'y' WHERE (a, b) IN ((1, 'kEY11'))");
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(DISTINCT unit, lane) FROM dualwrite_intent WHERE marked = 0"))
                    .isEqualTo("1");
            node.write("UPDATE keyed SET a = a + 100 WHERE a = 2 AND b > 'Key25'");
            node.write("DELETE FROM keyed WHERE a = 3 AND b IN ('KEY30', 'key31 ')");
            node.write("INSERT INTO keyed VALUES (3, 'KEY30', 'again'), (-1, '', 'new')");
            node.dualWrite().kill(false);
            rig.log().claim("11", "SELECT CONCAT(b, v) FROM keyed WHERE a = 1 AND b = 'key11'", "KEY11 y");
            rig.log().claim("moved", "SELECT COUNT(*) FROM keyed WHERE a = 102", 4);
            awaitDrained(rig);
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Test
    @DisplayName(
            "keys given as parameters, in the types that applications use, by text and by server-prepared statements")
    void keysGivenAsParametersAreTheSameKeys() throws Exception {
        String ddl = "CREATE TABLE binkey (k BINARY(16) PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB";
        String time = "CREATE TABLE timekey (k DATETIME(3) PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB";
        String uuid = "CREATE TABLE uuidkey (k CHAR(36) CHARACTER SET ascii COLLATE ascii_general_ci PRIMARY KEY,"
                + " v INT NOT NULL) ENGINE=InnoDB";
        String price = "CREATE TABLE price (k DECIMAL(10,2) PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB";
        try (Rig rig = Rig.shared(ddl, time, uuid, price)) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            byte[] id = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
            byte[] zeros = new byte[16];
            zeros[0] = 7;
            List<Object[]> keys = List.of(
                    new Object[] {"binkey", id, id},
                    new Object[] {"binkey", zeros, new byte[] {7}},
                    new Object[] {
                        "timekey",
                        Timestamp.valueOf("2024-05-05 10:00:00.1234"),
                        Timestamp.valueOf("2024-05-05 10:00:00.123")
                    },
                    new Object[] {"timekey", "2024-05-05 11:00:00", Timestamp.valueOf("2024-05-05 11:00:00")},
                    new Object[] {
                        "uuidkey", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "3F2504E0-4F89-11D3-9A0C-0305E82C3301"
                    },
                    new Object[] {"price", new java.math.BigDecimal("7.5"), new java.math.BigDecimal("7.50")},
                    new Object[] {"price", "8.250", 8.25});
            try (Connection connection = node.dataSource().getConnection()) {
                for (Object[] key : keys) {
                    run(connection, "INSERT INTO " + key[0] + " (k, v) VALUES (?, 1)", key[1]);
                }
                awaitDrained(rig);
                for (Object[] key : keys) {
                    run(connection, "UPDATE " + key[0] + " SET v = v + 1 WHERE k = ?", key[1]);
                    run(connection, "UPDATE " + key[0] + " SET v = v + 1 WHERE k = ?", key[2]);
                }
            }
            awaitDrained(rig);
            assertThat(rig.ask(Side.TARGET, "SELECT v FROM uuidkey")).isEqualTo("3");
            assertThat(rig.ask(Side.TARGET, "SELECT v FROM price WHERE k = 7.5"))
                    .isEqualTo("3");
            node.dualWrite().backfill();
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    private static void run(Connection connection, String sql, Object key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (key instanceof byte[] bytes) {
                statement.setBytes(1, bytes);
            } else {
                statement.setObject(1, key);
            }
            statement.executeUpdate();
        }
    }

    @Test
    void unitsFollowTheServersOwnEqualityUnderEveryFamilyOfCollations() throws Exception {
        for (String collation : collations()) {
            try (Rig rig = Rig.shared(table("VARCHAR(20) CHARACTER SET utf8mb4 COLLATE " + collation))) {
                Node node = rig.standingStill();
                List<String> spellings =
                        List.of("'abc'", "'ABC'", "'abc '", "'ábc'", "'a-bc'", "'ABC  '", "'äbc'", "'ae'", "'æ'");
                try (Connection connection = node.dataSource().getConnection();
                        Statement through = connection.createStatement();
                        Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
                    for (int i = 0; i < spellings.size(); i++) {
                        for (int j = 0; j < i; j++) {
                            String a = spellings.get(i);
                            String b = spellings.get(j);
                            through.executeUpdate("DELETE FROM keyed WHERE k = " + a);
                            through.executeUpdate("DELETE FROM keyed WHERE k = " + b);
                            long equal = source.number("SELECT _utf8mb4" + a + " COLLATE " + collation + " = _utf8mb4"
                                    + b + " COLLATE " + collation);
                            assertThat(source.number("SELECT COUNT(DISTINCT unit) FROM dualwrite_intent"))
                                    .as("%s and %s under %s", a, b, collation)
                                    .isEqualTo(2 - equal);
                            source.write("DELETE FROM dualwrite_intent");
                        }
                    }
                }
                node.dualWrite().kill(false);
                rig.finish();
            }
        }
    }

    /** Each kind of server has some that the other has not. */
    private static List<String> collations() throws Exception {
        List<String> all = new ArrayList<>();
        try (Rig rig = Rig.shared();
                Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            for (Object name : source.column("""
                    SELECT full_collation_name FROM information_schema.collation_character_set_applicability
                     WHERE character_set_name = 'utf8mb4' AND full_collation_name IN (
                       'utf8mb4_uca1400_ai_ci', 'utf8mb4_uca1400_as_ci', 'utf8mb4_uca1400_nopad_as_cs')""")) {
                all.add(String.valueOf(name));
            }
        } catch (SQLException mysql) {
            all.addAll(List.of("utf8mb4_0900_ai_ci", "utf8mb4_0900_as_ci", "utf8mb4_0900_as_cs", "utf8mb4_0900_bin"));
        }
        all.addAll(List.of("utf8mb4_unicode_520_ci", "utf8mb4_german2_ci", "utf8mb4_spanish2_ci"));
        return all;
    }
}
