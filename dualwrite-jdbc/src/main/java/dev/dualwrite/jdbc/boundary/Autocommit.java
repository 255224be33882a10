package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.boundary.Capture.Before;
import dev.dualwrite.jdbc.boundary.Session.Routed;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.sql.DerivedSql;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change that is a transaction of its own: it and its intents between one BEGIN and one COMMIT. As text,
 * because switching autocommit off and on again costs two round trips more.
 */
final class Autocommit {
    private final Session session;
    private final Explicit explicit;

    Autocommit(Session session, Explicit explicit) {
        this.session = session;
        this.explicit = explicit;
    }

    <T extends @Nullable Object> Attempt<T> run(Routed routed, Single<T> single) throws SQLException {
        if (routed.reader() != null) {
            return asReader(routed, single, routed.reader());
        }
        session.uses(routed);
        Physical physical = routed.physical();
        Plan plan = routed.plans().get(0);
        if (plan.domain() != null && (plan.action() == Plan.Action.READ || plan.action() == Plan.Action.LOCKING_READ)) {
            Side elsewhere = session.elsewhere(physical); // a locking read holds nothing once it has ended
            if (elsewhere != null) {
                return new Attempt.TryOn<>(elsewhere);
            }
        }
        if (plan.change() == null) {
            return plan.action() == Plan.Action.OUTSIDE_CHANGE && plan.domain() != null
                    ? fenced(physical, single)
                    : new Attempt.Done<>(single.run(physical));
        }
        Capture capture =
                new Capture(plan, single.parameters(), physical, single.timeout(), Isolation.of(physical.facts()));
        Optional<List<Captured>> known = capture.known();
        Optional<FenceRow> believed = session.member().admitted(physical);
        boolean first = known.isPresent()
                && !known.get().isEmpty()
                && believed.isPresent()
                && believed.get().phase().capturing();
        return first
                ? intentsFirst(physical, single, known.get(), believed.get())
                : fenceFirst(physical, single, capture);
    }

    /** The intents go before the change: they prove the fence, and nobody waits for it with rows locked. */
    private <T extends @Nullable Object> Attempt<T> intentsFirst(
            Physical physical, Single<T> single, List<Captured> keys, FenceRow believed) throws SQLException {
        Connection connection = physical.connection();
        IntentWriter writer = session.routes().intents(physical.side());
        List<byte[]> ids = new ArrayList<>(keys.size());
        boolean ended = false;
        long began = System.nanoTime();
        text(connection, "BEGIN");
        try {
            boolean written;
            try {
                written = write(writer, connection, believed.epoch(), keys, ids);
            } catch (SQLException e) {
                if (!ControlFailure.unusable(e)) {
                    throw e;
                }
                ended = true;
                rollback(connection);
                return without(physical, writer.fence(), believed, e);
            }
            if (!written || !session.routes().admits(believed)) {
                ended = true;
                rollback(connection);
                return again(physical, writer.fence());
            }
            T answer = single.run(physical);
            keepWarnings(connection, single);
            commit(connection);
            ended = true;
            session.committed(physical.side(), new Written(ids, List.of(), tables(keys)), System.nanoTime() - began);
            return new Attempt.Done<>(answer);
        } finally {
            if (!ended) {
                rollback(connection);
            }
        }
    }

    /** There is no writing intents: unless the phase that wants them is over, that is the end. */
    private <T extends @Nullable Object> Attempt<T> without(
            Physical physical, FenceTable fence, FenceRow believed, SQLException unusable) throws SQLException {
        try {
            Optional<FenceRow> row = fence.read(physical.connection());
            if (row.isPresent() && row.get().epoch() != believed.epoch()) {
                return again(physical, fence);
            }
        } catch (SQLException unread) {
            unusable.addSuppressed(unread);
        }
        throw unusable;
    }

