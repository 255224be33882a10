package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.boundary.Plan.Action;
import dev.dualwrite.jdbc.boundary.Session.Routed;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeyType;
import dev.dualwrite.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs what an application asks for on the side that it belongs to, again if that side turns out not to own. */
final class Runner {
    private final Session session;
    private final IdempotencyKey key;
    private final Explicit explicit;
    private final Autocommit autocommit;

    Runner(Session session, IdempotencyKey key) {
        this.session = session;
        this.key = key;
        this.explicit = new Explicit(session);
        this.autocommit = new Autocommit(session, explicit);
    }

    Explicit explicit() {
        return explicit;
    }

    <T extends @Nullable Object> T run(Single<T> single) throws SQLException {
        return session.using(() -> used(single));
    }

    private <T extends @Nullable Object> T used(Single<T> single) throws SQLException {
        explicit.checkAlive();
        session.checkFree();
        List<String> texts = List.of(single.sql());
        takeKey(texts);
        Side hint = null;
        while (true) {
            Routed routed = hint == null && !key.present()
                    ? session.routeRead(single.sql(), single.parameters())
                    : session.route(texts, hint);
            check(routed, single.updatable());
            prepare(routed);
            if (single.readLater()) {
                routed.physical().readRows();
            }
            Attempt<T> attempt;
            try {
                attempt = session.autoCommit() ? autocommit.run(routed, single) : explicit.run(routed, single);
            } catch (SQLException e) {
                if (session.autoCommit()) {
                    session.endedOutOfStep(routed.physical(), e); // what comes next is a transaction of its own
                }
                throw e;
            } finally {
                forgetFacts(routed);
            }
            if (attempt instanceof Attempt.Done<T> done) {
                Plan plan = routed.plans().get(0);
                session.ran(plan, single.parameters());
                if (session.routes().compares()) {
                    sample(plan, routed.physical(), single);
                }
                return done.answer();
            }
            hint = attempt instanceof Attempt.TryOn<T> other ? other.side() : null;
        }
    }

    /** What a writing transaction reads is nobody else's yet. */
    private void sample(Plan plan, Physical physical, Single<?> single) {
        if (plan.movable()
                && session.work().fence() == null
                && !single.updatable()
                && plan.statement() instanceof Statement.Select select) {
            single.sampled(session.routes()
                    .sample(new Read(
                            select, plan.tables(), physical.side(), single.parameters(), physical.plainMode())));
        }
    }

    <T extends @Nullable Object> T run(Batch<T> batch, List<String> texts) throws SQLException {
        return session.using(() -> used(batch, texts));
    }

    private <T extends @Nullable Object> T used(Batch<T> batch, List<String> texts) throws SQLException {
        explicit.checkAlive();
        session.checkFree();
        takeKey(texts);
        Side hint = null;
        while (true) {
            Routed routed = session.route(texts, hint);
            check(routed, false);
            prepare(routed);
            Attempt<T> attempt;
            try {
                attempt = session.autoCommit() ? autocommit.runBatch(routed, batch) : explicit.runBatch(routed, batch);
            } finally {
                forgetFacts(routed);
            }
            if (attempt instanceof Attempt.Done<T> done) {
                List<Batch.Element> elements = batch.elements();
                for (int i = 0; i < elements.size(); i++) {
                    session.ran(
                            routed.plans().get(routed.plans().size() == 1 ? 0 : i),
                            elements.get(i).parameters());
                }
                return done.answer();
            }
            hint = attempt instanceof Attempt.TryOn<T> other ? other.side() : null;
        }
    }

    /** @throws StatementRefusedException if it would commit the key, and not what comes later; or has no ledger for it */
    private void takeKey(List<String> texts) throws SQLException {
        if (!key.present()) {
            key.take(); // which says so if the transaction is over
            return;
        }
        if (key.waits() && !session.ofSomeMigration(texts)) {
            throw IdempotencyKey.unplaced();
        }
        for (Plan plan : session.route(texts, null).plans()) {
            if (plan.action() == Action.IMPLICIT_COMMIT) {
                throw Refusal.IDEMPOTENCY_KEY.exception("A statement that commits by itself");
            }
        }
        key.take();
    }

    /** A BEGIN would end what some statements leave behind, LOCK TABLES for one. */
    private void prepare(Routed routed) throws SQLException {
        for (Plan plan : routed.plans()) {
            if (plan.action() == Action.IMPLICIT_COMMIT) {
                routed.physical().transactions().onlyByDriver(session.autoCommit());
            }
        }
    }

    /** What was said of the session does not hold any more once a text has changed it, wholly or in part. */
    private void forgetFacts(Routed routed) throws SQLException {
        for (Plan plan : routed.plans()) {
            if (plan.action() == Action.SESSION) {
                routed.physical().forgetFacts();
                session.shared().forgetFacts(routed.physical().connection());
            }
        }
    }

    private static void check(Routed routed, boolean updatable) throws SQLException {
        for (Plan plan : routed.plans()) {
            if (plan.change() != null) {
                Driver.checkWritable(routed.physical().connection());
            }
            if (plan.change() != null && routed.physical().facts().unsafeCharset()) {
                throw Refusal.CHARSET.exception("A change of " + plan.domain());
            }
            if (plan.change() != null
                    && unreadable(plan.change().table(), routed.physical().facts())) {
                throw Refusal.RESULTS.exception("A change of " + plan.domain());
            }
            if (updatable && plan.domain() != null) {
                throw Refusal.UPDATABLE.exception("A result set over " + plan.domain());
            }
        }
    }

    /** Whether this session would not answer what the keys of a table are. */
    private static boolean unreadable(Table table, SessionFacts facts) {
        for (KeyColumn column : table.key().columns()) {
            boolean text = column.type() == KeyType.TEXT;
            if (text && (!facts.readsTexts() || (facts.padsChars() && column.fixed()))) {
                return true;
            }
        }
        return false;
    }
}
