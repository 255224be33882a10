package dev.dualwrite.jdbc.control;

import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunks of a backfill, on the side that it writes. They are fixed before the first starts. A chunk
 * reaches from its lower key to the next chunk's; the first has no lower key and the last no upper one.
 */
public final class ChunkTable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkTable.class);

    private final ControlNames names;

    public ChunkTable(ControlNames names) {
        this.names = names;
    }

    /** A chunk's place: its number in the table, and where it begins; a null key is the open end. */
    public record Chunk(String table, int number, @Nullable Key lower) {}

    /** A chunk as it is cut, with the number of rows that it had then. */
    public record Planned(Chunk chunk, long rows) {}

    /**
     * A chunk whose row this transaction holds.
     *
     * @param reached up to and with which key it is copied; null before its first step
     */
    public record Claim(@Nullable Key reached) {}

    private String scope(long run) {
        return "migration = '" + names.migration() + "' AND side = '" + names.side() + "' AND run = " + run;
    }

    /** Writes the chunks of a run, all pending. */
    public void create(Connection connection, long run, long captureEpoch, String mapping, List<Planned> chunks)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO %s (migration, side, run, table_name, chunk, lower_key, planned, state, capture_epoch, \
                mapping) VALUES ('%s', '%s', %d, ?, ?, ?, ?, 'PENDING', %d, '%s')\
                """.formatted(
                        names.table("backfill_chunk"), names.migration(), names.side(), run, captureEpoch, mapping))) {
            for (Planned planned : chunks) {
                Chunk chunk = planned.chunk();
                insert.setString(1, chunk.table());
                insert.setInt(2, chunk.number());
                insert.setBytes(3, chunk.lower() == null ? null : chunk.lower().encode());
                insert.setLong(4, planned.rows());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** All chunks of a run, by table and number. */
    public List<Chunk> all(Connection connection, long run) throws SQLException {
        return select(connection, scope(run));
    }

    /** Those that are not done, by table and number. */
    public List<Chunk> pending(Connection connection, long run) throws SQLException {
        return select(connection, scope(run) + " AND state = 'PENDING'");
    }

    /**
     * Locks a pending chunk exclusively until the transaction ends.
     *
     * @param wait whether to wait for one that another holds
     * @return empty if it is done, or held by another and not waited for
     */
    public Optional<Claim> claim(Connection connection, long run, Chunk chunk, boolean wait) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT state, reached_key FROM " + names.table("backfill_chunk")
                        + " WHERE " + place(run, chunk) + (wait ? " FOR UPDATE" : " FOR UPDATE SKIP LOCKED"))) {
            if (!row.next() || !row.getString(1).equals("PENDING")) {
                return Optional.empty();
            }
            byte[] reached = row.getBytes(2);
            return Optional.of(new Claim(reached == null ? null : Key.decode(reached)));
        }
    }

    private String place(long run, Chunk chunk) {
        return scope(run) + " AND table_name = " + Sql.text(chunk.table()) + " COLLATE utf8mb4_bin AND chunk = "
                + chunk.number();
    }

    /**
     * Locks the unfinished ones among these chunks of a table, shared until the transaction ends: converging
     * one of their keys excludes the chunk, and other keys of the chunk may be converged beside it.
     */
    public void lockShared(
            Connection connection, long run, String table, Collection<Integer> numbers, String lockShared)
            throws SQLException {
        if (numbers.isEmpty()) {
            return;
        }
        String keys = numbers.stream()
                .sorted()
                .map(number -> "SELECT " + number + " AS n")
                .collect(Collectors.joining(" UNION ALL "));
        try (Statement statement = connection.createStatement();
                ResultSet locked = statement.executeQuery("""
                        SELECT c.chunk FROM (%s) k STRAIGHT_JOIN %s c FORCE INDEX (PRIMARY)
                            ON c.migration = '%s' AND c.side = '%s' AND c.run = %d AND c.table_name = %s AND c.chunk = k.n
                         WHERE c.state = 'PENDING' %s\
                        """.formatted(
                                keys,
                                names.table("backfill_chunk"),
                                names.migration(),
                                names.side(),
                                run,
                                Sql.text(table) + " COLLATE utf8mb4_bin",
                                lockShared))) {
            LOG.trace("chunks of {} are locked shared: {}", table, locked);
        }
    }

    /**
     * A claimed chunk is copied up to and with a key, or to its end; in the transaction that copied it.
     *
     * @param reached null at its end
     * @param rows that this step has copied or found equal
     */
    public void advance(Connection connection, long run, Chunk chunk, @Nullable Key reached, long rows)
            throws SQLException {
        String progress = reached == null
                ? "state = 'DONE', done_at = UTC_TIMESTAMP(6)"
                : "reached_key = " + Sql.binary(reached.encode());
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE " + names.table("backfill_chunk") + " SET row_count = row_count + " + rows
                    + ", " + progress + " WHERE " + place(run, chunk));
        }
    }

    /** How far a run is. */
    public Progress progress(Connection connection, long run) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(*), COALESCE(SUM(state = 'DONE'), 0), COALESCE(SUM(row_count), 0),"
                                + " COALESCE(SUM(CASE WHEN state = 'DONE' THEN row_count ELSE GREATEST(planned, row_count)"
                                + " END), 0), COALESCE(MAX(capture_epoch), 0), COALESCE(MAX(mapping), '') FROM "
                                + names.table("backfill_chunk") + " WHERE " + scope(run))) {
            row.next();
            return new Progress(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getString(6));
        }
    }

    /** The newest run there is, 0 if there is none. */
    public long newestRun(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(run), 0) FROM "
                        + names.table("backfill_chunk") + " WHERE migration = '" + names.migration() + "' AND side = '"
                        + names.side() + "'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Forgets all runs before this one. */
    public void purge(Connection connection, long keep) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM " + names.table("backfill_chunk") + " WHERE migration = '"
                    + names.migration() + "' AND side = '" + names.side() + "' AND run < " + keep);
        }
    }

    private List<Chunk> select(Connection connection, String where) throws SQLException {
        List<Chunk> chunks = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, chunk, lower_key FROM "
                        + names.table("backfill_chunk") + " WHERE " + where + " ORDER BY table_name, chunk")) {
            while (row.next()) {
                byte[] lower = row.getBytes(3);
                chunks.add(new Chunk(row.getString(1), row.getInt(2), lower == null ? null : Key.decode(lower)));
            }
        }
        return chunks;
    }

    /**
     * Counts of a run, with the capture epoch and the mapping it was made for.
     *
     * @param estimate how many rows it will have been at the end, about
     */
    public record Progress(long chunks, long done, long rows, long estimate, long captureEpoch, String mapping) {
        public boolean complete() {
            return chunks > 0 && chunks == done;
        }
    }
}
