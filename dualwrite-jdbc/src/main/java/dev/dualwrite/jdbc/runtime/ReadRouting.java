package dev.dualwrite.jdbc.runtime;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dualwrite.Cohort;
import dev.dualwrite.Phase;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.boundary.CohortReads;
import dev.dualwrite.jdbc.boundary.ReadRoutes;
import dev.dualwrite.jdbc.boundary.WriteToken;
import dev.dualwrite.jdbc.boundary.Written;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.IntentIds;
import dev.dualwrite.jdbc.control.IntentQueue.Behind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which side answers reads of transactions that only read (design, section 3.3). While the source owns, in the phase for it, the
 * follower answers a cohort: only as long as all of this was seen a moment ago, and nothing is missing there that the reader
 * has written. In doubt the owner answers. Thread-safe; where a read goes is decided without a lock and without asking anybody;
 * whether a transaction may go on there may wait for the next look.
 */
final class ReadRouting implements ReadRoutes {
    /** Confirmations of phase and owner are not to be older. */
    static final Duration EPOCH = Duration.ofMillis(250);

    /** Nor is what was seen of the queue, the cohort and the follower. */
    static final Duration SEEN = Duration.ofSeconds(1);

    /** For so long nothing is read from a follower that has failed. */
    static final Duration FAILED = Duration.ofSeconds(2);

    /** For so long after a commit whose outcome is not known. */
    static final Duration UNCERTAIN = Duration.ofSeconds(30);

    /** By how much the clocks of two processes may differ. */
    private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

    /** Intents that are looked at; with more, the follower is too far behind. */
    private static final int INTENTS = 2_000;

    private static final int READERS = 100_000;

    /** Parts of the cohort that are counted by name. */
    private static final int PARTS = 1_000;

    private static final Map.Entry<String, String> SHARE = Map.entry("share", "");
    private static final Map.Entry<String, String> OTHERS = Map.entry("others", "");
    private static final Logger LOG = LoggerFactory.getLogger(ReadRouting.class);

    private final Supplier<Reader> reader;
    private final Map<String, String> labels;
    private final Duration lag;
    private final boolean inAutocommit;
    private final Set<String> appendOnly;
    private final Beliefs beliefs;
    private final RecentWrites writes = new RecentWrites();
    private final Map<Why, LongAdder> counts = new EnumMap<>(Why.class);

    /** By an attribute and its value, or {@link #SHARE}. */
    private final Map<Map.Entry<String, String>, CohortReads> reads = new ConcurrentHashMap<>();

    /** Which part of all a reader's key falls in, by the salt of the cohort that it was drawn with. */
    private final Cache<Draw, Integer> buckets =
            Caffeine.newBuilder().maximumSize(READERS).build();

    /** Written by the watch of the owner, read by all; a stale one does not count. */
    private volatile Seen seen =
            new Seen(new Behind(0, Duration.ZERO, false, Set.of()), Cohort.NOBODY, System.nanoTime() - SEEN.toNanos());

    /** Whether the phase lets reads move; written by the watch of the owner. */
    private volatile boolean moves;

    /** Whether writes are noted: from before reads move on. Written by the watch of the owner. */
    private volatile boolean noting;

    private final LongAdder looks = new LongAdder();
    private final LongAdder targetFirst = new LongAdder();
    private volatile long failedUntil = System.nanoTime();
    private volatile long uncertainUntil = System.nanoTime();

    private record Seen(Behind behind, Cohort cohort, long began) {}

    private record Draw(String salt, String key) {}

    /** Why a read went where it went. */
    enum Why {
        /** To the follower: the reader belongs to the cohort. */
        COHORT,
        /** To the owner: the reader does not belong to the cohort. */
        NOT_IN_COHORT,
        /** To the owner: phase and owner were not confirmed lately, or the follower or the queue not looked at. */
        NOT_CONFIRMED,
        /** To the owner: the follower is too far behind. */
        BEHIND,
        /** To the owner: the reader has written there, and it is not on the follower yet. */
        OWN_WRITE,
        /** To the owner: who reads, or who has written, is not known, and something is not on the follower yet. */
        ANYBODYS_WRITE,
        /** To the owner: units of a table are parked. */
        PARKED,
        /** To the owner: a commit of this instance has an unknown outcome. */
        UNCERTAIN,
        /** To the owner: the follower has failed to answer a moment ago. */
        FAILED,
        /** Once more, to the owner: the follower has failed to answer this one. */
        FAILED_THERE,
        /** To the owner: nobody could say who reads. */
        NO_READER
    }

