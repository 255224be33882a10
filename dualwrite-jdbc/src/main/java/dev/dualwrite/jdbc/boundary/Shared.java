package dev.dualwrite.jdbc.boundary;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one data source have in common. Thread-safe. */
final class Shared {
    private static final Logger LOG = LoggerFactory.getLogger(BoundaryDataSource.class);

    private static final int LATEST = 256; // a power of two

    private record Latest(WeakReference<Connection> connection, SessionFacts facts) {}

    private final List<Member> members;
    private final boolean refusesUnwrap;

    /** By the driver's connection, by identity: a pool hands one out again and again. */
    private final Cache<Connection, SessionFacts> facts =
            Caffeine.newBuilder().weakKeys().build();

    /** Of those whose hashes are alike, the last one; the cache writes down every look at it. */
    private final AtomicReferenceArray<@Nullable Latest> latest = new AtomicReferenceArray<>(LATEST);

    private final AtomicReference<@Nullable Boolean> autoCommit = new AtomicReference<>();
    private final LongAdder escapes = new LongAdder();
    private final AtomicBoolean warned = new AtomicBoolean();

    /** @param migrations at least one; all with the same source */
    Shared(List<Routes> migrations, boolean refusesUnwrap) {
        this.members = migrations.stream()
                .map(one -> new Member(one, ledgersBeside(one, migrations)))
                .toList();
        this.refusesUnwrap = refusesUnwrap;
    }

    private static Set<String> ledgersBeside(Routes one, List<Routes> migrations) {
        return migrations.stream()
                .filter(other -> !other.migration().equals(one.migration()))
                .flatMap(other -> other.ledger().stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The migrations behind the data source, in the order in which they were given. */
    List<Member> members() {
        return members;
    }

    /** Of a connection that comes fresh from its pool. */
    SessionFacts facts(Connection connection) throws SQLException {
        Connection identity = Driver.identity(connection);
        int slot = System.identityHashCode(identity) & (LATEST - 1);
        Latest last = latest.get(slot);
        if (last != null && last.connection().refersTo(identity)) {
            return last.facts();
        }
        SessionFacts known = facts.getIfPresent(identity);
        if (known == null) {
            known = SessionFacts.read(connection);
            facts.put(identity, known);
        }
        latest.set(slot, new Latest(new WeakReference<>(identity), known));
        return known;
    }

    void forgetFacts(Connection connection) {
        try {
            Connection identity = Driver.identity(connection);
            facts.invalidate(identity);
            latest.set(System.identityHashCode(identity) & (LATEST - 1), null);
        } catch (SQLException closed) {
            facts.invalidateAll();
            for (int slot = 0; slot < LATEST; slot++) {
                latest.set(slot, null);
            }
        }
    }

    /** What the pools make of a new connection; null until one was seen. */
    @Nullable Boolean defaultAutoCommit() {
        return autoCommit.get();
    }

    void defaultAutoCommit(boolean value) {
        autoCommit.compareAndSet(null, value);
    }

    /** Whether what is behind the boundary is kept there. */
    boolean refusesUnwrap() {
        return refusesUnwrap;
    }

    /**
     * Before something behind the boundary is given away.
     *
     * @throws java.sql.SQLException DW-2049, if that is not to be
     */
    void mayUnwrap(Class<?> type) throws SQLException {
        if (refusesUnwrap) {
            throw Refusal.UNWRAP.exception("unwrap(" + type.getName() + ")");
        }
    }

    /** Somebody took what is behind the boundary into their hands. */
    void escaped(Class<?> type) {
        escapes.increment();
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "unwrap({}) gave a pool, or a physical connection or statement away: writes through it bypass the"
                            + " boundary and are lost to the migration. Said once; counted from here on.",
                    type.getName());
        }
    }

    long escapes() {
        return escapes.sum();
    }
}
