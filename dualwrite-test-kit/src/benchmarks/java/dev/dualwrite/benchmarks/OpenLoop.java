package dev.dualwrite.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

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

    /** Latencies in ascending order, in ns. */
    static final class Latencies {
        private final long[] nanos;

        private Latencies(long[] nanos) {
            this.nanos = nanos;
        }

        double micros(double share) {
            return nanos.length == 0 ? Double.NaN : nanos[Math.max(0, (int) Math.ceil(share * nanos.length) - 1)] / 1e3;
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
     */
    Latencies run(int clients, double perSecond, Duration warmUp, BooleanSupplier wanted)
            throws SQLException, InterruptedException {
        ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(clients);
        List<Running.Client> all = new ArrayList<>();
        try {
            long every = Math.round(clients / perSecond * 1e9);
            long begin = System.nanoTime() + 10_000_000;
            List<Future<long[]>> tasks = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Running.Client client = running.client(workload);
                all.add(client);
                long first = begin + every * i / clients;
                tasks.add(threads.submit(() -> write(client, first, every, begin + warmUp.toNanos(), wanted)));
            }
            List<long[]> results = new ArrayList<>();
            for (Future<long[]> task : tasks) {
                results.add(task.get());
            }
            return new Latencies(
                    results.stream().flatMapToLong(Arrays::stream).sorted().toArray());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
            for (Running.Client client : all) {
                client.close();
            }
        }
    }

    private long[] write(Running.Client client, long first, long every, long measured, BooleanSupplier wanted)
            throws SQLException {
        long[] nanos = new long[1024];
        int count = 0;
        for (long due = first; wanted.getAsBoolean(); due += every) {
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            once(client);
            if (due - measured >= 0) {
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = System.nanoTime() - due;
            }
        }
        return Arrays.copyOf(nanos, count);
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
