package dev.dualwrite.campaign;

import dev.dualwrite.campaign.Rows.Row;
import dev.dualwrite.testkit.oracle.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client can do with its rows, statement by statement, and what it has to be told then. For one thread. */
final class Deeds {
    private final int client;
    private final String mark;
    private final Draw draw;
    private final Connection connection;
    private final Attempt attempt;
    private final Runnable before;
    private final Noted noted;
    private int marks;

    /** Who hears that a read was answered. */
    @FunctionalInterface
    interface Noted {
        void read(boolean locking, long began) throws SQLException;
    }

    /** What a client was told does not fit what it was told before. */
    static final class Contradiction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Contradiction(String what) {
            super(what);
        }
    }

    /**
     * @param mark what each mark of this transaction begins with
     * @param before is run before each change is sent
     */
    Deeds(int client, String mark, Draw draw, Connection connection, Attempt attempt, Runnable before, Noted noted) {
        this.client = client;
        this.mark = mark;
        this.draw = draw;
        this.connection = connection;
        this.attempt = attempt;
        this.before = before;
        this.noted = noted;
    }

    private String nextMark() {
        return mark + '.' + marks++ + ';';
    }

    /** Inserts some rows, by one statement or by a batch. */
    void insert(Rows rows, int count, boolean batch) throws SQLException {
        if (rows.table().key() == KeyKind.AUTO) {
            for (int i = 0; i < Math.min(count, 3); i++) {
                insertGenerated(rows);
            }
            return;
        }
        List<Row> fresh = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fresh.add(fresh(rows, rows.fresh()));
        }
        try (PreparedStatement insert = connection.prepareStatement(rows.table().insert(batch ? 1 : count, false))) {
            int at = 1;
            for (Row row : fresh) {
                at = values(insert, rows.table().key().bind(insert, at, row.number()), rows.table(), row);
                if (batch) {
                    insert.addBatch();
                    at = 1;
                }
                rows.put(row);
                attempt.add(Write.put(rows.table().name(), rows.table().key().text(row.number()), row.trail()));
            }
            if (batch) {
                insert.executeBatch();
            } else {
                expect(insert, count, "INSERT");
            }
        }
    }

    private void insertGenerated(Rows rows) throws SQLException {
        Row row = fresh(rows, rows.fresh());
        attempt.inserts(rows.table().name(), row.trail());
        rows.inserts(row.lot());
        try (PreparedStatement insert =
                connection.prepareStatement(rows.table().insert(1, true), Statement.RETURN_GENERATED_KEYS)) {
            values(insert, 1, rows.table(), row);
            expect(insert, 1, "INSERT");
            try (ResultSet key = insert.getGeneratedKeys()) {
                if (!key.next()) {
                    throw new Contradiction("inserted a row and got no key");
                }
                Row stored = new Row(key.getLong(1), row.trail(), row.lot(), row.slot());
                rows.inserted(stored);
                attempt.known(Write.put(rows.table().name(), Long.toString(stored.number()), stored.trail()));
            }
        }
    }

    private Row fresh(Rows rows, long number) {
        Integer slot = rows.table().unique() && draw.chance(60) ? (int) number : null;
        return new Row(number, nextMark(), (int) (number / 3), slot);
    }

    private int values(PreparedStatement statement, int first, Table table, Row row) throws SQLException {
        int at = first;
        statement.setInt(at++, client);
        statement.setInt(at++, row.lot());
        statement.setString(at++, row.trail());
        statement.setString(at++, row.trail());
        if (table.unique()) {
            if (row.slot() == null) {
                statement.setNull(at++, Types.INTEGER);
            } else {
                statement.setInt(at++, row.slot());
            }
        }
        return at;
    }

    /** Appends a mark to some rows, all by one statement that names their keys. */
    void append(Rows rows, Row... some) throws SQLException {
        String next = nextMark();
        try (PreparedStatement update =
                connection.prepareStatement(rows.table().append(rows.table().whereAny(some.length)))) {
            update.setString(1, next);
            update.setString(2, next);
            int at = 3;
            for (Row row : some) {
                at = rows.table().key().bind(update, at, row.number());
            }
            appended(rows, List.of(some), next);
            expect(update, some.length, "UPDATE of " + Arrays.toString(some));
        }
    }

    /** Appends a mark to the rows of a lot, which are not named. */
    void appendToLot(Rows rows, int lot) throws SQLException {
        List<Row> some = rows.lot(lot);
        if (some.isEmpty()) {
            return;
        }
        String next = nextMark();
        try (PreparedStatement update = connection.prepareStatement(rows.table().append("client = ? AND lot = ?"))) {
            update.setString(1, next);
            update.setString(2, next);
            update.setInt(3, client);
            update.setInt(4, lot);
            appended(rows, some, next);
            expect(update, some.size(), "UPDATE of the lot of " + some);
        }
    }

    private void appended(Rows rows, List<Row> some, String next) {
        for (Row row : some) {
            rows.put(row.append(next));
            attempt.add(Write.append(rows.table().name(), rows.table().key().text(row.number()), next));
        }
    }

    void delete(Rows rows, Row row) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM "
                + rows.table().name() + " WHERE " + rows.table().key().where())) {
            rows.table().key().bind(delete, 1, row.number());
            rows.remove(row);
            attempt.add(Write.delete(rows.table().name(), rows.table().key().text(row.number())));
            expect(delete, 1, "DELETE of " + row);
        }
    }

    /** Gives a row another key. */
    void move(Rows rows, Row row) throws SQLException {
        if (rows.table().key() == KeyKind.AUTO) {
            append(rows, row);
            return;
        }
        Table table = rows.table();
        String next = nextMark();
        Row moved = new Row(rows.fresh(), row.trail() + next, row.lot(), row.slot());
        String set = String.join(
                ", ", table.key().columns().stream().map(c -> c + " = ?").toList());
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + table.name() + " SET " + set
                + ", trail = CONCAT(trail, ?), last = ? WHERE "
                + table.key().where())) {
            int at = table.key().bind(update, 1, moved.number());
            update.setString(at++, next);
            update.setString(at++, next);
            table.key().bind(update, at, row.number());
            rows.remove(row);
            rows.put(moved);
            attempt.add(Write.delete(table.name(), table.key().text(row.number())));
            attempt.add(Write.put(table.name(), table.key().text(moved.number()), moved.trail()));
            expect(update, 1, "change of the key of " + row);
        }
    }

    /** Two rows exchange the values of the unique column. */
    void swap(Rows rows, Row one, Row two) throws SQLException {
        slot(rows, one, null);
        slot(rows, two, one.slot());
        slot(rows, new Row(one.number(), trail(rows, one), one.lot(), null), two.slot());
    }

    private static String trail(Rows rows, Row row) {
        return rows.all().stream()
                .filter(now -> now.number() == row.number())
                .findFirst()
                .map(Row::trail)
                .orElseThrow();
    }

    private void slot(Rows rows, Row row, @Nullable Integer slot) throws SQLException {
        String next = nextMark();
        Table table = rows.table();
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + table.name()
                + " SET slot = ?, trail = CONCAT(trail, ?), last = ? WHERE "
                + table.key().where())) {
            update.setObject(1, slot, Types.INTEGER);
            update.setString(2, next);
            update.setString(3, next);
            table.key().bind(update, 4, row.number());
            rows.put(new Row(row.number(), row.trail() + next, row.lot(), slot));
            attempt.add(Write.append(table.name(), table.key().text(row.number()), next));
            expect(update, 1, "UPDATE of the slot of " + row);
        }
    }

    /** Looks with a lock whether a row is there, then updates it; or inserts another one. */
    void upsert(Rows rows, @Nullable Row row) throws SQLException {
        if (row == null) {
            insert(rows, 1, false);
            return;
        }
        look(rows, row, " FOR UPDATE");
        append(rows, row);
    }

    /** Reads a row with a lock; it must be as it was told. */
    void look(Rows rows, Row row, String how) throws SQLException {
        long began = System.nanoTime();
        String trail = null;
        try (PreparedStatement select = connection.prepareStatement("SELECT trail FROM "
                + rows.table().name() + " WHERE " + rows.table().key().where() + how)) {
            rows.table().key().bind(select, 1, row.number());
            try (ResultSet found = select.executeQuery()) {
                trail = found.next() ? found.getString(1) : null;
            }
        }
        noted.read(true, began);
        if (!row.trail().equals(trail)) {
            throw new Contradiction("read with a lock " + trail + " of " + row);
        }
    }

    /** Whether a token is there. */
    boolean finds(String token) throws SQLException {
        long began = System.nanoTime();
        boolean there;
        try (PreparedStatement select = connection.prepareStatement("SELECT n FROM token WHERE token = ?")) {
            select.setString(1, token);
            try (ResultSet found = select.executeQuery()) {
                there = found.next();
            }
        }
        noted.read(false, began);
        return there;
    }

    /** Reads a counter with a lock, writes it one higher, and leaves a token. */
    void raise(int counter) throws SQLException {
        long now;
        long began = System.nanoTime();
        try (PreparedStatement select = connection.prepareStatement("SELECT n FROM counter WHERE id = ? FOR UPDATE")) {
            select.setInt(1, counter);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new Contradiction("found no counter " + counter);
                }
                now = row.getLong(1) + 1;
            }
        }
        noted.read(true, began);
        String token = nextMark();
        attempt.raise(counter, token);
        try (PreparedStatement update = connection.prepareStatement("UPDATE counter SET n = ? WHERE id = ?");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO token (counter, n, token) VALUES (?, ?, ?)")) {
            update.setLong(1, now);
            update.setInt(2, counter);
            expect(update, 1, "UPDATE of a counter");
            insert.setInt(1, counter);
            insert.setLong(2, now);
            insert.setString(3, token);
            expect(insert, 1, "INSERT of a token");
        }
    }

    /** Reads all rows of this client; those that it was told of must be as it was told. */
    void read(Rows rows) throws SQLException {
        Map<String, String> found = new HashMap<>();
        long began = System.nanoTime();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + rows.table().key().expression() + ", trail FROM "
                        + rows.table().name() + " WHERE client = ?")) {
            select.setInt(1, client);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString(1), row.getString(2));
                }
            }
        }
        noted.read(false, began);
        for (Row row : rows.all()) {
            String trail = found.get(rows.table().key().text(row.number()));
            if (!row.trail().equals(trail)) {
                throw new Contradiction("STALE READ: of " + rows.table().name() + " " + row + " it read " + trail);
            }
        }
    }

    private void expect(PreparedStatement change, int expected, String what) throws SQLException {
        before.run();
        int count = change.executeUpdate();
        if (count != expected) {
            throw new Contradiction("was told that " + count + " rows changed, not " + expected + ", by " + what);
        }
    }
}
