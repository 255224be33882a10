package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.corpus.Scratch;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rows of the scratch schema on one side of a {@link Stage}, past the boundary. Of one thread. */
final class ScratchSide implements AutoCloseable {
    private static final List<String> TABLES =
            Scratch.rows().keySet().stream().sorted().toList();

    /** A row's place. */
    record Place(String table, Key key) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return toString().compareTo(other.toString());
        }

        boolean moved() {
            return Scratch.moved().contains(table);
        }

        @Override
        public String toString() {
            return table + ":" + key;
        }
    }

    private final Stage stage;
    private final Side side;
    private final Connection connection;

    ScratchSide(Stage stage, Side side) throws SQLException {
        this.stage = stage;
        this.side = side;
        this.connection = stage.direct(side);
        run("SET SESSION foreign_key_checks = 0");
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Puts the first rows back. */
    void restore(Set<String> tables) throws SQLException {
        connection.setAutoCommit(false);
        for (String table : tables) {
            run("DELETE FROM " + Sql.name(table));
            for (String sql : Scratch.rows().getOrDefault(table, List.of())) {
                run(sql);
            }
        }
        connection.setAutoCommit(true);
    }

    void restoreAll() throws SQLException {
        restore(Scratch.rows().keySet());
    }

    /** Every row with its content. */
    Map<Place, String> rows() throws SQLException {
        Map<Place, String> rows = new HashMap<>();
        for (String table : TABLES) {
            List<String> key = new ArrayList<>();
            if (Scratch.moved().contains(table)) {
                key.addAll(spec(table).selectList(""));
            } else {
                key.add("id");
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT " + String.join(", ", key) + ", t.* FROM " + Sql.name(table) + " t")) {
                while (row.next()) {
                    String[] values = new String[key.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = row.getString(i + 1);
                    }
                    StringBuilder content = new StringBuilder();
                    for (int i = values.length + 1; i <= row.getMetaData().getColumnCount(); i++) {
                        content.append(row.getString(i)).append('|');
                    }
                    rows.put(new Place(table, Key.of(values)), content.toString());
                }
            }
        }
        return rows;
    }

    private KeySpec spec(String table) {
        return stage.schema(side).require(table).key();
    }

    /** Takes the intents away, and answers what they were about. */
    Set<Place> intents() throws SQLException {
        Set<Place> intents = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, key_values FROM dualwrite_intent")) {
            while (row.next()) {
                intents.add(new Place(row.getString(1), Key.decode(row.getBytes(2))));
            }
        }
        run("DELETE FROM dualwrite_intent");
        return intents;
    }

    /** The rows that a follower would read of these intents: what equals a key is the server's to say. */
    Set<Place> read(Set<Place> intents) throws SQLException {
        Map<String, List<Key>> byTable = new TreeMap<>();
        intents.forEach(intent -> byTable.computeIfAbsent(intent.table(), ignored -> new ArrayList<>())
                .add(intent.key()));
        Set<Place> read = new HashSet<>();
        for (Map.Entry<String, List<Key>> entry : byTable.entrySet()) {
            KeySpec key = spec(entry.getKey());
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT " + String.join(", ", key.selectList("")) + " FROM "
                            + Sql.name(entry.getKey()) + " WHERE " + key.predicate(entry.getValue()))) {
                while (row.next()) {
                    String[] values = new String[key.columns().size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = row.getString(i + 1);
                    }
                    read.add(new Place(entry.getKey(), Key.of(values)));
                }
            }
        }
        return read;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
