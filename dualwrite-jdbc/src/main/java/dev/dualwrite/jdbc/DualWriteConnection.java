package dev.dualwrite.jdbc;

import dev.dualwrite.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A connection of the boundary, for {@code connection.unwrap(DualWriteConnection.class)}. Everything that a
 * {@code Connection} does is done on the side that it belongs to.
 */
public interface DualWriteConnection extends Connection {

    /**
     * The side whose physical connection is held now; empty if none was needed yet. A transaction keeps it
     * from its first statement to its end; after that it may be another.
     */
    Optional<Side> side();

    /**
     * Gives the transaction that begins an idempotency key: of all transactions with the same key only one commits, on
     * whichever instance and side, also across flips. Before its first statement, with autocommit off; holds until the
     * transaction ends. If a transaction with this key has committed, the next call that reaches a server throws
     * {@link AlreadyAppliedException}; while one is open, it waits for it.
     *
     * @param key 1 to 255 bytes as UTF-8, compared byte by byte
     * @throws SQLException DW-2046, if there is no ledger ({@link DualWriteBuilder#idempotencyKeys}); DW-2047, if it is
     *     too late, or autocommit is on, or the key is too long
     */
    void idempotencyKey(String key) throws SQLException;

    /**
     * Stores something with the transaction's idempotency key, for whoever asks again: commits or vanishes with the rest.
     *
     * @param result at most 4096 bytes
     * @throws SQLException DW-2047, if the transaction has no key, or this is too long
     */
    void storeResult(byte[] result) throws SQLException;

    /**
     * What names the last transaction that this connection has committed with changes of moved tables, for {@link #readAfter}
     * on a connection of another instance; a short text of letters, digits and hyphens. Empty if there was none, or changes are not
     * captured in this phase.
     */
    Optional<String> writeToken();

    /**
     * What this connection reads from its next transaction on is not older than a transaction that was committed elsewhere: until the follower has
     * it, reads go to the owner. Reads after writes of the same instance need no token.
     *
     * @param token of {@link #writeToken}
     * @throws dev.dualwrite.DualWriteException DW-1000, if it is none
     */
    void readAfter(String token) throws SQLException;
}
