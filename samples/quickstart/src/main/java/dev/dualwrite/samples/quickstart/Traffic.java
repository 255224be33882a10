package dev.dualwrite.samples.quickstart;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * What a live application does: devices that send up to a hundred messages a second each, stored through one {@code
 * DataSource}, whatever else goes on; and a memory of what was acknowledged. None of it knows of a migration, apart from running a transaction again on
 * SQLState 40001, as it would after a deadlock.
 */
final class Traffic {
    /** One message of one device. */
    record Message(int device, long number) {}

    private static final Duration EVERY = Duration.ofMillis(10);

    private final DataSource dataSource;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Message> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong again = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore committed = new Semaphore(0);
    private volatile String lastRefusal = "";
    private volatile boolean ended;

    Traffic(DataSource dataSource, int devices) {
        this.dataSource = dataSource;
        for (int device = 1; device <= devices; device++) {
            int id = device;
            Thread thread = new Thread(() -> run(id), "device-" + id);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    private void run(int device) {
        try {
            for (long number = 1; !ended; number++) {
                Message message = new Message(device, number);
                long began = System.nanoTime();
                store(message);
                longest.accumulateAndGet(System.nanoTime() - began, Math::max);
                acknowledged.add(message);
                committed.release();
                LockSupport.parkNanos(EVERY.toNanos());
            }
        } catch (SQLException | RuntimeException e) {
            failures.add(e);
        }
    }

    /** Stores a message; tries again as often as the answer is that nothing of it was stored. */
    private void store(Message message) throws SQLException {
        while (true) {
            try {
                transaction(message);
                return;
            } catch (SQLException e) {
                if (!"40001".equals(e.getSQLState())) {
                    throw e;
                }
                again.incrementAndGet();
                lastRefusal = String.valueOf(e.getMessage());
            }
        }
    }

    private void transaction(Message message) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO reading (device, number, watts) VALUES (?, ?, ?)");
                    PreparedStatement count =
                            connection.prepareStatement("UPDATE device SET readings = readings + 1 WHERE id = ?")) {
                insert.setInt(1, message.device());
                insert.setLong(2, message.number());
                insert.setLong(3, 100 + message.number() % 50);
                insert.executeUpdate();
                count.setInt(1, message.device());
                count.executeUpdate();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** Lets the threads write for a while, and until so many more messages are stored. */
    void go(Duration atLeast, int messages) throws InterruptedException {
        long until = System.nanoTime() + atLeast.toNanos();
        int missing = messages;
        while (missing > 0 || System.nanoTime() < until) {
            if (!failures.isEmpty()) {
                return;
            }
            if (committed.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                missing--;
            }
        }
    }

    /** The longest that one message took since this was last asked, repetitions included. */
    Duration longest() {
        return Duration.ofNanos(longest.getAndSet(0));
    }

    void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(60_000);
        }
    }

    /** What was acknowledged. */
    Set<Message> acknowledged() {
        return acknowledged;
    }

    /** How often a transaction was run again. */
    long again() {
        return again.get();
    }

    /** What the last transaction that was run again was told, or nothing. */
    String lastRefusal() {
        return lastRefusal;
    }

    /** What no application should have to see. */
    List<Exception> failures() {
        return List.copyOf(failures);
    }
}
