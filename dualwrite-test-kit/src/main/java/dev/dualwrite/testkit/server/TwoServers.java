package dev.dualwrite.testkit.server;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two real database servers, the source and the target of a migration.
 *
 * <p>They come from the first of these that works: containers of a running engine that has the image, a MySQL or
 * MariaDB installed on this machine, MariaDB from a jar on the class path. {@link ServerRequest} lists the properties
 * that choose otherwise. What was asked for by name and does not work is a {@link ServersUnavailableException}; what
 * was merely found and does not work is logged as a warning and the next is tried.
 *
 * <p>Tests share the pair of {@link #get()} and take a {@link Schema} each. A test that kills a server starts its own
 * by {@link PrivateServers}.
 *
 * <p>Safe for use by any number of threads.
 */
public final class TwoServers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TwoServers.class);

    private final Pair<Server> pair;
    private final String description;
    private final boolean shared;

    private TwoServers(Pair<Server> pair, String description, boolean shared) {
        this.pair = pair;
        this.description = description;
        this.shared = shared;
        LOG.info("{}", description);
    }

    /**
     * The pair that this JVM shares, started on the first call. It lives until the JVM ends; closing it does nothing.
     *
     * @throws ServersUnavailableException on this call and every later one if there are no servers to be had
     */
    public static TwoServers get() {
        return Shared.get();
    }

    /**
     * A pair for the caller alone, to be closed.
     *
     * @throws ServersUnavailableException if there are no such servers to be had
     */
    public static TwoServers open(ServerRequest request) {
        return open(request, Selection.ofAll(), false);
    }

    static TwoServers open(ServerRequest request, Selection selection, boolean shared) {
        if (request.choice() instanceof ServerRequest.Choice.Urls urls) {
            Pair<Server> given = given(urls);
            return new TwoServers(given, describe("given by URL", given), shared);
        }
        Selection.Use<Pair<Server>> both = opener -> Pair.open(opener::open);
        Selection.Chosen<Pair<Server>> chosen = request.choice() instanceof ServerRequest.Choice.Named named
                ? selection.named(named.provider(), request, both)
                : selection.any(request, both);
        String provider = "from provider " + chosen.provider() + ", " + chosen.what();
        String passedOver =
                chosen.passedOver().isEmpty() ? "" : "; not taken: " + String.join("; ", chosen.passedOver());
        return new TwoServers(chosen.value(), describe(provider, chosen.value()) + passedOver, shared);
    }

    /** The server that the data moves away from. */
    public Server source() {
        return pair.source();
    }

    /** The server that the data moves to. */
    public Server target() {
        return pair.target();
    }

    /** For people: which provider gave them, which versions they are, and why no other provider was taken. */
    public String describe() {
        return description;
    }

    /** Ends the servers, if they are ours and not shared. */
    @Override
    public void close() {
        if (!shared) {
            pair.release();
        }
    }

    /** For people; see {@link #describe()}. */
    @Override
    public String toString() {
        return description;
    }

    private static Pair<Server> given(ServerRequest.Choice.Urls urls) {
        try {
            return new Pair<>(
                    GivenServer.at(Endpoint.parse(urls.source()), () -> {}),
                    GivenServer.at(Endpoint.parse(urls.target()), () -> {}));
        } catch (SQLException unreachable) {
            throw new ServersUnavailableException(
                    "Servers were given by URL and one cannot be entered: " + unreachable.getMessage(), unreachable);
        }
    }

    private static String describe(String provider, Pair<Server> pair) {
        return "Two servers " + provider + ": source " + pair.source() + ", target " + pair.target();
    }

    /** Remembers the pair, and also that there is none: looking again would cost every test the same time. */
    private static final class Shared {

        private static @Nullable TwoServers servers;
        private static @Nullable String failure;

        static synchronized TwoServers get() {
            if (failure != null) {
                throw new ServersUnavailableException(failure);
            }
            TwoServers known = servers;
            if (known == null) {
                try {
                    known = open(ServerRequest.fromEnvironment(), Selection.ofAll(), true);
                } catch (ServersUnavailableException none) {
                    failure = String.valueOf(none.getMessage());
                    throw none;
                }
                servers = known;
            }
            return known;
        }
    }
}
