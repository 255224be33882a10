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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One of the migrations behind a data source: what texts mean in it, and what was last seen of its fence. Thread-safe. */
final class Member {
    private final Routes routes;
    private final Plans plans;
    private final Map<Side, FenceRow> admitted = new ConcurrentHashMap<>();

    /** The driver's connections on which a row was read and admitted: they lead to the server that we know. */
    private final Cache<Connection, Boolean> proven =
            Caffeine.newBuilder().weakKeys().build();

    private final Map<Side, Modes> modes = new ConcurrentHashMap<>();

    /** @param ledgers of the others, lower case */
    Member(Routes routes, Set<String> ledgers) {
        this.routes = routes;
        this.plans = new Plans(routes, ledgers);
    }

    Routes routes() {
        return routes;
    }

    Plans plans() {
        return plans;
    }

    /** What a text means as its owner's schema has it; as the other side's, if the owner was never reached. */
    Plan plan(String text, Modes cut, @Nullable String catalog) throws SQLException {
        Side owner = routes.believedOwner();
        Side known = plans.schemaOf(owner).isPresent() ? owner : owner.other();
        return plans.plan(text, known, cut, catalog);
    }

    /** Notes how the sessions of a side cut texts. */
    void saw(Side side, SessionFacts facts) {
        Modes now = Modes.of(facts);
        if (!now.equals(modes(side))) {
            modes.put(side, now);
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
        Connection identity = Driver.identity(physical.connection());
        if (proven.getIfPresent(identity) == null) {
            proven.put(identity, true);
        }
        if (!row.equals(admitted.get(physical.side()))) {
            admitted.put(physical.side(), row);
        }
    }
}
