package dev.dualwrite.campaign;

import dev.dualwrite.Reader;
import dev.dualwrite.campaign.Read.Elsewhere;
import dev.dualwrite.campaign.Rows.Row;
import dev.dualwrite.jdbc.DualWriteConnection;
import dev.dualwrite.testkit.oracle.Answer;
import dev.dualwrite.testkit.oracle.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A thread of the application: draws transactions, runs them through the library, and notes what it is told. Told 40001
 * it goes on with something else; not told, it leaves the rows alone.
 */
final class Client {
    private static final int ENOUGH_ROWS = 40;

    /** After so many transactions it pauses as long again. */
    private static final int CALMER = 30;

    /** Who reads on this thread, whichever instance is asked. */
    private static final ThreadLocal<Reader> WHO = ThreadLocal.withInitial(() -> Reader.UNKNOWN);

    private final Plan plan;
    private final int number;
    private final String name;
    private final Instance instance;
    private final List<Instance> everywhere;
    private final Ears ears;
    private final Progress progress;
    private final Shelf shelf;
    private final long pauseNanos;
    private final Draw draw;
    private final List<Rows> tables = new ArrayList<>();
    private final Thread thread;
    private Optional<String> lastWrite = Optional.empty();
    private Instant lastWriteAt = Instant.EPOCH;
    private long attempts;
    private volatile boolean ended;

    /** @param everywhere all instances in this JVM, its own among them */
    Client(
            Plan plan,
            int number,
            String thread,
            Instance instance,
            List<Instance> everywhere,
            Ears ears,
            Progress progress,
            Shelf shelf,
            int pauseMillis) {
        this.plan = plan;
        this.everywhere = everywhere;
        this.number = number;
        this.name = "c" + number;
        this.instance = instance;
        this.ears = ears;
        this.progress = progress;
        this.shelf = shelf;
        this.pauseNanos = pauseMillis * 1_000_000L;
        this.draw = plan.load(number);
        plan.tables().forEach(table -> tables.add(new Rows(table, number)));
        this.thread = new Thread(this::run, thread);
        this.thread.setDaemon(true);
    }

