package dev.dualwrite.samples.tenants.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.springframework.web.client.RestClient;

/** Two customers of each tenant, who take turns, so many requests a second. Used by one thread. */
final class Customers {
    private static final int THREADS = 8;
    private static final int OF_EACH = 2;

    /** A visit is a request, or two, one time in ten. */
    private static final double REQUESTS = 1.1;

    private final List<Thread> threads = new ArrayList<>();
    private final List<String> instances;
    private final Counters counters;
    private final long pause;
    private volatile boolean ended;

    Customers(Beginning beginning, List<String> instances, int rate, long seed, Counters counters) {
        this.instances = List.copyOf(instances);
        this.counters = counters;
        this.pause = (long) (TimeUnit.SECONDS.toNanos(1) * THREADS * REQUESTS / rate);
        Random random = new Random(seed);
        RestClient http = RestClient.create();
        List<Customer> all = new ArrayList<>();
        List<String> tenants = beginning.names();
        for (int i = 0; i < OF_EACH * tenants.size(); i++) {
            int tenant = i % tenants.size();
            all.add(new Customer(
                    tenants.get(tenant), Beginning.plans(tenant), http, counters, new Random(random.nextLong())));
        }
        Collections.shuffle(all, random);
        for (int i = 0; i < THREADS; i++) {
            List<Customer> some = new ArrayList<>();
            for (int each = i; each < all.size(); each += THREADS) {
                some.add(all.get(each));
            }
            Thread thread = new Thread(() -> visits(some), "customers-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    private void visits(List<Customer> some) {
        long due = System.nanoTime();
        for (int i = 0; !ended; i++) {
            try {
                some.get(i % some.size()).visit(instances);
            } catch (RuntimeException e) {
                counters.failed(e);
            }
            due += pause;
            try {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** They finish what they do, and leave. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(60_000);
        }
    }
}
