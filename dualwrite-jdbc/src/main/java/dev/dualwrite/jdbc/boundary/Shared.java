package dev.dualwrite.jdbc.boundary;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.boundary.Plans.Modes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one data source have in common. Thread-safe. */
final class Shared {
    private static final Logger LOG = LoggerFactory.getLogger(BoundaryDataSource.class);

    private final Routes routes;
    private final Plans plans;

    /** By the driver's connection, by identity: a pool hands one out again and again. */
    private final Cache<Connection, SessionFacts> facts =
            Caffeine.newBuilder().weakKeys().build();

    private final Map<Side, FenceRow> admitted = new ConcurrentHashMap<>();

    /** The driver's connections on which a row was read and admitted: they lead to the server that we know. */
    private final Cache<Connection, Boolean> proven =
            Caffeine.newBuilder().weakKeys().build();

    private final Map<Side, Modes> modes = new ConcurrentHashMap<>();
    private final Map<String, Boolean> autoCommit = new ConcurrentHashMap<>();
    private final LongAdder escapes = new LongAdder();
    private final AtomicBoolean warned = new AtomicBoolean();

    Shared(Routes routes) {
        this.routes = routes;
        this.plans = new Plans(routes);
    }

    Routes routes() {
        return routes;
    }

    Plans plans() {
        return plans;
    }

    /** Of a connection that comes fresh from its pool. */
    SessionFacts facts(Side side, Connection connection) throws SQLException {
        Connection identity = Driver.identity(connection);
        SessionFacts known = facts.getIfPresent(identity);
        if (known == null) {
            known = SessionFacts.read(connection);
            facts.put(identity, known);
        }
        modes.put(side, Modes.of(known));
        return known;
    }

    void forgetFacts(Connection connection) {
        try {
            facts.invalidate(Driver.identity(connection));
        } catch (SQLException closed) {
            facts.invalidateAll();
        }
    }

    /** How sessions of a side cut texts, as last seen. */
    Modes modes(Side side) {
        return modes.getOrDefault(side, Modes.DEFAULT);
    }

    /**
     * The row by which this side was last admitted: a belief, that an intent's insert proves or refutes. Empty
     * on a connection that may lead to another server than the one that was asked.
     */
    Optional<FenceRow> admitted(Physical physical) throws SQLException {
        return proven.getIfPresent(Driver.identity(physical.connection())) == null
                ? Optional.empty()
                : Optional.ofNullable(admitted.get(physical.side()));
    }

    void admitted(Physical physical, FenceRow row) throws SQLException {
        proven.put(Driver.identity(physical.connection()), true);
        admitted.put(physical.side(), row);
    }

    /** What the pools make of a new connection; empty until one was seen. */
    Optional<Boolean> defaultAutoCommit() {
        return Optional.ofNullable(autoCommit.get("default"));
    }

    void defaultAutoCommit(boolean value) {
        autoCommit.putIfAbsent("default", value);
    }

    /** Somebody took what is behind the boundary into their hands. */
    void escaped(Class<?> type) {
        escapes.increment();
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "unwrap({}) gave a physical connection or statement away: writes through it bypass the boundary and"
                            + " are lost to the migration. Said once; counted from here on.",
                    type.getName());
        }
    }

    long escapes() {
        return escapes.sum();
    }
}
