package dev.dualwrite.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * Clients that write at given times, whatever became of their last write: a latency counts from the time at which the
 * write was due, so that a stall is seen by all writes that it held up.
 */
final class OpenLoop {
    private final Running running;
    private final Workload workload;
    private final int rows;
    private final LongAdder committed = new LongAdder();
    private final ConcurrentHashMap<String, LongAdder> errors = new ConcurrentHashMap<>();

    OpenLoop(Running running, Workload workload, int rows) {
        this.running = running;
        this.workload = workload;
        this.rows = rows;
    }

    /** One write: when it was due, in seconds of the run, and how long after that it was committed, in ns. */
    private record Write(int second, long nanos) {}

    /** What the clients waited. */
    static final class Latencies {
        private final List<Write> writes;
        private final long[] nanos;

        private Latencies(List<Write> writes) {
            this.writes = writes;
            this.nanos = ascending(writes);
        }

        private static long[] ascending(Collection<Write> writes) {
            return writes.stream().mapToLong(Write::nanos).sorted().toArray();
        }

        private static double micros(long[] nanos, double share) {
            return nanos.length == 0 ? Double.NaN : nanos[Math.max(0, (int) Math.ceil(share * nanos.length) - 1)] / 1e3;
        }

        double micros(double share) {
            return micros(nanos, share);
        }

        /** A percentile of each second by itself, in µs. */
        List<Double> microsBySecond(double share) {
            return writes.stream()
                    .collect(Collectors.groupingBy(Write::second, TreeMap::new, Collectors.toList()))
                    .values()
                    .stream()
                    .map(second -> micros(ascending(second), share))
                    .toList();
        }
    }

    /** Transactions that were committed. */
    long committed() {
        return committed.sum();
    }

    /** Errors that clients have seen, by SQLState, before any retry. */
    String errors() {
        return errors.toString();
    }

    /**
     * Runs as long as it is wanted.
     *
     * @param perSecond writes of all clients together
     * @param wanted whether a write that was due at this time of {@link System#nanoTime()} is still to be done; one that
     *     is late is not to be left out for that
     */
    Latencies run(int clients, double perSecond, Duration warmUp, LongPredicate wanted)
            throws SQLException, InterruptedException {
        ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(clients);
        List<Running.Client> all = new ArrayList<>();
        try {
            long every = Math.round(clients / perSecond * 1e9);
            long begin = System.nanoTime() + 10_000_000;
            List<Future<List<Write>>> tasks = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Running.Client client = running.client(workload);
                all.add(client);
                long first = begin + every * i / clients;
                tasks.add(threads.submit(() -> write(client, first, every, begin + warmUp.toNanos(), wanted)));
            }
            List<Write> results = new ArrayList<>();
            for (Future<List<Write>> task : tasks) {
                results.addAll(task.get());
            }
            return new Latencies(results);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
            for (Running.Client client : all) {
                client.close();
            }
        }
    }

    private List<Write> write(Running.Client client, long first, long every, long measured, LongPredicate wanted)
            throws SQLException {
        List<Write> writes = new ArrayList<>();
        for (long due = first; wanted.test(due); due += every) {
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            once(client);
            if (due - measured >= 0) {
                writes.add(new Write((int) ((due - measured) / 1_000_000_000L), System.nanoTime() - due));
            }
        }
        return writes;
    }

    private void once(Running.Client client) throws SQLException {
        while (true) {
            try {
                client.write(ThreadLocalRandom.current().nextInt(rows));
                committed.increment();
                return;
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                errors.computeIfAbsent(state, ignored -> new LongAdder()).increment();
                if (!state.equals("40001")) {
                    throw e;
                }
            }
        }
    }
}
