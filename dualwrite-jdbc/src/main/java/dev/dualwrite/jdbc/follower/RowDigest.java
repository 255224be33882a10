package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a row, as an expression that both servers compute alike from what {@link RowImage} holds: equal
 * images have equal digests whatever the two servers' versions and character sets are, and an image cannot be
 * told from another only if 64 bits of SHA-256 collide.
 *
 * <p>SHA2 because both MySQL and MariaDB have it: MD5 and SHA1 are gone from MySQL 9.6 on. Not CRC32: it is linear, so that two rows which exchange their values leave the XOR of a range as it was.
 */
final class RowDigest {
    /** What a column of these types holds may be longer than a packet; its own digest stands for it. */
    private static final Set<String> LONG = Set.of(
            "tinytext",
            "text",
            "mediumtext",
            "longtext",
            "tinyblob",
            "blob",
            "mediumblob",
            "longblob",
            "json",
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geomcollection",
            "geometrycollection",
            "vector");

    private static final Set<String> UNICODE = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");

    /** A row that cannot be longer needs no look whether its digest could be made, as long as packets are larger. */
    private static final long SHORT = 1 << 20;

    private final Table table;
    private final String expression;
    private final String ofRange;

    /**
     * The digest of a table's rows on one side.
     *
     * @param table as it is on this side
     * @param codecs the columns that are compared, in an order that is the same for both sides
     */
    RowDigest(Table table, List<ColumnCodec> codecs) {
        this.table = table;
        Map<String, Column> columns = table.columns().stream()
                .collect(Collectors.toMap(column -> column.name().toLowerCase(Locale.ROOT), column -> column));
        String texts = codecs.stream()
                .map(codec -> text(codec, column(columns, codec)))
                .collect(Collectors.joining(", ',', "));
        this.expression = "CAST(CONV(LEFT(SHA2(CONCAT(" + texts + "), 256), 16), 16, 10) AS UNSIGNED)";
        long longest = codecs.stream()
                .mapToLong(codec -> column(columns, codec).longest())
                .reduce(0, (sum, one) -> Math.min(2 * SHORT, sum + one + 32));
        String from = " FROM " + Mapping.name(table);
        // the server computes the digest once for each time that it is named
        this.ofRange = longest < SHORT
                ? "SELECT COUNT(*), BIT_XOR(" + expression + "), IF(@@max_allowed_packet < " + longest
                        + ", COUNT(*), 0)" + from
                : "SELECT COUNT(*), BIT_XOR(" + expression + "), COUNT(*) - COUNT(" + expression + ")" + from;
    }

    private static Column column(Map<String, Column> columns, ColumnCodec codec) {
        Column column = columns.get(codec.name().toLowerCase(Locale.ROOT));
        if (column == null) {
            throw new IllegalArgumentException("there is no column " + codec.name() + " on this side");
        }
        return column;
    }

    /** A column's value so that no two rows run together: lengths before what may hold a comma; never a bare NULL. */
    private static String text(ColumnCodec codec, Column column) {
        String name = Sql.name(codec.name());
        String value = switch (codec.form()) {
            case NUMBER, TEMPORAL, FLOAT, DOUBLE -> codec.expression();
            case TEXT ->
                delimited(column, UNICODE.contains(column.charset()) ? name : "CONVERT(" + name + " USING utf8mb4)");
            case BYTES -> delimited(column, name);
        };
        return "IF(" + name + " IS NULL, 'N', " + value + ")";
    }

    private static String delimited(Column column, String value) {
        String bytes = "CAST(" + value + " AS BINARY)";
        return LONG.contains(column.dataType())
                ? "SHA2(" + bytes + ", 256)"
                : "CONCAT(LENGTH(" + bytes + "), ':', " + bytes + ")";
    }

    /** All rows of a range in one digest. */
    RangeDigest of(Connection connection, KeyRange range) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ofRange + range.where(table.key()))) {
            row.next();
            return new RangeDigest(row.getLong(1), row.getString(2), row.getLong(3));
        }
    }

    /** Each row of a range by its key; null where the server could not make a digest. */
    Map<Key, @Nullable String> ofEach(Connection connection, KeyRange range) throws SQLException {
        Map<Key, @Nullable String> digests = new LinkedHashMap<>();
        int width = table.key().columns().size();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + String.join(", ", table.key().selectList("")) + ", " + expression + " FROM "
                                + Mapping.name(table) + range.where(table.key()))) {
            while (row.next()) {
                List<String> key = new ArrayList<>(width);
                for (int i = 1; i <= width; i++) {
                    key.add(row.getString(i));
                }
                digests.put(new Key(key), row.getString(width + 1));
            }
        }
        return digests;
    }
}
