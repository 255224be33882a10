package dev.dualwrite.testkit.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * So many transactions a second, from some threads, each tried until it is told that it is committed or that nobody knows.
 * Transactions are due at fixed times, whether those before them have ended or not, so waiting in a flip is measured for each
 * that had to wait. What the data does not take (SQLState 22 and 23) is undone and not tried again; what the library or the
 * server refuses for good (0A, 42), or an unchecked exception, ends the load, for it would never do what it is meant to. Its
 * threads are daemons named {@code dualwrite-load-…}.
 */
final class Load implements AutoCloseable {
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long END_MILLIS = 60_000;

    private final DataSource dataSource;
    private final Transaction work;
    private final Marks marks;
    private final long periodNanos;
    private final long began = System.nanoTime();
    private final AtomicLong tickets = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    Load(DataSource dataSource, Transaction work, Marks marks, int perSecond, int threadCount) {
        this.dataSource = dataSource;
        this.work = work;
        this.marks = marks;
        this.periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int i = 0; i < threadCount; i++) {
            Thread thread = new Thread(this::run, "dualwrite-load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    Load start() {
        threads.forEach(Thread::start);
        return this;
    }

    /** How many transactions were acknowledged. */
    long committed() {
        return committed.get();
    }

    /** The longest that one took from when it was due to its acknowledgement. */
    Duration slowest() {
        return Duration.ofNanos(slowest.get());
    }

    /** Whether it has ended, by itself or because it was told to. */
    boolean ended() {
        return ending;
    }

    /** How many the data did not take. */
    long rejected() {
        return rejected.get();
    }

    /**
     * It has not ended by itself.
     *
     * @throws AssertionError with what ended it
     */
    void assertAlive() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new AssertionError("the load cannot go on: " + cause.getMessage(), cause);
        }
    }

    private void run() {
        try {
            while (!ending) {
                one(tickets.getAndIncrement());
            }
        } catch (RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
            ending = true;
        }
    }

    private void one(long number) {
        long due = began + number * periodNanos;
        long early = due - System.nanoTime();
        while (early > 0 && !ending) {
            LockSupport.parkNanos(Math.min(early, AGAIN_NANOS));
            early = due - System.nanoTime();
        }
        int attempt = 0;
        while (!ending) {
            Try result = attempt(number, attempt);
            marks.told(number, attempt++, result.answer());
            if (result.answer() == Marks.Answer.COMMITTED) {
                committed.incrementAndGet();
                slowest.accumulateAndGet(System.nanoTime() - due, Math::max);
            }
            if (result.answer() != Marks.Answer.REFUSED) {
                return;
            }
            switch (result.stateClass()) {
                case "22", "23" -> {
                    rejected.incrementAndGet();
                    return;
                }
                case "0A", "42" ->
                    throw new IllegalStateException("a statement of the load is refused: " + result.message());
                default -> LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }

    /** What came of one try; of one that failed, the class of the SQLState and the message. */
    private record Try(Marks.Answer answer, String stateClass, String message) {
        static Try of(Marks.Answer answer, SQLException e) {
            String state = e.getSQLState();
            return new Try(
                    answer,
                    state == null || state.length() < 2 ? "" : state.substring(0, 2),
                    String.valueOf(e.getMessage()));
        }
    }

    /** One try. What goes wrong before the commit is sent is undone; a commit that was not answered may have happened. */
    private Try attempt(long number, int attempt) {
        boolean committing = false;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                work.run(connection, number);
                marks.put(connection, number, attempt);
                committing = true;
                connection.commit();
                return new Try(Marks.Answer.COMMITTED, "", "");
            } catch (SQLException e) {
                if (committing && !"40001".equals(e.getSQLState())) {
                    return Try.of(Marks.Answer.UNKNOWN, e);
                }
                connection.rollback();
                return Try.of(Marks.Answer.REFUSED, e);
            }
        } catch (SQLException e) {
            // the connection is lost, and with it what was not committed
            return Try.of(committing ? Marks.Answer.UNKNOWN : Marks.Answer.REFUSED, e);
        }
    }

    /**
     * Ends it, after the transactions that are on their way.
     *
     * @throws AssertionError if one does not end within a minute
     */
    @Override
    public void close() {
        ending = true;
        for (Thread thread : threads) {
            try {
                thread.join(END_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while the load was ending", e);
            }
            if (thread.isAlive()) {
                throw new AssertionError("a transaction of the load does not end");
            }
        }
    }
}
