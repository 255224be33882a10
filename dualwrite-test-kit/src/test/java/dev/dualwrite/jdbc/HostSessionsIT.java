package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.data.EveryType;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.TableMatch;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.ServerVersion;
import dev.dualwrite.testkit.server.TwoServers;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Hosts in three time zones, one of which has summer time, write by the text and by the binary protocol, by every call of JDBC
 * that suits a value, in sessions of several character sets and modes: what they meant stands on both sides, whoever owns.
 */
class HostSessionsIT {
    private static final String ABROAD = "America/New_York";

    /** Time zone and protocol of a host. */
    private record Way(String zone, boolean binary) {}

    /** Two that write in the zone with summer time; with {@code -Ddualwrite.types.all} two in each. */
    private static final List<Way> WAYS = Boolean.getBoolean("dualwrite.types.all")
            ? List.of(
                    new Way(ABROAD, false),
                    new Way(ABROAD, true),
                    new Way("UTC", false),
                    new Way("UTC", true),
                    new Way("+05:45", false),
                    new Way("+05:45", true))
            : List.of(new Way(ABROAD, false), new Way(ABROAD, true), new Way("UTC", false), new Way("+05:45", true));

    private static final String UTC =
            "&connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true&yearIsDateType=false";
    private static final EveryType TYPES =
            EveryType.of(TwoServers.get().source().version());
    private static final int PER_HOST = 1000;
    private static final int UPDATED = 500;

    /** Of texts that are keys, in character sets and collations of their own. */
    private static final Map<String, String> WORDS = words();

