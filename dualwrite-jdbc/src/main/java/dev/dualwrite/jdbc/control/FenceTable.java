package dev.dualwrite.jdbc.control;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.key.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fence of one side. Every compare-and-set compares state, epoch <em>and</em> attempt, and its update
 * count is the verdict: two attempts can meet on one epoch number (design, section 3.2). Thread-safe.
 */
public final class FenceTable {
    private final ControlNames names;
    private final Dialect dialect;
    private final String select;
    private final String readShared;
    private final String readSharedNoWait;
    private final KeptStatements kept = new KeptStatements();

    /** The question whether the row is still as it was last seen; the same for as long as it is. */
    private volatile @Nullable Same same;

    private record Same(FenceRow row, String sql) {}

    public FenceTable(ControlNames names, Dialect dialect) {
        this.names = names;
        this.dialect = dialect;
        this.select = """
                SELECT state, phase, epoch, attempt, capture_epoch, marking, backfill, \
                COALESCE(TIMESTAMPDIFF(MICROSECOND, frozen_at, UTC_TIMESTAMP(6)), 0), budget_micros, server_uuid, %s \
                FROM %s WHERE %s\
                """.formatted(dialect.identity(), names.table("fence"), names.fenceKey());
        this.readShared = select + ' ' + dialect.lockShared();
        this.readSharedNoWait = readShared + " NOWAIT";
    }

    public ControlNames names() {
        return names;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The row as last committed; empty if the migration has none here. Holds nothing. */
    public Optional<FenceRow> read(Connection connection) throws SQLException {
        return query(connection, select);
    }

    /** The row, locked shared until the transaction ends: waits for whoever is changing it. */
    public Optional<FenceRow> readShared(Connection connection) throws SQLException {
        return query(connection, readShared);
    }

    /** As {@link #readShared}, but fails at once if somebody is changing the row or waits to. */
    public Optional<FenceRow> readSharedNoWait(Connection connection) throws SQLException {
        return query(connection, readSharedNoWait);
    }

    /**
     * As {@link #readShared}; but if the row is still as it was seen before, the server only says so. Waits as long, and
     * holds the same lock.
     */
    public Optional<FenceRow> readShared(Connection connection, Optional<FenceRow> before) throws SQLException {
        return before.isPresent() && isStill(connection, before.get(), "") ? before : readShared(connection);
    }

    /** As {@link #readSharedNoWait}; see {@link #readShared(Connection, Optional)}. */
    public Optional<FenceRow> readSharedNoWait(Connection connection, Optional<FenceRow> before) throws SQLException {
        return before.isPresent() && isStill(connection, before.get(), " NOWAIT")
                ? before
                : readSharedNoWait(connection);
    }

    private boolean isStill(Connection connection, FenceRow row, String noWait) throws SQLException {
        if (row.state() != FenceState.OPEN) {
            return false; // for how long it has been frozen is part of the row
        }
        Same known = same;
        if (known == null || !known.row().equals(row)) {
            known = new Same(row, """
                    SELECT 1 FROM %s WHERE %s AND state = 'OPEN' AND phase = '%s' AND epoch = %d AND attempt = '%s' \
                    AND capture_epoch = %d AND marking = %d AND backfill = %d AND budget_micros = %d \
                    AND server_uuid = %s AND CAST(%s AS BINARY) = %s %s\
                    """.formatted(
                            names.table("fence"),
                            names.fenceKey(),
                            row.phase(),
                            row.epoch(),
                            row.attempt(),
                            row.captureEpoch(),
                            row.marking() ? 1 : 0,
                            row.backfill(),
                            row.budget().toNanos() / 1000,
                            Sql.text(row.serverUuid()),
                            dialect.identity(),
                            Sql.binary(row.actualUuid().getBytes(StandardCharsets.UTF_8)),
                            dialect.lockShared()));
            same = known;
        }
        String sql = known.sql();
        return noWait.isEmpty()
                ? kept.run(connection, sql, FenceTable::answers, () -> answers(connection, sql))
                : answers(connection, sql + noWait);
    }

    private static boolean answers(PreparedStatement prepared) throws SQLException {
        try (ResultSet answer = prepared.executeQuery()) {
            return answer.next();
        }
    }

    private static boolean answers(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return answer.next();
        }
    }

