package dev.dualwrite.samples.devices;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Devices that report all the time through some gateways, some of them to be replaced now and then; and a memory of what was
 * acknowledged. Safe for use by any number of threads.
 */
final class Fleet implements AutoCloseable {
    private static final int DEVICES = 5;
    private static final int NEW_READINGS = 2;
    private static final int ROUNDS_OF_A_DEVICE = 4;
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Devices devices;
    private final List<Thread> gateways = new ArrayList<>();
    private final Map<String, Long> stored = new ConcurrentHashMap<>();
    private final Set<String> retired = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Semaphore reports = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    Fleet(DataSource dataSource, int gateways) {
        this.devices = new Devices(dataSource);
        for (int i = 1; i <= gateways; i++) {
            String name = "gateway-" + i;
            Thread thread = new Thread(() -> run(name), name);
            thread.setDaemon(true);
            this.gateways.add(thread);
        }
    }

    Fleet start() {
        gateways.forEach(Thread::start);
        return this;
    }

    private void run(String gateway) {
        try {
            List<Device> mine = new ArrayList<>(IntStream.range(0, DEVICES)
                    .mapToObj(i -> new Device(gateway + "/" + i, "T-1000"))
                    .toList());
            register(mine);
            for (int round = 1; !ended; round++) {
                mine.forEach(this::report);
                if (round % ROUNDS_OF_A_DEVICE == 0) {
                    replace(mine, gateway + "/" + (DEVICES + round / ROUNDS_OF_A_DEVICE));
                }
            }
        } catch (RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    private void register(List<Device> some) {
        devices.register(some);
        some.forEach(device -> stored.put(device.getSerial(), 0L));
    }

    private void replace(List<Device> mine, String serial) {
        Device oldest = mine.remove(0);
        if (devices.retire(List.of(oldest.getId())) != 1) {
            throw new IllegalStateException(oldest.getSerial() + " was not there any more");
        }
        stored.remove(oldest.getSerial());
        retired.add(oldest.getSerial());
        Device another = new Device(serial, "T-2000");
        register(List.of(another));
        mine.add(another);
    }

    /** Sends the last reading once more, as a device does that had no answer, and some new ones. */
    private void report(Device device) {
        long last = stored.getOrDefault(device.getSerial(), 0L);
        List<Reading> readings = LongStream.rangeClosed(Math.max(1, last), last + NEW_READINGS)
                .mapToObj(sequence -> new Reading(device.getId(), sequence, BigDecimal.valueOf(sequence % 500, 1)))
                .toList();
        long now = devices.report(readings);
        if (now != last + NEW_READINGS) {
            throw new IllegalStateException(
                    device.getSerial() + " has " + now + " readings, not " + (last + NEW_READINGS));
        }
        stored.put(device.getSerial(), now);
        acknowledged.incrementAndGet();
        reports.release();
        LockSupport.parkNanos(EVERY);
    }

    /**
     * Waits until so many more reports are acknowledged.
     *
     * @throws IllegalStateException if a gateway has failed, or it takes longer than a minute
     */
    void awaitReports(int more) throws InterruptedException {
        reports.drainPermits();
        long began = System.nanoTime();
        for (int missing = more; missing > 0; ) {
            check();
            if (reports.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                missing--;
            } else if (System.nanoTime() - began > PATIENCE) {
                throw new IllegalStateException("of " + more + " reports " + missing + " are missing after a minute");
            }
        }
    }

    /** Lets the gateways end what they do. Ending twice is ending once. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread gateway : gateways) {
            gateway.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
            if (gateway.isAlive()) {
                throw new IllegalStateException(gateway.getName() + " does not end");
            }
        }
        check();
    }

    private void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a gateway failed: " + cause.getMessage(), cause);
        }
    }

    /** The living devices, by serial, with the sequence that was acknowledged last. */
    Map<String, Long> stored() {
        return Map.copyOf(stored);
    }

    /** How many reports were acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** The serials of those that were retired. */
    Set<String> retired() {
        return Set.copyOf(retired);
    }

    @Override
    public void close() {
        ended = true;
    }
}
