package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.AlreadyAppliedException;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.StoredResult;
import dev.dualwrite.jdbc.control.LedgerTable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency key of a connection's transaction (design, section 2.5). It is put into the ledger before the first
 * statement, as a change like any other, so it commits, moves and is captured with what the transaction does. A savepoint
 * behind it is released before the commit: if the server has rolled the transaction back unseen (in a batch with which the
 * driver goes on, in a result that is read row by row), that fails, and nothing commits without the key. Of one thread at a
 * time.
 */
final class IdempotencyKey {
    private static final int DUPLICATE_KEY = 1062;

    /** No host calls one so. */
    private static final String MARK = "`dualwrite idempotency key`";

    private final BoundaryConnection connection;

    /** What the transaction is to take; null if nothing, or no more. */
    private @Nullable String wanted;

    /** What it has taken. */
    private @Nullable String taken;

    /** Why nothing more runs until the application rolls back. */
    private @Nullable SQLException over;

    IdempotencyKey(BoundaryConnection connection) {
        this.connection = connection;
    }

    void want(String key) throws SQLException {
        if (connection.session().shared().members().stream()
                .noneMatch(member -> member.routes().ledger().isPresent())) {
            throw Refusal.NO_LEDGER.exception("idempotencyKey");
        }
        checkCatalog();
        int bytes = bytes(key).length;
        if (bytes == 0 || bytes > LedgerTable.KEY_BYTES) {
            throw Refusal.IDEMPOTENCY_KEY.exception(
                    "A key of " + bytes + " bytes (1 to " + LedgerTable.KEY_BYTES + " are allowed)");
        }
        if (connection.session().autoCommit()) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A key outside of a transaction");
        }
        if (connection.session().work().open() || taken != null || over != null) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A key after the first statement or savepoint");
        }
        wanted = key;
    }

    private static byte[] bytes(String key) throws StatementRefusedException {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A key with half a surrogate pair");
        }
    }

    private String ledger() throws SQLException {
        String name =
                connection.session().routes().ledger().orElseThrow(() -> Refusal.NO_LEDGER.exception("idempotencyKey"));
        checkCatalog();
        return name;
    }

    private void checkCatalog() throws SQLException {
        if (connection.session().awayFromItsSchema()) {
            throw Refusal.IDEMPOTENCY_KEY.exception("A key while another catalog is selected");
        }
    }

    /** Whether the transaction has one, or is to have one. */
    boolean present() {
        return wanted != null || taken != null;
    }

    /** Whether the next statement is to take it. */
    boolean waits() {
        return wanted != null;
    }

    /**
     * As {@link #take()}, before something that is no statement.
     *
     * @throws StatementRefusedException if there are several ledgers, and nothing tells which is meant
     */
    void takeWithoutStatement() throws SQLException {
        if (wanted != null && connection.session().shared().members().size() > 1) {
            throw unplaced();
        }
        take();
    }

    static StatementRefusedException unplaced() {
        return Refusal.IDEMPOTENCY_KEY.exception(
                "A key that is not followed by a statement on a table of one of the migrations behind this DataSource");
    }

    /**
     * Before whatever the application does in a transaction. If the key cannot be taken, the transaction is over: whether its
     * row is there, a second INSERT could not tell from somebody else's.
     *
     * @throws AlreadyAppliedException if a transaction with this key has committed
     * @throws OwnershipException if what was done under this key is rolled back
     */
    void take() throws SQLException {
        if (over != null) {
            throw again(over);
        }
        if (taken != null && !connection.session().work().started()) {
            throw lost(null);
        }
        String key = wanted;
        if (key == null) {
            return;
        }
        String ledger = ledger(); // refused, it can be given another time
        wanted = null; // what follows are statements, too
        try (PreparedStatement insert = connection.prepareStatement(LedgerTable.insert(ledger))) {
            insert.setBytes(1, bytes(key));
            insert.executeUpdate();
            mark("SAVEPOINT ");
            taken = key;
        } catch (SQLException e) {
            SQLException told = e.getErrorCode() == DUPLICATE_KEY ? found(key, ledger, e) : e;
            if (over == null) {
                over = ControlFailure.keyLost(e);
            }
            rollBack(told);
            throw told;
        }
    }

    private void rollBack(SQLException because) {
        try {
            connection.runner().explicit().rollback();
        } catch (SQLException gone) {
            because.addSuppressed(gone);
            connection.session().discard(); // what may still be there must not be committed by what comes next
        }
    }

    private void mark(String what) throws SQLException {
        Physical physical = connection.session().physical();
        if (physical == null) {
            throw new SQLException("the connection of the transaction is gone", "08003");
        }
        try (Statement statement = physical.connection().createStatement()) {
            statement.execute(what + MARK);
        }
    }

    private OwnershipException lost(@Nullable SQLException cause) {
        OwnershipException lost = ControlFailure.keyLost(cause);
        over = lost;
        return lost;
    }

    /** What to tell: that it was applied, with what was stored then; or why that could not be read. */
    private SQLException found(String key, String ledger, SQLException duplicate) {
        try (PreparedStatement select = connection.prepareStatement(LedgerTable.select(ledger))) {
            select.setBytes(1, bytes(key));
            try (ResultSet row = select.executeQuery()) {
                byte[] bytes = row.next() ? row.getBytes(1) : null;
                AlreadyAppliedException applied =
                        new AlreadyAppliedException(key, bytes == null ? null : new StoredResult(bytes));
                over = applied;
                return applied;
            }
        } catch (SQLException e) {
            e.addSuppressed(duplicate);
            return e;
        }
    }

    private static SQLException again(SQLException first) {
        if (first instanceof AlreadyAppliedException applied) {
            AlreadyAppliedException again =
                    new AlreadyAppliedException(applied.key(), applied.result().orElse(null));
            again.initCause(first);
            return again;
        }
        return first instanceof OwnershipException lost ? ControlFailure.again(lost) : first;
    }

    void store(byte[] result) throws SQLException {
        takeWithoutStatement();
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
            update.setBytes(2, bytes(key));
            update.executeUpdate();
        }
    }

    /** Before a commit: also a transaction that has found nothing to do has its key, or hears why not. */
    void beforeCommit() throws SQLException {
        if (wanted != null && connection.session().shared().members().size() > 1) {
            throw unplaced();
        }
        try {
            take();
            if (taken != null) {
                mark("RELEASE SAVEPOINT ");
            }
        } catch (SQLException e) {
            SQLException told = over != null ? e : lost(e);
            ended();
            rollBack(told);
            throw told;
        }
    }

    /** The application has ended its transaction. */
    void ended() {
        wanted = null;
        taken = null;
        over = null;
    }
}
