package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.FenceState;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.boundary.Capture.Before;
import dev.dualwrite.jdbc.boundary.Plan.Action;
import dev.dualwrite.jdbc.boundary.Session.Routed;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.sql.DerivedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that the application opens and ends: the fence before the first statement that locks or
 * changes rows of the domain, the keys of each change, their intents before the commit (design, section 2.1).
 */
final class Explicit {
    /** More keys than this do not wait for the commit. */
    private static final int SPILL = 1_000;

    /** More keys than this are not written before the statement. */
    private static final int FIRST = 100;

    /** No such column, a syntax error, no such table, a lock that was waited for too long. */
    private static final Set<Integer> NOTHING_DONE = Set.of(1054, 1064, 1146, 1205);

    private final Session session;

    Explicit(Session session) {
        this.session = session;
    }

    /** @throws OwnershipException if the library rolled the transaction back, until the application does */
    void checkAlive() throws OwnershipException {
        OwnershipException lost = session.work().lost();
        if (lost != null) {
            throw ControlFailure.again(lost);
        }
    }

    <T extends @Nullable Object> Attempt<T> run(Routed routed, Single<T> single) throws SQLException {
        Physical physical = routed.physical();
        Plan plan = routed.plans().get(0);
        session.work().isolation(physical.facts());
        boolean serializable = physical.facts().serializable();
        if (routed.reader() != null && (serializable || single.updatable())) {
            return session.ownerInstead();
        }
        if (plan.plain() && !single.readLater()) {
            physical.transactions().begin();
        } else if (!Driver.asksForDiagnostics(single.sql())) {
            physical.transactions().useDriver();
        }
        if (routed.reader() != null) {
            return asReader(routed, single, routed.reader());
        }
        if (plan.needsFence(serializable)) {
            if (intentsFirst(routed, plan, single)) {
                uses(routed, serializable);
                return new Attempt.Done<>(ran(physical, single));
            }
            Side elsewhere = fence(physical, routed.owner());
            if (elsewhere != null) {
                return new Attempt.TryOn<>(elsewhere);
            }
        }
        if (plan.plainRead(serializable)) {
            if (session.work().bound()) {
                checkStillOwned(physical);
            } else {
                Side elsewhere = session.elsewhere(physical);
                if (elsewhere != null) {
                    return new Attempt.TryOn<>(elsewhere);
                }
            }
        }
        if (plan.action() == Action.IMPLICIT_COMMIT) {
            flush(physical);
            uses(routed, serializable || single.updatable());
            return new Attempt.Done<>(committing(physical, () -> single.run(physical), false));
        }
        uses(routed, serializable || single.updatable());
        if (single.readLater() || single.updatable()) {
            session.work().doubtFence(); // a deadlock may come while it is read, which only the application hears of
        }
        if (plan.change() != null && session.work().capturing()) {
            return new Attempt.Done<>(captured(physical, plan, single));
        }
        if (plan.opensSnapshot()) {
            session.work().reads();
        }
        return new Attempt.Done<>(ran(physical, single));
    }

    /** Runs what may commit before it does anything, so also if it fails then. Whether it has, the server knows. */
    private <T extends @Nullable Object> T committing(Physical physical, Session.Call<T> statement, boolean batch)
            throws SQLException {
        Work work = session.work();
        work.fenceLost();
        T answer;
        try {
            answer = statement.run();
        } catch (SQLException e) {
            if (!failed(physical, e, batch) && work.wrote()) {
                session.routes().readRoutes().uncertain(); // it may as well have been undone
                session.committed(physical.side(), work.ended(), 0);
            }
            throw e;
        }
        if (work.wrote() && Driver.inTransaction(physical.connection())) {
            session.mayHaveCommitted(work.soFar()); // LOCK TABLES commits, and may open another one
        } else if (work.wrote()) {
            session.committed(physical.side(), work.ended(), 0);
        }
        return answer;
    }

    /** What a transaction reads that moves from where it began, or stays there when nobody owns there any more, is not of one time. */
    private void checkStillOwned(Physical physical) throws OwnershipException {
        if (session.work().fence() == null && !session.routes().stillOwns(physical.side())) {
            throw lose(physical, ControlFailure.overtaken(null));
        }
    }

