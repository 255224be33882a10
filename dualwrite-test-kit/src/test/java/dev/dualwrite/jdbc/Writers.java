package dev.dualwrite.jdbc;

import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Threads that write through one instance until told to stop, and note what they are told: explicit transactions of an
 * update and an insert, autocommit inserts with generated keys, and deletes. A 40001 is counted and the work is done
 * again under another name, for nothing of it may be stored; any other error is an unexpected one.
 */
final class Writers implements AutoCloseable {
    private final Rig rig;
    private final Node node;
    private final List<Writer> writers = new ArrayList<>();
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final int rows;
    private volatile long pauseNanos;
    private volatile boolean ended;

    private Writers(Rig rig, Node node, Duration pause, int rows) {
        this.rig = rig;
        this.node = node;
        this.pauseNanos = pause.toNanos();
        this.rows = rows;
    }

    /**
     * Puts an account for each thread and starts them.
     *
     * @param first the first account's id
     * @param pause between two pieces of work of one thread
     */
    static Writers start(Rig rig, Node node, int threads, long first, Duration pause) throws SQLException {
        return start(rig, node, threads, first, pause, 1);
    }

    /** @param rows how many rows each explicit transaction inserts */
    static Writers start(Rig rig, Node node, int threads, long first, Duration pause, int rows) throws SQLException {
        Writers all = new Writers(rig, node, pause, rows);
        for (int i = 0; i < threads; i++) {
            node.write("INSERT INTO account VALUES (" + (first + i) + ", '" + node.name() + "', 0, NULL)");
            rig.log().present("account", "id", first + i);
            all.writers.add(all.new Writer(first + i));
        }
        all.writers.forEach(writer -> writer.thread.start());
        return all;
    }

    /**
     * One piece of work.
     *
     * @param begun by the clock of {@link System#nanoTime()}
     * @param ended when the caller was told
     * @param acknowledged or told 40001
     */
    record Piece(long begun, long ended, boolean acknowledged) {
        Duration took() {
            return Duration.ofNanos(ended - begun);
        }
    }

    private final class Writer {
        private final long account;
        private final Thread thread;
        private final AtomicLong done = new AtomicLong();
        private volatile long lastBegun;
        private long number;
        private long balance;
        private long stored;
        private final Queue<Piece> pieces = new ConcurrentLinkedQueue<>();
        private volatile boolean atWork;

        Writer(long account) {
            this.account = account;
            this.thread = new Thread(this::run, "writer-" + account);
            thread.setDaemon(true);
        }

        private void run() {
            try {
                while (!ended) {
                    long begun = System.nanoTime();
                    String name = "w" + account + "-" + number++;
                    atWork = true;
                    try {
                        work(name);
                        pieces.add(new Piece(begun, System.nanoTime(), true));
                        lastBegun = begun;
                        done.incrementAndGet();
                    } catch (SQLException e) {
                        if (!"40001".equals(e.getSQLState())) {
                            throw e;
                        }
                        pieces.add(new Piece(begun, System.nanoTime(), false));
                        rig.log().absent("entry", "note", name);
                        retries.incrementAndGet();
                    }
                    atWork = false;
                    LockSupport.parkNanos(pauseNanos);
                }
            } catch (Throwable e) {
                unexpected.add(e);
            }
        }

        private void work(String name) throws SQLException {
            switch ((int) (number % 4)) {
                case 0, 1 -> {
                    node.transaction(
                            "UPDATE account SET balance = balance + 1 WHERE id = " + account,
                            "INSERT INTO entry (account, amount, note) VALUES "
                                    + IntStream.range(0, rows)
                                            .mapToObj(i ->
                                                    "(" + account + ", 1, '" + name + (i == 0 ? "" : "." + i) + "')")
                                            .collect(Collectors.joining(", ")));
                    balance++;
                    rig.log().present("entry", "note", name);
                    stored += rows;
                    written.addAndGet(rows + 1);
                }
                case 2 -> {
                    long id = generated(name);
                    rig.log().present("entry", "note", name);
                    rig.log().present("entry", "id", id);
                    stored++;
                    written.incrementAndGet();
                }
                default -> {
                    long id = generated(name);
                    stored++;
                    written.incrementAndGet();
                    if (delete(id)) {
                        stored--;
                        written.incrementAndGet();
                        rig.log().absent("entry", "id", id);
                    }
                }
            }
        }

        /** A delete that met a change of owner is not tried again: its row stays. */
        private boolean delete(long id) throws SQLException {
            try {
                int count = node.write("DELETE FROM entry WHERE id = " + id);
                if (count != 1) {
                    throw new AssertionError("the acknowledged row " + id + " was not there to be deleted: " + count);
                }
                return true;
            } catch (SQLException e) {
                if (!"40001".equals(e.getSQLState())) {
                    throw e;
                }
                retries.incrementAndGet();
                return false;
            }
        }

        private long generated(String name) throws SQLException {
            try (Connection connection = node.dataSource().getConnection();
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO entry (account, amount, note) VALUES (?, 1, ?)",
                            Statement.RETURN_GENERATED_KEYS)) {
                insert.setLong(1, account);
                insert.setString(2, name);
                insert.executeUpdate();
                try (ResultSet key = insert.getGeneratedKeys()) {
                    key.next();
                    return key.getLong(1);
                }
            }
        }
    }

    /** From now on each thread waits so long between two pieces of work. */
    void pause(Duration pause) {
        pauseNanos = pause.toNanos();
    }

    /** How many pieces of work were acknowledged. */
    long acknowledged() {
        return writers.stream().mapToLong(writer -> writer.done.get()).sum();
    }

    /** How many rows were written, acknowledged. */
    long written() {
        return written.get();
    }

    /** How often a caller was told 40001. */
    long retries() {
        return retries.get();
    }

    /** Whether each thread is in the middle of a piece of work. */
    boolean allAtWork() {
        return writers.stream().allMatch(writer -> writer.atWork);
    }

    /** What each thread has done, in order. */
    List<List<Piece>> pieces() {
        return writers.stream().map(writer -> List.copyOf(writer.pieces)).toList();
    }

    /** Waits until each thread was acknowledged something that it began after this call; how long that took. */
    Duration awaitEach(Duration patience) {
        long since = System.nanoTime();
        Eventually.within(patience)
                .until(
                        () -> !unexpected.isEmpty()
                                || writers.stream().allMatch(writer -> writer.lastBegun - since > 0),
                        () -> "some writers of " + node.name() + " get nothing through");
        healthy();
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /** Nobody met an unexpected error. */
    void healthy() {
        Throwable first = unexpected.peek();
        if (first != null) {
            throw new AssertionError("a caller saw an error that is not 40001: " + first, first);
        }
    }

    /** Ends them, judges, and adds what they were told to the log of the rig. */
    @Override
    public void close() {
        end();
    }

    /** As {@link #close()}; the second time it does nothing. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        for (Writer writer : writers) {
            try {
                writer.thread.join(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        healthy();
        for (Writer writer : writers) {
            rig.log()
                    .claim(
                            "balance",
                            "SELECT CAST(balance AS SIGNED) FROM account WHERE id = " + writer.account,
                            writer.balance);
            rig.log()
                    .claim(
                            "each acknowledged insert is there once",
                            "SELECT COUNT(*) FROM entry WHERE account = " + writer.account,
                            writer.stored);
        }
    }
}