    /**
     * @param reader says who reads
     * @param labels of this instance
     * @param lag how far behind the follower may be
     * @param inAutocommit whether reads that are transactions of their own move, too
     * @param appendOnly tables from which nothing is removed
     */
    ReadRouting(
            Supplier<Reader> reader,
            Map<String, String> labels,
            Duration lag,
            boolean inAutocommit,
            Set<String> appendOnly,
            Beliefs beliefs) {
        this.reader = reader;
        this.labels = labels;
        this.lag = lag;
        this.inAutocommit = inAutocommit;
        this.appendOnly = appendOnly;
        this.beliefs = beliefs;
        for (Why why : Why.values()) {
            counts.put(why, new LongAdder());
        }
    }

    @Override
    public boolean move() {
        return moves;
    }

    @Override
    public boolean inAutocommit() {
        return inAutocommit;
    }

    @Override
    public Set<String> appendOnly() {
        return appendOnly;
    }

    @Override
    public boolean mayRead(Side side) {
        Side owner = beliefs.owner();
        return beliefs.stillOwns(owner, EPOCH, Migration.LOOKED_AGAIN)
                && (side == owner || beliefs.ownership().phase().reads() == Phase.Reads.COHORT);
    }

    @Override
    public @Nullable CohortReads follower(Set<String> tables, @Nullable WriteToken after) {
        if (!moves) {
            return null;
        }
        Optional<Reader> reader = reader();
        if (reader.isEmpty()) {
            count(Why.NO_READER);
            return null;
        }
        // first, for a mark goes only once what was seen says why
        boolean missing = writes.missing(reader.get().key(), tables);
        Seen now = seen;
        Map.@Nullable Entry<String, String> part = part(now.cohort(), reader.get());
        Why why = part == null ? Why.NOT_IN_COHORT : notYet(now, tables);
        if (why == Why.COHORT && ((after != null && !reached(now, after)) || wroteLately(reader.get()))) {
            why = Why.OWN_WRITE;
        } else if (why == Why.COHORT && missing) {
            why = writes.own(reader.get().key(), tables) ? Why.OWN_WRITE : Why.ANYBODYS_WRITE;
        }
        count(why);
        return why == Why.COHORT && part != null ? reads(part) : null;
    }

    /** Why the owner answers all the same what belongs to the cohort; {@link Why#COHORT} if nothing is against it. */
    private Why notYet(Seen now, Set<String> tables) {
        Side owner = beliefs.owner();
        long time = System.nanoTime();
        if (!beliefs.confirmedCohort(owner, EPOCH)
                || time - now.began() > SEEN.toNanos()
                || !beliefs.seenWithin(owner.other(), SEEN)) {
            return Why.NOT_CONFIRMED;
        }
        if (time - failedUntil < 0) {
            return Why.FAILED;
        }
        if (time - uncertainUntil < 0) {
            return Why.UNCERTAIN;
        }
        if (!now.behind().all() || now.behind().age().compareTo(lag) > 0) {
            return Why.BEHIND;
        }
        return now.behind().parked().stream().anyMatch(tables::contains) ? Why.PARKED : Why.COHORT;
    }

    private CohortReads reads(Map.Entry<String, String> part) {
        CohortReads known = reads.get(part);
        return known != null
                ? known
                : reads.computeIfAbsent(
                        reads.size() < PARTS ? Map.entry(part.getKey(), part.getValue()) : OTHERS,
                        first -> new CohortReads());
    }

    @Override
    public boolean missesOwnWrite(Set<String> tables, @Nullable WriteToken after) {
        boolean missing = reader().map(known -> writes.missing(known.key(), tables) || wroteLately(known))
                .orElse(true);
        Seen now = seen; // after that, for a mark goes only once what was seen says why: what is parked is not there
        // either
        return missing
                || (after != null && !reached(now, after))
                || System.nanoTime() - uncertainUntil < 0
                || now.behind().parked().stream().anyMatch(tables::contains);
    }

    @Override
    public void mayHaveWritten(Written written) {
        wrote(written);
    }

    /** By a clock of somebody else's. */
    private boolean wroteLately(Reader reader) {
        Instant last = reader.lastWrite();
        return last != null
                && last.isAfter(
                        Instant.now().minus(lag).minus(SEEN.multipliedBy(2)).minus(CLOCKS_APART));
    }

