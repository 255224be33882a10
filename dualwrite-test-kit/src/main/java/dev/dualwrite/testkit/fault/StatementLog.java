package dev.dualwrite.testkit.fault;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Everything that clients asked through a proxy since the log was begun, until it is closed. Safe for all threads. */
public final class StatementLog implements AutoCloseable {

    private final ConcurrentLinkedQueue<Statement> seen = new ConcurrentLinkedQueue<>();
    private final CopyOnWriteArrayList<StatementLog> registered;

    StatementLog(CopyOnWriteArrayList<StatementLog> registered) {
        this.registered = registered;
        registered.add(this);
    }

    void add(Statement statement) {
        seen.add(statement);
    }

    /** What was asked, in the order in which the proxy read it. */
    public List<Statement> statements() {
        return List.copyOf(seen);
    }

    /** How many statements match; see {@link Statement#startsWith(String)} and its siblings. */
    public long count(Predicate<Statement> which) {
        return seen.stream().filter(which).count();
    }

    /** How many statements' text starts so, prepared or not. */
    public long count(String prefix) {
        return count(Statement.startsWith(prefix));
    }

    /** How often clients waited for the server: all commands but those that get no answer. */
    public long roundTrips() {
        return count(statement -> statement.command() != Command.UNANSWERED);
    }

    /** As {@link #roundTrips()}, of one connection. */
    public long roundTrips(int connection) {
        return count(statement -> statement.connection() == connection && statement.command() != Command.UNANSWERED);
    }

    /** Forgets what was seen so far. */
    public void clear() {
        seen.clear();
    }

    /** Stops recording; what was seen stays readable. */
    @Override
    public void close() {
        registered.remove(this);
    }
}