    /** The epoch was not the believed one: who owns now? */
    private <T extends @Nullable Object> Attempt<T> again(Physical physical, FenceTable fence) throws SQLException {
        FenceRow row = fence.read(physical.connection())
                .orElseThrow(() -> ControlFailure.noFence(fence.names().table("fence")));
        if (session.routes().admits(row)) {
            session.member().admitted(physical, row);
            return new Attempt.TryOn<>(physical.side());
        }
        session.release(false);
        return new Attempt.TryOn<>(session.routes().awaitOwner(row));
    }

    private <T extends @Nullable Object> Attempt<T> fenceFirst(Physical physical, Single<T> single, Capture capture)
            throws SQLException {
        Connection connection = physical.connection();
        IntentWriter writer = session.routes().intents(physical.side());
        boolean ended = false;
        long began = System.nanoTime();
        text(connection, "BEGIN");
        try {
            FenceRow row = readShared(writer.fence(), physical);
            if (!session.routes().admits(row)) {
                ended = true;
                rollback(connection);
                session.release(false);
                return new Attempt.TryOn<>(session.routes().awaitOwner(row));
            }
            session.member().admitted(physical, row);
            List<byte[]> ids = new ArrayList<>();
            List<byte[]> marks = new ArrayList<>();
            Set<String> tables = Set.of();
            T answer;
            if (row.phase().capturing()) {
                Before before = capture.before(connection, null);
                DerivedSql restricted = before.restricted();
                Bulk bulk = before.bulk();
                if (bulk != null) {
                    if (!bulk.write(writer, connection, row.epoch())) {
                        throw ControlFailure.notAdmitted();
                    }
                    marks.add(bulk.mark());
                    restricted = bulk.restricted(writer);
                }
                answer = restricted == null ? single.run(physical) : single.runDerived(physical, restricted);
                keepWarnings(connection, single);
                List<Captured> keys = new ArrayList<>(before.keys());
                if (before.generated() != null) {
                    keys.addAll(before.generated().keys(connection, Driver.generatedId(connection, single.executed())));
                }
                if (!write(writer, connection, row.epoch(), keys, ids)) {
                    throw ControlFailure.notAdmitted();
                }
                tables = bulk == null ? tables(keys) : Set.of(bulk.table());
            } else {
                answer = single.run(physical);
                keepWarnings(connection, single);
            }
            commit(connection);
            ended = true;
            Written written = new Written(ids, marks, tables);
            if (!written.isEmpty()) {
                session.committed(physical.side(), written, System.nanoTime() - began);
            }
            return new Attempt.Done<>(answer);
        } finally {
            if (!ended) {
                rollback(connection);
            }
        }
    }

    /** A change outside of the domain that reads it: what it reads must be the owner's. */
    private <T extends @Nullable Object> Attempt<T> fenced(Physical physical, Single<T> single) throws SQLException {
        Connection connection = physical.connection();
        boolean ended = false;
        text(connection, "BEGIN");
        try {
            FenceRow row = readShared(session.routes().intents(physical.side()).fence(), physical);
            if (!session.routes().admits(row)) {
                ended = true;
                rollback(connection);
                session.release(false);
                return new Attempt.TryOn<>(session.routes().awaitOwner(row));
            }
            session.member().admitted(physical, row);
            T answer = single.run(physical);
            keepWarnings(connection, single);
            text(connection, Transactions.COMMIT);
            ended = true;
            return new Attempt.Done<>(answer);
        } finally {
            if (!ended) {
                rollback(connection);
            }
        }
    }

    private FenceRow readShared(FenceTable fence, Physical physical) throws SQLException {
        String table = fence.names().table("fence");
        try {
            return fence.readShared(physical.connection(), session.member().admitted(physical))
                    .orElseThrow(() -> ControlFailure.noFence(table));
        } catch (SQLException e) {
            throw ControlFailure.named(e, table);
        }
    }

    private static boolean write(
            IntentWriter writer, Connection connection, long epoch, List<Captured> keys, List<byte[]> ids)
            throws SQLException {
        try {
            return writer.write(connection, epoch, keys, ids);
        } catch (SQLException e) {
            throw ControlFailure.named(e, writer.fence().names().table("intent"));
        }
    }

