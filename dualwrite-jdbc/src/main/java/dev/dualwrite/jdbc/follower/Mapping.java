package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.KeyType;
import dev.dualwrite.key.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One table on both sides, one row to one row: reads rows by key on either side and writes them by primary
 * key on the follower. Mapped columns are all that can be written; both sides have the same ones.
 */
final class Mapping {
    private static final int READ_NUMBERED = 500;

    /** Data truncated, as a server says in a warning. */
    private static final int CHANGED = 1265;

    private final Table owner;
    private final Table follower;
    private final List<ColumnCodec> codecs;
    private final String columnList;
    private final String valueList;
    private final List<Integer> keyPositions;
    private final List<Finding> findings;
    private final List<Integer> doubtful;
    private final RowDigest ownerDigest;
    private final RowDigest followerDigest;

    Mapping(Table owner, Table follower) {
        this.owner = owner;
        this.follower = follower;
        Map<String, Column> owned =
                owner.columns().stream().collect(Collectors.toMap(Mapping::lower, column -> column));
        this.codecs = follower.writable().stream()
                .map(column -> ColumnCodec.of(column, owned.getOrDefault(lower(column), column)))
                .toList();
        this.columnList = codecs.stream().map(codec -> Sql.name(codec.name())).collect(Collectors.joining(", "));
        this.valueList = codecs.stream().map(ColumnCodec::expression).collect(Collectors.joining(", "));
        this.keyPositions = follower.key().columns().stream()
                .map(key -> IntStream.range(0, codecs.size())
                        .filter(i -> codecs.get(i).name().equalsIgnoreCase(key.name()))
                        .findFirst()
                        .orElseThrow(() -> new DualWriteException(
                                "DW-1004",
                                "the key column " + key.name() + " of " + follower.name() + " is generated")))
                .toList();
        this.findings = findings(owned);
        this.doubtful = IntStream.range(0, codecs.size())
                .filter(i -> documents(codecs.get(i))
                        || findings.stream().anyMatch(finding -> finding.of().equals(named(codecs.get(i)))))
                .boxed()
                .toList();
        this.ownerDigest = new RowDigest(owner, codecs);
        this.followerDigest = new RowDigest(follower, codecs);
    }

    private List<Finding> findings(Map<String, Column> owned) {
        List<Finding> found = new ArrayList<>();
        for (Column column : follower.writable()) {
            Column from = owned.getOrDefault(lower(column), column);
            Narrowing.of(from, column)
                    .ifPresent(way -> found.add(new Finding(
                            follower.name() + "." + column.name(),
                            "is " + from.sqlType() + " here and " + column.sqlType() + " there, which " + way)));
        }
        found.addAll(Narrowing.uniqueKeys(owner, follower));
        return List.copyOf(found);
    }

    /** MySQL has numbers in documents that it reads otherwise out of a text. */
    private boolean documents(ColumnCodec codec) {
        return follower.columns().stream()
                .anyMatch(column ->
                        column.name().equals(codec.name()) && column.dataType().equals("json"));
    }

    private String named(ColumnCodec codec) {
        return follower.name() + "." + codec.name();
    }

    private static String lower(Column column) {
        return column.name().toLowerCase(Locale.ROOT);
    }

