package dev.dualwrite.samples.tenants.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.samples.tenants.plans.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What all customers saw. Thread-safe. */
final class Counters {
    private final LongAdder requests = new LongAdder();
    private final ConcurrentLinkedQueue<String> older = new ConcurrentLinkedQueue<>();
    private final LongAdder harmed = new LongAdder();
    private final ConcurrentLinkedQueue<Plan> acknowledged = new ConcurrentLinkedQueue<>();

    @GuardedBy("this") private final Map<String, Long> errors = new TreeMap<>();

    @GuardedBy("this") private List<Long> latencies = new ArrayList<>();

    @GuardedBy("this") private long longest;

    private volatile Step step = new Step();

    /** What is in force now. */
    Step step() {
        return step;
    }

    /** Something else is in force from here on. */
    Step next() {
        Step next = new Step();
        step = next;
        return next;
    }

    void answered(long nanos) {
        requests.increment();
        synchronized (this) {
            latencies.add(nanos);
            longest = Math.max(longest, nanos);
        }
    }

    /** Somebody has not seen what he had written. */
    void older(String what) {
        older.add(what);
    }

    /** Somebody has seen plans of these names. */
    void saw(Stream<String> names) {
        if (names.anyMatch(Mishap.NAME::equals)) {
            harmed.increment();
        }
    }

    void acknowledged(Plan plan) {
        acknowledged.add(plan);
    }

    synchronized void failed(RuntimeException e) {
        requests.increment();
        String text = String.valueOf(e.getMessage());
        errors.merge(
                e.getClass().getSimpleName() + ": " + text.substring(0, Math.min(160, text.length())), 1L, Long::sum);
    }

    long requests() {
        return requests.sum();
    }

    /** Answers in which somebody did not see what he had written. */
    List<String> older() {
        return List.copyOf(older);
    }

    /** Answers that showed what somebody had changed behind everybody's back. */
    long harmed() {
        return harmed.sum();
    }

    /** Every plan as it was told to whoever has written it. */
    List<Plan> acknowledged() {
        return List.copyOf(acknowledged);
    }

    synchronized Map<String, Long> errors() {
        return Map.copyOf(errors);
    }

    /** The slowest answer since this was last asked. */
    synchronized Duration longest() {
        Duration most = Duration.ofNanos(longest);
        longest = 0;
        return most;
    }

    /** The latencies since this was last asked, in order. */
    synchronized List<Duration> latencies() {
        List<Duration> sorted =
                latencies.stream().sorted().map(Duration::ofNanos).toList();
        latencies = new ArrayList<>();
        return sorted;
    }
}
