package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.boundary.Plan.Action;
import dev.dualwrite.jdbc.boundary.Session.Routed;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs what an application asks for on the side that it belongs to, again if that side turns out not to own. */
final class Runner {
    private final Session session;
    private final Explicit explicit;
    private final Autocommit autocommit;

    Runner(Session session) {
        this.session = session;
        this.explicit = new Explicit(session);
        this.autocommit = new Autocommit(session, explicit);
    }

    Explicit explicit() {
        return explicit;
    }

    <T extends @Nullable Object> T run(Single<T> single) throws SQLException {
        explicit.checkAlive();
        Side hint = null;
        while (true) {
            Routed routed = session.route(List.of(single.sql()), hint);
            Plan plan = routed.plans().get(0);
            check(routed, single.updatable());
            Attempt<T> attempt;
            try {
                attempt = session.autoCommit() ? autocommit.run(routed, single) : explicit.run(routed, single);
            } finally {
                if (plan.action() == Action.SESSION) {
                    routed.physical().forgetFacts();
                    session.shared().forgetFacts(routed.physical().connection());
                }
            }
            if (attempt instanceof Attempt.Done<T> done) {
                return done.answer();
            }
            hint = attempt instanceof Attempt.TryOn<T> other ? other.side() : null;
        }
    }

    <T extends @Nullable Object> T run(Batch<T> batch, List<String> texts) throws SQLException {
        explicit.checkAlive();
        Side hint = null;
        while (true) {
            Routed routed = session.route(texts, hint);
            check(routed, false);
            Attempt<T> attempt =
                    session.autoCommit() ? autocommit.runBatch(routed, batch) : explicit.runBatch(routed, batch);
            if (attempt instanceof Attempt.Done<T> done) {
                return done.answer();
            }
            hint = attempt instanceof Attempt.TryOn<T> other ? other.side() : null;
        }
    }

    private static void check(Routed routed, boolean updatable) throws SQLException {
        for (Plan plan : routed.plans()) {
            if (plan.change() != null && routed.physical().facts().unsafeCharset()) {
                throw Refusal.CHARSET.exception("A change of " + plan.domain());
            }
            if (updatable && plan.domain() != null) {
                throw Refusal.UPDATABLE.exception("A result set over " + plan.domain());
            }
        }
    }
}