    /** What keeps two tables from being one mapping; empty if nothing does. */
    static List<String> faults(Table source, Table target) {
        List<String> faults = new ArrayList<>();
        Map<String, Column> other = target.writable().stream().collect(Collectors.toMap(Mapping::lower, c -> c));
        for (Column column : source.writable()) {
            Column twin = other.remove(lower(column));
            if (twin == null) {
                faults.add(source.name() + "." + column.name() + " does not exist on the target");
            }
        }
        for (Column column : other.values()) {
            faults.add(source.name() + "." + column.name() + " exists on the target only");
        }
        if (source.key().columns().size() != target.key().columns().size()) {
            faults.add(source.name() + " has another primary key on the target");
            return faults;
        }
        for (int i = 0; i < source.key().columns().size(); i++) {
            var a = source.key().columns().get(i);
            var b = target.key().columns().get(i);
            if (!a.name().equalsIgnoreCase(b.name())
                    || a.type() != b.type()
                    || a.length() != b.length()
                    || a.scale() != b.scale()
                    || a.unsigned() != b.unsigned()
                    || a.bytes() != b.bytes()
                    || a.fixed() != b.fixed()
                    || !a.collation().equals(b.collation())) {
                faults.add(source.name() + "." + a.name() + " is " + a.sqlType() + " " + a.collation()
                        + " in the source's primary key and " + b.sqlType() + " " + b.collation()
                        + " in the target's: keys must be equal under the same rules on both sides");
            }
        }
        return faults;
    }

    Table follower() {
        return follower;
    }

    /** What the follower takes less of than the owner. */
    List<Finding> findings() {
        return findings;
    }

    /**
     * Reads rows again that were just written, if a column is such that the server may have rounded, filled up or cut a
     * value, which it does without an error.
     *
     * @throws SQLException as of a value that the column cannot take, if another one stands there
     */
    void prove(Connection connection, List<Key> keys, List<RowImage> written) throws SQLException {
        if (doubtful.isEmpty() || written.isEmpty()) {
            return;
        }
        Map<Integer, RowImage> there = readFollower(connection, keys);
        for (int i = 0; i < written.size(); i++) {
            RowImage stored = there.get(i);
            if (stored == null) {
                continue; // whoever took it away is found by the next look
            }
            for (int position : written.get(i).differences(stored)) {
                if (doubtful.contains(position)) {
                    throw new SQLDataException(
                            named(codecs.get(position)) + " on the follower holds another value than it was given",
                            "22001",
                            CHANGED);
                }
            }
        }
    }

    KeySpec key() {
        return follower.key();
    }

    String columnName(int position) {
        return codecs.get(position).name();
    }

    /** The owner's rows of these keys, by the position of their key; a key without a row is absent. */
    Map<Integer, RowImage> readOwner(Connection connection, List<Key> keys) throws SQLException {
        return read(connection, owner, keys);
    }

    /** The follower's rows of these keys. */
    Map<Integer, RowImage> readFollower(Connection connection, List<Key> keys) throws SQLException {
        return read(connection, follower, keys);
    }

    private Map<Integer, RowImage> read(Connection connection, Table table, List<Key> keys) throws SQLException {
        return table.key().columns().size() == 1 && table.key().columns().get(0).type() == KeyType.INTEGER
                ? readNumbered(connection, table, keys)
                : readEach(connection, table, keys);
    }

