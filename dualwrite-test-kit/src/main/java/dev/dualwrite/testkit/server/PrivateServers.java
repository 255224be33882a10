package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Servers of a test's own, which it may kill, stop, restart and copy. They come from a provider whose servers are
 * processes of ours: the one that {@link TwoServers} is told to use if it is such a one, else the first of the local
 * and the embedded provider that works.
 *
 * <p>Safe for use by any number of threads.
 */
public final class PrivateServers implements AutoCloseable {

    private final Pair<ManagedServer> pair;

    private PrivateServers(Pair<ManagedServer> pair) {
        this.pair = pair;
    }

    /**
     * Starts a source and a target.
     *
     * @param extraOptions server options of both, added to the usual ones
     * @throws ServersUnavailableException if no provider of processes works
     */
    public static PrivateServers open(String... extraOptions) {
        return new PrivateServers(
                choose(installation -> Pair.open(place -> installation.start(List.of(extraOptions)))));
    }

    /**
     * Starts a single server.
     *
     * @param extraOptions server options, added to the usual ones
     * @throws ServersUnavailableException if no provider of processes works
     */
    public static ManagedServer start(String... extraOptions) {
        return choose(installation -> installation.start(List.of(extraOptions)));
    }

    /** The server that the data moves away from. */
    public ManagedServer source() {
        return pair.source();
    }

    /** The server that the data moves to. */
    public ManagedServer target() {
        return pair.target();
    }

    /** Kills both and deletes their data. */
    @Override
    public void close() {
        pair.release();
    }

    private static <T> T choose(Starting<T> starting) {
        ServerRequest request = ServerRequest.fromEnvironment();
        Selection processes = Selection.ofProcesses();
        Selection.Use<T> use = opener -> {
            if (opener instanceof Installation installation) {
                return starting.from(installation);
            }
            throw new IOException("This provider's servers are not processes of ours");
        };
        boolean named =
                request.choice() instanceof ServerRequest.Choice.Named name && name.provider() != ProviderName.DOCKER;
        return named
                ? processes
                        .named(((ServerRequest.Choice.Named) request.choice()).provider(), request, use)
                        .value()
                : processes.any(request, use).value();
    }

    @FunctionalInterface
    private interface Starting<T> {
        T from(Installation installation) throws IOException, SQLException;
    }
}