    /** Who reads at present. */
    static Reader who() {
        return WHO.get();
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
        WHO.set(plan.reader(number));
        try {
            while (!ended) {
                if (draw.chance(instance.calm(draw) ? 92 : 25)) {
                    if (draw.chance(20) && shelf.newest().isPresent()) {
                        lookingUp(shelf.newest().orElseThrow());
                    } else {
                        reading();
                    }
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
     * Reads its rows, by whichever route; now and then on another instance, with the token of its last write. Wherever that is
     * answered, it is not older than what it was told.
     */
    private void reading() {
        Elsewhere elsewhere = draw.chance(40) && everywhere.size() > 1 && lastWrite.isPresent()
                ? draw.of(Elsewhere.TOKEN, Elsewhere.TOKEN, Elsewhere.TIME)
                : Elsewhere.NO;
        Instance asked = elsewhere == Elsewhere.NO ? instance : draw.of(everywhere);
        WHO.set(elsewhere == Elsewhere.TIME ? plan.reader(number).wroteAt(lastWriteAt) : plan.reader(number));
        boolean explicit = draw.chance(60);
        boolean declared = draw.chance(75);
        boolean readCommitted = draw.chance(40);
        boolean locking = draw.chance(10);
        int dawdles = explicit && draw.chance(6) ? draw.between(300, 700) : 0;
        int count = dawdles > 0 ? 2 : draw.between(1, 3);
        try (Connection connection = asked.dualWrite().dataSource().getConnection()) {
            if (elsewhere == Elsewhere.TOKEN) {
                connection.unwrap(DualWriteConnection.class).readAfter(lastWrite.orElseThrow());
                // of what was looked at before it was said, nobody knows whether it is new enough
                progress.awaitLater(Duration.ofMillis(draw.of(0, 400)));
            }
            connection.setTransactionIsolation(
                    readCommitted ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(declared);
            connection.setAutoCommit(!explicit);
            Route plain = route(explicit, declared, readCommitted);
            Noting noting = new Noting(connection, asked, elsewhere, declared, plain);
            Deeds deeds = new Deeds(number, "", draw, connection, new Attempt(), () -> {}, noting);
            for (int i = 0; i < count; i++) {
                Rows rows = draw.of(tables);
                Row row = rows.any(draw);
                if (i == 0 && locking && row != null) {
                    deeds.look(rows, row, draw.of(" FOR UPDATE", " LOCK IN SHARE MODE"));
                    noting.bound |= explicit;
                } else {
                    deeds.read(rows);
                }
                if (i == 0) {
                    progress.awaitLater(Duration.ofMillis(dawdles));
                }
            }
            if (explicit) {
                connection.commit();
            }
        } catch (SQLException e) {
            judge(e);
        } catch (Deeds.Contradiction e) {
            ears.wrong(name, e.getMessage() + ", read " + elsewhere + " in a transaction that only reads");
        }
    }

    /** Reads in autocommit what anybody has stored. */
    private void lookingUp(String token) {
        long began = System.nanoTime();
        boolean declared = draw.chance(50);
        try (Connection connection = instance.dualWrite().dataSource().getConnection()) {
            connection.setReadOnly(declared);
            connection.setAutoCommit(true);
            Noting noting = new Noting(connection, instance, Elsewhere.NO, declared, route(false, declared, false));
            Deeds deeds = new Deeds(number, "", draw, connection, new Attempt(), () -> {}, noting);
            if (!deeds.finds(token) && shelf.complete(began)) {
                ears.wrong(name, "STALE READ: found no token " + token + " on the target, and none on the source");
            }
        } catch (SQLException e) {
            judge(e);
        }
    }

    private Route route(boolean explicit, boolean declared, boolean readCommitted) {
        if (explicit) {
            return !declared ? Route.UNDECLARED : readCommitted ? Route.READ_COMMITTED : Route.REPEATABLE_READ;
        }
        return declared
                ? Route.AUTOCOMMIT_DECLARED
                : plan.autocommitReads() ? Route.AUTOCOMMIT_READS : Route.AUTOCOMMIT;
    }

    /** Tells of the reads of a connection which side has answered. */
    private final class Noting implements Deeds.Noted {
        private final Connection connection;
        private final Instance asked;
        private final Elsewhere elsewhere;
        private final boolean declared;
        private final Route plain;

        /** Whether a lock keeps the transaction where it is. */
        private boolean bound;

        Noting(Connection connection, Instance asked, Elsewhere elsewhere, boolean declared, Route plain) {
            this.connection = connection;
            this.asked = asked;
            this.elsewhere = elsewhere;
            this.declared = declared;
            this.plain = plain;
        }

        @Override
        public void read(boolean locking, long began) throws SQLException {
            long ended = System.nanoTime();
            Route route = !locking && !bound ? plain : declared ? Route.LOCKING_DECLARED : Route.LOCKING;
            connection
                    .unwrap(DualWriteConnection.class)
                    .side()
                    .ifPresent(side -> ears.read(new Read(number, route, elsewhere, asked.zone(), side, began, ended)));
        }
    }

    private void transaction() {
        boolean explicit = draw.chance(65);
        boolean readCommitted = draw.chance(40);
        Attempt attempt = new Attempt();
        List<Rows> working = new ArrayList<>(tables.stream().map(Rows::copy).toList());
        String mark = name + '-' + attempts++;
        Answer answer = Answer.ROLLED_BACK; // without a connection, or with one that fails before anything was said
        try (Connection connection = instance.dualWrite().dataSource().getConnection()) {
            // an autocommit statement is its own commit
            Runnable before = () -> {
                if (!explicit) {
                    ears.begun(name, attempts, attempt);
                }
            };
            Noting noting =
                    new Noting(connection, instance, Elsewhere.NO, false, route(explicit, false, readCommitted));
            Deeds deeds = new Deeds(number, mark, draw, connection, attempt, before, noting);
            connection.setTransactionIsolation(
                    readCommitted ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(!explicit);
            answer = explicit ? explicit(connection, deeds, working, attempt) : single(deeds, working, attempt);
            lastWrite =
                    connection.unwrap(DualWriteConnection.class).writeToken().or(() -> lastWrite);
            lastWriteAt = Instant.now();
        } catch (SQLException e) {
            judge(e); // at the close: what was answered before stays answered
        }
        if (attempt.isEmpty()) {
            return;
        }
        ears.told(name, attempts, attempt, answer);
        settle(attempt, answer, working);
        if (answer == Answer.COMMITTED) {
            attempt.raised().forEach(one -> shelf.stored(one.token()));
        }
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
