package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.AlreadyAppliedException;
import dev.dualwrite.jdbc.StoredResult;
import dev.dualwrite.jdbc.control.LedgerTable;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency key of a connection's transaction (design, section 2.5). It is put into the ledger before the first
 * statement, as a change like any other, so it commits, moves and is captured with what the transaction does. Of one thread
 * at a time.
 */
final class IdempotencyKey {
    private static final int DUPLICATE_KEY = 1062;

    private final BoundaryConnection connection;

    /** What the transaction is to take; null if nothing, or no more. */
    private @Nullable String wanted;

    /** What it has taken. */
    private @Nullable String taken;

    /** Somebody has taken it before; until the application rolls back, it hears so. */
    private @Nullable AlreadyAppliedException applied;

    IdempotencyKey(BoundaryConnection connection) {
        this.connection = connection;
    }

    void want(String key) throws SQLException {
        ledger();
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LedgerTable.KEY_BYTES) {
            throw Refusal.IDEMPOTENCY_KEY.exception(
                    "A key of " + bytes + " bytes (1 to " + LedgerTable.KEY_BYTES + " are allowed)");
        }
        if (connection.session().autoCommit()) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A key outside of a transaction");
        }
        if (connection.session().work().open() || taken != null) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A key after the first statement or savepoint");
        }
        wanted = key;
    }

    private String ledger() throws SQLException {
        return connection.session().routes().ledger().orElseThrow(() -> Refusal.NO_LEDGER.exception("idempotencyKey"));
    }

    /**
     * Before whatever the application does in a transaction. If the key cannot be taken now, the next statement tries again,
     * so that nothing goes on without it.
     *
     * @throws AlreadyAppliedException if a transaction with this key has committed
     */
    void take() throws SQLException {
        if (applied != null) {
            throw again(applied);
        }
        if (taken != null && !connection.session().work().started()) {
            wanted = taken; // the server has rolled it back, and the application goes on
            taken = null;
        }
        String key = wanted;
        if (key == null) {
            return;
        }
        wanted = null; // what follows are statements, too
        try (PreparedStatement insert = connection.prepareStatement(LedgerTable.insert(ledger()))) {
            insert.setBytes(1, key.getBytes(StandardCharsets.UTF_8));
            insert.executeUpdate();
            taken = key;
        } catch (SQLException e) {
            if (e.getErrorCode() == DUPLICATE_KEY) {
                throw found(key, e);
            }
            wanted = key;
            throw e;
        }
    }

    private AlreadyAppliedException found(String key, SQLException duplicate) throws SQLException {
        StoredResult result = null;
        SQLException unread = null;
        try (PreparedStatement select = connection.prepareStatement(LedgerTable.select(ledger()))) {
            select.setBytes(1, key.getBytes(StandardCharsets.UTF_8));
            try (ResultSet row = select.executeQuery()) {
                byte[] bytes = row.next() ? row.getBytes(1) : null;
                result = bytes == null ? null : new StoredResult(bytes);
            }
        } catch (SQLException e) {
            unread = e;
        }
        connection.runner().explicit().rollback();
        if (unread != null) { // applied, but with what result is not known: let it be asked again
            wanted = key;
            unread.addSuppressed(duplicate);
            throw unread;
        }
        applied = new AlreadyAppliedException(key, result);
        return applied;
    }

    private static AlreadyAppliedException again(AlreadyAppliedException first) {
        AlreadyAppliedException again =
                new AlreadyAppliedException(first.key(), first.result().orElse(null));
        again.initCause(first);
        return again;
    }

    void store(byte[] result) throws SQLException {
        take();
        String key = taken;
        if (key == null) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A result without a key");
        }
        if (result.length > LedgerTable.RESULT_BYTES) {
            throw Refusal.IDEMPOTENCY_KEY.exception(
                    "A result of " + result.length + " bytes (at most " + LedgerTable.RESULT_BYTES + " are allowed)");
        }
        try (PreparedStatement update = connection.prepareStatement(LedgerTable.store(ledger()))) {
            update.setBytes(1, result);
            update.setBytes(2, key.getBytes(StandardCharsets.UTF_8));
            update.executeUpdate();
        }
    }

    /** Before a commit. */
    void beforeCommit() throws SQLException {
        AlreadyAppliedException before = applied;
        if (before != null) {
            ended();
            throw again(before);
        }
    }

    /** The application has ended its transaction. */
    void ended() {
        wanted = null;
        taken = null;
        applied = null;
    }
}
