package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.ApplyMode;
import dev.dualwrite.Cohort;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.GateReport;
import dev.dualwrite.Ownership;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.converge.Round;
import dev.dualwrite.converge.Waiters;
import dev.dualwrite.converge.Workers;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.OwnerListener;
import dev.dualwrite.jdbc.ReadReport;
import dev.dualwrite.jdbc.Resolution;
import dev.dualwrite.jdbc.boundary.Read;
import dev.dualwrite.jdbc.boundary.ReadRoutes;
import dev.dualwrite.jdbc.boundary.Routes;
import dev.dualwrite.jdbc.boundary.Sampled;
import dev.dualwrite.jdbc.boundary.Written;
import dev.dualwrite.jdbc.compare.Ground;
import dev.dualwrite.jdbc.compare.ReadComparer;
import dev.dualwrite.jdbc.control.AuditTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.InstanceTable;
import dev.dualwrite.jdbc.control.IntentQueue;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.jdbc.follower.Converger;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One migration in this process: everything that runs, and what an operator can ask of it. Thread-safe. */
public final class Migration implements Routes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
    private static final Duration FLAGS = Duration.ofMillis(200);

    /** How old the knowledge of who owns may be for a plain read (design, section 3.3). */
    private static final Duration CONFIRMED = Duration.ofMillis(250);

    /** For so long a transaction that has read waits to hear whether it is still where it belongs. */
    static final Duration LOOKED_AGAIN = Duration.ofSeconds(1);

    private static final Duration IDLE_POLL = Duration.ofMillis(100);

    /** Commits that nobody waits for are converged together: far below what a follower may lag behind. */
    private static final Duration GATHER = Duration.ofMillis(50);

    private final Settings settings;
    private final Seams seams;
    private final Places places;
    private final String mapping;
    private final Beliefs beliefs = new Beliefs();
    private final Pulses pulses = new Pulses(beliefs);
    private final Waiters waiters = new Waiters();
    private final Mixtures mixtures = new Mixtures();
    private final Latencies latencies = new Latencies();
    private final Wishes wishes;
    private final Audit audit;
    private final Doubts doubts;
    private final Converger converger;
    private final Workers workers;
    private final List<Watch> watches = new ArrayList<>();
    private final FlagReader flagReader;
    private final LongAdder writes = new LongAdder();
    private final OwnerNews ownerNews;
    private final Upkeep upkeep;
    private final Alarms alarms;
    private final Invariants invariants;
    private final Findings findings;
    private final Optional<String> ledgerName;
    private final Optional<Ledger> ledger;
    private final Transitions transitions;
    private final Sealing sealing;
    private final FollowerWork followerWork;
    private final ReadRouting readRouting;
    private final ReadComparer reads;

    /** Written by the watches; a stale value is one look more. */
    private volatile long flagsReadAt = System.nanoTime() - FLAGS.toNanos();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** Reaches both sides, checks them, and starts. */
    public Migration(
            Settings settings,
            Domain domain,
            DataSource source,
            DataSource target,
            Access sourceAccess,
            Access targetAccess,
            Seams seams) {
        this.settings = settings;
        this.seams = seams;
        this.places = new Places(
                new Place(Side.SOURCE, source, sourceAccess, settings, domain),
                new Place(Side.TARGET, target, targetAccess, settings, domain));
        this.wishes = new Wishes();
        this.audit = new Audit(places, settings);
        this.doubts = new Doubts(places, settings, beliefs, pulses, audit);
        this.readRouting = new ReadRouting(
                settings.reader(),
                settings.labels(),
                settings.readLag(),
                settings.autocommitReads(),
                settings.appendOnly(),
                beliefs);
        this.converger = new Converger(waiters, seams);
        this.mapping = Digest.of(domain, settings);
        this.invariants = new Invariants(places, settings, audit);
        this.findings = new Findings(places, settings, audit);
        this.reads = new ReadComparer(new ComparingGround(), settings.reads());
        Gate gate = new Gate(places, settings, mapping, wishes, mixtures, pulses, invariants, findings, reads::wrong);
        this.workers = new Workers(
                settings.name(), settings.workers(), this::round, IDLE_POLL, GATHER, () -> waiters.size() > 0);
        this.transitions = new Transitions(
                settings,
                places,
                beliefs,
                pulses,
                gate,
                new FlipPreparation(places, settings, gate, workers, audit),
                audit,
                seams,
                this::resetCohort);
        this.followerWork = new FollowerWork(
                settings, places, beliefs, workers, audit, seams, mapping, this::stopped, wishes, latencies);
        this.ledgerName = domain.ledger();
        this.ledger = domain.ledger()
                .flatMap(name ->
                        settings.keysFor().map(age -> new Ledger(places, settings, beliefs, name, age, workers::wake)));
        this.sealing = new Sealing(settings, places, beliefs, audit);
        this.flagReader = new FlagReader(settings, wishes.source(), beliefs::ownership);
        this.ownerNews = new OwnerNews(settings.name(), beliefs::ownership, places::tables);
        this.upkeep = new Upkeep(this);
        this.alarms = new Alarms(this, settings.alarms());
        try {
            new Start(places, settings, beliefs, pulses, audit, findings).run();
        } catch (RuntimeException e) {
            audit.close();
            doubts.close();
            places.close();
            throw e;
        }
        refuseUnmoved();
        for (Side side : Side.values()) {
            Watch watch = new Watch(places.of(side), settings, mapping, beliefs, pulses, writes::sum, this::looked);
            watches.add(watch);
            watch.start();
        }
        readFlags();
        workers.start();
        flagReader.start();
        upkeep.start();
        alarms.start();
    }

    /** @throws DualWriteException DW-1018, if a table is declared that does not move */
    private void refuseUnmoved() {
        Set<String> unmoved = new TreeSet<>(settings.appendOnly());
        unmoved.removeAll(places.tables());
        if (!unmoved.isEmpty()) {
            audit.close();
            doubts.close();
            places.close();
            throw new DualWriteException(
                    "DW-1018",
                    "appendOnly names " + String.join(", ", unmoved) + ", which "
                            + (unmoved.size() == 1 ? "is no table" : "are no tables") + " of this migration: it moves "
                            + String.join(", ", new TreeSet<>(places.tables())));
        }
    }

    /** A fence row was read by its watch; the owner's side tells the flags along with it. */
    private void looked(Place place, FenceRow row) {
        doubts.consider(place, row);
        ownerNews.looked();
        long now = System.nanoTime();
        if (place.side() == beliefs.owner() && row.owns()) {
            reads.wished(wishes.sampling());
            reads.looked(row);
            lookedForReads(place, row.phase());
        }
        if (place.side() != beliefs.owner() || now - flagsReadAt < FLAGS.toNanos()) {
            return;
        }
        flagsReadAt = now;
        try {
            readFlags(place.control());
        } catch (SQLException e) {
            LOG.debug("{}: the flags could not be read: {}", settings.name(), e.toString());
        }
    }

    /** Reads stay with the owner while what decides about them cannot be looked at. */
    private void lookedForReads(Place owner, Phase phase) {
        try {
            readRouting.looked(
                    owner.control(), phase, owner.require().schema().tables().keySet());
        } catch (SQLException e) {
            LOG.debug("{}: what decides where reads go could not be looked at: {}", settings.name(), e.toString());
        }
    }

    /** Before anything converges: the kill switch may have been pulled while no instance ran. */
    private void readFlags() {
        try {
            readFlags(owner());
        } catch (SQLException e) {
            LOG.warn("{}: nothing converges before the flags could be read: {}", settings.name(), e.toString());
        }
    }

    /** Reads the flag table; if the kill switch is on, nobody waits for the follower any more. */
    void readFlags(ControlSide owner) throws SQLException {
        long began = System.nanoTime();
        try (Connection connection = owner.connection()) {
            wishes.readTable(owner.flags().read(connection), began);
        }
        if (wishes.killed()) {
            waiters.giveUp();
        }
    }

    private Round round(int worker) {
        if (wishes.killed()) {
            return new Round.Held("the kill switch is on");
        }
        try {
            return converger.round(places.direction(beliefs.owner()));
        } catch (SQLException | DualWriteException e) {
            return new Round.Failed(e);
        }
    }

    /**
     * Whether this migration can share a {@code DataSource} with another one.
     *
     * @throws DualWriteException DW-1013, saying why not
     */
    public void checkBeside(Migration other) {
        String both = "the migrations " + other.settings.name() + " and " + settings.name() + " cannot be behind one"
                + " DataSource: ";
        if (settings.name().equals(other.settings.name())) {
            throw new DualWriteException("DW-1013", both + "they are the same; name each once");
        }
        if (!places.of(Side.SOURCE).sharesPool(other.places.of(Side.SOURCE))) {
            throw new DualWriteException(
                    "DW-1013",
                    both + "they have different source pools; give source(...) the same DataSource, or, if they are"
                            + " shards, each its own dataSource()");
        }
        Set<String> common = new TreeSet<>(places.tables());
        common.retainAll(other.places.tables());
        if (!common.isEmpty()) {
            throw new DualWriteException(
                    "DW-1013", both + "both move " + String.join(", ", common) + "; leave each table to one of them");
        }
    }

    @Override
    public String migration() {
        return settings.name();
    }

    @Override
    public Side believedOwner() {
        return beliefs.owner();
    }

    @Override
    public DataSource pool(Side side) {
        return places.of(side).host();
    }

    @Override
    public SideSchema schema(Side side) throws SQLException {
        return places.of(side).reach().schema();
    }

    @Override
    public IntentWriter intents(Side side) {
        return places.of(side)
                .known()
                .orElseThrow(() -> new IllegalStateException("schema(" + side + ") was not asked first"))
                .control()
                .intents();
    }

    @Override
    public boolean admits(FenceRow row) {
        return beliefs.admits(row);
    }

    @Override
    public boolean confirmed(Side side) {
        return beliefs.confirmed(side, CONFIRMED);
    }

    @Override
    public boolean stillOwns(Side side) {
        return beliefs.stillOwns(side, CONFIRMED, LOOKED_AGAIN);
    }

    @Override
    public boolean serves(FenceRow row) {
        return beliefs.serves(row);
    }

    @Override
    public Side awaitOwner(FenceRow refused) throws SQLException {
        Duration wait = settings.ownerWait();
        return beliefs.awaitOpen(
                refused.state() == FenceState.FROZEN ? settings.freezeWait().orElse(wait) : wait);
    }

    @Override
    public void committed(Side owner, Written intents, long nanos) {
        readRouting.wrote(intents);
        latencies.record(nanos);
        writes.increment();
        seams.afterOwnerCommit();
        if (settings.applyMode() == ApplyMode.ASYNC || intents.isEmpty() || wishes.killed() || !workers.healthy()) {
            workers.wake();
            return;
        }
        Waiters.Ticket ticket = waiters.register(intents.ids(), intents.marks());
        workers.hurry();
        ticket.await(settings.applyBudget());
    }

    @Override
    public void mixed(String domainTable, String outsideTable) {
        mixtures.count(domainTable, outsideTable);
    }

    @Override
    public ReadRoutes readRoutes() {
        return readRouting;
    }

    @Override
    public boolean compares() {
        return reads.active();
    }

    @Override
    public @Nullable Sampled sample(Read read) {
        return reads.sample(read);
    }

    /** What comparing reads sees of this migration. */
    private final class ComparingGround implements Ground {
        @Override
        public String migration() {
            return settings.name();
        }

        @Override
        public String instance() {
            return settings.instance();
        }

        @Override
        public ControlSide control(Side side) throws SQLException {
            return places.of(side).control();
        }

        @Override
        public SideSchema schema(Side side) throws SQLException {
            return places.of(side).require().schema();
        }

        @Override
        public String mapping() throws SQLException {
            return places.digest(mapping);
        }

        @Override
        public Optional<FenceRow> owner() {
            return beliefs.row(beliefs.owner()).filter(FenceRow::owns);
        }

        @Override
        public void discard(Side side, Connection connection) {
            places.of(side).discard(connection);
        }

        @Override
        public void audit(String event, String detail) {
            audit.add(Side.SOURCE, beliefs.epoch(), event, detail);
        }
    }

    /** Comparison of reads. */
    public ReadComparer reads() {
        return reads;
    }

    /** Queues the rows in which reads differed. */
    public ReadReport.Repair repairReads() throws SQLException {
        ReadComparer.Mending mending = reads.mending();
        followerWork.enqueue(mending.keys());
        audit.add(Side.SOURCE, beliefs.epoch(), "reads-repaired", mending.keys().size() + " rows");
        return new ReadReport.Repair(mending.keys().size(), mending.untold());
    }

    public Ownership ownership() {
        return beliefs.ownership();
    }

    /** Whether a table moves. */
    public boolean moves(String table) {
        return places.tables().contains(table.toLowerCase(Locale.ROOT));
    }

    /** For how long the ownership was not looked at. */
    public Map.Entry<Ownership, Duration> belief() {
        Beliefs.Belief belief = beliefs.belief();
        return Map.entry(belief.ownership(), belief.age());
    }

    /** Has a listener told who owns, now and from now on. */
    public void onOwnerChanged(OwnerListener listener) {
        ownerNews.add(listener);
    }

    /** Changes of phase and of ownership. */
    public Transitions transitions() {
        return transitions;
    }

    /** Backfill, verification, repair. */
    public FollowerWork followerWork() {
        return followerWork;
    }

    private ControlSide owner() throws SQLException {
        return places.of(beliefs.owner()).control();
    }

    private boolean stopped() {
        return closed.get() || wishes.killed();
    }

    public List<AuditTable.Entry> audit(Side side, int limit) throws SQLException {
        audit.flush(Duration.ofSeconds(2));
        try (Connection connection = places.of(side).control().connection()) {
            return places.of(side).control().audit().tail(connection, limit);
        }
    }

    public void kill(boolean on) throws SQLException {
        wishes.kill(on);
        if (on) {
            waiters.giveUp();
        }
        flag(Wishes.KILL, on);
        wishes.killedByTable(on);
    }

    public void hold(boolean on) throws SQLException {
        flag(Wishes.HOLD, on);
        wishes.heldByTable(on);
    }

    /** Lets backfills stand still, or go on. */
    public void pauseBackfill(boolean on) throws SQLException {
        flag(Wishes.BACKFILL, on ? "pause" : "");
        wishes.backfillByTable(on);
    }

    /** Ends the backfills that run, in all instances. */
    public void cancelBackfill() throws SQLException {
        String value = UUID.randomUUID().toString();
        flag(Wishes.CANCEL, value);
        wishes.cancelledByTable(value);
    }

    private void flag(String name, boolean on) throws SQLException {
        flag(name, on ? "on" : "");
    }

    /** An empty value takes the flag away. */
    private void flag(String name, String value) throws SQLException {
        ControlSide owner = owner();
        owner.inTransaction(connection -> {
            if (value.isEmpty()) {
                owner.flags().clear(connection, name);
            } else {
                owner.flags().set(connection, name, value, settings.instance());
            }
            return name;
        });
        audit.add(owner.side(), beliefs.epoch(), name, value.isEmpty() ? "off" : value);
    }

    public void waiveMixtures() {
        mixtures.waive();
    }

    public void forgetMixtures() {
        mixtures.forget();
    }

    /**
     * What became of a transaction with an idempotency key.
     *
     * @throws DualWriteException DW-1000, if there is no ledger
     */
    public Resolution resolve(byte[] key) {
        return ledger.orElseThrow(() -> new DualWriteException(
                        "DW-1000", "this migration keeps no idempotency keys: configure it with idempotencyKeys(...)"))
                .resolve(key);
    }

    /** Forgets old idempotency keys of this owner. */
    void purgeLedger(ControlSide owner) throws SQLException {
        if (ledger.isPresent()) {
            ledger.get().purge(owner);
        }
    }

    @Override
    public Optional<String> ledger() {
        return ledgerName;
    }

    /** An operator accepts that an invariant does not hold. */
    public void acceptInvariant(String name, String reason) throws SQLException {
        invariants.accept(name, reason, beliefs.owner(), beliefs.epoch());
    }

    /** Whose reads the follower answers. */
    public Cohort cohort() throws SQLException {
        ControlSide record = places.of(Side.SOURCE).control();
        try (Connection connection = record.connection()) {
            return record.cohort().read(connection);
        }
    }

    /** Raises the share of all readers. */
    public boolean growCohort(double percent) throws SQLException {
        checkCohort();
        ControlSide record = places.of(Side.SOURCE).control();
        boolean raised =
                record.inTransaction(connection -> record.cohort().raise(connection, percent, settings.instance()));
        if (raised) {
            audit.add(Side.SOURCE, beliefs.epoch(), "cohort", "raised to " + percent + "%");
        }
        return raised;
    }

    /** Takes readers with these values in. */
    public void growCohort(String attribute, Set<String> values) throws SQLException {
        checkCohort();
        ControlSide record = places.of(Side.SOURCE).control();
        record.inTransaction(connection -> {
            record.cohort().add(connection, attribute, values, settings.instance());
            return attribute;
        });
        audit.add(Side.SOURCE, beliefs.epoch(), "cohort", "with " + attribute + " in " + new TreeSet<>(values));
    }

    void recordAlarm(Side owner, String what) {
        audit.add(owner, beliefs.epoch(), "alarm", what);
    }

    private void checkCohort() throws SQLException {
        Phase phase = ownership().phase();
        if (phase.reads() != Phase.Reads.COHORT) {
            throw new DualWriteException(
                    "DW-5017",
                    "in " + phase + " no reads move: "
                            + (phase.owner() == Side.SOURCE
                                    ? "enter TARGET_READ first, which begins with nobody"
                                    : "the target owns, and answers all of them"));
        }
        GateReport gate = transitions.growthGate();
        if (!gate.open()) {
            throw new DualWriteException("DW-5033", "the cohort does not grow: " + gate);
        }
    }

    /** Lets the owner be asked for what the follower does not have. */
    public void readTargetFirst(Set<String> tables) throws SQLException {
        checkCohort();
        Set<String> removable = new TreeSet<>(tables);
        removable.removeAll(settings.appendOnly());
        if (!removable.isEmpty()) {
            throw new DualWriteException(
                    "DW-5030",
                    "rows of " + String.join(", ", removable)
                            + " may be removed on both sides: what the target lacks may"
                            + " have been removed, and the source would bring it back to life. Declare the tables with"
                            + " appendOnly(...) in all instances, if nothing ever removes their rows");
        }
        ControlSide record = places.of(Side.SOURCE).control();
        record.inTransaction(connection -> {
            record.cohort().add(connection, Cohort.TARGET_FIRST, tables, settings.instance());
            return tables;
        });
        audit.add(Side.SOURCE, beliefs.epoch(), "cohort", "target first, else source: " + new TreeSet<>(tables));
    }

    /** Takes everybody out. */
    public void resetCohort() throws SQLException {
        ControlSide record = places.of(Side.SOURCE).control();
        record.inTransaction(connection -> {
            record.cohort().reset(connection);
            return connection;
        });
        audit.add(Side.SOURCE, beliefs.epoch(), "cohort", "reset");
    }

    /** Figures of reads in this instance. */
    public Map<String, Double> readMetrics() {
        Map<String, Double> figures = new HashMap<>();
        double owner = 0;
        for (Map.Entry<ReadRouting.Why, Long> count : readRouting.counts().entrySet()) {
            String why = count.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (count.getKey() == ReadRouting.Why.COHORT) {
                figures.put("reads.target", (double) count.getValue());
            } else {
                figures.put("reads.owner." + why, (double) count.getValue());
                owner += count.getValue();
            }
        }
        figures.put("reads.owner", owner);
        readRouting.parts().forEach((part, reads) -> {
            figures.put("reads.cohort." + part + ".answered", (double) reads.answered());
            figures.put("reads.cohort." + part + ".failed", (double) reads.failures());
            figures.put("reads.cohort." + part + ".seconds", reads.nanos() / 1e9);
        });
        figures.put("reads.target-first", (double) readRouting.targetFirst());
        figures.putAll(reads.figures());
        figures.put("reads.looks", (double) readRouting.looks());
        figures.put("reads.writers-waiting", (double) readRouting.waiting());
        return figures;
    }

    /** What one side takes less of than the other. */
    public List<String> findings() throws SQLException {
        return findings.all();
    }

    /** An operator accepts that the target takes less than the source. */
    public void acceptFinding(String name, String reason) throws SQLException {
        findings.accept(name, reason, beliefs.epoch());
    }

    /** An operator accepts a server that is not the one the fence row was written on. */
    public void accept(Side side) throws SQLException {
        checkNobodyReads(side);
        new Acceptance(places, beliefs, pulses, audit).accept(side);
    }

    /**
     * A side that is another than it was answers no reads before it was verified anew. While the source is the one, the phase
     * cannot be left, so the cohort has to be empty.
     */
    private void checkNobodyReads(Side side) throws SQLException {
        if (ownership().phase().reads() == Phase.Reads.OWNER) {
            return;
        }
        if (side == Side.TARGET) {
            throw new DualWriteException(
                    "DW-5007",
                    "in " + ownership().phase()
                            + " reads are answered by the target, or compared with it: enter(DUAL_WRITE)"
                            + " first, which needs the source alone");
        }
        resetCohort();
    }

    public void forceOpen(Side side, String reason) throws SQLException {
        new Standstill(places, beliefs, pulses, audit).forceOpen(side, reason);
    }

    /** Takes the triggers of the seal away from a side. */
    public void unseal(Side side) throws SQLException {
        sealing.unseal(side);
    }

    /** What is to be said of a side's seal. */
    public Optional<String> seal(Side side) {
        return sealing.says(side);
    }

    /** The queue of the present owner. */
    public IntentQueue.Depth queue() throws SQLException {
        ControlSide owner = owner();
        try (Connection connection = owner.connection()) {
            return owner.queue().depth(connection);
        }
    }

    /** The instances as the present owner knows them. */
    public List<InstanceTable.Instance> instances() throws SQLException {
        ControlSide owner = owner();
        try (Connection connection = owner.connection()) {
            return owner.instances().list(connection);
        }
    }

    /** What is known of an instance's presence, in words. */
    public String presence(InstanceTable.Instance instance) {
        return new Registry(List.of(), settings.heartbeatTimeout(), settings.instanceExpiry())
                .presence(instance)
                .name();
    }

    /** An operator says that an instance which fell silent is gone. */
    public void excludeInstance(String name, String reason) throws SQLException {
        boolean excluded = false;
        for (Side side : Side.values()) {
            Optional<Place.Known> known = places.of(side).known();
            if (side != beliefs.owner()
                    && (known.isEmpty() || beliefs.whyUnreachable(side).isPresent())) {
                continue; // there it expires
            }
            ControlSide control = places.of(side).control();
            boolean here = control.inTransaction(connection -> control.instances()
                    .exclude(connection, name, settings.heartbeatTimeout(), settings.instance() + ": " + reason));
            excluded |= here && side == beliefs.owner();
        }
        if (!excluded) {
            throw new DualWriteException(
                    "DW-5028",
                    "the instance " + name + " is not excluded: there is none of that name that has been silent for "
                            + settings.heartbeatTimeout() + ". End the process first, and look at instances().");
        }
        audit.add(beliefs.owner(), beliefs.epoch(), "instance excluded", name + ": " + reason);
    }

    public Optional<FenceRow> row(Side side) {
        return beliefs.row(side);
    }

    public Optional<String> trouble(Side side) {
        return beliefs.contradiction(side).or(() -> beliefs.whyUnreachable(side));
    }

    public String breaker() {
        return workers.breakerState();
    }

    public boolean killed() {
        return wishes.killed();
    }

    public Optional<String> held() {
        return wishes.held();
    }

    /** What is wished for and not in force, and what is wrong with whoever wishes. */
    public List<String> differingWishes() throws SQLException {
        Phase inForce = ownership().phase();
        boolean counts = inForce.reads() == Phase.Reads.COHORT && wishes.namesReaders();
        List<String> differing = new ArrayList<>(wishes.differing(inForce, counts ? cohort() : Cohort.NOBODY));
        flagReader.slow().ifPresent(differing::add);
        return differing;
    }

    /** Connections of the library's own pools that are in use at this moment. */
    public int busy() {
        return places.of(Side.SOURCE).busy() + places.of(Side.TARGET).busy();
    }

    Settings settings() {
        return settings;
    }

    Places places() {
        return places;
    }

    Beliefs beliefs() {
        return beliefs;
    }

    Sealing sealing() {
        return sealing;
    }

    FlagReader flagReader() {
        return flagReader;
    }

    Wishes wishes() {
        return wishes;
    }

    /** Bounded; what is in flight stays in the queue. A second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        beliefs.end();
        alarms.close();
        flagReader.close();
        upkeep.close();
        workers.close();
        watches.forEach(Watch::close);
        doubts.close();
        reads.close();
        ownerNews.close();
        for (Side side : Side.values()) {
            signOff(side);
        }
        audit.close();
        places.close();
    }

    private void signOff(Side side) {
        Optional<Place.Known> known = places.of(side).known();
        if (known.isEmpty() || beliefs.whyUnreachable(side).isPresent()) {
            return;
        }
        try (Connection connection = known.get().control().connection()) {
            known.get().control().instances().remove(connection, settings.instance());
        } catch (SQLException e) {
            LOG.debug("{}: could not sign off at {}; the registration expires by itself", settings.name(), side, e);
        }
    }
}
