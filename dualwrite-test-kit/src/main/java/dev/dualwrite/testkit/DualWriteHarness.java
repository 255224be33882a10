package dev.dualwrite.testkit;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.oracle.Invariant;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.Sample;
import dev.dualwrite.testkit.rehearsal.Marks;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.rehearsal.Rehearsal;
import dev.dualwrite.testkit.rehearsal.Stage;
import dev.dualwrite.testkit.server.Server;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Two databases, one running migration between them, and what a test does with it. Safe for use by any number of threads.
 *
 * <p>The application under test uses {@link #dataSource()}. {@link #source()} and {@link #target()} can be broken, and asked
 * past everything. A harness adds one small table to the moved ones, {@value Marks#TABLE}, by which a {@link #rehearsal()}
 * tells what was lost.
 */
public final class DualWriteHarness implements AutoCloseable {
    private static final Duration CALM = Duration.ofSeconds(30);

    private final HarnessBuilder.Parts parts;
    private final Passage passage;
    private final OperationLog log = new OperationLog();
    private @Nullable DeniedOldSide denied; // guarded by this

    DualWriteHarness(HarnessBuilder.Parts parts) {
        this.parts = parts;
        this.passage = new Passage(parts.dualWrite());
    }

    /** Begins to describe a harness on the servers that all tests of this JVM share, in schemas of its own. */
    public static HarnessBuilder isolated() {
        return HarnessBuilder.isolated();
    }

    /**
     * As {@link #isolated()}, on other servers: such as {@link dev.dualwrite.testkit.server.PrivateServers}, for faults that hit
     * everybody who uses a server.
     */
    public static HarnessBuilder isolated(Server source, Server target) {
        return HarnessBuilder.isolated(source, target);
    }

    /**
     * Begins to describe a harness on databases that exist, such as those of a staging environment: JDBC URLs with schema, user
     * and password. The users have to be allowed what the library's account is. The moved tables of the target are made equal to
     * those of the source; the control tables are made there and taken away at the end, and tables are otherwise left alone.
     */
    public static HarnessBuilder between(String sourceUrl, String targetUrl) {
        return HarnessBuilder.between(sourceUrl, targetUrl);
    }

    /** The migration. */
    public DualWrite dualWrite() {
        return parts.dualWrite();
    }

    /** What the application under test uses. */
    public DataSource dataSource() {
        return dualWrite().dataSource();
    }

    /** The database that the data moves away from. */
    public Database source() {
        return parts.source();
    }

    /** The database that the data moves to. */
    public Database target() {
        return parts.target();
    }

    /** The database that owns, as the migration last saw it. */
    public Database owner() {
        return owns(Side.SOURCE) ? source() : target();
    }

    /** The other one. */
    public Database follower() {
        return owns(Side.SOURCE) ? target() : source();
    }

    private boolean owns(Side side) {
        return dualWrite().ownership().owner() == side;
    }

    /**
     * Goes on to a phase: forward, one after the other, or from {@code REVERSE_WINDOW} back to {@code DUAL_WRITE}. Into {@code
     * DUAL_WRITE} what was there before is copied; before a flip everything is verified.
     *
     * @throws AssertionError with what stopped it
     */
    public DualWriteHarness enter(Phase phase) {
        passage.to(phase);
        return this;
    }

    /**
     * Waits until the follower is equal to the owner as far as the migration knows: no intent is left.
     *
     * @throws AssertionError with the status, if that takes longer
     */
    public DualWriteHarness awaitConverged(Duration patience) {
        Eventually.within(patience)
                .until(
                        () -> dualWrite().status().queued() == 0,
                        () -> "intents are left: " + dualWrite().status());
        return this;
    }

    /** As {@link #awaitConverged(Duration)}, for up to 30 s. */
    public DualWriteHarness awaitConverged() {
        return awaitConverged(CALM);
    }

    /** To compare the two sides; differences are explained by this migration's intents and parked units. */
    public Parity parity() {
        return Parity.between(source()::connect, target()::connect).explainedBy(parts.migration(), parts.prefix());
    }

    /**
     * Something that must hold on each side by itself.
     *
     * @param name for the report
     * @param query one SELECT that answers the rows which break it, with bare table names
     */
    public Invariant invariant(String name, String query) {
        return Invariant.of(name, query, source()::connect, target()::connect);
    }

    /**
     * As {@link #invariant(String, String)}, in Java.
     *
     * @param check answers what breaks it on the side that it is given
     */
    public Invariant invariant(String name, Invariant.Check check) {
        return new Invariant(name, check, source()::connect, target()::connect);
    }

    /**
     * Does something with {@link #dataSource()} and remembers which rows of the moved tables that changed on the owner, to assert
     * that they arrive on the other side. The tables are read whole.
     *
     * @throws Exception that of the action
     */
    public Sample sample(Sample.Action action) throws Exception {
        return Sample.of(parity(), owner()::connect, parts.tables(), action);
    }

    /** What callers were told, for {@link #oracle()}. */
    public OperationLog log() {
        return log;
    }

    /** The oracle over this migration: one owner, nothing left in the queue, equal rows, and what {@link #log()} holds. */
    public Oracle oracle() {
        return new Oracle(source()::connect, target()::connect, parts.migration(), parts.tables(), log)
                .prefix(parts.prefix());
    }

    /**
     * Takes the application's access to the moved tables on the source away, after it has flipped to the target if the source
     * still owned. The suite that runs then finds hidden readers and writers: what uses {@code source().url()} or another
     * connection of the application's account fails there. At the end of the test the extension fails it if anybody came, also
     * if the error was swallowed.
     *
     * @throws IllegalStateException if the databases existed before: their accounts are not this harness's to change
     */
    public synchronized DeniedOldSide denyOldSide() throws SQLException {
        DeniedOldSide known = denied;
        if (known == null) {
            if (owns(Side.SOURCE)) {
                passage.to(Phase.REVERSE_WINDOW);
            }
            known = new DeniedOldSide(source(), parts.tables());
            denied = known;
        }
        return known;
    }

    synchronized void assertOldSideUnused() {
        if (denied != null) {
            denied.assertUnused();
        }
    }

    /** Begins to describe a rehearsal of the whole way, under load and faults. */
    public Rehearsal rehearsal() {
        return new Rehearsal(
                new Stage(parts.migration(), parts.prefix(), parts.tables(), dualWrite(), source(), target(), passage));
    }

    /** For people: the migration and where it is. */
    @Override
    public String toString() {
        return parts.migration() + " from " + source() + " to " + target();
    }

    /** Ends the migration, closes the pools, and drops what was made. Closing twice is closing once. */
    @Override
    public void close() {
        parts.close();
    }
}
