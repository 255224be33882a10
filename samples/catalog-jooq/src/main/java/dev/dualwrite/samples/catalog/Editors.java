package dev.dualwrite.samples.catalog;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Editors who work on one catalogue all the time, often on the same products; and a memory of what was acknowledged. Safe for use
 * by any number of threads.
 */
final class Editors implements AutoCloseable {
    private static final int FROM_THE_BEGINNING = 6;
    private static final int AT_ONCE = 3;
    private static final int KEPT = 9;
    private static final BigDecimal STEP = new BigDecimal("0.25");
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Catalog catalog;
    private final List<Long> shared;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Long, AtomicLong> repriced = new ConcurrentHashMap<>();
    private final Set<Long> discontinued = ConcurrentHashMap.newKeySet();
    private final AtomicLong views = new AtomicLong();
    private final Semaphore edits = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    /** Publishes the products on which all editors work. */
    Editors(DataSource dataSource, int count) {
        catalog = new Catalog(dataSource);
        shared = publish("shared", FROM_THE_BEGINNING);
        for (int i = 1; i <= count; i++) {
            String name = "editor-" + i;
            Random random = new Random(i);
            Thread thread = new Thread(() -> run(name, random), name);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    private List<Long> publish(String prefix, int count) {
        List<Long> ids = catalog.publish(IntStream.range(0, count)
                .mapToObj(i -> new NewProduct(prefix + "/" + i, BigDecimal.TEN, List.of("new", "of " + prefix)))
                .toList());
        ids.forEach(id -> repriced.put(id, new AtomicLong()));
        return ids;
    }

    Editors start() {
        threads.forEach(Thread::start);
        return this;
    }

    private void run(String name, Random random) {
        try {
            Deque<Long> own = new ArrayDeque<>();
            for (int round = 1; !ended; round++) {
                own.addAll(publish(name + "/" + round, AT_ONCE));
                for (int i = 0; i < AT_ONCE; i++) {
                    reprice(shared.get(random.nextInt(shared.size())));
                }
                retag(own.getLast(), round);
                reprice(own.getFirst());
                if (own.size() > KEPT) {
                    discontinue(List.of(own.removeFirst(), own.removeFirst()));
                }
                catalog.viewed(shared.get(random.nextInt(shared.size())));
                views.incrementAndGet();
                LockSupport.parkNanos(EVERY);
            }
        } catch (RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    private void reprice(long product) {
        check(catalog.reprice(product, price -> price.add(STEP)), product);
        repriced.computeIfAbsent(product, id -> new AtomicLong()).incrementAndGet();
        edits.release();
    }

    private void retag(long product, int round) {
        check(catalog.retag(product, "new", "of round " + round), product);
        edits.release();
    }

    private void discontinue(List<Long> products) {
        check(catalog.discontinue(products) == products.size(), products.get(0));
        products.forEach(repriced::remove);
        discontinued.addAll(products);
        edits.release();
    }

    private static void check(boolean there, long product) {
        if (!there) {
            throw new IllegalStateException("product " + product + " is not there any more");
        }
    }

    /**
     * Waits until so many more edits are acknowledged.
     *
     * @throws IllegalStateException if an editor has failed, or it takes longer than a minute
     */
    void awaitEdits(int more) throws InterruptedException {
        edits.drainPermits();
        long began = System.nanoTime();
        for (int missing = more; missing > 0; ) {
            check();
            if (edits.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                missing--;
            } else if (System.nanoTime() - began > PATIENCE) {
                throw new IllegalStateException("of " + more + " edits " + missing + " are missing after a minute");
            }
        }
    }

    /** Lets the editors end what they do. Ending twice is ending once. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
        check();
    }

    private void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("an editor failed: " + cause.getMessage(), cause);
        }
    }

    /** The products of the catalogue, with how often a new price of each was acknowledged. */
    Map<Long, AtomicLong> repriced() {
        return Map.copyOf(repriced);
    }

    /** Those that were taken out. */
    Set<Long> discontinued() {
        return Set.copyOf(discontinued);
    }

    /** How often somebody looked. */
    long views() {
        return views.get();
    }

    @Override
    public void close() {
        ended = true;
    }
}
