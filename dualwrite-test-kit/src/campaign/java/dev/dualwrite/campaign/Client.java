package dev.dualwrite.campaign;

import dev.dualwrite.Side;
import dev.dualwrite.campaign.Rows.Row;
import dev.dualwrite.jdbc.DualWriteConnection;
import dev.dualwrite.testkit.oracle.Answer;
import dev.dualwrite.testkit.oracle.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * A thread of the application: draws transactions, runs them through the library, and notes what it is told. Told 40001
 * it goes on with something else; not told, it leaves the rows alone.
 */
final class Client {
    private static final int ENOUGH_ROWS = 40;

    /** After so many transactions it pauses as long again. */
    private static final int CALMER = 30;

    private final int number;
    private final String name;
    private final DataSource dataSource;
    private final List<DataSource> everywhere;
    private final Ears ears;
    private final Progress progress;
    private final long pauseNanos;
    private final Draw draw;
    private final List<Rows> tables = new ArrayList<>();
    private final Thread thread;
    private Optional<String> lastWrite = Optional.empty();
    private long attempts;
    private volatile boolean ended;

    /** @param everywhere the data sources of all instances in this JVM, its own among them */
    Client(
            Plan plan,
            int number,
            String thread,
            DataSource dataSource,
            List<DataSource> everywhere,
            Ears ears,
            Progress progress,
            int pauseMillis) {
        this.everywhere = everywhere;
        this.number = number;
        this.name = "c" + number;
        this.dataSource = dataSource;
        this.ears = ears;
        this.progress = progress;
        this.pauseNanos = pauseMillis * 1_000_000L;
        this.draw = plan.load(number);
        plan.tables().forEach(table -> tables.add(new Rows(table, number)));
        this.thread = new Thread(this::run, thread);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void end() {
        ended = true;
    }

    /** Waits until it has ended. */
    void join() {
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError("client " + name + " does not end; it is at "
                    + List.of(thread.getStackTrace()).stream().limit(30).toList());
        }
    }

    private void run() {
        try {
            while (!ended) {
                if (draw.chance(25)) {
                    reading();
                } else {
                    transaction();
                }
                progress.answered();
                // slower and slower: where a step takes long, the load is not to be what it takes long for
                LockSupport.parkNanos(pauseNanos * (1 + attempts / CALMER));
            }
        } catch (Throwable e) {
            ears.wrong(
                    name,
                    "ended by " + e + " at "
                            + List.of(e.getStackTrace()).stream().limit(8).toList());
        }
    }

    /**
     * Reads its rows in a transaction that is declared to do nothing else, or in autocommit; now and then on another instance, with
     * the token of its last write. Wherever that is answered, it is not older than what it was told.
     */
    private void reading() {
        boolean elsewhere = draw.chance(40) && everywhere.size() > 1 && lastWrite.isPresent();
        boolean explicit = draw.chance(60);
        int count = draw.between(1, 3);
        DataSource asked = elsewhere ? draw.of(everywhere) : dataSource;
        try (Connection connection = asked.getConnection()) {
            DualWriteConnection own = connection.unwrap(DualWriteConnection.class);
            if (elsewhere) {
                own.readAfter(lastWrite.orElseThrow());
            }
            connection.setReadOnly(true);
            connection.setAutoCommit(!explicit);
            Deeds deeds = new Deeds(number, "", draw, connection, new Attempt(), () -> {});
            for (int i = 0; i < count; i++) {
                deeds.read(draw.of(tables));
                ears.read(own.side().map(Side::name).orElse("nowhere"));
            }
            if (explicit) {
                connection.commit();
            }
        } catch (SQLException e) {
            judge(e);
        } catch (Deeds.Contradiction e) {
            ears.wrong(name, e.getMessage() + (elsewhere ? " elsewhere" : "") + " in a transaction that only reads");
        }
    }