    /** The row, locked exclusively until the transaction ends. */
    public Optional<FenceRow> readExclusive(Connection connection) throws SQLException {
        return query(connection, select + " FOR UPDATE");
    }

    /** As {@link #readExclusive}, but fails at once if somebody holds the row. */
    public Optional<FenceRow> readExclusiveNoWait(Connection connection) throws SQLException {
        return query(connection, select + " FOR UPDATE NOWAIT");
    }

    private Optional<FenceRow> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new FenceRow(
                    names.side(),
                    known(FenceState.class, row.getString(1)),
                    known(Phase.class, row.getString(2)),
                    row.getLong(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getInt(6) != 0,
                    row.getLong(7),
                    Duration.of(row.getLong(8), ChronoUnit.MICROS),
                    Duration.of(row.getLong(9), ChronoUnit.MICROS),
                    row.getString(10),
                    row.getString(11)));
        }
    }

    /** What this version does not know, a later one has written: nothing may be done by it. */
    private <T extends Enum<T>> T known(Class<T> type, String text) throws SQLException {
        return Arrays.stream(type.getEnumConstants())
                .filter(one -> one.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new SQLException(
                        "DW-3015 the fence row of " + names.side() + " of the migration " + names.migration() + " says "
                                + text + ", which this version of the library does not know: moved tables are neither"
                                + " read nor changed. Run the version that the other instances run.",
                        "HY000"));
    }

    /** Puts the first row of a migration, if there is none. */
    public void create(Connection connection, FenceState state, Phase phase, long epoch, String attempt)
            throws SQLException {
        execute(connection, """
                INSERT IGNORE INTO %s (migration, slice, side, state, phase, epoch, attempt, server_uuid)
                SELECT '%s', '', '%s', '%s', '%s', %d, '%s', %s\
                """.formatted(
                        names.table("fence"),
                        names.migration(),
                        names.side(),
                        state,
                        phase,
                        epoch,
                        attempt,
                        dialect.identity()));
    }

    /** {@code OPEN → FROZEN}. Waits for the writers in flight; later ones wait behind it. */
    public boolean freeze(Connection connection, FenceRow seen, String attempt, Duration budget) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'FROZEN', epoch = %d, attempt = '%s', frozen_at = UTC_TIMESTAMP(6), budget_micros = %d"
                        .formatted(seen.epoch() + 1, attempt, budget.toNanos() / 1000),
                " AND state = 'OPEN'");
    }

    /** {@code FROZEN → OPEN}: gives a flip up. Needs this side alone. */
    public boolean reopen(Connection connection, FenceRow seen, String attempt) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'OPEN', epoch = %d, attempt = '%s', frozen_at = NULL".formatted(seen.epoch() + 1, attempt),
                " AND state = 'FROZEN'");
    }

    /** {@link #reopen}, if the row has been frozen for longer than its own budget by the server's clock. */
    public boolean reopenIfOverdue(Connection connection, FenceRow seen, String attempt) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'OPEN', epoch = %d, attempt = '%s', frozen_at = NULL".formatted(seen.epoch() + 1, attempt),
                " AND state = 'FROZEN' AND frozen_at < UTC_TIMESTAMP(6) - INTERVAL budget_micros MICROSECOND");
    }

    /**
     * Says on a follower's row which flip is about to open it, at its frozen epoch. One statement, which needs nothing
     * that was read before: a later flip has a higher epoch. An older copy of the follower has a lower pulse.
     *
     * @param beats the most that is known of the follower's pulse
     */
    public boolean stamp(Connection connection, FenceRow frozen, long beats) throws SQLException {
        return execute(connection, """
                        UPDATE %s SET epoch = %d, attempt = '%s' WHERE %s AND state = 'CLOSED' AND epoch < %d AND server_uuid = %s \
                        AND COALESCE((SELECT p.beats FROM %s p WHERE p.migration = '%s' AND p.side = '%s' AND p.of_side = '%s'), 0) >= %d\
                        """.formatted(
                                names.table("fence"),
                                frozen.epoch(),
                                frozen.attempt(),
                                names.fenceKey(),
                                frozen.epoch(),
                                dialect.identity(),
                                names.table("pulse"),
                                names.migration(),
                                names.side(),
                                names.side(),
                                beats))
                == 1;
    }

    /**
     * {@code FROZEN → HANDED_OVER}, if no unmarked intent and nothing parked is left. This one commit is
     * the flip.
     */
    public boolean handOver(Connection connection, FenceRow seen) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'HANDED_OVER', epoch = %d, frozen_at = UTC_TIMESTAMP(6)".formatted(seen.epoch() + 1),
                """
                 AND state = 'FROZEN'
                 AND NOT EXISTS (SELECT 1 FROM %s i WHERE i.migration = '%s' AND i.side = '%s' AND i.marked = 0)
                 AND NOT EXISTS (SELECT 1 FROM %s p WHERE p.migration = '%s' AND p.side = '%s')\
                """.formatted(
                                names.table("intent"),
                                names.migration(),
                                names.side(),
                                names.table("parked"),
                                names.migration(),
                                names.side()));
    }

    /**
     * {@code CLOSED → OPEN}: this side is to own. To be run in a transaction that stays open until the
     * other side has handed over.
     */
    public boolean open(Connection connection, FenceRow seen, FenceRow handingOver, Phase phase, long epoch)
            throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'OPEN', phase = '%s', epoch = %d, attempt = '%s', capture_epoch = %d, marking = %d, backfill = 0, frozen_at = NULL"
                        .formatted(
                                phase,
                                epoch,
                                handingOver.attempt(),
                                // accepted by an operator: see adoptToOpen
                                seen.captureEpoch() == epoch ? epoch : handingOver.captureEpoch(),
                                handingOver.marking() ? 1 : 0),
                " AND state = 'CLOSED'");
    }

    /** {@code HANDED_OVER → CLOSED}: the other side is open, this one follows. */
    public boolean close(Connection connection, FenceRow seen) throws SQLException {
        return compareAndSet(
                connection, seen, "state = 'CLOSED', marking = 0, frozen_at = NULL", " AND state = 'HANDED_OVER'");
    }

    /** A change of phase that keeps the owner. Behind it no transaction of the old phase is running. */
    public boolean changePhase(Connection connection, FenceRow seen, Phase phase, String attempt) throws SQLException {
        long epoch = seen.epoch() + 1;
        boolean goesOn = phase.capturing() && seen.phase().capturing();
        long captureEpoch = !phase.capturing() ? 0 : goesOn ? seen.captureEpoch() : epoch;
        return compareAndSet(
                connection,
                seen,
                "phase = '%s', epoch = %d, attempt = '%s', capture_epoch = %d, marking = %d"
                        .formatted(phase, epoch, attempt, captureEpoch, goesOn && seen.marking() ? 1 : 0),
                " AND state = 'OPEN'");
    }

    /** Switches marking, through the barrier: behind it every deleter of intents knows. */
    public boolean mark(Connection connection, FenceRow seen, boolean marking) throws SQLException {
        return compareAndSet(connection, seen, "marking = " + (marking ? 1 : 0), " AND state = 'OPEN'");
    }

    /** Says on the follower's row which backfill writes it; behind it every converger knows. */
    public boolean backfill(Connection connection, FenceRow seen, long run) throws SQLException {
        return compareAndSet(
                connection, seen, "backfill = " + run, " AND state = 'CLOSED' AND backfill = " + seen.backfill());
    }

    /** Accepts the server on which the row is read as its home. */
    public boolean adopt(Connection connection, FenceRow seen) throws SQLException {
        return compareAndSet(connection, seen, "server_uuid = " + dialect.identity(), "");
    }

    /**
     * As {@link #adopt}, of a follower that is to be opened by this hand-over although it has not seen it. Nothing that was
     * copied or verified before counts once it is open.
     */
    public boolean adoptToOpen(Connection connection, FenceRow seen, FenceRow handed) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "server_uuid = %s, epoch = %d, attempt = '%s', capture_epoch = %d"
                        .formatted(dialect.identity(), handed.epoch() - 1, handed.attempt(), handed.epoch()),
                " AND state = 'CLOSED' AND epoch < " + handed.epoch());
    }

    /** Makes a follower, an older copy, one that the hand-over at this epoch can not open any more, and accepts its server. */
    public boolean bar(Connection connection, FenceRow seen, long handedOverAt, String attempt) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "server_uuid = %s, epoch = %d, attempt = '%s'".formatted(dialect.identity(), handedOverAt, attempt),
                " AND state = 'CLOSED' AND epoch < " + handedOverAt);
    }

    /**
     * {@code HANDED_OVER → OPEN}, by an operator: nobody opens the other side. Nothing that was copied or verified before counts any more.
     */
    public boolean takeBack(Connection connection, FenceRow seen, long epoch, String attempt) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'OPEN', server_uuid = %s, epoch = %d, attempt = '%s', capture_epoch = %d, marking = 0, frozen_at = NULL"
                        .formatted(
                                dialect.identity(), epoch, attempt, seen.phase().capturing() ? epoch : 0),
                " AND state = 'HANDED_OVER'");
    }

    /**
     * {@code CLOSED → OPEN}, by an operator: nobody owns and nobody has handed over. Accepts the server. Nothing that was copied or
     * verified before counts any more.
     */
    public boolean openAlone(Connection connection, FenceRow seen, Phase phase, long epoch, String attempt)
            throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'OPEN', phase = '%s', server_uuid = %s, epoch = %d, attempt = '%s', capture_epoch = %d, marking = 0, backfill = 0, frozen_at = NULL"
                        .formatted(phase, dialect.identity(), epoch, attempt, epoch),
                " AND state = 'CLOSED'");
    }

    /**
     * As {@link #adopt}, of a side that owns, at an epoch above all that is known; nothing that was copied or
     * verified before counts any more.
     */
    public boolean adoptOwner(Connection connection, FenceRow seen, long epoch, String attempt) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "server_uuid = %s, epoch = %d, attempt = '%s', capture_epoch = %d, marking = 0"
                        .formatted(
                                dialect.identity(), epoch, attempt, seen.phase().capturing() ? epoch : 0),
                " AND state = 'OPEN'");
    }

    /**
     * Closes a row that claims ownership by mistake: it is an older copy, and the other side has moved on. It
     * stays without a home, so that nothing is written here until an operator accepts it.
     */
    public boolean demote(Connection connection, FenceRow seen, long epoch) throws SQLException {
        return compareAndSet(
                connection,
                seen,
                "state = 'CLOSED', server_uuid = 'restored', marking = 0, backfill = 0, frozen_at = NULL, epoch = "
                        + epoch,
                "");
    }

    /** Raises a follower's epoch to the owner's, so that both databases know the highest. */
    public boolean mirror(Connection connection, FenceRow seen, long epoch) throws SQLException {
        return compareAndSet(connection, seen, "epoch = " + epoch, " AND state = 'CLOSED' AND epoch < " + epoch);
    }

    private boolean compareAndSet(Connection connection, FenceRow seen, String assignments, String also)
            throws SQLException {
        return execute(
                        connection,
                        "UPDATE %s SET %s WHERE %s AND state = '%s' AND epoch = %d AND attempt = '%s'%s"
                                .formatted(
                                        names.table("fence"),
                                        assignments,
                                        names.fenceKey(),
                                        seen.state(),
                                        seen.epoch(),
                                        seen.attempt(),
                                        also))
                == 1;
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
