package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * What the other side says before an operator's word is followed. Only a server that does not answer at all counts as
 * silent: one that is busy, full or refuses the account may own.
 */
final class OtherSide {
    /**
     * By so much is an epoch raised above all that is known when the other side could not be asked. A flip or a change of
     * phase raises it by one or two, so nobody has come as far there, and two sides never meet on one epoch.
     */
    static final long UNASKED = 1_000_000;

    /** Deadlock and lock wait: the row is there, and somebody is changing it. */
    private static final Set<Integer> LOCKED = Set.of(1205, 1213);

    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Places places;

    OtherSide(Places places) {
        this.places = places;
    }

    /**
     * The fence row of a side, by a locking read; empty if its server is silent, several times.
     *
     * @throws DualWriteException DW-5007, if it answers and does not tell
     */
    Optional<FenceRow> row(Side side) {
        SQLException last = new SQLException("not asked");
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                pause();
            }
            try {
                ControlSide control = places.of(side).reach().control();
                try (Connection connection = control.connection()) {
                    return Optional.of(control.fence()
                            .readShared(connection)
                            .orElseThrow(() -> new DualWriteException(
                                    "DW-5007", side + " answers, and has no fence row: is it the right server?")));
                }
            } catch (SQLException e) {
                if (LOCKED.contains(e.getErrorCode())) {
                    throw new DualWriteException(
                            "DW-5007", side + " is being changed by a flip: wait until it has ended by itself", e);
                }
                last = e;
            }
        }
        if (!silent(last)) {
            throw new DualWriteException(
                    "DW-5007",
                    side + " answers, but its fence row could not be read (" + last + "): mend that, then try again",
                    last);
        }
        return Optional.empty();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DualWriteException("DW-5007", "interrupted while the other side was asked: try again", e);
        }
    }

    /**
     * Whether nothing came from the server: an error of its own has a number, a driver that does not agree with the server
     * about encryption or the account names other causes than the network, and a pool that is empty names none.
     */
    static boolean silent(SQLException failure) {
        boolean unreachable = false;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if ((e instanceof SQLException sql && sql.getErrorCode() != 0) || e instanceof SSLException) {
                return false;
            }
            unreachable |= e instanceof SocketException
                    || e instanceof SocketTimeoutException
                    || e instanceof UnknownHostException
                    || e instanceof EOFException;
        }
        return unreachable;
    }
}