    /** Integers are equal if they look equal, so that one range of look-ups tells whose row is whose. */
    private Map<Integer, RowImage> readNumbered(Connection connection, Table table, List<Key> keys)
            throws SQLException {
        Map<Integer, RowImage> rows = new HashMap<>();
        for (int from = 0; from < keys.size(); from += READ_NUMBERED) {
            List<Key> some = keys.subList(from, Math.min(keys.size(), from + READ_NUMBERED));
            Map<BigInteger, List<Integer>> positions = new HashMap<>();
            for (int i = 0; i < some.size(); i++) {
                positions
                        .computeIfAbsent(new BigInteger(some.get(i).values().get(0)), number -> new ArrayList<>(1))
                        .add(from + i);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT "
                            + table.key().selectList("").get(0) + ", " + valueList + " FROM " + name(table)
                            + " FORCE INDEX (PRIMARY) WHERE " + table.key().predicate(some))) {
                while (row.next()) {
                    RowImage image = image(row, 2);
                    positions
                            .getOrDefault(new BigInteger(row.getString(1)), List.of())
                            .forEach(i -> rows.put(i, image));
                }
            }
        }
        return rows;
    }

    /** Each key by a primary-key look-up of its own, so that the server decides what equals it. */
    private Map<Integer, RowImage> readEach(Connection connection, Table table, List<Key> keys) throws SQLException {
        Map<Integer, RowImage> rows = new HashMap<>();
        for (int from = 0; from < keys.size(); from += 100) {
            StringBuilder sql = new StringBuilder();
            for (int i = from; i < Math.min(keys.size(), from + 100); i++) {
                sql.append(sql.length() == 0 ? "" : " UNION ALL ")
                        .append("SELECT ")
                        .append(i)
                        .append(", ")
                        .append(valueList)
                        .append(" FROM ")
                        .append(name(table))
                        .append(" WHERE ")
                        .append(table.key().predicate(keys.get(i)));
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql.toString())) {
                while (row.next()) {
                    rows.put(row.getInt(1), image(row, 2));
                }
            }
        }
        return rows;
    }

    private RowImage image(ResultSet row, int from) throws SQLException {
        @Nullable Object[] values = new Object[codecs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = codecs.get(i).read(row, from + i);
        }
        return new RowImage(values);
    }

    /** The key of the owner's row at this place in a range, counted from 0; empty if it has not so many. */
    Optional<Key> keyAt(Connection connection, KeyRange range, int place) throws SQLException {
        KeySpec key = owner.key();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + String.join(", ", key.selectList("")) + " FROM "
                        + name(owner) + range.where(key) + orderBy(key) + " LIMIT 1 OFFSET " + place)) {
            return row.next() ? Optional.of(readKey(row, key)) : Optional.empty();
        }
    }

    /** How many rows the owner has in a range. */
    long countOwner(Connection connection, KeyRange range) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT COUNT(*) FROM " + name(owner) + range.where(owner.key()))) {
            row.next();
            return row.getLong(1);
        }
    }

    /** How many rows the owner has, about: by its statistics, which cost nothing. */
    long estimateOwner(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(dialect.explain() + " SELECT COUNT(*) FROM " + name(owner))) {
            return row.next() ? row.getLong("rows") : 0;
        }
    }

    private static String orderBy(KeySpec key) {
        return key.columns().stream()
                .map(column -> Sql.name(column.name()))
                .collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    /** The key in the first columns of a row. */
    private static Key readKey(ResultSet row, KeySpec key) throws SQLException {
        List<String> values = new ArrayList<>(key.columns().size());
        for (int i = 1; i <= key.columns().size(); i++) {
            values.add(row.getString(i));
        }
        return new Key(values);
    }

    /** A row with its key, as a range read gives it. */
    record KeyedRow(Key key, RowImage image) {}

    /** The first rows of a range of the owner, in key order; with a limit of 0, all. */
    List<KeyedRow> rangeOwner(Connection connection, KeyRange range, int limit) throws SQLException {
        return range(connection, owner, range, limit);
    }

    /** All rows of a range of the follower, in key order. */
    List<KeyedRow> rangeFollower(Connection connection, KeyRange range) throws SQLException {
        return range(connection, follower, range, 0);
    }

    private List<KeyedRow> range(Connection connection, Table table, KeyRange range, int limit) throws SQLException {
        KeySpec key = table.key();
        String sql = "SELECT " + String.join(", ", key.selectList("")) + ", " + valueList + " FROM " + name(table)
                + range.where(key) + orderBy(key) + (limit > 0 ? " LIMIT " + limit : "");
        List<KeyedRow> rows = new ArrayList<>();
        int width = key.columns().size();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(new KeyedRow(readKey(row, key), image(row, width + 1)));
            }
        }
        return rows;
    }

    /** The digests of the owner's rows. */
    RowDigest ownerDigest() {
        return ownerDigest;
    }

    /** The digests of the follower's rows. */
    RowDigest followerDigest() {
        return followerDigest;
    }

    /** Deletes the follower's rows with these keys. */
    void delete(Connection connection, List<Key> keys) throws SQLException {
        for (int from = 0; from < keys.size(); from += 500) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM " + name(follower) + " WHERE "
                        + follower.key().predicate(keys.subList(from, Math.min(keys.size(), from + 500))));
            }
        }
    }

    /** Inserts rows that the follower has not. */
    void insert(Connection connection, Collection<RowImage> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String marks = codecs.stream().map(codec -> "?").collect(Collectors.joining(", "));
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO " + name(follower) + " (" + columnList + ") VALUES (" + marks + ")")) {
            for (RowImage row : rows) {
                bind(insert, row);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** A row that the follower has and that must become another; found by the key it has there. */
    record Change(RowImage from, RowImage to) {}

    /** Updates rows by primary key. */
    void update(Connection connection, Collection<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        String assignments =
                codecs.stream().map(codec -> Sql.name(codec.name()) + " = ?").collect(Collectors.joining(", "));
        String where = keyPositions.stream()
                .map(position -> Sql.name(codecs.get(position).name()) + " = ?")
                .collect(Collectors.joining(" AND "));
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + name(follower) + " SET " + assignments + " WHERE " + where)) {
            for (Change change : changes) {
                bind(update, change.to());
                int index = codecs.size();
                for (int position : keyPositions) {
                    codecs.get(position).bind(update, ++index, change.from().value(position));
                }
                update.addBatch();
            }
            for (int count : update.executeBatch()) {
                if (count != 1 && count != Statement.SUCCESS_NO_INFO) {
                    throw new SQLException(
                            "a row of " + follower.name()
                                    + " on the follower vanished while its lane was held: somebody"
                                    + " else writes there",
                            "40001");
                }
            }
        }
    }

    private void bind(PreparedStatement statement, RowImage row) throws SQLException {
        for (int i = 0; i < codecs.size(); i++) {
            codecs.get(i).bind(statement, i + 1, row.value(i));
        }
    }

    /** Whether a change moves a value of a secondary unique key. */
    boolean movesUniqueValue(Change change) {
        List<Integer> differ = change.from().differences(change.to());
        return follower.uniqueKeys().stream()
                .flatMap(List::stream)
                .anyMatch(column -> differ.stream()
                        .anyMatch(position -> codecs.get(position).name().equalsIgnoreCase(column)));
    }

    /** The keys of the follower's rows that hold a value of a secondary unique key which one of these rows needs. */
    List<Key> holdersOfUniqueValues(Connection connection, Collection<RowImage> rows) throws SQLException {
        List<Key> keys = new ArrayList<>();
        for (List<String> unique : follower.uniqueKeys()) {
            List<Integer> positions = unique.stream()
                    .map(column -> IntStream.range(0, codecs.size())
                            .filter(i -> codecs.get(i).name().equalsIgnoreCase(column))
                            .findFirst()
                            .orElse(-1))
                    .toList();
            if (positions.contains(-1)) {
                continue; // over a generated column: its inputs are compared, and the unit is parked if it clashes
            }
            String where = positions.stream()
                    .map(position -> Sql.name(codecs.get(position).name()) + " = ?")
                    .collect(Collectors.joining(" AND "));
            try (PreparedStatement select = connection.prepareStatement("SELECT "
                    + String.join(", ", follower.key().selectList("")) + " FROM " + name(follower) + " WHERE "
                    + where)) {
                for (RowImage row : rows) {
                    if (positions.stream().anyMatch(position -> row.value(position) == null)) {
                        continue;
                    }
                    for (int i = 0; i < positions.size(); i++) {
                        codecs.get(positions.get(i)).bind(select, i + 1, row.value(positions.get(i)));
                    }
                    try (ResultSet found = select.executeQuery()) {
                        while (found.next()) {
                            keys.add(readKey(found, follower.key()));
                        }
                    }
                }
            }
        }
        return keys;
    }

    static String name(Table table) {
        return Sql.name(table.schema()) + '.' + Sql.name(table.name());
    }
}