    /**
     * Also that it sees what its reader has written elsewhere since its first statement, below REPEATABLE READ: there the owner
     * would show it.
     */
    private void checkStillReads(Routed routed) throws SQLException {
        Physical physical = routed.physical();
        ReadRoutes routes = session.routes().readRoutes();
        if (!routes.mayRead(physical.side())) {
            throw lose(physical, ControlFailure.overtaken(null));
        }
        boolean oneSnapshot = session.work().isolation(physical.facts()).locksGaps();
        if (!oneSnapshot && routes.missesOwnWrite(routed.plans().get(0).tables(), session.after())) {
            throw lose(physical, ControlFailure.writtenMeanwhile());
        }
    }

    /** A statement of a transaction that reads from a side whoever owns. What fails there first is asked of the owner. */
    private <T extends @Nullable Object> Attempt<T> asReader(Routed routed, Single<T> single, CohortReads counts)
            throws SQLException {
        boolean first = session.work().reader() == null;
        if (!first) {
            checkStillReads(routed);
        }
        session.uses(routed);
        session.work().readsOnly(counts);
        long began = System.nanoTime();
        try {
            T answer = single.run(routed.physical());
            counts.answered(began);
            return new Attempt.Done<>(answer);
        } catch (SQLException e) {
            counts.failed();
            if (first && session.readerFailed(e)) {
                return session.ownerInstead();
            }
            failed(routed.physical(), e, false);
            throw e;
        }
    }

    private <T extends @Nullable Object> T ran(Physical physical, Single<T> single) throws SQLException {
        try {
            return single.run(physical);
        } catch (SQLException e) {
            failed(physical, e, false);
            throw e;
        }
    }

    /**
     * Takes the fence by writing the intents of the first change, if its keys are known: one statement instead of two.
     *
     * @return whether that was done; if not, the transaction is as it was
     */
    private boolean intentsFirst(Routed routed, Plan plan, Single<?> single) throws SQLException {
        Work work = session.work();
        Physical physical = routed.physical();
        if (work.fence() != null || work.lockedOutside() || plan.change() == null) {
            return false;
        }
        Optional<FenceRow> believed = session.member().admitted(physical);
        if (believed.isEmpty() || !believed.get().phase().capturing()) {
            return false;
        }
        Capture capture =
                new Capture(plan, single.parameters(), physical, single.timeout(), work.isolation(physical.facts()));
        Optional<List<Captured>> keys = capture.known();
        if (keys.isEmpty() || keys.get().isEmpty() || keys.get().size() > FIRST) {
            return false;
        }
        IntentWriter writer = session.routes().intents(physical.side());
        List<byte[]> ids = new ArrayList<>(keys.get().size());
        try {
            if (!writer.write(physical.connection(), believed.get().epoch(), keys.get(), ids)
                    || !session.routes().admits(believed.get())) {
                return false; // the fence says why
            }
        } catch (SQLException e) {
            if (ControlFailure.unusable(e)) {
                return false; // whether intents are wanted at all, the fence says
            }
            failed(physical, e, false);
            if (!work.started()) {
                session.release(true);
            }
            throw e;
        }
        checkOpen(physical);
        work.begins(routed.owner());
        work.fenced(believed.get());
        work.written(ids, keys.get());
        return true;
    }

    private void uses(Routed routed, boolean locking) throws SQLException {
        session.uses(routed);
        Savepoints savepoints = session.work().savepoints();
        if (!savepoints.isEmpty()) {
            savepoints.stand(!Driver.inTransaction(routed.physical().connection()));
        }
        for (Plan plan : routed.plans()) {
            if (plan.locksOutside(locking)) {
                session.work().locksOutside();
            }
        }
    }

    private <T extends @Nullable Object> T captured(Physical physical, Plan plan, Single<T> single)
            throws SQLException {
        Connection connection = physical.connection();
        Before before;
        DerivedSql restricted;
        try {
            Capture capture = new Capture(
                    plan,
                    single.parameters(),
                    physical,
                    single.timeout(),
                    session.work().isolation(physical.facts()));
            capture.checkSnapshot(session.work());
            before = capture.before(connection, null);
            restricted = capture(physical, before);
        } catch (StatementRefusedException | OwnershipException e) {
            throw e;
        } catch (SQLException e) {
            failed(physical, e, false);
            throw e;
        }
        if (before.generated() != null && before.generated().reads()) {
            session.work().reads();
        }
        T answer;
        try {
            answer = restricted == null ? single.run(physical) : single.runDerived(physical, restricted);
        } catch (SQLException e) {
            if (failed(physical, e, false) && before.generated() != null && !refusedByServer(e, single.timeout())) {
                lose(physical, ControlFailure.uncaptured(e));
            }
            throw e;
        } catch (RuntimeException | Error e) {
            lose(physical, ControlFailure.uncaptured(new SQLException(e)));
            throw e;
        }
        if (before.generated() != null) {
            long firstId;
            try {
                if (before.generated().reads() && Driver.hasWarnings(connection)) {
                    single.keepWarnings();
                }
                firstId = Driver.generatedId(connection, single.executed());
            } catch (SQLException e) {
                throw lose(physical, ControlFailure.uncaptured(e));
            }
            learn(physical, before.generated(), firstId);
        }
        spill(physical);
        return answer;
    }