    private void transaction() {
        boolean explicit = draw.chance(65);
        boolean readCommitted = draw.chance(40);
        Attempt attempt = new Attempt();
        List<Rows> working = new ArrayList<>(tables.stream().map(Rows::copy).toList());
        String mark = name + '-' + attempts++;
        Answer answer = Answer.ROLLED_BACK; // without a connection, or with one that fails before anything was said
        try (Connection connection = dataSource.getConnection()) {
            // an autocommit statement is its own commit
            Runnable before = () -> {
                if (!explicit) {
                    ears.begun(name, attempts, attempt);
                }
            };
            Deeds deeds = new Deeds(number, mark, draw, connection, attempt, before);
            connection.setTransactionIsolation(
                    readCommitted ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(!explicit);
            answer = explicit ? explicit(connection, deeds, working, attempt) : single(deeds, working, attempt);
            lastWrite =
                    connection.unwrap(DualWriteConnection.class).writeToken().or(() -> lastWrite);
        } catch (SQLException e) {
            judge(e); // at the close: what was answered before stays answered
        }
        if (attempt.isEmpty()) {
            return;
        }
        ears.told(name, attempts, attempt, answer);
        settle(attempt, answer, working);
    }

    private void settle(Attempt attempt, Answer answer, List<Rows> working) {
        Set<String> keys = attempt.writes().stream().map(Write::key).collect(Collectors.toSet());
        for (int i = 0; i < tables.size(); i++) {
            Rows before = tables.get(i);
            before.usedUpBy(working.get(i));
            switch (answer) {
                case COMMITTED -> tables.set(i, working.get(i));
                case UNKNOWN -> before.leave(keys, working.get(i));
                case ROLLED_BACK -> {
                    // all is as it was
                }
            }
        }
    }

    private Answer single(Deeds deeds, List<Rows> working, Attempt attempt) {
        Rows rows = draw.of(working);
        Row row = rows.any(draw);
        int what = draw.between(0, 99);
        try {
            if (what < 10) {
                deeds.read(rows);
            } else if (row == null || (what < 30 && rows.count() < ENOUGH_ROWS)) {
                deeds.insert(rows, rows.table().key() == KeyKind.AUTO ? 1 : draw.of(1, 1, 2, 5), false);
            } else if (what < 60) {
                deeds.append(rows, row);
            } else if (what < 75) {
                deeds.appendToLot(rows, row.lot());
            } else if (what < 90) {
                deeds.delete(rows, row);
            } else {
                deeds.move(rows, row);
            }
            return Answer.COMMITTED;
        } catch (SQLException e) {
            return told(e, attempt);
        } catch (Deeds.Contradiction e) {
            ears.wrong(name, e.getMessage() + " in autocommit");
            return Answer.UNKNOWN;
        }
    }

    private Answer explicit(Connection connection, Deeds deeds, List<Rows> working, Attempt attempt)
            throws SQLException {
        try {
            int count = draw.of(1, 1, 2, 3, 4);
            for (int i = 0; i < count; i++) {
                if (draw.chance(12)) {
                    undone(connection, deeds, working, attempt);
                } else {
                    one(deeds, working);
                }
            }
            if (draw.chance(12)) {
                connection.rollback();
                return Answer.ROLLED_BACK;
            }
        } catch (SQLException e) {
            judge(e);
            rollback(connection);
            return Answer.ROLLED_BACK;
        } catch (Deeds.Contradiction e) {
            ears.wrong(name, e.getMessage() + " in a transaction");
            rollback(connection);
            return Answer.ROLLED_BACK;
        }
        if (!attempt.isEmpty()) {
            ears.begun(name, attempts, attempt);
        }
        try {
            connection.commit();
            return Answer.COMMITTED;
        } catch (SQLException e) {
            rollback(connection);
            return told(e, attempt);
        }
    }

    private void one(Deeds deeds, List<Rows> working) throws SQLException {
        Rows rows = draw.of(working);
        Row row = rows.any(draw);
        int what = draw.between(0, 99);
        if (what < 15) {
            deeds.raise(draw.between(0, Counters.COUNT - 1));
        } else if (what < 20) {
            deeds.read(rows);
        } else if (row == null || (what < 38 && rows.count() < ENOUGH_ROWS)) {
            deeds.insert(rows, draw.chance(5) ? 30 : draw.between(1, 4), draw.chance(30));
        } else if (what < 50) {
            deeds.append(rows, row);
        } else if (what < 58) {
            List<Row> lot = rows.lot(row.lot());
            deeds.append(rows, lot.isEmpty() ? new Row[] {row} : lot.toArray(new Row[0]));
        } else if (what < 66) {
            deeds.appendToLot(rows, row.lot());
        } else if (what < 74) {
            deeds.delete(rows, row);
        } else if (what < 82) {
            deeds.move(rows, row);
        } else if (what < 90) {
            deeds.upsert(rows, row);
        } else {
            swap(deeds, rows, row);
        }
    }

    private void swap(Deeds deeds, Rows rows, Row row) throws SQLException {
        Row other = rows.any(draw);
        if (rows.table().unique() && other != null && other.number() != row.number()) {
            deeds.swap(rows, row, other);
        } else {
            deeds.append(rows, row);
        }
    }

    /** Some work that a savepoint undoes. */
    private void undone(Connection connection, Deeds deeds, List<Rows> working, Attempt attempt) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        List<Rows> before = working.stream().map(Rows::copy).toList();
        int writes = attempt.writes().size();
        Rows rows = draw.of(working);
        Row row = rows.any(draw);
        if (row == null) {
            deeds.insert(rows, 1, false);
        } else {
            deeds.append(rows, row);
        }
        connection.rollback(savepoint);
        for (int i = 0; i < before.size(); i++) {
            before.get(i).usedUpBy(working.get(i));
            working.set(i, before.get(i));
        }
        attempt.undoTo(writes);
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            // the server rolls back when the connection is gone
        }
    }

    /** What an error at a commit, or of an autocommit statement, says about what is stored. */
    private Answer told(SQLException e, Attempt attempt) {
        judge(e);
        String message = String.valueOf(e.getMessage());
        boolean nothing = "40001".equals(e.getSQLState())
                || message.startsWith("DW-3")
                || message.startsWith("DW-2")
                || attempt.isEmpty();
        return nothing ? Answer.ROLLED_BACK : Answer.UNKNOWN;
    }

    /** Errors that no fault explains. */
    private void judge(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("23") || state.startsWith("42") || state.startsWith("22") || state.startsWith("0A")) {
            ears.wrong(name, "was told " + state + " " + e.getErrorCode() + " " + e.getMessage());
        }
    }
}
