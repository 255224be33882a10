package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FenceState;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.Resolution;
import dev.dualwrite.jdbc.Resolution.Outcome;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.LedgerTable;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what became of transactions with idempotency keys, and forgets old ones. Thread-safe. */
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int LOCK_WAIT = 1205;
    private static final int ATTEMPTS = 3;
    private static final int PURGED = 200;

    /** The rest is for the next time. */
    private static final Duration PURGING = Duration.ofSeconds(1);

    private final Places places;
    private final Settings settings;
    private final Beliefs beliefs;
    private final String name;
    private final Duration keptFor;
    private final Runnable wake;

    /** @param wake convergers: there are intents */
    Ledger(Places places, Settings settings, Beliefs beliefs, String name, Duration keptFor, Runnable wake) {
        this.places = places;
        this.settings = settings;
        this.beliefs = beliefs;
        this.name = name;
        this.keptFor = keptFor;
        this.wake = wake;
    }

    private LedgerTable table(ControlSide control) {
        return new LedgerTable(control.names().schema(), name, control.dialect().lockShared());
    }

    /**
     * The owner is asked under its fence, so that the answer is of the side that decides; and with a lock, so that a
     * transaction whose COMMIT is still under way is waited for.
     */
    Resolution resolve(byte[] key) {
        String why = "ownership is moving";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                ControlSide owner = places.of(beliefs.owner()).control();
                Optional<Resolution> answer = owner.inTransaction(connection -> {
                    FenceRow row = owner.fence().readShared(connection).orElseThrow();
                    return beliefs.admits(row)
                            ? Optional.of(resolution(table(owner).readShared(connection, key)))
                            : Optional.empty();
                });
                if (answer.isPresent()) {
                    return answer.get();
                }
                beliefs.awaitOpen(settings.ownerWait());
            } catch (SQLException e) {
                return undecided(
                        e.getErrorCode() == LOCK_WAIT
                                ? "the transaction, or a change of ownership, is not over on its server yet"
                                : "the owner does not answer: " + e.getMessage());
            }
        }
        return undecided(why);
    }

    private static Resolution resolution(Optional<LedgerTable.Entry> entry) {
        return new Resolution(
                entry.isPresent() ? Outcome.COMMITTED : Outcome.NOT_COMMITTED,
                entry.flatMap(row -> Optional.ofNullable(row.result())),
                "");
    }

    private static Resolution undecided(String why) {
        return new Resolution(Outcome.UNDECIDED, Optional.empty(), why);
    }

    /** Forgets keys that are older than they are kept for; on the owner, and by intents on the follower. */
    void purge(ControlSide owner) throws SQLException {
        Table read = places.of(owner.side()).require().schema().require(name);
        long began = System.nanoTime();
        int forgotten;
        do {
            forgotten = owner.inTransaction(connection -> {
                FenceRow row = owner.fence().readShared(connection).orElseThrow();
                if (row.state() != FenceState.OPEN || !beliefs.admits(row)) {
                    return 0;
                }
                List<Key> keys = table(owner).lockOlderThan(connection, read, keptFor, PURGED);
                if (keys.isEmpty()) {
                    return 0;
                }
                List<Captured> captured = new ArrayList<>();
                keys.forEach(key -> captured.add(new Captured(read, key)));
                if (row.phase().capturing()
                        && !owner.intents().write(connection, row.epoch(), captured, new ArrayList<>())) {
                    throw new SQLException("the fence moved while keys were forgotten; it is tried again", "40001");
                }
                table(owner).delete(connection, read, keys);
                return keys.size();
            });
            if (forgotten > 0) {
                LOG.debug("{}: {} idempotency keys are forgotten", settings.name(), forgotten);
                wake.run();
            }
        } while (forgotten == PURGED && System.nanoTime() - began < PURGING.toNanos());
    }
}
