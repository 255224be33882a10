package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The units of keys, by the owner's own rules of equality. */
final class Units {
    private Units() {}

    static List<Unit> of(ControlSide owner, KeySpec spec, List<Key> keys) throws SQLException {
        List<Unit> units = new ArrayList<>(keys.size());
        if (spec.comparesByText()) {
            keys.forEach(key -> units.add(spec.unit(key).orElseThrow()));
            return units;
        }
        try (Connection reader = owner.connection();
                Statement statement = reader.createStatement()) {
            for (int from = 0; from < keys.size(); from += 100) {
                String expressions = keys.subList(from, Math.min(keys.size(), from + 100)).stream()
                        .map(spec::unitExpression)
                        .collect(Collectors.joining(", "));
                try (ResultSet row = statement.executeQuery("SELECT " + expressions)) {
                    row.next();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        units.add(new Unit(row.getBytes(i)));
                    }
                }
            }
        }
        return units;
    }
}
