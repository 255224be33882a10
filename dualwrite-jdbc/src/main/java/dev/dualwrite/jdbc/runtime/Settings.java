package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.ApplyMode;
import dev.dualwrite.FlagSource;
import dev.dualwrite.Reader;
import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.follower.Tuning;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How a migration runs in this instance. Immutable; checked by the builder.
 *
 * @param name of the migration
 * @param instance of this process, unique among the instances
 * @param prefix of the control tables
 * @param createTables whether missing control tables are created
 * @param applyMode whether commits wait for the follower
 * @param applyBudget how long at most, in SYNC mode
 * @param flipBudget how long writers may stall in a flip
 * @param freezeWait how long a write waits for a frozen owner; empty for as long as for any side to open
 * @param workers threads that converge
 * @param tuning how hard backfill and verification work
 * @param idMargin by how much the next owner's generated identifiers are raised beyond the present ones
 * @param heartbeatTimeout after which an instance counts as silent
 * @param instanceExpiry after which a silent instance counts as gone
 * @param verificationAge how long ago the verification of a flip may have begun
 * @param flags wishes from outside
 * @param sealing whether a side that has handed over is sealed
 * @param sealTarget whether the target is sealed before it has owned, too
 * @param invariants by name, queries that answer what breaks them
 * @param reader says who reads
 * @param labels of this instance, that a cohort may be chosen by
 * @param readLag how far behind the follower may be that answers reads
 * @param appendOnly tables from which nothing may be removed, in lower case
 * @param autocommitReads whether reads that are transactions of their own count as declared to do nothing but read
 * @param alarms by name, what says that something is wrong; then it steps back by itself
 * @param reads how they are compared
 * @param keysFor for how long idempotency keys are kept; empty if there is no ledger
 */
public record Settings(
        String name,
        String instance,
        String prefix,
        boolean createTables,
        ApplyMode applyMode,
        Duration applyBudget,
        Duration flipBudget,
        Optional<Duration> freezeWait,
        int workers,
        Tuning tuning,
        long idMargin,
        Duration heartbeatTimeout,
        Duration instanceExpiry,
        Duration verificationAge,
        FlagSource flags,
        boolean sealing,
        boolean sealTarget,
        Map<String, String> invariants,
        Supplier<Reader> reader,
        Map<String, String> labels,
        Duration readLag,
        boolean autocommitReads,
        Set<String> appendOnly,
        Map<String, Supplier<Optional<String>>> alarms,
        ReadComparison reads,
        Optional<Duration> keysFor) {

    public Settings {
        invariants = Collections.unmodifiableMap(new LinkedHashMap<>(invariants));
        labels = Map.copyOf(labels);
        alarms = Collections.unmodifiableMap(new LinkedHashMap<>(alarms));
        appendOnly = Set.copyOf(appendOnly);
    }

    /** How long a writer waits for a side to open: a flip's budget, and the time in which any instance ends a broken one. */
    Duration ownerWait() {
        return flipBudget.plusSeconds(15);
    }
}
