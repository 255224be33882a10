package dev.dualwrite.testkit.fault;

import dev.dualwrite.testkit.server.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Remembers what was there before a test, to find what the test left: threads of this JVM by the start of their names,
 * connections on a server by schema. Made before, asked after.
 *
 * <p>Threads of pools and proxies that the test leaves open on purpose must be named before the snapshot exists.
 * Immutable, safe for use by any number of threads.
 */
public final class Leaks {

    private static final List<String> THREADS = List.of("dualwrite-", "Hikari");

    private final Set<Thread> threads;
    private final Map<Place, Set<Long>> connections;
    private final List<String> prefixes;

    private Leaks(Set<Thread> threads, Map<Place, Set<Long>> connections, List<String> prefixes) {
        this.threads = threads;
        this.connections = connections;
        this.prefixes = prefixes;
    }

    /** A snapshot of the threads whose name starts with {@code dualwrite-} or {@code Hikari}. */
    public static Leaks watch() {
        return watch(THREADS);
    }

    /** A snapshot of the threads whose name starts with any of these. */
    public static Leaks watch(List<String> threadPrefixes) {
        return new Leaks(Set.copyOf(live(threadPrefixes)), Map.of(), List.copyOf(threadPrefixes));
    }

    /** This snapshot and one of the connections that are in a schema now. */
    public Leaks and(Server server, String schema) throws SQLException {
        Place place = new Place(server, schema);
        Map<Place, Set<Long>> more = new HashMap<>(connections);
        more.put(place, place.connections().keySet());
        return new Leaks(threads, Map.copyOf(more), prefixes);
    }

    /** What is there now and was not before, one line for each; empty if nothing. */
    public List<String> found() throws SQLException {
        List<String> found = new ArrayList<>();
        for (Thread thread : live(prefixes)) {
            if (!threads.contains(thread)) {
                found.add("thread " + thread.getName());
            }
        }
        for (Map.Entry<Place, Set<Long>> before : connections.entrySet()) {
            Map<Long, String> now = before.getKey().connections();
            Set<Long> added = new HashSet<>(now.keySet());
            added.removeAll(before.getValue());
            added.forEach(id -> found.add("connection " + now.get(id)));
        }
        return found;
    }

    /**
     * Waits until nothing is there that was not before. Servers notice a closed connection a moment later.
     *
     * @throws AssertionError with what is left if that does not happen in time
     */
    public void assertNone(Duration patience) {
        Supplier<String> left = () -> {
            try {
                return "left behind: " + found();
            } catch (SQLException unknown) {
                return "left behind, and cannot say what: " + unknown.getMessage();
            }
        };
        Eventually.within(patience).until(() -> found().isEmpty(), left);
    }

    private static List<Thread> live(List<String> prefixes) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> prefixes.stream().anyMatch(thread.getName()::startsWith))
                .toList();
    }

    private record Place(Server server, String schema) {

        private static final String CONNECTIONS = """
                SELECT id, CONCAT(id, ' of ', user, ' in ', db, ': ', command, ' ', COALESCE(info, ''))
                  FROM information_schema.processlist
                 WHERE db = ?""";

        Map<Long, String> connections() throws SQLException {
            try (Connection connection = server.connect();
                    PreparedStatement statement = connection.prepareStatement(CONNECTIONS)) {
                statement.setString(1, schema);
                try (ResultSet rows = statement.executeQuery()) {
                    Map<Long, String> found = new HashMap<>();
                    while (rows.next()) {
                        found.put(rows.getLong(1), rows.getString(2) + " on " + server);
                    }
                    return found;
                }
            }
        }
    }
}
