package dev.dualwrite.samples.orders.move;

import dev.dualwrite.samples.orders.sales.Counter;
import dev.dualwrite.samples.orders.sales.OrderState;
import dev.dualwrite.samples.orders.sales.Receipt;
import dev.dualwrite.samples.orders.sales.SoldOutException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a live application has: customers who order, change their minds, cancel, and look again, as fast as they are served; and
 * a memory of what they were told. They know nothing of a migration.
 */
public final class Shoppers {
    private static final int ITEMS = 30;
    private static final BigDecimal PRICE = new BigDecimal("9.99");

    private final List<Counter> counters;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Receipt> told = new ConcurrentHashMap<>();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final Set<Long> shipments = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore served = new Semaphore(0);
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean ended;

    /** @param counters of the instances; customer after customer goes to the next one */
    public Shoppers(List<Counter> counters, int customers) {
        this.counters = List.copyOf(counters);
        for (int i = 0; i < customers; i++) {
            int number = i;
            Thread thread = new Thread(() -> shop(number), "shopper-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /** Fills the shelves. */
    public void stock() {
        for (int i = 0; i < ITEMS; i++) {
            counters.get(0).receive(sku(i), PRICE.add(BigDecimal.valueOf(i)), 50);
        }
    }

    private static String sku(int number) {
        return "SKU-" + number;
    }

    /** They begin. */
    public void start() {
        threads.forEach(Thread::start);
    }

    private void shop(int number) {
        Counter counter = counters.get(number % counters.size());
        Random random = new Random(number);
        try {
            long customer = counter.register("shopper-" + number + "@example.com");
            for (int i = 0; !ended; i++) {
                String reference = number + "-" + i;
                long began = System.nanoTime();
                order(counter, customer, reference, random);
                longest.accumulateAndGet(System.nanoTime() - began, Math::max);
                served.release();
            }
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private void order(Counter counter, long customer, String reference, Random random) {
        try {
            told.put(reference, counter.place(customer, reference, basket(random)));
            switch (random.nextInt(4)) {
                case 0 -> {
                    counter.cancel(reference);
                    told.remove(reference);
                    cancelled.add(reference);
                }
                case 1 -> {
                    shipments.add(counter.ship(reference));
                    told.computeIfPresent(
                            reference, (same, was) -> new Receipt(was.order(), OrderState.SHIPPED, was.items()));
                }
                default ->
                    told.put(reference, counter.change(reference, sku(random.nextInt(ITEMS)), random.nextInt(3)));
            }
            if (told.containsKey(reference)) {
                look(counter, reference);
            }
        } catch (SoldOutException e) {
            stock();
        }
    }

    private void look(Counter counter, String reference) {
        Receipt seen = counter.look(reference);
        if (!seen.equals(told.get(reference))) {
            throw new IllegalStateException("told " + told.get(reference) + ", and looked again: " + seen);
        }
    }

    private static SortedMap<String, Integer> basket(Random random) {
        SortedMap<String, Integer> basket = new TreeMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            basket.put(sku(random.nextInt(ITEMS)), 1 + random.nextInt(3));
        }
        return basket;
    }

    /** Lets them go on for a while, and until so many more have been served. */
    public void go(Duration atLeast, int more) throws InterruptedException {
        long until = System.nanoTime() + atLeast.toNanos();
        int missing = more;
        served.drainPermits();
        while ((missing > 0 || System.nanoTime() < until) && failures.isEmpty()) {
            if (served.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                missing--;
            }
        }
    }

    /** They leave. */
    public void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(60_000);
        }
    }

    /** The orders that have to be there. */
    public Map<String, Receipt> told() {
        return Map.copyOf(told);
    }

    /** Those that must not. */
    public Set<String> cancelled() {
        return Set.copyOf(cancelled);
    }

    /** The numbers of the shipments that they were told. */
    public Set<Long> shipments() {
        return Set.copyOf(shipments);
    }

    /** What no customer should have to see. */
    public List<Exception> failures() {
        return List.copyOf(failures);
    }

    /** The longest that somebody took since this was last asked. */
    public Duration longest() {
        return Duration.ofNanos(longest.getAndSet(0));
    }
}
