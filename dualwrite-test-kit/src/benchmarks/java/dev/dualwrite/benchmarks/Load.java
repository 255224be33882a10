package dev.dualwrite.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/** Clients in a closed loop: each writes, and when that is committed, writes again, at keys that are spread evenly. */
final class Load {
    private final long committed;
    private final long[] nanos;
    private final Duration measured;

    private Load(long committed, long[] ascendingNanos, Duration measured) {
        this.committed = committed;
        this.nanos = ascendingNanos;
        this.measured = measured;
    }

    /** Runs until the time is over. An error of any client ends the benchmark: there should be none. */
    static Load run(Running running, Workload workload, int clients, Bounds bounds)
            throws SQLException, InterruptedException {
        List<Running.Client> all = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            for (int i = 0; i < clients; i++) {
                all.add(running.client(workload));
            }
            long start = System.nanoTime() + bounds.warmUp().toNanos();
            long end = start + bounds.measured().toNanos();
            List<Callable<Written>> tasks = new ArrayList<>();
            all.forEach(client -> tasks.add(() -> write(client, bounds.rows(), start, end)));
            List<Written> results = new ArrayList<>();
            for (Future<Written> task : threads.invokeAll(tasks)) {
                results.add(task.get());
            }
            return new Load(
                    results.stream().mapToLong(Written::committed).sum(),
                    results.stream().flatMapToLong(Written::nanos).sorted().toArray(),
                    bounds.measured());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
            for (Running.Client client : all) {
                client.close();
            }
        }
    }

    /** What one client did: all its transactions, and the latencies of those that ended in the measured time. */
    private record Written(long committed, LongStream nanos) {}

    private static Written write(Running.Client client, int rows, long start, long end) throws SQLException {
        LongStream.Builder nanos = LongStream.builder();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long committed = 0;
        long now = System.nanoTime();
        while (now - end < 0) {
            long began = now;
            client.write(random.nextInt(rows));
            committed++;
            now = System.nanoTime();
            if (now - start >= 0 && now - end < 0) {
                nanos.add(now - began);
            }
        }
        return new Written(committed, nanos.build());
    }

    /** Transactions, those of the warm-up as well. */
    long committed() {
        return committed;
    }

    /** Transactions that ended in the measured time. */
    double perSecond() {
        return nanos.length / (measured.toNanos() / 1e9);
    }

    /** A percentile in µs, by nearest rank. */
    double micros(double share) {
        if (nanos.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * nanos.length);
        return nanos[Math.max(0, rank - 1)] / 1e3;
    }
}
