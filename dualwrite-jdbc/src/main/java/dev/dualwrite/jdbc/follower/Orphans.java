package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.DivergenceTable.Divergence;
import dev.dualwrite.jdbc.control.DivergenceTable.Kind;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Looks for rows whose parent is missing, because converging does not check foreign keys (design, section 2.3).
 *
 * <p>A parent that moves too is looked for on the owner, where each statement sees whole transactions: with all rows proven equal, what
 * holds there holds on the follower. A parent that does not move has to be on the follower by itself, and is looked for there.
 */
final class Orphans {
    private static final int MOST = 1000;

    private final Direction direction;

    Orphans(Direction direction) {
        this.direction = direction;
    }

    /** A foreign key, with names as the database spells them. */
    private record ForeignKey(
            String name,
            String child,
            String parentSchema,
            String parent,
            List<String> columns,
            List<String> referenced) {}

    /** Those that are there twice in a row; at most 1000 for each foreign key. */
    List<Divergence> confirmed(BooleanSupplier stop) throws SQLException {
        List<Divergence> orphans = new ArrayList<>();
        Set<ForeignKey> moving = new LinkedHashSet<>();
        for (ControlSide side : List.of(direction.owner(), direction.follower())) {
            for (ForeignKey key : foreignKeys(side)) {
                if (stop.getAsBoolean()) {
                    return orphans;
                }
                boolean parentMoves = key.parentSchema().equals(side.names().schema())
                        && direction.mappings().knows(key.parent());
                if (!parentMoves && side == direction.follower()) {
                    orphans.addAll(on(side, key, key.parentSchema()));
                } else if (parentMoves && moving.add(withoutSchema(key))) {
                    orphans.addAll(
                            on(direction.owner(), key, direction.owner().names().schema()));
                }
            }
        }
        return orphans;
    }

    /** So that the same key of both sides is looked at once. */
    private static ForeignKey withoutSchema(ForeignKey key) {
        return new ForeignKey("", key.child(), "", key.parent(), key.columns(), key.referenced());
    }

    private List<Divergence> on(ControlSide side, ForeignKey foreign, String parentSchema) throws SQLException {
        Mapping table = direction.mappings().of(direction.owner().side(), foreign.child());
        Set<Key> twice = new HashSet<>(scan(side, table, foreign, parentSchema));
        if (!twice.isEmpty()) {
            twice.retainAll(scan(side, table, foreign, parentSchema));
        }
        List<Key> keys = List.copyOf(twice);
        List<Unit> units = Units.of(direction.owner(), table.key(), keys);
        return IntStream.range(0, keys.size())
                .mapToObj(i -> new Divergence(
                        units.get(i),
                        table.key().table(),
                        keys.get(i),
                        Kind.ORPHAN,
                        foreign.name() + " to " + foreign.parent() + " on " + side.side()))
                .toList();
    }

    private static List<Key> scan(ControlSide side, Mapping table, ForeignKey foreign, String parentSchema)
            throws SQLException {
        String given = foreign.columns().stream()
                .map(column -> "c." + Sql.name(column) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        String matches = IntStream.range(0, foreign.columns().size())
                .mapToObj(i -> "p." + Sql.name(foreign.referenced().get(i)) + " = c."
                        + Sql.name(foreign.columns().get(i)))
                .collect(Collectors.joining(" AND "));
        String sql = "SELECT " + String.join(", ", table.key().selectList("c.")) + " FROM "
                + Sql.name(side.names().schema()) + '.' + Sql.name(foreign.child()) + " c WHERE " + given
                + " AND NOT EXISTS (SELECT 1 FROM " + Sql.name(parentSchema) + '.' + Sql.name(foreign.parent())
                + " p WHERE " + matches + ") LIMIT " + MOST;
        List<Key> keys = new ArrayList<>();
        try (Connection connection = side.connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= table.key().columns().size(); i++) {
                    values.add(row.getString(i));
                }
                keys.add(new Key(values));
            }
        }
        return keys;
    }

    /** The foreign keys of the moved tables on one side. */
    private List<ForeignKey> foreignKeys(ControlSide side) throws SQLException {
        Map<String, ForeignKey> keys = new LinkedHashMap<>();
        try (Connection connection = side.connection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT constraint_name, table_name, referenced_table_schema, referenced_table_name, column_name,
                               referenced_column_name
                          FROM information_schema.key_column_usage
                         WHERE table_schema = ? AND referenced_table_name IS NOT NULL
                         ORDER BY table_name, constraint_name, ordinal_position""")) {
            select.setString(1, side.names().schema());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String child = row.getString(2);
                    if (direction.mappings().knows(child)) {
                        String name = row.getString(1);
                        String schema = row.getString(3);
                        String parent = row.getString(4);
                        ForeignKey key = keys.computeIfAbsent(
                                child + '.' + name,
                                ignored -> new ForeignKey(
                                        name, child, schema, parent, new ArrayList<>(), new ArrayList<>()));
                        key.columns().add(row.getString(5));
                        key.referenced().add(row.getString(6));
                    }
                }
            }
        }
        return List.copyOf(keys.values());
    }
}
