package dev.dualwrite.samples.iot.app;

import dev.dualwrite.samples.iot.app.AckLog.Entry;
import dev.dualwrite.samples.iot.app.AckLog.Kind;
import dev.dualwrite.samples.iot.app.Counters.Write;
import dev.dualwrite.samples.iot.device.DeviceState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One thread and its devices. Writes are due at times that do not depend on how long the ones before took (an open
 * loop), and the latency counts from when a write was due.
 */
final class Worker implements Runnable {
    private static final double SWAPS = 0.004;
    private static final double REGISTRATIONS = 0.005;
    private static final double RETIREMENTS = 0.005;
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

    private final DeviceStore store;
    private final Devices devices;
    private final Readings readings;
    private final RandomGenerator random;
    private final NewIds newIds;
    private final Counters counters;
    private final GapMeter gaps;
    private final AckLog log;
    private final double interval;
    private final CountDownLatch end;

    Worker(
            DeviceStore store,
            Devices devices,
            Readings readings,
            RandomGenerator random,
            NewIds newIds,
            Counters counters,
            GapMeter gaps,
            AckLog log,
            double perSecond,
            CountDownLatch end) {
        this.store = store;
        this.devices = devices;
        this.readings = readings;
        this.random = random;
        this.newIds = newIds;
        this.counters = counters;
        this.gaps = gaps;
        this.log = log;
        this.interval = 1e9 / perSecond;
        this.end = end;
    }

    /** Numbers for devices, and slots, that nobody else takes. */
    static final class NewIds {
        private final long step;
        private long next;

        NewIds(long first, long step) {
            this.next = first;
            this.step = step;
        }

        private long take() {
            long id = next;
            next += step;
            return id;
        }
    }

    @Override
    public void run() {
        try {
            double due = System.nanoTime() + random.nextDouble() * interval;
            while (!over(due)) {
                one((long) due);
                due += interval * random.nextExponential();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // A thread that ends early would look like a quiet device; it is an error that a device saw.
            counters.failed(new SQLException("a device's thread ended: " + e, "HY000", e));
        }
    }

    /** Waits until a time, or until everything is over. */
    private boolean over(double due) throws InterruptedException {
        return end.await(Math.max(0, (long) due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void one(long due) throws InterruptedException {
        double dice = random.nextDouble();
        if (dice < SWAPS && devices.count() > 1) {
            swap(due);
        } else if (dice < SWAPS + REGISTRATIONS) {
            register(due);
        } else if (dice < SWAPS + REGISTRATIONS + RETIREMENTS
                && devices.count() > 2
                && readings instanceof Readings.MadeUp) {
            retire(due);
        } else {
            reading(due);
        }
    }

    private void reading(long due) throws InterruptedException {
        Readings.Incoming incoming = readings.next(devices);
        Optional<DeviceState> known = devices.get(incoming.device());
        until(
                due,
                Write.READING,
                () -> {
                    DeviceStore.Step step = store.reading(incoming.device(), incoming.value(), incoming.at());
                    if (!known.equals(Optional.of(step.before()))) {
                        counters.stale("device " + incoming.device() + " was acknowledged "
                                + known.map(DeviceState::counter).orElse(0L) + " readings and found "
                                + step.before().counter());
                    }
                    log.add(new Entry(
                            Kind.READING, incoming.device(), step.after().counter(), incoming.value()));
                    devices.put(step.after());
                },
                () -> {
                    Optional<DeviceState> now = store.look(incoming.device());
                    boolean stored = now.isPresent() && !now.equals(known);
                    if (stored) {
                        log.add(new Entry(
                                Kind.FOUND, incoming.device(), now.orElseThrow().counter(), incoming.value()));
                        devices.put(now.orElseThrow());
                    }
                    return stored;
                });
    }

    private void swap(long due) throws InterruptedException {
        DeviceState one = devices.any(random);
        DeviceState other = devices.any(random);
        if (one.id() == other.id()) {
            return;
        }
        Runnable swapped = () -> {
            log.add(new Entry(Kind.SLOT, one.id(), other.slot(), 0), new Entry(Kind.SLOT, other.id(), one.slot(), 0));
            devices.put(one.inSlot(other.slot()));
            devices.put(other.inSlot(one.slot()));
        };
        until(
                due,
                Write.SWAP,
                () -> {
                    store.swap(one.id(), other.id());
                    swapped.run();
                },
                () -> found(store.look(one.id()).map(DeviceState::slot).equals(Optional.of(other.slot())), swapped));
    }

    private void register(long due) throws InterruptedException {
        long id = newIds.take();
        long slot = devices.freeSlot().orElse(id);
        Runnable registered = () -> {
            log.add(new Entry(Kind.REGISTERED, id, slot, 0));
            devices.put(DeviceState.registered(id, slot));
        };
        until(
                due,
                Write.REGISTER,
                () -> {
                    store.register(id, slot, System.currentTimeMillis());
                    registered.run();
                },
                () -> found(store.look(id).isPresent(), registered));
    }

    private void retire(long due) throws InterruptedException {
        DeviceState device = devices.any(random);
        Runnable retired = () -> {
            log.add(new Entry(Kind.RETIRED, device.id(), device.counter(), 0));
            devices.remove(device);
        };
        until(
                due,
                Write.RETIRE,
                () -> {
                    store.retire(device.id());
                    retired.run();
                },
                () -> found(store.look(device.id()).isEmpty(), retired));
    }

    private static boolean found(boolean stored, Runnable remember) {
        if (stored) {
            remember.run();
        }
        return stored;
    }

    /** Runs a transaction, again if it is told to; counts first. What is not told is looked up, and never acknowledged. */
    private void until(long due, Write write, Attempt attempt, Look look) throws InterruptedException {
        long pause = TimeUnit.MILLISECONDS.toNanos(1);
        boolean unknown = false;
        while (true) {
            try {
                if (unknown) {
                    if (look.stored()) {
                        return;
                    }
                    unknown = false;
                }
                attempt.run();
                counters.acknowledged(write, Duration.ofNanos(System.nanoTime() - due));
                gaps.acknowledged();
                return;
            } catch (SQLException e) {
                counters.failed(e);
                if (!"40001".equals(e.getSQLState())) {
                    pause = Math.max(pause, LONGEST_PAUSE / 4);
                }
            } catch (UnknownOutcomeException e) {
                counters.unknown(e);
                unknown = true;
            }
            if (end.await(pause, TimeUnit.NANOSECONDS) && !unknown) {
                return; // nothing of it is stored, and nobody was told that it is
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    /** A transaction, and what is remembered of it once it is committed. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws SQLException, UnknownOutcomeException;
    }

    /** Whether a transaction with an unknown outcome is stored. */
    @FunctionalInterface
    private interface Look {
        boolean stored() throws SQLException, UnknownOutcomeException;
    }
}
