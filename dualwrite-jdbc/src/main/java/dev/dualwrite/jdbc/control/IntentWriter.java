package dev.dualwrite.jdbc.control;

import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.Lanes;
import dev.dualwrite.key.Sql;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Writes intents on the owner, in the caller's transaction and through the fence: the rows are selected
 * from the fence row, which is locked shared and must still be OPEN on the expected epoch. So an intent
 * that is written proves the fence, and one that is not written undoes the transaction. Thread-safe.
 */
public final class IntentWriter {
    /** Bounds one statement, far below any server's packet limit. */
    private static final int STATEMENT_CHARS = 200_000;

    /** A union of many members is parsed recursively: far below what a thread stack of the server takes. */
    private static final int STATEMENT_ROWS = 200;

    /** What the ids of one statement's intents have in common, where the server makes them: time and 24 random bits. */
    private static final int MARK = 9;

    private final FenceTable fence;
    private final String insert;
    private final String head;
    private final String tail;
    private final String admitted;
    private final String one;
    private final KeptStatements kept = new KeptStatements();

    public IntentWriter(FenceTable fence) {
        this.fence = fence;
        ControlNames names = fence.names();
        this.insert = """
                INSERT INTO %s (migration, side, marked, lane, id, table_name, unit, key_values, created_at)
                SELECT '%s', '%s', 0, \
                """.formatted(names.table("intent"), names.migration(), names.side());
        this.head = insert + Lanes.expression("k.u") + ", k.id, k.t, k.u, k.v, UTC_TIMESTAMP(6) FROM "
                + names.table("fence") + " f JOIN (";
        this.admitted =
                " WHERE f." + names.fenceKey().replace(" AND ", " AND f.") + " AND f.state = 'OPEN' AND f.epoch = ";
        this.tail = ") k" + admitted;
        // bytes as hexadecimal text: what type a parameter has that is only selected is the server's guess
        String bytes = Sql.unhex("?");
        this.one = insert + "?, " + bytes + ", ?, " + bytes + ", " + bytes + ", UTC_TIMESTAMP(6) FROM "
                + names.table("fence") + " f" + admitted + "? "
                + fence.dialect().lockShared();
    }

    public FenceTable fence() {
        return fence;
    }

    /**
     * Writes one intent for each key.
     *
     * @param ids receives the id of each intent, if the caller will wait for them
     * @return whether the fence was OPEN on this epoch for each of them; if not, the caller must roll back
     */
    public boolean write(Connection connection, long epoch, Collection<Captured> keys, List<byte[]> ids)
            throws SQLException {
        if (keys.size() == 1) {
            Captured captured = keys.iterator().next();
            Optional<Unit> unit = captured.table().key().unit(captured.key());
            if (unit.isPresent()) {
                return writeOne(connection, epoch, captured, unit.get(), ids);
            }
        }
        String end = tail + epoch + ' ' + fence.dialect().lockShared();
        Iterator<Captured> rest = keys.iterator();
        while (rest.hasNext()) {
            StringBuilder sql = new StringBuilder(head);
            int rows = 0;
            while (rest.hasNext() && rows < STATEMENT_ROWS && sql.length() < STATEMENT_CHARS) {
                Captured captured = rest.next();
                byte[] id = IntentIds.next();
                ids.add(id);
                sql.append(rows == 0 ? "SELECT " : " UNION ALL SELECT ").append(Sql.binary(id));
                sql.append(rows == 0 ? " AS id, " : ", ")
                        .append(Sql.text(captured.table().key().table()));
                sql.append(rows == 0 ? " AS t, " : ", ");
                sql.append(captured.table().key().unitExpression(captured.key()));
                sql.append(rows == 0 ? " AS u, " : ", ");
                sql.append(Sql.binary(captured.key().encode()));
                sql.append(rows == 0 ? " AS v" : "");
                rows++;
            }
            try (Statement statement = connection.createStatement()) {
                if (statement.executeUpdate(sql.append(end).toString()) != rows) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The most frequent case, without a derived table and with the lane as a number. */
    private boolean writeOne(Connection connection, long epoch, Captured captured, Unit unit, List<byte[]> ids)
            throws SQLException {
        byte[] id = IntentIds.next();
        ids.add(id);
        return kept.run(
                connection,
                one,
                prepared -> {
                    HexFormat hex = HexFormat.of();
                    prepared.setInt(1, Lanes.of(unit));
                    prepared.setString(2, hex.formatHex(id));
                    prepared.setString(3, captured.table().key().table());
                    prepared.setString(4, hex.formatHex(unit.bytes()));
                    prepared.setString(5, hex.formatHex(captured.key().encode()));
                    prepared.setLong(6, epoch);
                    return prepared.executeUpdate() == 1;
                },
                () -> writeOneAsText(connection, epoch, captured, unit, id));
    }

    private boolean writeOneAsText(Connection connection, long epoch, Captured captured, Unit unit, byte[] id)
            throws SQLException {
        String sql = insert + Lanes.of(unit) + ", " + Sql.binary(id) + ", "
                + Sql.text(captured.table().key().table()) + ", " + Sql.binary(unit.bytes()) + ", "
                + Sql.binary(captured.key().encode()) + ", UTC_TIMESTAMP(6) FROM "
                + fence.names().table("fence") + " f" + admitted + epoch + ' '
                + fence.dialect().lockShared();
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql) == 1;
        }
    }

    /** What tells the intents that one statement writes by {@link #fromRows} from all others. */
    public static byte[] mark() {
        return IntentIds.prefix(MARK);
    }

    /**
     * A statement that writes one intent for each row of a query, without the client seeing them. It inserts none if the
     * fence is not OPEN on this epoch.
     *
     * @param rows a query for {@link #unitAndKey}
     */
    public String fromRows(long epoch, KeySpec key, byte[] mark, String rows) {
        String id = Sql.unhex("CONCAT('" + HexFormat.of().formatHex(mark) + "', LEFT(SHA2(CONCAT(k.u, "
                + Sql.binary(mark) + "), 256), " + 2 * (IntentIds.LENGTH - MARK) + "))");
        return insert + Lanes.expression("k.u") + ", " + id + ", " + Sql.text(key.table())
                + ", k.u, k.v, UTC_TIMESTAMP(6) FROM " + fence.names().table("fence") + " f JOIN (" + rows + tail
                + epoch
                + ' ' + fence.dialect().lockShared();
    }

    /** What a query for {@link #fromRows} selects. */
    public static List<String> unitAndKey(KeySpec key, String qualifier) {
        return List.of(key.unitOfRow(qualifier) + " AS u", key.encodedRow(qualifier) + " AS v");
    }

    /**
     * Holds for the rows whose intents were written with this mark, as far as the reader sees them. The derived table
     * makes the server read the intents once, not once for each row.
     */
    public String writtenFor(KeySpec key, String qualifier, byte[] mark) {
        ControlNames names = fence.names();
        return key.unitOfRow(qualifier) + " IN (SELECT w.u FROM (SELECT DISTINCT i.unit AS u FROM "
                + names.table("intent")
                + " i WHERE i.migration = '"
                + names.migration() + "' AND i.side = '" + names.side() + "' AND i.marked = 0 AND i.table_name = "
                + Sql.text(key.table()) + " AND LEFT(i.id, " + MARK + ") = " + Sql.binary(mark) + ") w)";
    }
}
