package dev.dualwrite.jdbc;

import dev.dualwrite.ApplyMode;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlagSource;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.LedgerTable;
import dev.dualwrite.jdbc.follower.Tuning;
import dev.dualwrite.jdbc.runtime.Access;
import dev.dualwrite.jdbc.runtime.Migration;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.jdbc.runtime.Settings;
import dev.dualwrite.jdbc.schema.Domain;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link DualWrite}. Required: {@link #source}, {@link #target}, and {@link #tables} or {@link
 * #allTables}. A bad value is refused with what is allowed. Not thread-safe.
 */
public final class DualWriteBuilder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,31}");

    private final String name;
    private @Nullable DataSource source;
    private @Nullable DataSource target;
    private @Nullable Access sourceAccess;
    private @Nullable Access targetAccess;
    private @Nullable Domain domain;
    private String instance = "pid-" + ProcessHandle.current().pid() + "-"
            + UUID.randomUUID().toString().substring(0, 8);
    private String prefix = "dualwrite_";
    private boolean createTables = true;
    private ApplyMode applyMode = ApplyMode.ASYNC;
    private Duration applyBudget = Duration.ofMillis(50);
    private Duration flipBudget = Duration.ofSeconds(1);
    private @Nullable Duration freezeWait;
    private int workers = 2;
    private int backfillWorkers = 2;
    private int chunkRows = 1000;
    private Duration backfillStep = Duration.ofMillis(100);
    private Duration ownerLatency = Duration.ofMillis(100);
    private Duration lag = Duration.ofSeconds(1);
    private long idMargin = 10_000;
    private Duration heartbeatTimeout = Duration.ofSeconds(5);
    private @Nullable Duration instanceExpiry;
    private Duration verificationAge = Duration.ofDays(1);
    private final Map<String, String> invariants = new LinkedHashMap<>();
    private FlagSource flags = FlagSource.none();
    private Supplier<Reader> reader = () -> Reader.UNKNOWN;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private Duration readLag = Duration.ofSeconds(5);
    private final Map<String, Supplier<Optional<String>>> alarms = new LinkedHashMap<>();
    private boolean autocommitReads;
    private Set<String> appendOnly = Set.of();
    private ReadComparison reads = ReadComparison.standard();
    private @Nullable Duration keysFor;
    private boolean sealing = true;
    private boolean sealTarget;
    private boolean refusesUnwrap;
    private Seams seams = Seams.NONE;

    DualWriteBuilder(String name) {
        if (!NAME.matcher(name).matches()) {
            throw bad("the migration's name '" + name + "'", "1 to 64 ASCII letters, digits, '.', '_' or '-'");
        }
        this.name = name;
    }

    private static DualWriteException bad(String what, String allowed) {
        return new DualWriteException("DW-1000", what + " is not allowed: it must be " + allowed);
    }

    /** The application's pool on the source. The library takes no connection from it for itself. */
    public DualWriteBuilder source(DataSource pool) {
        this.source = Objects.requireNonNull(pool);
        return this;
    }

    /** The application's pool on the target. */
    public DualWriteBuilder target(DataSource pool) {
        this.target = Objects.requireNonNull(pool);
        return this;
    }

    /** How the library itself reaches the source: a URL with the schema, and an account. */
    public DualWriteBuilder sourceAccess(String url, @Nullable String user, @Nullable String password) {
        this.sourceAccess = new Access(Objects.requireNonNull(url), user, password, new Properties());
        return this;
    }

    /** How the library itself reaches the target. */
    public DualWriteBuilder targetAccess(String url, @Nullable String user, @Nullable String password) {
        this.targetAccess = new Access(Objects.requireNonNull(url), user, password, new Properties());
        return this;
    }

    /** The tables that move, by bare name; they are called the same on both sides. */
    public DualWriteBuilder tables(String... names) {
        if (names.length == 0) {
            throw bad("an empty list of tables", "at least one table; for a whole schema use allTables()");
        }
        this.domain = new Domain(List.of(names));
        return this;
    }

    /** Every base table of the schema moves. */
    public DualWriteBuilder allTables() {
        this.domain = Domain.all();
        return this;
    }

    /** The name of this process among the instances; by default made from its process id and a random part. */
    public DualWriteBuilder instance(String instance) {
        if (instance.isBlank() || instance.length() > 128) {
            throw bad("the instance '" + instance + "'", "1 to 128 characters");
        }
        this.instance = instance;
        return this;
    }

    /** What the control tables' names begin with; {@code dualwrite_} by default. */
    public DualWriteBuilder tablePrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw bad("the prefix '" + prefix + "'", "a letter, then up to 31 letters, digits or '_'");
        }
        this.prefix = prefix;
        return this;
    }

    /**
     * Whether missing control tables are created, which needs the right to do so; true by default. The DDL
     * ships as {@code dev/dualwrite/jdbc/control-tables.sql}.
     */
    public DualWriteBuilder createControlTables(boolean create) {
        this.createTables = create;
        return this;
    }

    /** Commits do not wait for the follower. The default. */
    public DualWriteBuilder async() {
        this.applyMode = ApplyMode.ASYNC;
        return this;
    }

    /** Commits wait until their changes are converged, for at most the budget; 1 ms to 10 s. */
    public DualWriteBuilder sync(Duration applyBudget) {
        this.applyBudget = between(applyBudget, Duration.ofMillis(1), Duration.ofSeconds(10), "the apply budget");
        this.applyMode = ApplyMode.SYNC;
        return this;
    }

    /** How long writers may stall in a flip, 50 ms to 60 s; 1 s by default. */
    public DualWriteBuilder flipBudget(Duration budget) {
        this.flipBudget = between(budget, Duration.ofMillis(50), Duration.ofSeconds(60), "the flip budget");
        return this;
    }

    /**
     * How long a write waits that finds its owner frozen by a flip, 0 to 10 min; as long as it takes to end a flip that
     * broke off by default. After that, or at once with zero, it is sent away by a DW-3001 with SQLState {@code 40001}:
     * nothing of its transaction is stored, and it is to be run again.
     */
    public DualWriteBuilder freezeWait(Duration wait) {
        this.freezeWait = between(wait, Duration.ZERO, Duration.ofMinutes(10), "the wait in a freeze");
        return this;
    }

    /** Threads that converge, 1 to 64; 2 by default. */
    public DualWriteBuilder workers(int count) {
        if (count < 1 || count > 64) {
            throw bad(count + " workers", "1 to 64");
        }
        this.workers = count;
        return this;
    }

    /** Threads of a backfill or a verification in this instance, 1 to 32; 2 by default. */
    public DualWriteBuilder backfillWorkers(int count) {
        if (count < 1 || count > 32) {
            throw bad(count + " backfill workers", "1 to 32");
        }
        this.backfillWorkers = count;
        return this;
    }

    /**
     * For how long a step of a backfill may hold its chunk, 10 ms to 5 s; 100 ms by default. Its number of rows
     * follows. Changes of rows of that chunk reach the follower that much later.
     */
    public DualWriteBuilder backfillStep(Duration time) {
        this.backfillStep = between(time, Duration.ofMillis(10), Duration.ofSeconds(5), "the step of a backfill");
        return this;
    }

    /**
     * When a backfill holds back: while the p99 of the application's commits, as this instance sees them, or the
     * age of the oldest intent is above these. Each 1 ms to 1 h; 100 ms and 1 s by default. It becomes slow then and does not stand still.
     */
    public DualWriteBuilder backfillCeilings(Duration ownerLatency, Duration lag) {
        this.ownerLatency =
                between(ownerLatency, Duration.ofMillis(1), Duration.ofHours(1), "the ceiling of the owner's latency");
        this.lag = between(lag, Duration.ofMillis(1), Duration.ofHours(1), "the ceiling of the lag");
        return this;
    }

    /** Rows of a backfill's chunk, 10 to 100,000; 1000 by default. */
    public DualWriteBuilder chunkRows(int rows) {
        if (rows < 10 || rows > 100_000) {
            throw bad("a chunk of " + rows + " rows", "10 to 100000");
        }
        this.chunkRows = rows;
        return this;
    }

    /** By how much the next owner's generated identifiers are raised in a flip; 10,000 by default. */
    public DualWriteBuilder idMargin(long margin) {
        if (margin < 100) {
            throw bad("a margin of " + margin, "at least 100");
        }
        this.idMargin = margin;
        return this;
    }

    /** After how long without a heartbeat an instance counts as silent, 2 s to 1 h; 5 s by default. */
    public DualWriteBuilder heartbeatTimeout(Duration timeout) {
        this.heartbeatTimeout = between(timeout, Duration.ofSeconds(2), Duration.ofHours(1), "the heartbeat timeout");
        return this;
    }

    /**
     * After how long a silent instance that has not signed off counts as gone, 2 s to 7 days; three times the heartbeat timeout by
     * default. Until then it closes the gate, unless it is {@linkplain DualWrite#excludeInstance excluded}; it may be stopped and go
     * on, and then it is kept from writing by the fence, whatever it believes.
     */
    public DualWriteBuilder instanceExpiry(Duration expiry) {
        this.instanceExpiry =
                between(expiry, Duration.ofSeconds(2), Duration.ofDays(7), "the expiry of a silent instance");
        return this;
    }

    private Duration expiry() {
        return instanceExpiry == null ? heartbeatTimeout.multipliedBy(3) : instanceExpiry;
    }

    /**
     * How long ago the verification that a flip rests on may have begun, 1 minute to 30 days by the source's clock; 1 day by
     * default. What changes through the library is verified again in the flip, whatever its age; what somebody else changes is
     * not.
     */
    public DualWriteBuilder verificationAge(Duration age) {
        this.verificationAge = between(age, Duration.ofMinutes(1), Duration.ofDays(30), "the age of a verification");
        return this;
    }

    /** Where wishes come from beside the API and the flag table. */
    public DualWriteBuilder flags(FlagSource flags) {
        this.flags = Objects.requireNonNull(flags);
        return this;
    }

    /**
     * Whether a side that has handed over is sealed for as long as it follows: triggers on its moved tables, by which the
     * server itself refuses writers that do not pass the library. True by default. Where the triggers cannot be made, the
     * status says why, and nothing else changes.
     */
    public DualWriteBuilder sealing(boolean on) {
        this.sealing = on;
        return this;
    }

    /**
     * Seals the target before it has owned, too, from {@code DUAL_WRITE} on: what somebody writes there past the library is
     * refused, and not only found by a verification. Not by default, for a target may be loaded by other means at first.
     */
    public DualWriteBuilder sealTarget() {
        this.sealTarget = true;
        return this;
    }

    /**
     * Something that must hold before ownership moves: a query over the moved tables that answers the rows which break it,
     * and nothing if it holds. The gate runs it on the owner, and again on both sides while writers are held, so it has to be
     * fast; what it answers stands in the gate's report, the first three rows of it.
     *
     * @param name for the report, once each
     * @param query one SELECT, with bare table names
     */
    public DualWriteBuilder invariant(String name, String query) {
        if (name.isBlank() || query.isBlank() || invariants.putIfAbsent(name, query) != null) {
            throw bad("the invariant '" + name + "'", "given once, with a name and a query");
        }
        return this;
    }

    /**
     * Says who reads or writes, asked on the caller's thread at the first statement of a transaction that only reads and after each commit;
     * from what the host knows of the request. By it readers are drawn for shares of all, and find what they have written. It has to
     * be fast; if it throws, the read goes to the owner. By default nobody is known.
     */
    public DualWriteBuilder reader(Supplier<Reader> who) {
        this.reader = Objects.requireNonNull(who);
        return this;
    }

    /**
     * A label of this instance that a cohort may be chosen by, as {@code zone} or {@code region}; {@code instance} is always its
     * name.
     *
     * @param name 1 to 40 characters, once each
     * @param value 1 to 200 characters
     */
    public DualWriteBuilder label(String name, String value) {
        if (name.isBlank()
                || name.length() > 40
                || value.isBlank()
                || value.length() > 200
                || name.equals("instance")
                || labels.putIfAbsent(name, value) != null) {
            throw bad(
                    "the label '" + name + "' = '" + value + "'",
                    "given once, with a name of 1 to 40 characters and a value of 1 to 200; 'instance' is taken");
        }
        return this;
    }

    private Map<String, String> withInstance() {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.put("instance", instance);
        return all;
    }

    /** How far behind the target may be that answers reads of a cohort, 10 ms to 1 h; 5 s by default. */
    public DualWriteBuilder readLag(Duration most) {
        this.readLag = between(most, Duration.ofMillis(10), Duration.ofHours(1), "the lag of reads");
        return this;
    }

    /**
     * Lets this instance step back by itself while something is wrong: from {@code TARGET_READ} to {@code SHADOW_READ} and from
     * there to {@code DUAL_WRITE}; from {@code REVERSE_WINDOW} it rolls back, through the same gate as by hand. After the rollback
     * boundary nothing is rolled back: it holds changes of phase ({@link DualWrite#hold}). Each is in the log as an error (DW-5031)
     * and in the audit. By default there is no alarm.
     *
     * @param name for the log, once each
     * @param wrong what is wrong, in words; empty while nothing is. Asked every 250 ms on a thread of the library; an exception says
     *     nothing, and is told once
     */
    public DualWriteBuilder stepBackIf(String name, Supplier<Optional<String>> wrong) {
        if (name.isBlank() || alarms.putIfAbsent(name, Objects.requireNonNull(wrong)) != null) {
            throw bad("the alarm '" + name + "'", "given once, with a name");
        }
        return this;
    }

    /**
     * Declares tables from which nothing is ever removed: a DELETE of them, or an UPDATE of their keys, is refused in every phase
     * (DW-2051). Only of such tables may the source be asked for what the target does not have ({@link
     * DualWrite#readTargetFirst}). In all instances the same.
     */
    public DualWriteBuilder appendOnly(String... tables) {
        this.appendOnly =
                Stream.of(tables).map(table -> table.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        return this;
    }

    /**
     * Lets reads that are transactions of their own count as declared to do nothing but read: then they go to the target too, if
     * their reader belongs to the cohort. By default only connections and transactions on which {@code setReadOnly(true)} was called
     * do, because an application that reads in autocommit may be about to write what it makes of it. A connection on which the owner
     * has answered stays with it until it is closed.
     */
    public DualWriteBuilder autocommitReads() {
        this.autocommitReads = true;
        return this;
    }

    /**
     * How reads are compared in {@code SHADOW_READ} and {@code TARGET_READ}; {@link ReadComparison#standard()} by default. The same in
     * all instances.
     */
    public DualWriteBuilder readComparison(ReadComparison how) {
        this.reads = Objects.requireNonNull(how);
        return this;
    }

    /**
     * Lets transactions have idempotency keys ({@link DualWriteConnection#idempotencyKey}), which are kept for this long, 1
     * hour to 400 days: whoever asks again later is told that it was not applied. They stand in a table of this migration,
     * {@code …ledger_…}, which moves along, and on which the application's account needs SELECT, INSERT and UPDATE. In all
     * instances, or in none. By default there is none.
     */
    public DualWriteBuilder idempotencyKeys(Duration keptFor) {
        this.keysFor = between(keptFor, Duration.ofHours(1), Duration.ofDays(400), "the time that keys are kept");
        return this;
    }

    /**
     * Refuses {@code unwrap} to the driver's connections, statements and result sets, and {@code isWrapperFor} denies them:
     * what is written by them bypasses the boundary and is lost to the migration. By default it is allowed, told in the log
     * once, and counted.
     */
    public DualWriteBuilder refuseUnwrap() {
        this.refusesUnwrap = true;
        return this;
    }

    /** For tests of this library only. */
    DualWriteBuilder seams(Seams seams) {
        this.seams = seams;
        return this;
    }

    private static Duration between(Duration value, Duration least, Duration most, String what) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw bad(what + " of " + value, least + " to " + most);
        }
        return value;
    }

    /**
     * Reaches both sides, checks them and starts. One side is enough, except for the very first start.
     *
     * @throws DualWriteException DW-1nnn, with what is wrong and what to do
     */
    public DualWrite build() {
        DataSource sourcePool = required(source, "source(...)");
        DataSource targetPool = required(target, "target(...)");
        Domain tables = required(domain, "tables(...) or allTables()");
        refuseXa(Side.SOURCE, sourcePool);
        refuseXa(Side.TARGET, targetPool);
        Access ownSource = sourceAccess != null ? sourceAccess : Access.of(Side.SOURCE, sourcePool);
        Access ownTarget = targetAccess != null ? targetAccess : Access.of(Side.TARGET, targetPool);
        Settings settings = new Settings(
                name,
                instance,
                prefix,
                createTables,
                applyMode,
                applyBudget,
                flipBudget,
                Optional.ofNullable(freezeWait),
                workers,
                new Tuning(backfillWorkers, chunkRows, backfillStep, ownerLatency, lag),
                idMargin,
                heartbeatTimeout,
                expiry(),
                verificationAge,
                flags,
                sealing,
                sealTarget,
                invariants,
                reader,
                withInstance(),
                readLag,
                autocommitReads,
                appendOnly,
                alarms,
                reads,
                Optional.ofNullable(keysFor));
        Domain moved = keysFor == null ? tables : tables.with(LedgerTable.name(prefix, name));
        return new DualWrite(
                new Migration(settings, moved, sourcePool, targetPool, ownSource, ownTarget, seams), refusesUnwrap);
    }

    private static void refuseXa(Side side, DataSource pool) {
        if (pool instanceof XADataSource) {
            throw new DualWriteException(
                    "DW-1016",
                    "the " + side + " DataSource is a " + pool.getClass().getName()
                            + ", whose connections take part in XA transactions: these are not supported. Give a pool of plain"
                            + " connections, and use local transactions and not those of JTA.");
        }
    }

    private static <T> T required(@Nullable T value, String what) {
        if (value == null) {
            throw new DualWriteException("DW-1000", "the migration is not complete: call " + what + " before build()");
        }
        return value;
    }
}
