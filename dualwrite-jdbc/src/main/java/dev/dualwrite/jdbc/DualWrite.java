package dev.dualwrite.jdbc;

import dev.dualwrite.Cohort;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.Ownership;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.boundary.BoundaryDataSource;
import dev.dualwrite.jdbc.boundary.Routes;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.IntentQueue;
import dev.dualwrite.jdbc.follower.Verifier;
import dev.dualwrite.jdbc.runtime.FollowerWork;
import dev.dualwrite.jdbc.runtime.Migration;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One migration in this process: the {@link #dataSource() DataSource} that the application uses, and what an
 * operator can do.
 *
 * <pre>{@code
 * DualWrite dualWrite = DualWrite.named("orders-2026")
 *     .source(sourcePool).target(targetPool)
 *     .tables("orders", "order_line")
 *     .build();
 * DataSource dataSource = dualWrite.dataSource();
 * }</pre>
 *
 * <p>The owner decides every commit. A change of a moved table is committed there together with an intent,
 * and the follower is then made equal by state. Which side owns stands in the databases, in a row that
 * every writing transaction reads under a lock; this object holds beliefs only. So any number of instances
 * may run, and any of them may die at any point.
 *
 * <p>Thread-safe. {@link #close()} it when the application ends; what is in flight stays in the queue.
 */
public final class DualWrite implements AutoCloseable {
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9._-]{1,40}");

    private final Migration migration;
    private final boolean refusesUnwrap;
    private final DataSource dataSource;

    DualWrite(Migration migration, boolean refusesUnwrap) {
        this.migration = migration;
        this.refusesUnwrap = refusesUnwrap;
        this.dataSource = new BoundaryDataSource(List.of(migration), refusesUnwrap);
    }

    /**
     * Begins to configure a migration.
     *
     * @param migration its name, the same in all instances: 1 to 64 ASCII letters, digits, {@code . _ -}
     */
    public static DualWriteBuilder named(String migration) {
        return new DualWriteBuilder(migration);
    }

    /** What the application uses in place of its own {@code DataSource}. */
    public DataSource dataSource() {
        return dataSource;
    }

    /**
     * One {@code DataSource} over several migrations that have the source pool in common, each of a set of tables of its own,
     * with its own target, phase and owner. A statement belongs to the migration whose tables it uses, and a transaction to
     * that of its statements; one that uses tables of two is refused (DW-2048), in every phase. Tables of none are the
     * source's, as with one migration. Shards, which have a source each, are migrations with a {@code DataSource} each.
     *
     * @param migrations which go on being operated, and are to be closed, each by itself
     * @throws DualWriteException DW-1013, if two have a table in common, the same name, or not the same source pool
     */
    public static DataSource dataSourceOver(DualWrite... migrations) {
        if (migrations.length == 0) {
            throw new DualWriteException("DW-1000", "dataSourceOver() of no migration: name at least one");
        }
        for (int i = 0; i < migrations.length; i++) {
            for (int before = 0; before < i; before++) {
                migrations[i].migration.checkBeside(migrations[before].migration);
            }
        }
        return new BoundaryDataSource(
                Stream.of(migrations).map(one -> (Routes) one.migration).toList(),
                Stream.of(migrations).anyMatch(one -> one.refusesUnwrap));
    }

    /** Who owns, as this instance last saw it; not older than a second or so while the owner answers. */
    public Ownership ownership() {
        return migration.ownership();
    }

    /**
     * Who decides about a row, as this instance last saw it. No question is asked; a writing transaction finds out under the fence
     * whether it is still so. A table that does not move is always the source's.
     *
     * @param table by its bare name
     * @param key of the row: all rows of the tables that move have the same owner in this version, so it may be left out
     */
    public Owner ownerOf(String table, Object... key) {
        Map.Entry<Ownership, Duration> belief = migration.belief();
        Ownership now = belief.getKey();
        return migration.moves(table)
                ? new Owner(now.owner(), now.state(), now.epoch(), belief.getValue())
                : new Owner(Side.SOURCE, FenceState.OPEN, now.epoch(), Duration.ZERO);
    }

    /**
     * Who decides about a row.
     *
     * @param side whose database
     * @param state whether it may: in any but OPEN, ownership is moving and writers wait
     * @param epoch in which it was seen
     * @param age of this knowledge; zero if it cannot change
     */
    public record Owner(Side side, FenceState state, long epoch, Duration age) {}

    /** Has a listener told who owns, now and after each change, for as long as this object is open. */
    public void onOwnerChanged(OwnerListener listener) {
        migration.onOwnerChanged(Objects.requireNonNull(listener));
    }

    /**
     * Evaluates the gate of a phase. Changes nothing.
     *
     * @throws DualWriteException DW-5011, if the owner does not answer
     */
    public GateReport gate(Phase to) {
        return ask(() -> migration.transitions().gate(to));
    }

    /**
     * Enters a phase that keeps the owner: {@code SOURCE_ONLY ↔ DUAL_WRITE ↔ SHADOW_READ ↔ TARGET_READ}, and
     * {@code REVERSE_WINDOW → TARGET_ONLY}, which is the rollback boundary. {@code TARGET_READ} begins with an empty cohort. Writers in flight are waited for, within the flip budget.
     */
    public PhaseOutcome enter(Phase phase) {
        return migration.transitions().enter(phase);
    }

    /**
     * Evaluates what has to hold before the cohort grows: the gate of {@code TARGET_READ} once more, in that phase. Changes nothing.
     *
     * @throws DualWriteException DW-5011, if the owner does not answer
     */
    public GateReport growthGate() {
        return ask(() -> migration.transitions().growthGate());
    }

    /**
     * Moves ownership to the other side: from {@code DUAL_WRITE} to the target, from {@code REVERSE_WINDOW}
     * back to the source. Writers wait meanwhile, for at most the flip budget; if the steps do not fit, the
     * old owner opens again by itself.
     */
    public FlipOutcome flip() {
        return migration.transitions().flip(ownership().phase().flipsTo().orElse(Phase.REVERSE_WINDOW));
    }

    /**
     * Flips back to the source: the same procedure in the other direction.
     *
     * @return {@link FlipOutcome.Refused}, if the target does not own or the rollback boundary is passed
     */
    public FlipOutcome rollBack() {
        return migration.transitions().flip(Phase.DUAL_WRITE);
    }

    /**
     * Copies the domain to the follower while both live. Returns when every chunk is done; progress is durable,
     * so after an interruption it goes on, in this or another instance.
     *
     * @throws DualWriteException DW-5002, if changes are not captured in this phase; DW-5011, if a side does
     *     not answer
     */
    public BackfillReport backfill() {
        ChunkTable.Progress progress = ask(() -> migration.followerWork().backfill());
        return new BackfillReport(progress.complete(), progress.chunks(), progress.done(), progress.rows());
    }

    /**
     * Lets backfills stand still, or go on, in all instances: in this one at once, in others within a second, and
     * always between two steps of a chunk. Durable.
     */
    public void pauseBackfill(boolean on) {
        ask(() -> {
            migration.pauseBackfill(on);
            return on;
        });
    }

    /**
     * Ends the backfills that run, in all instances; their {@link #backfill()} returns with what was done. What is
     * copied stays copied, and the next {@link #backfill()} goes on from there.
     */
    public void cancelBackfill() {
        ask(() -> {
            migration.cancelBackfill();
            return true;
        });
    }

    /**
     * How far the backfill of the present follower is, whichever instance runs it.
     *
     * @throws DualWriteException DW-5011, if a side does not answer
     */
    public BackfillProgress backfillProgress() {
        FollowerWork.Copying copying = ask(() -> migration.followerWork().copying());
        ChunkTable.Progress progress = copying.progress();
        return new BackfillProgress(
                progress.chunks(),
                progress.done(),
                progress.rows(),
                progress.estimate(),
                copying.perSecond(),
                copying.left(),
                copying.paused(),
                progress.complete());
    }

    /**
     * How far a backfill is.
     *
     * @param chunks of the run, 0 if none was begun
     * @param done of them
     * @param rows copied or found equal
     * @param estimatedRows how many there will have been, about
     * @param rowsPerSecond in the last half minute, as far as this instance has watched; 0 before it has asked twice
     * @param eta how long it takes at this rate; empty while that cannot be told
     * @param paused whether it stands still because somebody said so
     * @param complete whether every chunk is copied
     */
    public record BackfillProgress(
            long chunks,
            long done,
            long rows,
            long estimatedRows,
            double rowsPerSecond,
            Optional<Duration> eta,
            boolean paused,
            boolean complete) {}

    /**
     * How far the newest verification is, whichever instance runs it.
     *
     * @throws DualWriteException DW-5011, if the source does not answer
     */
    public VerificationProgress verificationProgress() {
        FollowerWork.Comparing comparing = ask(() -> migration.followerWork().comparing());
        return new VerificationProgress(
                comparing.running(), comparing.rows(), comparing.estimate(), comparing.perSecond(), comparing.left());
    }

    /**
     * How far a verification is.
     *
     * @param running whether it is not finished; an interrupted one is not, and goes on with the next {@link #verify()}
     * @param rows compared
     * @param estimatedRows how many there are, about, by the owner's statistics
     * @param rowsPerSecond in the last half minute, as far as this instance has watched; 0 before it has asked twice
     * @param eta how long it takes at this rate; empty while that cannot be told
     */
    public record VerificationProgress(
            boolean running, long rows, long estimatedRows, double rowsPerSecond, Optional<Duration> eta) {}

    /**
     * What a backfill has done.
     *
     * @param complete whether every chunk is copied
     * @param chunks of the run
     * @param done of them
     * @param rows copied or found equal
     */
    public record BackfillReport(boolean complete, long chunks, long done, long rows) {}

    /**
     * Compares the follower with the owner while both live. Divergences are confirmed under locks, so there are
     * no false alarms; they close the gate until {@link #repair()} has made them equal.
     *
     * @throws DualWriteException DW-5003, if the phase does not capture changes or the backfill is not
     *     complete; DW-5014, if a transaction that is open on the owner does not end; DW-5011, if a side does not answer
     */
    public VerificationReport verify() {
        Verifier.Result result = ask(() -> migration.followerWork().verify());
        return new VerificationReport(
                result.complete(),
                result.rows(),
                result.unsettled(),
                result.divergences().stream()
                        .map(d -> d.kind() + " " + d.table() + " " + d.key()
                                + (d.columns().isEmpty() ? "" : " (" + d.columns() + ")"))
                        .toList());
    }

    /**
     * What a verification found.
     *
     * @param complete whether every row was compared and decided
     * @param rows compared
     * @param unsettled units that kept changing and could not be decided
     * @param divergences confirmed, each with its kind, table, key and columns
     */
    public record VerificationReport(boolean complete, long rows, int unsettled, List<String> divergences) {
        public VerificationReport {
            divergences = List.copyOf(divergences);
        }

        /** Whether the follower is proven equal to the owner. */
        public boolean equal() {
            return complete && divergences.isEmpty();
        }
    }

    /** Queues what a verification found to differ; how many units. */
    public int repair() {
        return ask(() -> migration.followerWork().repair());
    }

    /** Units that the follower refused, with the error and what to do; at most so many. */
    public List<String> parked(int limit) {
        return ask(() -> migration.followerWork().parked(limit)).stream()
                .map(one -> one.table() + " " + one.key() + ": " + one.reason() + " (" + one.attempts() + " times)")
                .toList();
    }

    /** Queues all parked units once more; how many. */
    public int unpark() {
        return ask(() -> migration.followerWork().unpark());
    }

    /**
     * The kill switch: stops converging, and waiting for it, in all instances; in this one at once, in others
     * within a second; a round that is under way ends as it would. Intents go on being written, so nothing is missed. Durable.
     */
    public void kill(boolean on) {
        ask(() -> {
            migration.kill(on);
            return on;
        });
    }

    /** Holds flips and changes of phase back, or releases them, in all instances. Durable. */
    public void hold(boolean on) {
        ask(() -> {
            migration.hold(on);
            return on;
        });
    }

    /** Accepts that transactions which mix the domain with other tables will be refused after a flip. */
    public void waiveMixedTables() {
        migration.waiveMixtures();
    }

    /** Forgets which tables were mixed: the application was changed. */
    public void forgetMixedTables() {
        migration.forgetMixtures();
    }

    /**
     * Trusts the server of a side as it is, after it was restored, promoted, or fell back. What was copied and
     * verified before does not count any more. Of a side that has handed over to one that fell back to before
     * that: takes the hand-over back. Of either side while both are closed, because the one that owned fell back to before it
     * did: opens it.
     *
     * @throws DualWriteException DW-5007, if a flip is under way; DW-5011, if the side does not answer
     */
    public void acceptServer(Side side) {
        ask(() -> {
            migration.accept(side);
            return side;
        });
    }

    /**
     * Accepts that an invariant of the host ({@link DualWriteBuilder#invariant}) does not hold, because the same rows break
     * it on both sides: it was so before. The gate lets exactly these rows pass, in all instances; with others it closes
     * again. Recorded.
     *
     * @param reason for the record; not blank
     * @throws DualWriteException DW-5015, if there is no such invariant, or it holds, or is broken by other rows on one side
     *     than on the other, or by more than 10,000; DW-5011, if a side does not answer
     */
    public void acceptInvariant(String name, String reason) {
        if (reason.isBlank()) {
            throw new DualWriteException("DW-1000", "an invariant is accepted as broken for a reason: say which");
        }
        ask(() -> {
            migration.acceptInvariant(name, reason);
            return name;
        });
    }

    /**
     * What one side takes less of than the other, column by column and unique key by unique key, as the servers described
     * them when this instance started: each begins with the side. What a follower does not take is parked.
     *
     * @throws DualWriteException DW-5011, if a side does not answer
     */
    public List<String> findings() {
        return ask(migration::findings);
    }

    /**
     * Accepts that the target takes less than the source of a column or a unique key: the application does not need it. The
     * gate lets it pass then, in all instances, as long as neither side is defined otherwise. Recorded.
     *
     * @param name as {@link #findings} names it: {@code account.owner}, or {@code account (slot)} of a unique key
     * @param reason for the record; not blank
     * @throws DualWriteException DW-5016, if the target takes no less of it; DW-5011, if a side does not answer
     */
    public void acceptFinding(String name, String reason) {
        if (reason.isBlank()) {
            throw new DualWriteException("DW-1000", "a finding is accepted for a reason: say which");
        }
        ask(() -> {
            migration.acceptFinding(name, reason);
            return name;
        });
    }

    /**
     * Opens a side that has handed over when the other one died before it was opened and does not come back. Fence the
     * other server off first, for good: if it was opened all the same, what was written there is lost, and while both run
     * there are two owners. Recorded. What was copied and verified before does not count any more.
     *
     * @param reason for the record; not blank
     * @throws DualWriteException DW-5007, if the side has not handed over or the other one answers; DW-5011, if the side
     *     does not answer
     */
    public void forceOpen(Side side, String reason) {
        if (reason.isBlank()) {
            throw new DualWriteException("DW-1000", "a side is forced open for a reason: say which");
        }
        ask(() -> {
            migration.forceOpen(side, reason);
            return side;
        });
    }

    /**
     * Takes the triggers of the seal away from the moved tables of a side: of one that owns again, where they let everybody
     * pass but cost each row a look-up, or for good. Waits up to a second for whoever uses a table, and writers queue
     * behind it so long.
     *
     * @throws DualWriteException DW-5013, if the side follows and is kept sealed; DW-5011, if the side does not answer, or
     *     somebody uses a table for longer
     */
    public void unseal(Side side) {
        ask(() -> {
            migration.unseal(side);
            return side;
        });
    }

    /**
     * Whose reads the target answers in {@link Phase#TARGET_READ}.
     *
     * @throws DualWriteException DW-5011, if the source does not answer
     */
    public Cohort cohort() {
        return ask(migration::cohort);
    }

    /**
     * Raises the share of all readers whose reads the target answers in {@link Phase#TARGET_READ}, drawn by their keys
     * ({@link DualWriteBuilder#reader}); from 0 to 100 at once, or step by step: whoever belongs to it stays. In this and other
     * instances within half a second. A smaller share than it is changes nothing. Durable.
     *
     * @param percent above 0, up to 100, in steps of 0.01
     * @return whether it was raised
     * @throws DualWriteException DW-5017, if nobody's reads move in this phase; DW-5033, with the report of the gate, if what was
     *     demanded to enter the phase does not hold any more; DW-5011, if the source does not answer
     */
    public boolean growCohort(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new DualWriteException(
                    "DW-1000", "a share of " + percent + "% is not allowed: it must be above 0 and up to 100");
        }
        return ask(() -> migration.growCohort(percent));
    }

    /**
     * Lets the target answer, in {@link Phase#TARGET_READ}, the reads of those who have an attribute of these values, and of the
     * instances that have a label of them ({@link DualWriteBuilder#label}): a tenant, a region, a zone, an instance, a group. Durable.
     *
     * @param attribute 1 to 40 characters; not {@code percent}, {@code salt}, {@code growing} or {@code target-first}
     * @param values each 1 to 200 characters
     * @throws DualWriteException as {@link #growCohort(double)}
     */
    public void growCohort(String attribute, String... values) {
        if (!ATTRIBUTE.matcher(attribute).matches()
                || attribute.equals("percent")
                || attribute.equals("salt")
                || attribute.equals("growing")
                || attribute.equals(Cohort.TARGET_FIRST)
                || values.length == 0
                || Stream.of(values).anyMatch(value -> value.isBlank() || value.length() > 200)) {
            throw new DualWriteException(
                    "DW-1000",
                    "the attribute '" + attribute + "' with " + List.of(values)
                            + " is not allowed: a name of 1 to 40 ASCII"
                            + " letters, digits, '.', '_' or '-', and values of 1 to 200 characters");
        }
        ask(() -> {
            migration.growCohort(attribute, Set.of(values));
            return attribute;
        });
    }

    /**
     * New first, else old: a query in autocommit of these tables alone, of a reader of the cohort, that finds no row on the
     * target is asked of the source. An explicit policy for {@link Phase#TARGET_READ}, over with {@link #resetCohort} and with the
     * phase. It blurs who answers, and brings back what was removed; so it is refused for tables whose rows may be removed, and
     * once the target owns. Applies to {@code executeQuery} without a fetch size.
     *
     * @throws DualWriteException DW-5030, if a table is not declared by {@link DualWriteBuilder#appendOnly}; DW-5017, if nobody's
     *     reads move in this phase; DW-5033, if the gate is closed; DW-5011, if the source does not answer
     */
    public void readTargetFirst(String... tables) {
        if (tables.length == 0) {
            throw new DualWriteException("DW-1000", "readTargetFirst() of no table: name at least one");
        }
        ask(() -> {
            migration.readTargetFirst(Stream.of(tables)
                    .map(table -> table.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet()));
            return tables;
        });
    }

    /** Takes everybody out of the cohort: all reads go to the owner again, in this and other instances within half a second. */
    public void resetCohort() {
        ask(() -> {
            migration.resetCohort();
            return true;
        });
    }

    /**
     * What comparing reads has found, in all instances, in this run of the comparison and since changes are captured.
     *
     * @throws DualWriteException DW-5011, if the source does not answer
     */
    public ReadReport readReport() {
        return ask(() -> migration.reads().report());
    }

    /**
     * Begins to compare anew, in all instances: the counts and the differences of before do not count any more, for instance after
     * they were mended. In this instance at once, in others within two seconds. Recorded.
     *
     * @return the number of the new run
     * @throws DualWriteException DW-5011, if the source does not answer
     */
    public long compareAnew() {
        return ask(() -> migration.reads().compareAnew());
    }

    /**
     * Lets the gate pass a shape of reads that was compared too seldom: it is rare, or the library cannot compare it. Differences that
     * are found in it close the gate all the same. In all instances, and in further runs. Recorded.
     *
     * @param shape its id, as {@link #readReport()} has it
     * @param reason for the record; not blank
     * @throws DualWriteException DW-5019, if no such shape was seen; DW-5011, if the source does not answer
     */
    public void waiveReads(String shape, String reason) {
        if (reason.isBlank()) {
            throw new DualWriteException("DW-1000", "a shape of reads is waived for a reason: say which");
        }
        ask(() -> {
            migration.reads().waive(shape, reason);
            return shape;
        });
    }

    /**
     * Queues the rows in which reads have differed, to be made equal. {@link #compareAnew()} afterwards, when they are converged.
     *
     * @return what was queued, and what has no key and needs {@link #verify()} and {@link #repair()}
     * @throws DualWriteException DW-5006, if the owner is not open; DW-5011, if a side does not answer
     */
    public ReadReport.Repair repairReads() {
        return ask(migration::repairReads);
    }

    /**
     * Compares another share of the executions of each shape, beyond the minimum; in this instance, until it ends. 0 compares no
     * more than the minimum.
     *
     * @param percent 0 to 100
     * @throws DualWriteException DW-1017, if it is something else
     */
    public void sampleReads(double percent) {
        migration.reads().percent(percent);
    }

    /**
     * Compares two ways to answer one question, such as objects made of mapped tables, by the rules for reads: the caller gets what
     * the control answers or throws, at once; a sample of that is compared later, on a thread of the library, with the candidate, and
     * what it throws is counted and goes nowhere. Outside of the phases that compare, only the control is called.
     *
     * @param name of the question, by which it is counted as a shape
     * @param control answers from the source; may be called again at any time, on another thread, and only reads
     * @param candidate answers from the target; likewise. One that never ends keeps others from being compared, and no caller waiting
     * @param alike whether two answers are the same; on a thread of the library
     * @return what the control has answered
     * @throws Exception what the control has thrown
     */
    public <T extends @Nullable Object> T compare(
            String name,
            Callable<? extends T> control,
            Callable<? extends T> candidate,
            BiPredicate<? super T, ? super T> alike)
            throws Exception {
        return migration.reads().compare(name, control, candidate, alike);
    }

    /**
     * One step back, whatever holds the rest up: from {@code TARGET_READ} to {@code SHADOW_READ}, from there to {@code DUAL_WRITE}.
     * Reads are on the owner again within 250 ms, in all instances.
     *
     * @return {@link PhaseOutcome.Refused} in other phases: there it is {@link #enter} or {@link #rollBack}
     */
    public PhaseOutcome stepBack() {
        Phase now = ownership().phase();
        return now.reads() == Phase.Reads.OWNER
                ? new PhaseOutcome.Refused(new GateReport(
                        now,
                        now,
                        List.of(new GateReport.Check(
                                "phase-allows",
                                false,
                                "in " + now
                                        + " reads are on the owner; enter(...) or rollBack() lead back from here"))))
                : enter(now.back().orElseThrow());
    }

    /**
     * Figures of this instance since it started, by name; those that begin with {@code queue.} are of the migration as it is now.
     * Durations in seconds.
     *
     * @throws DualWriteException DW-5011, if the owner does not answer
     */
    public SortedMap<String, Double> metrics() {
        IntentQueue.Depth depth = ask(migration::queue);
        SortedMap<String, Double> figures = new TreeMap<>(migration.readMetrics());
        figures.put("queue.depth", (double) depth.unmarked());
        figures.put("queue.lag", depth.oldest().toNanos() / 1e9);
        figures.put("queue.parked", (double)
                ask(() -> migration.followerWork().parked(10_000)).size());
        return figures;
    }

    /**
     * The instances that are registered with the present owner, by name: those that are there, those that fell silent, and those
     * that are gone without having signed off, for a day.
     *
     * @throws DualWriteException DW-5011, if the owner does not answer
     */
    public List<Instance> instances() {
        return ask(migration::instances).stream()
                .map(one -> new Instance(
                        one.name(),
                        Presence.valueOf(migration.presence(one)),
                        one.silent(),
                        one.epoch(),
                        one.beat().configuration(),
                        one.beat().cohortFunction(),
                        one.beat().version(),
                        one.up(),
                        one.beat().writes(),
                        one.ahead(),
                        one.excluded()))
                .toList();
    }

    /** Whether an instance is there. */
    public enum Presence {
        /** It writes its heartbeat. */
        ALIVE,
        /** It has not for longer than {@link DualWriteBuilder#heartbeatTimeout}, and has not signed off: the gate is closed. */
        SILENT,
        /** It has been silent for longer than {@link DualWriteBuilder#instanceExpiry}, and counts as gone. */
        EXPIRED,
        /** An operator has said that it is gone. */
        EXCLUDED
    }

    /**
     * An instance as it last wrote itself down.
     *
     * @param name of it
     * @param presence whether it is there
     * @param silent for how long it has not written, by the server's clock
     * @param epoch that it acts by
     * @param configuration digest of tables, mappings, invariants and keys, the same in all instances
     * @param cohortFunction by which it draws shares of readers
     * @param version of the library
     * @param up for how long it had run when it last wrote
     * @param writes transactions whose changes it has captured since it started
     * @param clockAhead by how much its clock was ahead of the server's; negative if behind
     * @param excluded by which instance and why an operator has excluded it
     */
    public record Instance(
            String name,
            Presence presence,
            Duration silent,
            long epoch,
            String configuration,
            String cohortFunction,
            String version,
            Duration up,
            long writes,
            Duration clockAhead,
            Optional<String> excluded) {}

    /**
     * Says that an instance which fell silent without signing off is gone for good, so that it does not close the gate until it
     * expires. If it goes on all the same it is there again; what it believes of the owner harms nothing, because the fence decides.
     * Recorded.
     *
     * @param reason for the record; not blank
     * @throws DualWriteException DW-5028, if there is none of that name that is silent; DW-5011, if the owner does not answer
     */
    public void excludeInstance(String name, String reason) {
        if (reason.isBlank() || reason.length() > 300) {
            throw new DualWriteException(
                    "DW-1000", "an instance is excluded for a reason of 1 to 300 characters: say which");
        }
        ask(() -> {
            migration.excludeInstance(name, reason);
            return name;
        });
    }

    /** What was done to this migration, oldest first, from both sides as far as they answer. */
    public List<String> audit(int limit) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (Side side : Side.values()) {
            try {
                migration
                        .audit(side, limit)
                        .forEach(entry -> entries.add(Map.entry(
                                entry.at(),
                                entry.at() + " " + entry.side() + " epoch " + entry.epoch() + " " + entry.event()
                                        + " by " + entry.instance() + " " + entry.detail())));
            } catch (SQLException e) {
                entries.add(Map.entry("9999", side + " does not answer: " + e.getMessage()));
            }
        }
        return entries.stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * Everything an operator wants to see at a glance.
     *
     * @throws DualWriteException DW-5011, if the owner does not answer
     */
    public Status status() {
        IntentQueue.Depth depth = ask(migration::queue);
        Map<Side, String> sides = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            String row = migration
                    .row(side)
                    .map(r -> r.state() + " at epoch " + r.epoch())
                    .orElse("never seen");
            sides.put(
                    side,
                    Stream.of(Optional.of(row), migration.seal(side), migration.trouble(side))
                            .flatMap(Optional::stream)
                            .collect(Collectors.joining("; ")));
        }
        return new Status(
                ownership(),
                sides,
                depth.unmarked(),
                depth.oldest(),
                ask(() -> migration.followerWork().parked(10_000)).size(),
                migration.breaker(),
                migration.killed(),
                migration.held().isPresent(),
                ask(migration::differingWishes),
                ask(migration::instances).stream().collect(Collectors.toMap(i -> i.name(), i -> i.epoch())));
    }

    /**
     * A migration at a glance.
     *
     * @param ownership who owns
     * @param sides what each side's fence row says, whether it is sealed, and what is wrong with it, if anything
     * @param queued intents that are not converged
     * @param lag age of the oldest of them
     * @param parked units, at most 10,000 are counted
     * @param breaker state of the circuit breaker in front of the follower
     * @param killed whether the kill switch is on
     * @param held whether flips are held
     * @param wishes what the flag table or the flag source says and is not in force, and what is wrong with them
     * @param instances those registered, with the epoch that each acts by
     */
    public record Status(
            Ownership ownership,
            Map<Side, String> sides,
            long queued,
            Duration lag,
            int parked,
            String breaker,
            boolean killed,
            boolean held,
            List<String> wishes,
            Map<String, Long> instances) {
        public Status {
            wishes = List.copyOf(wishes);
            sides = Map.copyOf(sides);
            instances = Map.copyOf(instances);
        }
    }

    /** For tests of this library only: connections of its own pools that are in use at this moment. */
    int busy() {
        return migration.busy();
    }

    /** A question to the databases. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws SQLException;
    }

    private static <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new DualWriteException(
                    "DW-5011", "a database did not answer as it should; try again: " + e.getMessage(), e);
        }
    }

    /**
     * What became of a transaction with this idempotency key; to be asked when its COMMIT failed in a way that says nothing.
     * On any instance, also after a flip, and after this process was started anew. If the transaction is still open on its
     * server it is waited for, up to 3 seconds. Keys that are older than they are kept for count as not committed.
     *
     * @param key as it was given to {@link DualWriteConnection#idempotencyKey}
     * @throws DualWriteException DW-1000, if there is no ledger ({@link DualWriteBuilder#idempotencyKeys})
     */
    public Resolution resolve(String key) {
        return migration.resolve(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Stops this instance's threads and closes the library's own pools; bounded. The host's pools stay open. */
    @Override
    public void close() {
        migration.close();
    }
}
