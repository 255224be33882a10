package dev.dualwrite.jdbc.compare;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.ReadReport;
import dev.dualwrite.jdbc.boundary.Read;
import dev.dualwrite.jdbc.boundary.Sampled;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.ReadDifferenceTable.Difference;
import dev.dualwrite.jdbc.control.ReadShapeTable.Counted;
import dev.dualwrite.jdbc.control.ReadShapeTable.Scope;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.key.Key;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a sample of the reads with the other side. A caller's thread chooses, notes what it fetches anyway, and puts that into a
 * bounded queue; it never waits, and never hears of it. Threads of this class's own do the rest, in sessions of the library's own.
 * What was counted is written down on the source about each second; the gate adds up all instances. Thread-safe.
 */
public final class ReadComparer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadComparer.class);

    /** Holds the number of the run, in the flag table of the source. */
    private static final String RUN = "reads-run";

    /** Begins the flags of waived shapes. */
    private static final String WAIVED = "reads ";

    private static final Duration FLUSH = Duration.ofSeconds(1);
    private static final Duration EXECUTIONS = Duration.ofSeconds(5);
    private static final Duration PURGE = Duration.ofMinutes(1);
    private static final Duration SILENT = Duration.ofHours(1);

    /** Differences of a shape that are written down by a process in a run; the others are only counted. */
    private static final int TOLD = 20;

    /** Rows of them that wait to be written down. */
    private static final int UNWRITTEN = 5_000;

    private static final int LISTED = 10_000;

    private final Ground ground;
    private final ReadComparison settings;
    private final String process = UUID.randomUUID().toString();
    private final Totals totals = new Totals();
    private final Lifeline lifeline = new Lifeline();
    private final Line reads;
    private final Line objects;
    private final CircuitBreaker breaker;
    private final CircuitBreaker candidates;
    private final Thread scribe;
    private final AtomicBoolean started = new AtomicBoolean();

    /** Held while it is written down; nobody who brings or looks takes it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Queue<Unwritten> unwritten = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unwrittenRows = new AtomicInteger();
    private volatile double percent;

    /** Written by the watch of the owner; not a number while nobody wishes. */
    private volatile double wished = Double.NaN;

    private volatile boolean wanted;
    private volatile boolean closed;

    /** Written by the scribe and by {@link #compareAnew}, under the lock; null until the scope is known. */
    private volatile @Nullable Tally tally;

    @GuardedBy("lock") private long purgedAt = System.nanoTime();

    private record Unwritten(Scope scope, List<Difference> rows) {}

    public ReadComparer(Ground ground, ReadComparison settings) {
        this.ground = ground;
        this.settings = settings;
        this.percent = settings.percent();
        String name = "dualwrite-" + ground.migration() + "-compare";
        this.reads = new Line(name, settings.workers(), settings.waiting(), totals);
        this.objects = new Line(name + "-objects", 1, settings.waiting(), totals);
        this.breaker = breaker(name);
        this.candidates = breaker(name + "-objects");
        this.scribe = new Thread(this::write, name + "-scribe");
        scribe.setDaemon(true);
    }

    /** While the follower does not answer, few are asked whether it does again. */
    private static CircuitBreaker breaker(String name) {
        return CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(8, 4, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(75)
                        .waitDurationInOpenState(Duration.ofSeconds(1))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
    }

    /** The owner's row was read: says whether reads are compared from now on. */
    public void looked(FenceRow owner) {
        boolean now = owner.state() == FenceState.OPEN && owner.phase().reads() != Phase.Reads.OWNER && !closed;
        Tally known = tally;
        boolean other = known != null && known.scope().captureEpoch() != owner.captureEpoch();
        if (now && started.compareAndSet(false, true)) {
            reads.start();
            objects.start();
            scribe.start();
        }
        if (now && (!wanted || other)) {
            LockSupport.unpark(scribe);
        }
        wanted = now && !other;
    }

    /** Whether reads are compared at this moment. */
    public boolean active() {
        return wanted && tally != null;
    }

    /** Another share of executions beyond the minimum. */
    public void percent(double share) {
        settings.withPercent(share); // which refuses what is not allowed
        percent = share;
    }

    /** A share that flags wish for, which counts for as long as they do. */
    public void wished(OptionalDouble share) {
        wished = share.orElse(Double.NaN);
    }

    /** Chooses a read; on the caller's thread. Never throws. */
    public @Nullable Sampled sample(Read read) {
        try {
            Tally now = tally;
            if (!wanted || now == null) {
                return null;
            }
            Shape shape = now.of(read);
            return chosen(shape, read.repeatable())
                    ? new Notes(read.side(), notes -> noted(now, shape, read, notes))
                    : null;
        } catch (RuntimeException | Error e) {
            failed(e);
            return null;
        }
    }

    private boolean chosen(Shape shape, boolean repeatable) {
        shape.count(Count.EXECUTIONS);
        Skip skip = shape.skip() != null ? shape.skip() : repeatable ? null : Skip.STREAM_PARAMETER;
        if (skip != null) {
            shape.skipped(skip);
            return false;
        }
        if (!shape.chosen(settings.minimum(), Double.isNaN(wished) ? percent : wished)) {
            return false;
        }
        shape.count(Count.SAMPLED);
        if (reads.full()) {
            shape.count(Count.DROPPED);
            return false;
        }
        return true;
    }

    /** On the caller's thread, when he is done. */
    private void noted(Tally of, Shape shape, Read read, Notes notes) {
        try {
            reads.bring(new Case<>(
                    ground,
                    new ReadQuestion(ground, settings, shape, read, lifeline),
                    of.scope(),
                    breaker,
                    (in, differing) -> found(of.scope(), in, differing),
                    notes.answer(),
                    notes.side()));
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /**
     * Answers what the control does, or throws what it throws; compares with the candidate afterwards, off the caller's path.
     *
     * @param name under which it is counted
     */
    public <T extends @Nullable Object> T compare(
            String name,
            Callable<? extends T> control,
            Callable<? extends T> candidate,
            BiPredicate<? super T, ? super T> alike)
            throws Exception {
        T value = control.call();
        try {
            Tally now = tally;
            if (wanted && now != null) {
                Shape shape = now.named("(object) " + name);
                if (chosen(shape, true)) {
                    Set<String> tables = ground.schema(Side.SOURCE).tables().keySet();
                    objects.bring(new Case<>(
                            ground,
                            new ObjectQuestion<T>(shape, tables, control, candidate, alike),
                            now.scope(),
                            candidates,
                            (in, differing) -> found(now.scope(), in, differing),
                            new ObjectQuestion.Held<T>(value),
                            Side.SOURCE));
                }
            }
        } catch (SQLException | RuntimeException | Error e) {
            failed(e);
        }
        return value;
    }

    private void failed(Throwable e) {
        totals.failed();
        LOG.debug("{}: a read could not be put in line to be compared", ground.migration(), e);
    }

    private void found(Scope scope, Shape shape, List<Differing> differing) {
        LOG.warn(
                "DW-5018 {}: both sides go on to answer otherwise, in {} rows: {}",
                ground.migration(),
                differing.size(),
                shape.sql().text());
        if (shape.differed() >= TOLD || unwrittenRows.get() > UNWRITTEN) {
            return;
        }
        unwrittenRows.addAndGet(differing.size());
        unwritten.add(new Unwritten(
                scope,
                differing.stream()
                        .map(one -> new Difference(
                                shape.sql().id(), ground.instance(), "", one.table(), one.key(), one.detail()))
                        .toList()));
    }

    /** What the scribe does. */
    private void write() {
        while (!closed) {
            try {
                if (wanted || tally != null) {
                    flush();
                }
            } catch (SQLException | DualWriteException e) {
                LOG.debug("{}: what was compared could not be written down yet", ground.migration(), e);
            } catch (RuntimeException e) {
                LOG.error("{}: writing down what was compared met an unexpected error", ground.migration(), e);
            }
            LockSupport.parkNanos(this, FLUSH.toNanos());
        }
    }

    private ControlSide record() throws SQLException {
        return ground.control(Side.SOURCE);
    }

    /** Writes down what is new, then looks whether another scope has begun. */
    private void flush() throws SQLException {
        lock.lock();
        try {
            ControlSide record = record();
            Tally now = tally;
            if (now != null) {
                put(record, now);
            }
            Optional<Scope> scope = scope(record);
            if (scope.isPresent() && (now == null || !scope.get().equals(now.scope()))) {
                tally = new Tally(scope.get(), settings, sameSchemas(), totals);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean sameSchemas() throws SQLException {
        return ground.schema(Side.SOURCE)
                .schema()
                .equals(ground.schema(Side.TARGET).schema());
    }

    @GuardedBy("lock") private void put(ControlSide record, Tally of) throws SQLException {
        List<Shape> shapes = new ArrayList<>();
        List<Counted> news = new ArrayList<>();
        for (Shape shape : of.shapes()) {
            Counted counted = shape.news(EXECUTIONS.toNanos());
            if (counted != null) {
                shapes.add(shape);
                news.add(counted);
            }
        }
        List<Unwritten> rows = new ArrayList<>(unwritten);
        boolean purge = System.nanoTime() - purgedAt > PURGE.toNanos();
        if (news.isEmpty() && rows.isEmpty() && !purge) {
            return;
        }
        record.inTransaction(connection -> {
            if (!news.isEmpty()) {
                record.readShapes().put(connection, of.scope(), process, ground.instance(), news);
            }
            for (Unwritten some : rows) {
                record.readDifferences().add(connection, some.scope(), some.rows());
            }
            if (purge) {
                record.readShapes().purge(connection, of.scope(), SILENT);
                record.readDifferences().purge(connection, of.scope());
            }
            return of;
        });
        purgedAt = purge ? System.nanoTime() : purgedAt;
        for (int i = 0; i < shapes.size(); i++) {
            shapes.get(i).written(news.get(i));
        }
        rows.forEach(some -> {
            unwritten.remove(some);
            unwrittenRows.addAndGet(-some.rows().size());
        });
    }

    /** What counts together at this moment; empty while no owner was seen that captures. */
    private Optional<Scope> scope(ControlSide record) throws SQLException {
        Optional<FenceRow> owner = ground.owner();
        if (owner.isEmpty() || owner.get().captureEpoch() == 0) {
            return Optional.empty();
        }
        return Optional.of(new Scope(run(record), owner.get().captureEpoch(), ground.mapping()));
    }

    private static long run(ControlSide record) throws SQLException {
        try (Connection connection = record.connection()) {
            return run(record.flags().read(connection));
        }
    }

    private static long run(Map<String, String> flags) {
        return Long.parseLong(flags.getOrDefault(RUN, "1"));
    }

    /**
     * Begins to count anew, in all instances: in this one at once, in others within a second or so. What is compared at this moment
     * counts nowhere.
     *
     * @return the number of the new run
     */
    public long compareAnew() throws SQLException {
        ControlSide record = record();
        long next = record.inTransaction(connection -> {
            long run = run(record.flags().read(connection)) + 1;
            record.flags().set(connection, RUN, Long.toString(run), ground.instance());
            return run;
        });
        flush();
        ground.audit("reads-compared-anew", "run " + next);
        return next;
    }

    /**
     * Lets the gate pass a shape that was compared too seldom.
     *
     * @throws DualWriteException DW-5019, if no such shape was seen
     */
    public void waive(String shape, String reason) throws SQLException {
        Counted known = sums().stream()
                .filter(one -> one.id().equals(shape))
                .findFirst()
                .orElseThrow(() -> new DualWriteException(
                        "DW-5019",
                        "no read of the shape '" + shape + "' was seen; readReport() lists those that were"));
        ControlSide record = record();
        record.inTransaction(connection -> {
            record.flags().set(connection, WAIVED + shape, "waived", ground.instance());
            return shape;
        });
        ground.audit("reads-waived", cut(known.text()) + ": " + reason);
    }

    private List<Counted> sums() throws SQLException {
        flush();
        Tally now = tally;
        if (now == null) {
            ControlSide record = record();
            Optional<Scope> scope = scope(record);
            return scope.isEmpty() ? List.of() : sums(record, scope.get());
        }
        return sums(record(), now.scope());
    }

    private static List<Counted> sums(ControlSide record, Scope scope) throws SQLException {
        try (Connection connection = record.connection()) {
            return record.readShapes().sum(connection, scope);
        }
    }

    private Map<String, String> flags() throws SQLException {
        ControlSide record = record();
        try (Connection connection = record.connection()) {
            return record.flags().read(connection);
        }
    }

    /** Why reads are not known to answer the same on both sides; empty if they are. */
    public Optional<String> wrong(FenceRow owner) throws SQLException {
        flush();
        ControlSide record = record();
        List<Counted> shapes = sums(record, new Scope(run(record), owner.captureEpoch(), ground.mapping()));
        List<Counted> different = shapes.stream()
                .filter(shape -> count(shape, Count.DIFFERENT) > 0)
                .toList();
        if (!different.isEmpty()) {
            return Optional.of(different.size() + " shapes of reads are answered otherwise by the target: "
                    + some(different, shape -> count(shape, Count.DIFFERENT) + " times: " + cut(shape.text()))
                    + ". See readReport(); mend them, by repairReads() where rows differ, then compareAnew()");
        }
        Map<String, String> flags = flags();
        List<Counted> seldom = shapes.stream()
                .filter(shape -> compared(shape) < settings.minimum() && !flags.containsKey(WAIVED + shape.id()))
                .toList();
        if (!seldom.isEmpty()) {
            return Optional.of(seldom.size() + " shapes of reads were compared fewer than " + settings.minimum()
                    + " times: "
                    + some(
                            seldom,
                            shape -> compared(shape) + " of " + count(shape, Count.EXECUTIONS) + ": "
                                    + cut(shape.text()) + why(shape))
                    + ". Wait for more, give it a rule, or waiveReads(...)");
        }
        return shapes.stream().allMatch(shape -> compared(shape) == 0)
                ? Optional.of("no read was compared yet")
                : Optional.empty();
    }

    private static String why(Counted shape) {
        String skipped = with(shape, Shape.SKIP).keySet().stream().sorted().collect(Collectors.joining(", "));
        return skipped.isEmpty() ? "" : " (" + skipped + ")";
    }

    private static String some(List<Counted> shapes, Function<Counted, String> text) {
        return shapes.stream().limit(3).map(text).collect(Collectors.joining("; ")) + (shapes.size() > 3 ? "; …" : "");
    }

    private static String cut(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }

    private static long count(Counted shape, Count what) {
        return shape.counts().getOrDefault(what.label(), 0L);
    }

    private static long compared(Counted shape) {
        return count(shape, Count.MATCHED) + count(shape, Count.DIFFERENT);
    }

    private static Map<String, Long> with(Counted shape, String prefix) {
        return shape.counts().entrySet().stream()
                .filter(count -> count.getKey().startsWith(prefix))
                .collect(Collectors.toMap(count -> count.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    /** What all instances have found in the run and capture epoch of now. */
    public ReadReport report() throws SQLException {
        List<Counted> shapes = sums();
        Map<String, String> flags = flags();
        return new ReadReport(
                run(flags),
                shapes.stream()
                        .map(shape -> new ReadReport.Shape(
                                shape.id(),
                                shape.text(),
                                count(shape, Count.EXECUTIONS),
                                count(shape, Count.SAMPLED),
                                compared(shape),
                                count(shape, Count.MATCHED),
                                count(shape, Count.DIFFERENT),
                                count(shape, Count.LAGGED),
                                count(shape, Count.UNSETTLED),
                                count(shape, Count.DROPPED),
                                count(shape, Count.CANDIDATE_ERRORS),
                                count(shape, Count.NOISE_CHECKS),
                                count(shape, Count.NOISE),
                                with(shape, Shape.SKIP),
                                with(shape, Shape.RULE),
                                flags.containsKey(WAIVED + shape.id())))
                        .toList(),
                differences(1_000).stream().map(ReadComparer::told).toList());
    }

    private static ReadReport.Difference told(Difference one) {
        Key key = one.key();
        return new ReadReport.Difference(
                one.foundAt(),
                one.instance(),
                one.shape(),
                key == null ? Optional.empty() : Optional.of(one.table() + " " + key),
                one.detail());
    }

    private List<Difference> differences(int limit) throws SQLException {
        ControlSide record = record();
        Optional<Scope> scope = scope(record);
        if (scope.isEmpty()) {
            return List.of();
        }
        try (Connection connection = record.connection()) {
            return record.readDifferences().list(connection, scope.get(), limit);
        }
    }

    /** What is to be queued, each row once; the others are told. */
    public record Mending(List<Captured> keys, List<ReadReport.Difference> untold) {
        public Mending {
            keys = List.copyOf(keys);
            untold = List.copyOf(untold);
        }
    }

    /** What mends the differences of this run. */
    public Mending mending() throws SQLException {
        flush();
        Set<Captured> keys = new LinkedHashSet<>();
        List<ReadReport.Difference> untold = new ArrayList<>();
        for (Difference one : differences(LISTED)) {
            Key key = one.key();
            String table = one.table();
            FenceRow owner = ground.owner().orElseThrow();
            SideSchema schema = ground.schema(owner.side());
            if (key != null && table != null && schema.table(table).isPresent()) {
                keys.add(new Captured(schema.require(table), key));
            } else {
                untold.add(told(one));
            }
        }
        return new Mending(List.copyOf(keys), untold);
    }

    /** Figures of this instance since it started. */
    public Map<String, Double> figures() {
        return totals.figures();
    }

    /** Bounded: what waits is forgotten, what was decided is written down if the source answers. */
    @Override
    public void close() {
        closed = true;
        if (!started.get()) {
            return;
        }
        reads.close();
        objects.close();
        lifeline.cut();
        LockSupport.unpark(scribe);
        try {
            reads.join(Duration.ofSeconds(10));
            objects.join(Duration.ofSeconds(1));
            scribe.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            Tally last = tally;
            if (last != null) {
                lock.lock();
                try {
                    put(record(), last);
                } finally {
                    lock.unlock();
                }
            }
        } catch (SQLException | DualWriteException e) {
            LOG.debug("{}: the last comparisons were not written down", ground.migration(), e);
        }
    }
}