    private static void keepWarnings(Connection connection, Single<?> single) throws SQLException {
        if (Driver.hasWarnings(connection)) {
            single.keepWarnings();
        }
    }

    private void commit(Connection connection) throws SQLException {
        try {
            text(connection, Transactions.COMMIT);
        } catch (SQLException e) {
            session.routes().readRoutes().uncertain();
            throw e;
        }
    }

    private static Set<String> tables(List<Captured> keys) {
        return keys.size() == 1
                ? Set.of(keys.get(0).table().key().table())
                : keys.stream().map(captured -> captured.table().key().table()).collect(Collectors.toUnmodifiableSet());
    }

    /** What fails on the side that it was sent to is asked of the owner. */
    private <T extends @Nullable Object> Attempt<T> asReader(Routed routed, Single<T> single, CohortReads counts)
            throws SQLException {
        if (routed.physical().facts().serializable() || single.updatable()) {
            return session.ownerInstead();
        }
        session.uses(routed);
        long began = System.nanoTime();
        try {
            T answer = single.run(routed.physical());
            counts.answered(began);
            if (answer instanceof ResultSet rows && !single.readLater() && lacks(routed, rows)) {
                rows.close();
                return session.ownerInstead();
            }
            return new Attempt.Done<>(answer);
        } catch (SQLException e) {
            counts.failed();
            if (session.readerFailed(e)) {
                return session.ownerInstead();
            }
            throw e;
        }
    }

    private boolean lacks(Routed routed, ResultSet rows) throws SQLException {
        return session.routes().readRoutes().elseOwner(routed.plans().get(0).tables()) && !rows.isBeforeFirst();
    }

    private static void text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** If even that fails, the connection must not go back to its pool with a transaction open on it. */
    private void rollback(Connection connection) {
        try {
            text(connection, Transactions.ROLLBACK);
        } catch (SQLException e) {
            session.discard();
        }
    }

    /**
     * A batch, in one transaction with autocommit switched off: after a deadlock the driver goes on with the
     * rest of a batch, which must not commit by itself.
     */
    <T extends @Nullable Object> Attempt<T> runBatch(Routed routed, Batch<T> batch) throws SQLException {
        Physical physical = routed.physical();
        if (routed.plans().stream().allMatch(plan -> plan.change() == null)) {
            session.uses(routed);
            return new Attempt.Done<>(batch.runAll(physical));
        }
        Connection connection = physical.connection();
        session.renew();
        session.autoCommit(false);
        boolean ended = false;
        try {
            physical.transactions().useDriver();
            Side elsewhere = explicit.fence(physical, routed.owner());
            if (elsewhere != null) {
                return new Attempt.TryOn<>(elsewhere);
            }
            Savepoint same = connection.setSavepoint();
            try {
                Attempt<T> attempt = explicit.runBatch(routed, batch);
                if (Driver.hasWarnings(connection)) {
                    batch.keepWarnings();
                }
                explicit.commit();
                ended = true;
                return attempt;
            } catch (BatchUpdateException e) {
                if (session.work().lost() != null || !releases(connection, same)) {
                    // the server has undone elements of which the driver says that they ran
                    throw OneByOne.failed(e, allFailed(batch));
                }
                explicit.commit();
                ended = true;
                throw e;
            }
        } finally {
            restore(ended);
        }
    }

    private static long[] allFailed(Batch<?> batch) {
        long[] counts = new long[batch.elements().size()];
        Arrays.fill(counts, Statement.EXECUTE_FAILED);
        return counts;
    }

    /** Whether the transaction is still the one in which the savepoint was set. */
    private static boolean releases(Connection connection, Savepoint savepoint) {
        try {
            connection.releaseSavepoint(savepoint);
            return true;
        } catch (SQLException gone) {
            return false;
        }
    }

    /** Switching autocommit on would commit whatever is left open, so that goes first. */
    private void restore(boolean ended) {
        Physical physical = session.physical();
        session.renew();
        if (physical != null && !ended) {
            try {
                physical.transactions().rollback();
            } catch (SQLException e) {
                session.discard();
            }
        }
        session.autoCommitAgain();
    }
}
