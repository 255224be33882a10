package dev.dualwrite.jdbc.boundary;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether a call is under way on a connection. Whoever closes it from another thread meanwhile must not pull the transaction
 * from under that call, which might commit what it takes for complete: then the call gives it back at its end.
 * Thread-safe; nobody waits.
 */
final class Use {
    private enum State {
        FREE,
        BUSY,
        /** A call is under way, and the connection was closed. */
        LEFT,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.FREE);

    /**
     * A call begins.
     *
     * @return whether it has to {@link #end}: not if it is a part of another
     * @throws SQLException 08003, if the connection is closed
     */
    boolean begin() throws SQLException {
        if (state.compareAndSet(State.FREE, State.BUSY)) {
            return true;
        }
        if (closed()) {
            throw new SQLException("No operations allowed after connection closed.", "08003");
        }
        return false;
    }

    /** @return whether the connection is to be given back now */
    boolean end() {
        State last = state.getAndUpdate(now -> now == State.BUSY ? State.FREE : State.CLOSED);
        return last == State.LEFT;
    }

    /** @return whether the connection is to be given back now; if not, it was, or whoever uses it does */
    boolean close() {
        State last = state.getAndUpdate(now -> switch (now) {
            case FREE, CLOSED -> State.CLOSED;
            case BUSY, LEFT -> State.LEFT;
        });
        return last == State.FREE;
    }

    /** Whether it was closed, though a call may still be under way. */
    boolean left() {
        State now = state.get();
        return now == State.LEFT || now == State.CLOSED;
    }

    boolean closed() {
        return state.get() == State.CLOSED;
    }
}
