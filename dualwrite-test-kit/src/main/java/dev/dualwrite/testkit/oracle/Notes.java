package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the control tables of a migration know of keys: those that wait in the queue, and those that are parked. */
final class Notes {
    /** More than these are counted, and not remembered by key. */
    private static final int REMEMBERED = 10_000;

    private final Map<String, Map<List<String>, List<String>>> byKey = new HashMap<>();
    private final Map<String, Counts> byTable = new HashMap<>();

    private Notes() {}

    /** How many of a table. */
    private static final class Counts {
        private long waiting;
        private long parked;
        private String first = "";
    }

    static Notes none() {
        return new Notes();
    }

    static Notes read(Connection source, Connection target, String migration, String prefix) throws SQLException {
        Notes notes = new Notes();
        notes.readSide(source, "SOURCE", migration, prefix);
        notes.readSide(target, "TARGET", migration, prefix);
        return notes;
    }

    private void readSide(Connection connection, String side, String migration, String prefix) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT table_name, key_values, created_at FROM "
                + prefix + "intent WHERE migration = ? AND side = ? AND marked = 0")) {
            select.setString(1, migration);
            select.setString(2, side);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String table = row.getString(1);
                    counts(table).waiting++;
                    add(table, row.getBytes(2), "an intent waits on " + side + " since " + row.getString(3) + " UTC");
                }
            }
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT table_name, key_values, reason FROM " + prefix + "parked WHERE migration = ? AND side = ?")) {
            select.setString(1, migration);
            select.setString(2, side);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Counts counts = counts(row.getString(1));
                    counts.parked++;
                    if (counts.first.isEmpty()) {
                        counts.first = row.getString(3);
                    }
                    add(row.getString(1), row.getBytes(2), "parked on " + side + ": " + row.getString(3));
                }
            }
        }
    }

    private Counts counts(String table) {
        return byTable.computeIfAbsent(TableMatch.folded(table), name -> new Counts());
    }

    private void add(String table, byte[] key, String note) {
        Map<List<String>, List<String>> keys = byKey.computeIfAbsent(TableMatch.folded(table), name -> new HashMap<>());
        if (keys.size() < REMEMBERED) {
            List<String> notes = keys.computeIfAbsent(folded(Oracle.decoded(key)), k -> new ArrayList<>());
            if (notes.isEmpty() || note.startsWith("parked")) {
                notes.add(note);
            }
        }
    }

    /** What is known of a key, one text for each column. */
    List<String> about(String table, List<String> key) {
        return byKey.getOrDefault(TableMatch.folded(table), Map.of()).getOrDefault(folded(key), List.of());
    }

    /** One line for each table of which something waits or is parked. */
    List<String> summary(List<TableMatch> tables) {
        List<String> lines = new ArrayList<>();
        for (TableMatch table : tables) {
            Counts counts = byTable.get(TableMatch.folded(table.source()));
            if (counts != null) {
                lines.add(table.name() + ": " + counts.waiting + " intents wait, " + counts.parked + " units are parked"
                        + (counts.first.isEmpty() ? "" : ", one of them: " + counts.first));
            }
        }
        return lines;
    }

    /** Equality of keys is the column's own; for an explanation it is enough to leave case aside. */
    private static List<String> folded(List<String> key) {
        return key.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }
}