    private static boolean reached(Seen now, WriteToken token) {
        return now.began() - token.heardAt() > 0 && now.behind().millis() > token.millis();
    }

    private Optional<Reader> reader() {
        try {
            return Optional.of(reader.get());
        } catch (RuntimeException e) {
            LOG.debug("who reads could not be said", e);
            return Optional.empty();
        }
    }

    @Override
    public boolean elseOwner(Set<String> tables) {
        Set<String> first = seen.cohort().members().get(Cohort.TARGET_FIRST);
        if (first == null || !first.containsAll(tables) || !appendOnly.containsAll(tables)) {
            return false;
        }
        targetFirst.increment();
        return true;
    }

    /** How many reads were sent to the follower first. */
    long targetFirst() {
        return targetFirst.sum();
    }

    /** By what a reader belongs to the cohort; null if he does not. */
    private Map.@Nullable Entry<String, String> part(Cohort cohort, Reader reader) {
        if (cohort.isEmpty()) {
            return null;
        }
        Map.Entry<String, String> attribute =
                cohort.oneOf(reader.attributes()).or(() -> cohort.oneOf(labels)).orElse(null);
        if (attribute != null || reader.key().isEmpty() || cohort.percent() <= 0) {
            return attribute;
        }
        int bucket = buckets.get(new Draw(cohort.salt(), reader.key()), draw -> cohort.bucket(draw.key()));
        return cohort.hasBucket(bucket) ? SHARE : null;
    }

    private void count(Why why) {
        LongAdder counter = counts.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    /** A transaction has committed, and its caller has not heard of it. */
    void wrote(Written written) {
        if (noting && !written.isEmpty()) {
            String writer = reader().map(Reader::key).orElse("");
            writes.wrote(writer, written.tables(), written.newest());
        }
    }

    @Override
    public void uncertain() {
        uncertainUntil = System.nanoTime() + UNCERTAIN.toNanos();
    }

    @Override
    public void failed(Side side, SQLException why) {
        String state = String.valueOf(why.getSQLState());
        if (!state.startsWith("42") && !state.startsWith("22") && !state.startsWith("21")) { // which is the statement's
            failedUntil = System.nanoTime() + FAILED.toNanos();
        }
        count(Why.FAILED_THERE);
        LOG.debug("a read that was sent to {} is answered by the owner", side, why);
    }

    /**
     * The owner's fence row was read by its watch: looks at what else decides.
     *
     * @param tables of the domain, in lower case
     */
    void looked(ControlSide owner, Phase phase, Set<String> tables) throws SQLException {
        begin(phase, tables);
        if (moves) {
            long began = System.nanoTime();
            try (Connection connection = owner.connection()) {
                Cohort cohort = owner.cohort().read(connection);
                saw(cohort, owner.queue().behind(connection, INTENTS), began);
            }
        }
    }

    /** This phase is in force. */
    void begin(Phase phase, Set<String> tables) {
        boolean now = phase.reads() == Phase.Reads.COHORT;
        if (now && !moves) {
            noting = true; // from here on; of what was written before, also by a process before this one, nobody knows
            writes.wrote("", tables, IntentIds.now() + CLOCKS_APART.toMillis());
        }
        moves = now;
        noting = now;
    }

    /** This was so when it began to be looked at. */
    void saw(Cohort cohort, Behind behind, long began) {
        seen = new Seen(behind, cohort, began); // before marks go: what is parked is known by then
        writes.seen(behind, began);
        looks.increment();
    }

    /** How many reads went where, and why. */
    Map<Why, Long> counts() {
        Map<Why, Long> now = new HashMap<>();
        counts.forEach((why, counter) -> now.put(why, counter.sum()));
        return now;
    }

    /** How the follower answered each part of the cohort, by {@code share} or {@code attribute=value}. */
    Map<String, CohortReads> parts() {
        return reads.entrySet().stream()
                .collect(Collectors.toMap(
                        part -> part.getKey().getValue().isEmpty()
                                ? part.getKey().getKey()
                                : part.getKey().getKey() + "=" + part.getKey().getValue(),
                        Map.Entry::getValue,
                        (one, other) -> one)); // of two names that are spelled alike
    }

    /** How often it was looked at what decides. */
    long looks() {
        return looks.sum();
    }

    /** Writers and tables of which something is on its way. */
    long waiting() {
        return writes.size();
    }
}
