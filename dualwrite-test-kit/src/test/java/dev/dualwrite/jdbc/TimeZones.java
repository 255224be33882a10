package dev.dualwrite.jdbc;

import dev.dualwrite.testkit.server.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named time zones for servers that were started without, as {@code mysql_tzinfo_to_sql} would load them. */
final class TimeZones {
    private static final Instant FROM = Instant.EPOCH;
    private static final Instant UNTIL = Instant.ofEpochSecond(Integer.MAX_VALUE);

    private TimeZones() {}

    /** Makes sure that a server knows a zone. */
    static void load(Server server, String name) throws SQLException {
        if (!"NULL".equals(server.ask("SELECT CONVERT_TZ('2024-01-01 00:00:00', '+00:00', '" + name + "')"))) {
            return;
        }
        ZoneRules rules = ZoneId.of(name).getRules();
        List<ZoneOffsetTransition> transitions = new ArrayList<>();
        for (ZoneOffsetTransition next = rules.nextTransition(FROM);
                next != null && next.getInstant().isBefore(UNTIL);
                next = rules.nextTransition(next.getInstant())) {
            transitions.add(next);
        }
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO time_zone (use_leap_seconds) VALUES ('N')", Statement.RETURN_GENERATED_KEYS);
            long id;
            try (var key = statement.getGeneratedKeys()) {
                key.next();
                id = key.getLong(1);
            }
            Map<Kind, Integer> kinds = new LinkedHashMap<>();
            kind(
                    connection,
                    id,
                    kinds,
                    new Kind(rules.getOffset(FROM).getTotalSeconds(), rules.isDaylightSavings(FROM)));
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO time_zone_transition (time_zone_id, transition_time, transition_type_id) VALUES (?, ?, ?)")) {
                for (ZoneOffsetTransition one : transitions) {
                    Kind after =
                            new Kind(one.getOffsetAfter().getTotalSeconds(), rules.isDaylightSavings(one.getInstant()));
                    insert.setLong(1, id);
                    insert.setLong(2, one.getInstant().getEpochSecond());
                    insert.setInt(3, kind(connection, id, kinds, after));
                    insert.executeUpdate();
                }
            }
            statement.executeUpdate(
                    "INSERT INTO time_zone_name (name, time_zone_id) VALUES ('" + name + "', " + id + ")");
        }
    }

    private record Kind(int offset, boolean saving) {}

    /** The number of a kind of time; a server has room for twenty. */
    private static int kind(Connection connection, long id, Map<Kind, Integer> kinds, Kind kind) throws SQLException {
        Integer known = kinds.get(kind);
        if (known != null) {
            return known;
        }
        int number = kinds.size();
        kinds.put(kind, number);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO time_zone_transition_type (time_zone_id,"
                        + " transition_type_id, `offset`, is_dst, abbreviation) VALUES (?, ?, ?, ?, ?)")) {
            insert.setLong(1, id);
            insert.setInt(2, number);
            insert.setInt(3, kind.offset());
            insert.setInt(4, kind.saving() ? 1 : 0);
            insert.setString(5, kind.saving() ? "DST" : "STD");
            insert.executeUpdate();
        }
        return number;
    }
}