    /**
     * Notes what a statement will change, or has the server note it.
     *
     * @return the form in which the statement is to run; null for as it is
     */
    @Nullable DerivedSql capture(Physical physical, Before before) throws SQLException {
        Bulk bulk = before.bulk();
        if (bulk == null) {
            session.work().add(before.keys());
            return before.restricted();
        }
        FenceRow row = session.work().fence();
        if (row == null) {
            throw lose(physical, ControlFailure.notAdmitted());
        }
        IntentWriter writer = session.routes().intents(physical.side());
        if (!bulk.write(writer, physical.connection(), row.epoch())) {
            throw lose(physical, ControlFailure.notAdmitted());
        }
        session.work().writtenInBulk(bulk.mark(), bulk.table());
        return bulk.restricted(writer);
    }

    /**
     * Whether an error means that the statement changed nothing. A driver may throw although it ran: Connector/J
     * does so when the connection by which it wanted to cancel it is refused (with the server's code for that), or
     * when reading the answer fails.
     */
    private static boolean refusedByServer(SQLException error, int timeout) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return state.startsWith("22") // a value that does not fit
                || state.startsWith("23") // a constraint
                || state.startsWith("07") // a parameter is missing: nothing was sent
                || NOTHING_DONE.contains(error.getErrorCode())
                || (error.getErrorCode() != 0 && timeout == 0);
    }

    /** A statement has run, and only now its keys can be known: without them the transaction must not commit. */
    private void learn(Physical physical, Generated generated, long firstId) throws SQLException {
        try {
            session.work().add(generated.keys(physical.connection(), firstId));
        } catch (SQLException e) {
            throw lose(physical, ControlFailure.uncaptured(e));
        } catch (RuntimeException | Error e) {
            throw lose(physical, ControlFailure.uncaptured(new SQLException(e)));
        }
    }

    /**
     * Holds the fence.
     *
     * @return the side to try instead, if this one does not own and nothing was done yet; null if it is held
     */
    @Nullable Side fence(Physical physical, Side owner) throws SQLException {
        Work work = session.work();
        if (work.fence() != null) {
            return null;
        }
        FenceRow row;
        try {
            row = lockedRow(physical);
            if (session.routes().admits(row)) {
                checkOpen(physical);
                session.member().admitted(physical, row);
                work.begins(owner);
                work.fenced(row);
                return null;
            }
        } catch (SQLException | RuntimeException e) {
            // as it was when the fence was asked for: a transaction that was lost since then stays so
            if (!work.started()) {
                // nothing but the lock on the fence is held, and nobody is to wait for that
                session.release(true);
            }
            throw e;
        }
        if (work.started()) {
            throw lose(physical, ControlFailure.overtaken(null));
        }
        session.release(true);
        return session.routes().awaitOwner(row);
    }

    /** What proves the fence must have run in the transaction: a session that was reset has none. */
    private void checkOpen(Physical physical) throws OwnershipException {
        if (physical.transactions().endedUnseen()) {
            throw lose(physical, ControlFailure.notAdmitted());
        }
    }

    private FenceRow lockedRow(Physical physical) throws SQLException {
        FenceTable fence = session.routes().intents(physical.side()).fence();
        String table = fence.names().table("fence");
        boolean wait = !session.work().lockedOutside();
        try {
            Optional<FenceRow> before = session.member().admitted(physical);
            return (wait
                            ? fence.readShared(physical.connection(), before)
                            : fence.readSharedNoWait(physical.connection(), before))
                    .orElseThrow(() -> ControlFailure.noFence(table));
        } catch (SQLException e) {
            if (!wait && fence.dialect().isLockNotAvailable(e)) {
                throw lose(physical, ControlFailure.overtaken(e));
            }
            failed(physical, e, false);
            throw ControlFailure.named(e, table);
        }
    }

    <T extends @Nullable Object> Attempt<T> runBatch(Routed routed, Batch<T> batch) throws SQLException {
        Physical physical = routed.physical();
        physical.transactions().useDriver(); // after a deadlock a driver goes on with the rest of a batch
        session.work().isolation(physical.facts());
        boolean serializable = physical.facts().serializable();
        boolean changes = routed.plans().stream().anyMatch(plan -> plan.change() != null);
        for (Plan plan : routed.plans()) {
            if (changes && plan.action() != Action.CHANGE && plan.action() != Action.OUTSIDE_CHANGE) {
                throw Refusal.MIXED_BATCH.exception("A batch");
            }
        }
        if (routed.plans().stream().anyMatch(plan -> plan.needsFence(serializable))) {
            Side elsewhere = fence(physical, routed.owner());
            if (elsewhere != null) {
                return new Attempt.TryOn<>(elsewhere);
            }
        }
        if (!changes) {
            flush(physical);
        }
        uses(routed, serializable);
        if (routed.plans().stream().anyMatch(plan -> plan.action() == Action.IMPLICIT_COMMIT)) {
            return new Attempt.Done<>(committing(physical, () -> batch.runAll(physical), true));
        }
        if (changes && session.work().capturing()) {
            return new Attempt.Done<>(capturedBatch(physical, routed.plans(), batch));
        }
        try {
            return new Attempt.Done<>(batch.runAll(physical));
        } catch (SQLException e) {
            keepWarnings(physical, batch, e);
            failed(physical, e, true);
            throw e;
        }
    }

    private <T extends @Nullable Object> T capturedBatch(Physical physical, List<Plan> plans, Batch<T> batch)
            throws SQLException {
        BatchCapture capture =
                new BatchCapture(plans, batch, physical, session.work().isolation(physical.facts()));
        capture.checkSelectable();
        capture.checkSnapshots(session.work());
        List<Generated> generated = new ArrayList<>();
        T answer;
        try {
            if (capture.oneByOne()) {
                answer = new OneByOne(this, physical).run(capture, batch);
            } else {
                session.work().add(capture.before(physical.connection()));
                generated.addAll(capture.generated());
                if (!generated.isEmpty()) {
                    session.work().reads();
                }
                answer = batch.runAll(physical);
                if (!generated.isEmpty() && Driver.hasWarnings(physical.connection())) {
                    batch.keepWarnings(); // before the keys are learnt
                }
            }
        } catch (StatementRefusedException | OwnershipException e) {
            throw e;
        } catch (SQLException e) {
            keepWarnings(physical, batch, e);
            failed(physical, e, true);
            // what is left of a batch that failed is captured like one that did not
            if (session.work().capturing()) {
                learnAll(physical, generated);
            }
            throw e;
        } catch (RuntimeException | Error e) {
            lose(physical, ControlFailure.uncaptured(new SQLException(e)));
            throw e;
        }
        learnAll(physical, generated);
        spill(physical);
        return answer;
    }

    /** Those of a batch that failed, before something else is executed. */
    private static void keepWarnings(Physical physical, Batch<?> batch, SQLException failure) {
        try {
            if (Driver.hasWarnings(physical.connection())) {
                batch.keepWarnings();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Learns what the batch's INSERTs generated so far. */
    void learnAll(Physical physical, List<Generated> generated) throws SQLException {
        for (Generated some : generated) {
            learn(physical, some, 0);
        }
    }

    /** After an error the server decides: what it has undone was not changed. */
    boolean failed(Physical physical, SQLException error, boolean batch) {
        if (session.work().lost() != null) {
            return false; // by the library itself, and it stays so until the application has heard of it
        }
        if (session.endedOutOfStep(physical, error)) {
            session.work().lose(ControlFailure.outOfStep());
            return false;
        }
        Driver.Fate fate = Driver.fate(physical.connection(), error);
        if (fate == Driver.Fate.GONE) {
            if (session.work().savepoints().standAlone() && !Driver.rolledBack(error)) {
                session.renewBeforeItBegan();
            } else {
                session.renew();
            }
            return false;
        }
        if (fate == Driver.Fate.UNKNOWN) {
            lose(physical, ControlFailure.uncaptured(error));
            return false;
        }
        if (batch) {
            session.work().doubtFence();
        }
        return true;
    }

    /** Rolls back, and lets nothing more run until the application has done so too. */
    OwnershipException lose(Physical physical, OwnershipException why) {
        session.renew();
        session.work().lose(why);
        try {
            physical.transactions().rollback();
        } catch (SQLException e) {
            why.addSuppressed(e);
            session.discard();
        }
        return why;
    }

    void spill(Physical physical) throws SQLException {
        if (session.work().pendingKeys() > SPILL) {
            flush(physical);
        }
    }

    /** Writes the intents of the pending keys now. If that fails, the transaction is lost. */
    void flush(Physical physical) throws SQLException {
        Work work = session.work();
        if (work.pendingKeys() == 0) {
            return;
        }
        FenceRow row = work.fence();
        if (row == null) {
            throw lose(physical, ControlFailure.notAdmitted());
        }
        IntentWriter writer = session.routes().intents(physical.side());
        List<byte[]> ids = new ArrayList<>(work.pendingKeys());
        boolean written;
        try {
            written = writer.write(physical.connection(), row.epoch(), work.pending(), ids);
        } catch (SQLException e) {
            lose(physical, ControlFailure.uncaptured(e));
            throw ControlFailure.named(e, writer.fence().names().table("intent"));
        } catch (RuntimeException | Error e) {
            lose(physical, ControlFailure.uncaptured(new SQLException(e)));
            throw e;
        }
        if (!written) {
            throw lose(physical, ControlFailure.notAdmitted());
        }
        work.written(ids);
    }

    /** Commits, with an intent for every key that may have changed; or rolls back and says why. */
    void commit() throws SQLException {
        OwnershipException lost = session.work().lost();
        if (lost != null) {
            rollback();
            throw ControlFailure.again(lost);
        }
        Physical physical = session.physical();
        if (physical == null) {
            session.renew();
            return;
        }
        physical.checkFree();
        try {
            flush(physical);
            proveFence(physical);
        } catch (SQLException | RuntimeException e) {
            // the application hears it now, so that what it does next is a new transaction
            if (session.work().lost() != null) {
                session.renew();
            }
            throw e;
        }
        boolean wrote = session.work().wrote();
        long began = wrote ? System.nanoTime() : 0;
        try {
            physical.transactions().commit();
        } catch (SQLException e) {
            if (wrote) {
                session.routes().readRoutes().uncertain();
            }
            failed(physical, e, false);
            throw e;
        }
        if (wrote) {
            long nanos = System.nanoTime() - began;
            Written written = session.work().ended();
            session.renew();
            session.committed(physical.side(), written, nanos);
        } else {
            session.renew();
        }
    }

    /** After a batch that failed, the driver may have gone on in a transaction that does not hold the fence. */
    private void proveFence(Physical physical) throws SQLException {
        Work work = session.work();
        FenceRow held = work.fence();
        if (!work.doubtful() || held == null) {
            return;
        }
        FenceTable fence = session.routes().intents(physical.side()).fence();
        Optional<FenceRow> now;
        try {
            now = fence.readSharedNoWait(physical.connection());
        } catch (SQLException e) {
            lose(physical, ControlFailure.overtaken(e));
            throw fence.dialect().isLockNotAvailable(e) ? ControlFailure.overtaken(e) : e;
        }
        boolean same = now.isPresent()
                && now.get().state() == FenceState.OPEN
                && now.get().epoch() == held.epoch();
        if (!same) {
            throw lose(physical, ControlFailure.overtaken(null));
        }
    }

    /** If that fails, what the transaction has done is not forgotten: it may still be there, and be committed. */
    void rollback() throws SQLException {
        Physical physical = session.physical();
        if (physical != null) {
            physical.transactions().rollback();
        }
        session.renew();
    }

    /** The driver sends no intents on a read-only connection: those of earlier changes go first. */
    void readOnly() throws SQLException {
        checkAlive();
        Physical physical = session.physical();
        if (physical != null) {
            physical.checkFree();
            flush(physical);
        }
    }

    /** Before a savepoint the pending keys are written, so that going back to it undoes none of them. */
    Savepoint savepoint(@Nullable String name) throws SQLException {
        checkAlive();
        Physical physical = session.any();
        physical.checkFree();
        physical.transactions().useDriver();
        flush(physical);
        Connection connection = physical.connection();
        Savepoint savepoint = name == null ? connection.setSavepoint() : connection.setSavepoint(name);
        session.work().savepoints().add(savepoint, session.work().fence() != null);
        return savepoint;
    }
}
