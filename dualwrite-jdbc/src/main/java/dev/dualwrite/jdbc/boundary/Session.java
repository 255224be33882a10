package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.boundary.Plans.Modes;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.sql.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The physical connection of a logical one: on which side, since when, with what settings. Of one thread at
 * a time, but for what is volatile.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int ATTEMPTS = 4;

    private final Shared shared;
    private final SessionSettings settings = new SessionSettings();
    private final Use use = new Use();
    private boolean autoCommit;
    private @Nullable String catalog;
    private @Nullable Integer isolation;
    private boolean readOnly;
    private long lastWrite;
    private @Nullable WriteToken after;

    /** Whether a side was seen to own since {@link #after} was said: it has that write, also if it does not own any more. */
    private boolean ownedAfter = true;

    private Work work = new Work();
    private Member member;

    /** Read by {@code abort} and {@code cancel} of other threads. */
    private volatile @Nullable Physical physical;

    /** By another thread: closed for its user, who still has to close it so that the pool hears of it. */
    private volatile boolean aborted;

    Session(Shared shared) throws SQLException {
        this.shared = shared;
        this.member = shared.members().get(0);
        Boolean known = shared.defaultAutoCommit();
        if (known == null) {
            Connection first = routes().open(routes().believedOwner());
            try (first) {
                known = first.getAutoCommit();
            }
            shared.defaultAutoCommit(known);
        }
        this.autoCommit = known;
    }

    Shared shared() {
        return shared;
    }

    Use use() {
        return use;
    }

    /** By another thread: the connection is to fail whatever uses it. */
    void abort(Executor executor) throws SQLException {
        aborted = true;
        Physical taken = physical;
        if (taken != null) {
            taken.connection().abort(executor);
        }
    }

    boolean aborted() {
        return aborted;
    }

    /** Something that a call on the connection does. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    /** Makes a call; another thread that closes the connection meanwhile leaves it to the call to give it back. */
    <T extends @Nullable Object> T using(Call<T> call) throws SQLException {
        boolean outermost = use.begin();
        try {
            return call.run();
        } finally {
            if (outermost && use.end()) {
                giveBack();
            }
        }
    }

    private void giveBack() {
        try {
            release(work.open());
        } catch (SQLException e) {
            LOG.debug("a connection that was closed while it was used has left its pool", e);
        }
    }

    /** The migration that the last statement belonged to. */
    Member member() {
        return member;
    }

    Routes routes() {
        return member.routes();
    }

    Work work() {
        return work;
    }

    /** The transaction has ended, or the server has undone it. */
    void renew() {
        work = new Work();
    }

    /** A statement has failed before the transaction began; what was set before that is still there. */
    void renewBeforeItBegan() {
        work = new Work(work.savepoints());
    }

    boolean autoCommit() {
        return autoCommit;
    }

    void autoCommit(boolean on) throws SQLException {
        Physical taken = physical;
        if (taken != null) {
            taken.transactions().autoCommit(on);
        }
        autoCommit = on;
    }

    /** After a transaction of the library's own; a connection that is broken by now is left to its pool. */
    void autoCommitAgain() {
        autoCommit = true;
        Physical taken = physical;
        if (taken != null) {
            try {
                taken.transactions().autoCommit(true);
            } catch (SQLException e) {
                LOG.debug("autocommit could not be switched on again", e);
                discard();
            }
        }
    }

    @Nullable Physical physical() {
        return physical;
    }

    /** Sets one thing on the connection that is taken, and on each that will be. */
    void set(String name, SessionSettings.Setting setting) throws SQLException {
        Physical taken = physical;
        if (taken != null) {
            setting.apply(taken.connection());
        }
        settings.keep(name, setting);
    }

    /** Notes a text that has run, if it sets something in the session. */
    void ran(Plan plan, Parameters parameters) {
        if (plan.statement() instanceof Statement.Other other && SetText.concerns(other)) {
            settings.keep(SetText.of(other), parameters);
        }
    }

    void isolation(int level) throws SQLException {
        set("isolation", connection -> connection.setTransactionIsolation(level));
        isolation = level;
        Physical taken = physical;
        if (taken != null) {
            taken.isolation(level);
        }
    }

    /**
     * Selects a catalog. The schema of the moved tables is what every side has by itself; the other side's is
     * refused.
     */
    void catalog(@Nullable String name) throws SQLException {
        Physical taken = physical;
        if (name == null || ownSchema(name)) {
            boolean away = catalog != null;
            catalog = null;
            settings.drop("catalog");
            if (away && taken != null) {
                taken.connection().setCatalog(taken.schema().schema());
            }
            return;
        }
        if (shared.members().stream()
                .anyMatch(one -> one.plans()
                        .schemaOf(Side.TARGET)
                        .filter(name::equalsIgnoreCase)
                        .isPresent())) {
            throw Refusal.CATALOG.exception("setCatalog of " + name);
        }
        set("catalog", connection -> connection.setCatalog(name));
        catalog = name;
    }

    /** Whether names without a schema mean tables of another one. */
    boolean awayFromItsSchema() {
        return catalog != null;
    }

    /** Whether it is the schema of the moved tables, as the application knows it or as it finds it on its connection. */
    private boolean ownSchema(String name) throws SQLException {
        Physical taken = physical;
        return name.equalsIgnoreCase(routes().schema(Side.SOURCE).schema())
                || (taken != null && name.equalsIgnoreCase(taken.schema().schema()));
    }

    /** With Connector/J's {@code databaseTerm=SCHEMA} this is what selects the database, so it is judged alike. */
    void schema(String name) throws SQLException {
        if (!ownSchema(name)) {
            throw Refusal.CATALOG.exception("setSchema of " + name);
        }
    }

    /** See {@link Physical#checkFree()}. */
    void checkFree() throws SQLException {
        Physical taken = physical;
        if (taken != null) {
            taken.checkFree();
        }
    }

    /** Where statements without a table go. */
    Physical any() throws SQLException {
        Physical taken = physical;
        return taken != null ? taken : take(routes().believedOwner());
    }

    /** The connection of a side; gives another side's back first. */
    private Physical take(Side side) throws SQLException {
        Physical taken = physical;
        if (taken != null) {
            if (taken.side() == side) {
                return taken;
            }
            release(work.open());
        }
        settings.checkMovable();
        SideSchema schema = routes().schema(side);
        Connection connection = routes().open(side);
        Physical fresh;
        try {
            SessionFacts facts = shared.facts(connection);
            member.saw(side, facts);
            fresh = new Physical(side, connection, schema, facts);
            fresh.transactions().autoCommit(autoCommit);
            if (settings.hasTexts()) { // before they run: whoever gets this connection next must not believe them
                fresh.forgetFacts();
                shared.forgetFacts(connection);
            }
            settings.applyTo(connection);
            if (isolation != null) {
                fresh.isolation(isolation);
            }
            if (!work.savepoints().isEmpty()) {
                fresh.transactions().useDriver();
                work.savepoints().setAgain(connection);
            }
            physical = fresh;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        if (use.closed() || aborted) { // by another thread, which may have looked before
            release(false);
            throw new SQLException("No operations allowed after connection closed.", "08003");
        }
        return fresh;
    }

    /**
     * Gives the connection back to its pool. Of what the transaction has done, only its savepoints are done again on the next.
     *
     * @param open whether a transaction may be open on it, which is rolled back first
     */
    void release(boolean open) throws SQLException {
        Physical taken = physical;
        Savepoints savepoints = work.savepoints();
        work = new Work(savepoints);
        if (taken == null) {
            return;
        }
        if (aborted) {
            taken.tellPool();
        } else if (taken.readsRows()) {
            Driver.endStream(taken.connection());
        }
        try {
            if (taken.transactions().leftOpen() || ((open || !savepoints.isEmpty()) && !autoCommit)) {
                taken.transactions().rollback();
            }
        } catch (SQLException e) {
            LOG.debug("the rollback before giving a connection back failed", e);
            discard();
        } finally {
            physical = null;
            taken.connection().close();
        }
    }

    /** Destroys a connection of which it is not known that nothing is open on it. */
    void discard() {
        Physical taken = physical;
        if (taken != null) {
            try {
                taken.connection().abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("a broken connection could not be aborted", e);
            }
            taken.tellPool();
        }
    }

    /**
     * After an error: a connection whose answers cannot be told apart any more is ended, and what is open on it is undone.
     *
     * @return whether it was
     */
    boolean endedOutOfStep(Physical taken, SQLException error) {
        if (physical != taken || !taken.readsRows() || !Driver.outOfStep(taken.connection())) {
            return false;
        }
        error.addSuppressed(ControlFailure.outOfStep());
        discard();
        try {
            release(false);
        } catch (SQLException e) {
            LOG.debug("a connection that was ended has left its pool", e);
        }
        return true;
    }

    /**
     * Makes sure that a plain read runs on the owner: by what was seen a moment ago, else by the fence row itself; so the first
     * one that is not to be older than a write, which may have been done on the next owner meanwhile.
     *
     * @return the side to run on instead, nothing being held any more; null to go on
     */
    @Nullable Side elsewhere(Physical physical) throws SQLException {
        if (ownedAfter && routes().confirmed(physical.side())) {
            return null;
        }
        FenceTable fence = routes().intents(physical.side()).fence();
        FenceRow row = fence.read(physical.connection())
                .orElseThrow(() -> ControlFailure.noFence(fence.names().table("fence")));
        if (routes().serves(row)) {
            ownedAfter = true;
            return null;
        }
        release(true);
        return routes().awaitOwner(row);
    }

    /**
     * Where texts run, and what they mean there.
     *
     * @param owner the side that was taken for the owner, or the one that a reading transaction is on
     * @param reader whether it is read there whoever owns, and what counts how that goes; null if not
     */
    record Routed(
            Physical physical,
            List<Plan> plans,
            Side owner,
            @Nullable CohortReads reader) {}

    /** As {@link #route(List, Side)}, of a statement whose transaction may be on another side than the owner, if it only reads. */
    Routed routeRead(String text, Parameters parameters) throws SQLException {
        if (!mayMove() || !parameters.repeatable()) {
            return route(List.of(text), null);
        }
        Side owner = routes().believedOwner();
        Physical taken = physical;
        Modes cut = taken == null ? member.modes(owner) : Modes.of(taken.facts());
        choose(List.of(text), taken == null ? null : cut);
        Plan plan = plan(text, owner, cut);
        if (!plan.movable()) {
            return route(List.of(text), null);
        }
        // which tables a transaction will read after this one, nobody knows
        Set<String> tables =
                autoCommit ? plan.tables() : routes().schema(owner).tables().keySet();
        CohortReads follower = routes().readRoutes().follower(tables, after);
        if (follower == null) {
            return route(List.of(text), null);
        }
        Side side = owner.other();
        try {
            Physical there = take(side);
            Plan meant = plan(text, side, Modes.of(there.facts()));
            if (meant.movable() && meant.tables().equals(plan.tables())) {
                return new Routed(there, List.of(meant), side, follower);
            }
        } catch (SQLException e) {
            follower.failed();
            routes().readRoutes().failed(side, e);
        } catch (RuntimeException e) { // of a pool that cannot make a first connection
            follower.failed();
            routes().readRoutes().failed(side, new SQLException(e));
        }
        return route(List.of(text), null);
    }

    /**
     * Whether the transaction that begins, or a statement that is one, is declared to do nothing but read. In autocommit a session of
     * the owner that was taken is kept: results of it may be open, it may hold what it was asked to lock, and know what it inserted.
     */
    private boolean mayMove() {
        Physical taken = physical;
        if (autoCommit && taken != null && taken.side() == routes().believedOwner()) {
            return false;
        }
        return shared.members().stream()
                        .anyMatch(one -> one.routes().readRoutes().move())
                && !work.bound()
                && work.savepoints().isEmpty()
                && catalog == null
                && settings.movable()
                && (readOnly || (autoCommit && routes().readRoutes().inAutocommit()));
    }

    /** A read failed where it was sent; whether the owner is to be asked instead. An answer that was not waited for is none. */
    boolean readerFailed(SQLException why) {
        Physical taken = physical;
        if (taken == null || why instanceof SQLTimeoutException || aborted || use.closed()) {
            return false;
        }
        routes().readRoutes().failed(taken.side(), why);
        return true;
    }

    /** What was to be read elsewhere is read on the owner. */
    <T extends @Nullable Object> Attempt<T> ownerInstead() throws SQLException {
        release(true);
        return new Attempt.TryOn<>(routes().believedOwner());
    }

    /** What a transaction reads is not to be older. */
    void after(WriteToken token) {
        WriteToken before = after;
        after = before == null ? token : before.and(token);
        ownedAfter = false;
    }

    /** See {@link #after(WriteToken)}; null if nothing was said. */
    @Nullable WriteToken after() {
        return after;
    }

    /** The time of the newest intent of the last transaction that wrote any; 0 if there was none. */
    long lastWrite() {
        return lastWrite;
    }

    void readOnly(boolean on) {
        readOnly = on;
    }

    /** A transaction that wrote intents may have committed, and may go on. */
    void mayHaveCommitted(Written written) {
        lastWrite = written.newest();
        routes().readRoutes().mayHaveWritten(written);
    }

    /** A transaction that wrote intents has committed. */
    void committed(Side owner, Written written, long nanos) {
        lastWrite = written.newest();
        routes().committed(owner, written, nanos);
    }

    /**
     * Finds the side that texts belong to and takes its connection.
     *
     * @param hint the side that is said to own, if that is better known than by belief
     * @throws SQLException if one of them is refused
     */
    Routed route(List<String> texts, @Nullable Side hint) throws SQLException {
        Physical taken = physical;
        Modes modes = null;
        Side said = hint;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Modes seen = modes != null ? modes : taken == null ? null : Modes.of(taken.facts());
            if (choose(texts, seen)) {
                taken = physical;
                said = null;
            }
            Side bound = work.bound() ? work.owner() : null;
            Side owner = bound != null ? bound : said != null ? said : routes().believedOwner();
            Side read = taken == null ? owner : taken.side();
            Modes cut = seen != null ? seen : member.modes(owner);
            List<Plan> plans = plans(texts, read, cut);
            Side side = side(plans, owner, taken);
            taken = take(side);
            modes = Modes.of(taken.facts());
            if (side != read || !modes.equals(cut)) {
                plans = plans(texts, side, modes);
            }
            if (side(plans, owner, taken) == side && belongs(texts, modes) == member) {
                if (work.reader() != null) {
                    checkReads(plans);
                }
                return new Routed(taken, plans, owner, work.reader());
            }
        }
        throw Refusal.UNKNOWN.exception("A statement that the two sides read differently");
    }

    /** @throws SQLException if one of them would do more than read, on a side of which nobody knows that it owns */
    private static void checkReads(List<Plan> plans) throws SQLException {
        for (Plan plan : plans) {
            switch (plan.action()) {
                case READ, NEUTRAL, SESSION -> {
                    // as it was declared
                }
                case LOCKING_READ, CHANGE, OUTSIDE_CHANGE, IMPLICIT_COMMIT ->
                    throw Refusal.READER.exception(
                            "A statement that locks or changes" + (plan.domain() == null ? "" : " " + plan.domain()));
            }
        }
    }

    /**
     * Turns to the migration that texts belong to.
     *
     * @param seen how the session cuts texts, if there is one
     * @return whether it is another one than before
     * @throws SQLException if one of them is refused, or the transaction uses tables of another migration
     */
    private boolean choose(List<String> texts, @Nullable Modes seen) throws SQLException {
        Member chosen = belongs(texts, seen);
        if (chosen == member) {
            return false;
        }
        if (work.domain() != null || work.fence() != null) {
            throw Refusal.ACROSS.exception("A statement on tables of the migration "
                    + chosen.routes().migration() + ", in a transaction that used those of "
                    + routes().migration());
        }
        Physical taken = physical;
        if (taken != null && taken.side() == Side.TARGET) { // each has a target of its own
            settings.checkMovable();
            release(work.open());
        }
        work.ownerUnknown();
        member = chosen;
        ownedAfter = after == null;
        return true;
    }

    /** The migration whose tables texts use; the present one if they use none of any. */
    private Member belongs(List<String> texts, @Nullable Modes seen) throws SQLException {
        if (shared.members().size() == 1) {
            return member;
        }
        Member found = null;
        for (Member candidate : shared.members()) {
            Modes cut = seen != null ? seen : candidate.modes(candidate.routes().believedOwner());
            for (String text : texts) {
                Plan plan = candidate.plan(text, cut, catalog);
                plan.check();
                if (plan.domain() != null && found != null && found != candidate) {
                    throw Refusal.ACROSS.exception("Using tables of the migrations "
                            + found.routes().migration() + " and "
                            + candidate.routes().migration() + " (" + plan.domain() + ") together");
                }
                found = plan.domain() != null ? candidate : found;
            }
        }
        return found != null ? found : member;
    }

    /** Whether texts use a table of a migration; with one migration, that goes without saying. */
    boolean ofSomeMigration(List<String> texts) throws SQLException {
        if (shared.members().size() == 1) {
            return true;
        }
        Physical taken = physical;
        choose(texts, taken == null ? null : Modes.of(taken.facts()));
        for (String text : texts) {
            Side owner = routes().believedOwner();
            if (member.plan(text, member.modes(owner), catalog).domain() != null) {
                return true;
            }
        }
        return false;
    }

    private List<Plan> plans(List<String> texts, Side side, Modes modes) throws SQLException {
        if (texts.size() == 1) {
            return List.of(plan(texts.get(0), side, modes));
        }
        Plan[] plans = new Plan[texts.size()];
        for (int i = 0; i < plans.length; i++) {
            plans[i] = plan(texts.get(i), side, modes);
        }
        return List.of(plans);
    }

    private Plan plan(String text, Side side, Modes modes) throws SQLException {
        Plan plan = member.plans().plan(text, side, modes, catalog);
        plan.check();
        return plan;
    }

    private Side side(List<Plan> plans, Side owner, @Nullable Physical taken) throws SQLException {
        String domain = work.bound() ? work.domain() : null;
        String outside = work.bound() ? work.outside() : null;
        for (Plan plan : plans) {
            domain = domain == null ? plan.domain() : domain;
            outside = outside == null ? plan.outside() : outside;
        }
        if (domain != null && outside != null && owner == Side.TARGET) {
            throw Refusal.MIXED.exception("Using " + domain + " together with " + outside);
        }
        if (outside != null) {
            return Side.SOURCE;
        }
        return domain != null || taken == null ? owner : taken.side();
    }

    /** Notes what is about to run. */
    void uses(Routed routed) {
        if (autoCommit) {
            for (Plan plan : routed.plans()) {
                if (plan.domain() != null && plan.outside() != null) {
                    routes().mixed(plan.domain(), plan.outside());
                }
            }
            return;
        }
        for (Plan plan : routed.plans()) {
            if (plan.binds()) {
                work.begins(routed.owner());
            }
            if (work.uses(plan.domain(), plan.outside())) {
                String domain = work.domain();
                String outside = work.outside();
                if (domain != null && outside != null) {
                    routes().mixed(domain, outside);
                }
            }
        }
    }
}
