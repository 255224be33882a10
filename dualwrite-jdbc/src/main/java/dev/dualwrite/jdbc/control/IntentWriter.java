package dev.dualwrite.jdbc.control;

import dev.dualwrite.key.Lanes;
import dev.dualwrite.key.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

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

    private final FenceTable fence;
    private final String head;
    private final String tail;

    public IntentWriter(FenceTable fence) {
        this.fence = fence;
        ControlNames names = fence.names();
        this.head = """
                INSERT INTO %s (migration, side, marked, lane, id, table_name, unit, key_values, created_at)
                SELECT '%s', '%s', 0, %s, k.id, k.t, k.u, k.v, UTC_TIMESTAMP(6) FROM %s f JOIN (\
                """.formatted(
                names.table("intent"), names.migration(), names.side(), Lanes.expression("k.u"), names.table("fence"));
        this.tail =
                ") k WHERE f." + names.fenceKey().replace(" AND ", " AND f.") + " AND f.state = 'OPEN' AND f.epoch = ";
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
}
