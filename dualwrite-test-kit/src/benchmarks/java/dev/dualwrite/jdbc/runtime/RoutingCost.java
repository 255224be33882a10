package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Cohort;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.boundary.CohortReads;
import dev.dualwrite.jdbc.control.IntentQueue.Behind;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to decide where a read goes, of one reader among many; what the host does to say who reads is not in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutingCost {
    private static final int READERS = 1_024;
    private static final Set<String> TABLES = Set.of("account");

    private final Reader[] readers = new Reader[READERS];
    private final Beliefs beliefs = new Beliefs();
    private int next;
    private ReadRouting routing = routing();

    private ReadRouting routing() {
        return new ReadRouting(
                () -> readers[next++ & (READERS - 1)],
                Map.of("zone", "a"),
                Duration.ofSeconds(5),
                false,
                Set.of(),
                beliefs);
    }

    @Setup
    public void begin() {
        for (int i = 0; i < READERS; i++) {
            readers[i] = Reader.of("tenant-" + i);
        }
        long longAhead = System.nanoTime() + Duration.ofDays(1).toNanos(); // nobody confirms it meanwhile
        beliefs.saw(row(Side.SOURCE, FenceState.OPEN), longAhead);
        beliefs.saw(row(Side.TARGET, FenceState.CLOSED), longAhead);
        routing = routing();
        routing.begin(Phase.TARGET_READ, TABLES);
        routing.saw(
                new Cohort("salt", 50, Map.of()), new Behind(Long.MAX_VALUE, Duration.ZERO, true, Set.of()), longAhead);
    }

    private static FenceRow row(Side side, FenceState state) {
        return new FenceRow(
                side, state, Phase.TARGET_READ, 5, "attempt", 2, false, 0, Duration.ZERO, Duration.ZERO, "s", "s");
    }

    /** Half of the readers belong to the cohort. */
    @Benchmark
    public @Nullable CohortReads decide() {
        return routing.follower(TABLES, null);
    }

    /** Nobody's reads move in this phase. */
    @Benchmark
    public boolean askWhetherReadsMove() {
        return routing.move();
    }
}