    /** In which a server does not know what bytes of another set mean. */
    private static final Set<String> NARROW = Set.of("word_cp1251", "word_sjis");

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("word_latin1", "VARCHAR(40) CHARACTER SET latin1");
        words.put("word_cp1251", "CHAR(40) CHARACTER SET cp1251");
        words.put("word_general", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
        words.put("word_newest", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE " + newest());
        words.put("word_bin", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        words.put("word_utf16", "VARCHAR(40) CHARACTER SET utf16");
        words.put("word_sjis", "VARCHAR(40) CHARACTER SET sjis");
        words.put("word_binary", "VARBINARY(60)");
        return words;
    }

    private static String newest() {
        ServerVersion from = TwoServers.get().source().version();
        ServerVersion to = TwoServers.get().target().version();
        if (from.kind() == ServerKind.MYSQL && to.kind() == ServerKind.MYSQL) {
            return "utf8mb4_0900_ai_ci";
        }
        boolean both = from.kind() == to.kind() && from.atLeast(10, 10, 1) && to.atLeast(10, 10, 1);
        return both ? "uca1400_ai_ci" : "utf8mb4_unicode_520_ci";
    }

    /** What a key of each of them can hold, beside letters of ASCII. */
    private static String letters(String table) {
        return switch (table) {
            case "word_latin1" -> "\\ Gr\u00fc\u00dfe";
            case "word_cp1251" -> "\\ \u0416\u0438";
            case "word_sjis" -> "\u8868\u30bd"; // their second bytes are a backslash's, which is another letter there
            default -> "\\ \u00df\u0416\u8868\ud83d\ude00";
        };
    }

    /** One process of the application. */
    private record Host(
            int number, String zone, boolean binary, HikariDataSource source, HikariDataSource target, Node node)
            implements AutoCloseable {
        static Host start(Rig rig, int number, String zone, boolean binary, String options) {
            String all = "&connectionTimeZone=" + URLEncoder.encode(zone, StandardCharsets.UTF_8)
                    + "&forceConnectionTimeZoneToSession=true&useServerPrepStmts=" + binary + "&cachePrepStmts="
                    + binary + options;
            HikariDataSource source = pool(rig, Side.SOURCE, all);
            HikariDataSource target = pool(rig, Side.TARGET, all);
            Node node = rig.node(
                            "host-" + number,
                            b -> b.source(source).target(target).workers(1))
                    .start();
            return new Host(number, zone, binary, source, target, node);
        }

        private static HikariDataSource pool(Rig rig, Side side, String options) {
            HikariConfig config = new HikariConfig();
            config.setPoolName(rig.migration() + "-host-" + side);
            config.setJdbcUrl(rig.proxy(side).jdbcUrl(rig.schema(side).name()) + options);
            config.setMaximumPoolSize(2);
            config.setMinimumIdle(0);
            return new HikariDataSource(config);
        }

        Connection connect() throws SQLException {
            return node.dataSource().getConnection();
        }

        /** As the application had it before. */
        Connection bare(Side side) throws SQLException {
            return (side == Side.SOURCE ? source : target).getConnection();
        }

        /** Where the rows stand that it is to have written. */
        int[] offsets() {
            return binary ? new int[] {0} : new int[] {0, UPDATED};
        }

        ZoneId zoneId() {
            return ZoneId.of(zone);
        }

        @Override
        public void close() {
            node.close();
            source.close();
            target.close();
        }
    }

    private static String columns() {
        return IntStream.range(0, TYPES.types().size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    }

    /** The edge values of every type, as a program in UTC reads them. */
    private static Map<Integer, List<@Nullable Object>> values(Rig rig) throws SQLException {
        List<Typed> typed = TYPES.types().stream().map(Typed::of).toList();
        StringBuilder select = new StringBuilder("SELECT id");
        for (int i = 0; i < typed.size(); i++) {
            select.append(", ").append(typed.get(i).expression("c" + i));
        }
        Map<Integer, List<@Nullable Object>> rows = new LinkedHashMap<>();
        try (Connection connection =
                        DriverManager.getConnection(rig.schema(Side.SOURCE).jdbcUrl() + UTC);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select + " FROM template ORDER BY id")) {
            while (row.next()) {
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 0; i < typed.size(); i++) {
                    values.add(typed.get(i).read(row, i + 2));
                }
                rows.put(row.getInt(1), values);
            }
        }
        return rows;
    }

    private static void meant(Rig rig, Side side, Host host) throws SQLException {
        try (Connection connection = rig.direct(side);
                Statement statement = connection.createStatement()) {
            for (int offset : host.offsets()) {
                statement.executeUpdate("INSERT INTO meant SELECT id + " + (host.number() * PER_HOST + offset) + ", "
                        + columns() + " FROM template");
            }
        }
    }

    private static void set(Host host, PreparedStatement statement, int from, List<@Nullable Object> values, int way)
            throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            Typed.of(TYPES.types().get(i)).set(statement, from + i, values.get(i), way + i, host.zoneId());
        }
    }

    /** Inserts the edge values, and gives them to rows that had none. */
    private static void everything(Host host, Map<Integer, List<@Nullable Object>> rows) throws SQLException {
        int count = TYPES.types().size();
        try (Connection connection = host.connect();
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO every (id, " + columns() + ") VALUES (?" + ", ?".repeat(count) + ")");
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE every SET " + columns().replace(",", " = ?,") + " = ? WHERE id = ?")) {
            for (Map.Entry<Integer, List<@Nullable Object>> row : rows.entrySet()) {
                int id = host.number() * PER_HOST + row.getKey();
                insert.setInt(1, id);
                set(host, insert, 2, row.getValue(), host.number() + row.getKey());
                assertThat(insert.executeUpdate()).isOne();
                statement.executeUpdate("INSERT INTO every (id) VALUES (" + (id + UPDATED) + ")");
                set(host, update, 1, row.getValue(), host.number() + row.getKey() + 1);
                update.setInt(count + 1, id + UPDATED);
                assertThat(update.executeUpdate()).isOne();
            }
        }
    }

    /**
     * The same, each value by a statement of its own, for the binary protocol: MySQL derives the types of parameters from each
     * other, and takes not every mixture of them.
     */
    private static void oneByOne(Host host, Map<Integer, List<@Nullable Object>> rows) throws SQLException {
        try (Connection connection = host.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int row : rows.keySet()) {
                statement.executeUpdate("INSERT INTO every (id) VALUES (" + (host.number() * PER_HOST + row) + ")");
            }
            for (int i = 0; i < TYPES.types().size(); i++) {
                try (PreparedStatement update =
                        connection.prepareStatement("UPDATE every SET c" + i + " = ? WHERE id = ?")) {
                    for (Map.Entry<Integer, List<@Nullable Object>> row : rows.entrySet()) {
                        Typed.of(TYPES.types().get(i))
                                .set(update, 1, row.getValue().get(i), host.number() + row.getKey(), host.zoneId());
                        update.setInt(2, host.number() * PER_HOST + row.getKey());
                        assertThat(update.executeUpdate()).isOne();
                    }
                }
            }
            connection.commit();
        }
    }

    /**
     * Times that summer time makes twice or never, and others that are none, each with the session that takes it.
     *
     * @param connection one of the boundary, or a bare one with the same options
     */
    private static void moments(Host host, Connection connection, String table) throws SQLException {
        int id = host.number() * PER_HOST;
        ZoneId zone = host.zoneId();
        try (Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO " + table + " (id, ts, dt, d, t) VALUES (?, ?, ?, ?, ?)")) {
            for (String time : List.of(
                    "2024-03-10 01:59:59.999999",
                    "2024-03-10 03:00:00",
                    "2024-11-03 00:59:59.999999",
                    "2024-11-03 01:30:00", // twice
                    "2024-11-03 02:00:00",
                    "2037-12-31 23:59:59.5")) {
                moment(insert, ++id, time, time, time.substring(0, 10), time.substring(11));
            }
            for (String twice : List.of("2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z")) {
                Timestamp instant = Timestamp.from(Instant.parse(twice));
                LocalDateTime never = LocalDateTime.of(2024, 3, 10, 2, 30);
                for (int way = 0; way < 5; way++) {
                    insert.setInt(1, ++id);
                    Typed.TIMESTAMP.set(insert, 2, instant, way, zone);
                    Typed.DATETIME.set(insert, 3, never, way, zone);
                    Typed.DATE.set(insert, 4, never.toLocalDate(), way, zone);
                    Typed.TIME.set(insert, 5, "02:30:00.000001", way, zone);
                    assertThat(insert.executeUpdate()).isOne();
                }
            }
            statement.execute("SET sql_mode = ''");
            moment(insert, ++id, "2024-03-10 02:15:00", "2024-03-10 02:15:00", null, null); // never
            moment(insert, ++id, "0000-00-00 00:00:00", "0000-00-00 00:00:00", "0000-00-00", "-838:59:59");
            moment(insert, ++id, null, "2024-00-00 00:00:00", "2024-02-00", "-00:00:00.000001");
            statement.execute("SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES'");
            moment(insert, ++id, null, "2024-02-31 12:00:00", "2024-02-31", "838:59:59");
            statement.execute("SET time_zone = '-03:30', sql_mode = 'STRICT_ALL_TABLES', timestamp = 1717243200.25");
            moment(insert, ++id, "2024-06-01 12:00:00", "2024-06-01 12:00:00", "2024-06-01", "12:00:00");
            assertThat(statement.executeUpdate("UPDATE " + table + " SET t = '01:00:00' WHERE id > "
                            + host.number() * PER_HOST + " AND id <= " + id + " AND ts = '2024-06-01 12:00:00'"))
                    .isOne();
            statement.executeUpdate(
                    "INSERT INTO " + table + " (id, ts, dt) VALUES (" + ++id + ", NOW(6), CURRENT_TIMESTAMP(6))");
            statement.execute("SET time_zone = '" + host.zone().replace("UTC", "+00:00")
                    + "', sql_mode = DEFAULT, timestamp = DEFAULT");
        }
    }

    private static void moment(PreparedStatement insert, int id, @Nullable String... values) throws SQLException {
        insert.setInt(1, id);
        for (int i = 0; i < values.length; i++) {
            insert.setString(i + 2, values[i]);
        }
        assertThat(insert.executeUpdate()).isOne();
    }

    /** A key of columns that only the server knows how to store. */
    private record Keyed(Host host, int way) {
        private static final List<String> COLUMNS = List.of("n", "d", "t", "b", "u", "y");

        void set(PreparedStatement statement, int from, LocalDateTime time) throws SQLException {
            ZoneId zone = host.zoneId();
            Typed.NUMBER.set(statement, from, host.number() + ".125", way, zone);
            Typed.DATE.set(statement, from + 1, LocalDate.of(2024, 3, 10), way, zone);
            // as a timestamp of the driver it is compared with instants, on a bare connection too, and never comes
            Typed.DATETIME.set(statement, from + 2, time, way % 2, zone);
            Typed.BYTES.set(statement, from + 3, new byte[] {'\\', '\'', 0, (byte) 0xff, (byte) way}, way % 2, zone);
            Typed.NUMBER.set(statement, from + 4, new BigInteger("18446744073709551615"), way % 3, zone);
            Typed.YEAR.set(statement, from + 5, 2155, way, zone);
        }
    }

    private static void keys(Host host) throws SQLException {
        LocalDateTime never = LocalDateTime.of(2024, 3, 10, 2, 30, 0, 1_000);
        LocalDateTime twice = LocalDateTime.of(2024, 11, 3, 1, 30);
        String where = Keyed.COLUMNS.stream().collect(Collectors.joining(" = ? AND ", " WHERE ", " = ?"));
        try (Connection connection = host.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO keyed (" + String.join(", ", Keyed.COLUMNS) + ") VALUES (?, ?, ?, ?, ?, ?)");
                PreparedStatement update = connection.prepareStatement("UPDATE keyed SET v = v + 1" + where);
                PreparedStatement move = connection.prepareStatement("UPDATE keyed SET t = ?" + where);
                PreparedStatement delete = connection.prepareStatement("DELETE FROM keyed" + where)) {
            for (int way = 0; way < 5; way++) {
                Keyed row = new Keyed(host, way);
                row.set(insert, 1, never);
                assertThat(insert.executeUpdate()).isOne();
                row.set(update, 1, never);
                assertThat(update.executeUpdate()).as("way " + way).isOne();
            }
            for (int way = 0; way < 2; way++) {
                Keyed row = new Keyed(host, way);
                Typed.DATETIME.set(move, 1, twice, 1 - way, host.zoneId());
                row.set(move, 2, never);
                assertThat(move.executeUpdate()).isOne();
            }
            Keyed gone = new Keyed(host, 2);
            gone.set(delete, 1, never);
            assertThat(delete.executeUpdate()).isOne();
        }
    }

    /** How a session that is not utf8mb4 reads the letters of a statement, only the server knows. */
    private static void refusedAsLiteral(Statement statement, String sql) {
        assertThatThrownBy(() -> statement.executeUpdate(sql))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("DW-2031");
    }

    private static void words(Host host, String table, boolean unicode) throws SQLException {
        try (Connection connection = host.connect();
                Statement statement = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + table + " (w, v) VALUES (?, ?)");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE " + table + " SET v = v + 1 WHERE w = ?");
                PreparedStatement rename = connection.prepareStatement("UPDATE " + table + " SET w = ? WHERE w = ?");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM " + table + " WHERE w = ?")) {
            String own = host.number() + " ' " + letters(table);
            for (String word : List.of(own + " kept", own + " renamed", own + " gone")) {
                insert.setString(1, word);
                insert.setInt(2, 1);
                assertThat(insert.executeUpdate()).as(word).isOne();
            }
            String literal = "'" + (own + " literal").replace("\\", "\\\\").replace("'", "''") + "'";
            String write = "INSERT INTO " + table + " (w, v) VALUES (" + literal + ", 5)";
            if (unicode) {
                statement.executeUpdate(write);
                assertThat(statement.executeUpdate("UPDATE " + table + " SET v = v + 1 WHERE w = " + literal))
                        .isOne();
            } else {
                refusedAsLiteral(statement, write);
            }
            update.setString(1, own + " kept");
            assertThat(update.executeUpdate()).isOne();
            rename.setString(1, own + " another");
            rename.setString(2, own + " renamed");
            assertThat(rename.executeUpdate()).isOne();
            delete.setString(1, own + " gone");
            assertThat(delete.executeUpdate()).isOne();
        }
    }

    /** The bytes that arrive are read in another character set than the one they are in; the driver is not told. */
    private static void misread(Host host, String table) throws SQLException {
        try (Connection connection = host.connect();
                Statement statement = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + table + " (w, v) VALUES (?, ?)");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE " + table + " SET v = v + 1 WHERE w = ?")) {
            statement.execute("SET character_set_client = latin1, character_set_connection = latin1");
            String word = host.number() + " misread \u00fc\u00df";
            insert.setString(1, word);
            insert.setInt(2, 1);
            assertThat(insert.executeUpdate()).isOne();
            update.setString(1, word);
            assertThat(update.executeUpdate()).isOne();
            refusedAsLiteral(statement, "INSERT INTO " + table + " (w, v) VALUES ('" + word + " again', 5)");
            statement.execute("SET character_set_client = utf8mb4, character_set_connection = utf8mb4");
        }
    }

    private static void equal(Rig rig, Side owner, String when) throws SQLException {
        Eventually.eventually().until(when + ": converged", () -> rig.queued(owner) == 0);
        List<TableMatch> moved = rig.tables().stream().map(TableMatch::of).toList();
        var both = Parity.between(() -> rig.direct(Side.SOURCE), () -> rig.direct(Side.TARGET))
                .compare(moved, 3);
        assertThat(both.identical()).as("%s: %s", when, both).isTrue();
        var asMeant = Parity.between(() -> rig.direct(owner), () -> rig.direct(owner))
                .compare(
                        List.of(
                                new TableMatch("meant", "every", Set.of(), Map.of()),
                                new TableMatch("meant_moment", "moment", Set.of(), Map.of())),
                        3);
        assertThat(asMeant.identical())
                .as("%s, as it was meant: %s", when, asMeant)
                .isTrue();
        for (Side side : Side.values()) {
            assertThat(rig.ask(
                            side,
                            "SELECT COUNT(*) FROM moment WHERE CONVERT_TZ(ts, @@session.time_zone, '+00:00') ="
                                    + " '2024-06-01 15:30:00' AND dt = '2024-06-01 12:00:00' AND t = '01:00:00'"))
                    .isEqualTo(String.valueOf(WAYS.size()));
        }
    }

    @Scenario({37, 57})
    @Requirement(209)
    @Test
    void whatHostsMeantStandsOnBothSides() throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(ABROAD)); // where the library runs
        try {
            thereAndBack();
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static void thereAndBack() throws Exception {
        String moment = " (id INT PRIMARY KEY, ts TIMESTAMP(6) NULL, dt DATETIME(6) NULL, d DATE NULL, t TIME(6) NULL)"
                + " ENGINE=InnoDB";
        List<String> ddl = new ArrayList<>(List.of(
                TYPES.ddl("every").replace("`", ""),
                "CREATE TABLE moment" + moment,
                "CREATE TABLE keyed (n DECIMAL(12,3), d DATE, t DATETIME(6), b VARBINARY(20), u BIGINT UNSIGNED, y YEAR,"
                        + " v INT NOT NULL DEFAULT 1, PRIMARY KEY (n, d, t, b, u, y)) ENGINE=InnoDB"));
        WORDS.forEach((table, type) ->
                ddl.add("CREATE TABLE " + table + " (w " + type + " PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB"));
        List<Host> hosts = new ArrayList<>();
        try (Rig rig = Rig.shared(ddl.toArray(new String[0]))) {
            for (Side side : Side.values()) {
                TimeZones.load(rig.server(side), ABROAD);
                try (Connection connection = rig.direct(side);
                        Statement statement = connection.createStatement()) {
                    statement.execute("SET time_zone = '+00:00'");
                    statement.execute(TYPES.ddl("template"));
                    statement.execute(TYPES.ddl("meant"));
                    statement.execute("CREATE TABLE meant_moment" + moment);
                    for (String row : TYPES.rows("template")) {
                        statement.executeUpdate(row);
                    }
                }
            }
            Map<Integer, List<@Nullable Object>> values = values(rig);
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            for (Way way : WAYS) {
                hosts.add(Host.start(rig, hosts.size() + 1, way.zone(), way.binary(), ""));
            }
            List<Host> utf8 = List.copyOf(hosts);
            Host latin1 = Host.start(rig, hosts.size() + 1, "UTC", false, "&characterEncoding=ISO-8859-1");
            hosts.add(latin1);
            Host latin1Binary = Host.start(rig, hosts.size() + 1, "UTC", true, "&characterEncoding=ISO-8859-1");
            hosts.add(latin1Binary);
            for (Side owner : Side.values()) {
                for (Host host : utf8) {
                    if (host.binary()) {
                        oneByOne(host, values);
                    } else {
                        everything(host, values);
                    }
                    meant(rig, owner, host);
                    try (Connection boundary = host.connect();
                            Connection bare = host.bare(owner)) {
                        moments(host, boundary, "moment");
                        moments(host, bare, "meant_moment");
                    }
                    keys(host);
                }
                for (Host host : utf8.subList(0, 2)) {
                    for (String table : WORDS.keySet()) {
                        words(host, table, true);
                        if (!NARROW.contains(table)) {
                            misread(host, table);
                        }
                    }
                }
                words(latin1, "word_latin1", false);
                words(latin1Binary, "word_latin1", false);
                equal(rig, owner, owner + " owns");
                if (owner == Side.SOURCE) {
                    Rig.flipInSomeTries(node.dualWrite()::flip);
                    for (String table : rig.tables()) {
                        utf8.get(0).node().write("DELETE FROM " + table);
                    }
                }
            }
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            Rig.verify(node.dualWrite());
            rig.log()
                    .claim(
                            "rows",
                            "SELECT COUNT(*) FROM every",
                            String.valueOf(TYPES.rows("every").size()
                                    * utf8.stream()
                                            .mapToInt(host -> host.offsets().length)
                                            .sum()));
            hosts.forEach(Host::close);
            rig.finish();
        } finally {
            hosts.forEach(Host::close);
        }
    }
}
