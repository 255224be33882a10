package dev.dualwrite.testkit.fault;

import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.User;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network in front of one server, which a test may break. It keeps its port until it is closed and passes
 * everything on until told otherwise.
 *
 * <p>It reads the client protocol to know a {@code COMMIT} when it sees one, so connections must use neither TLS nor
 * compression, as those of {@link #jdbcUrl(String)} do; others are closed with an error in the log.
 *
 * <p>Safe for use by any number of threads. Its own threads are daemons called {@code dualwrite-proxy-…} and end with
 * {@link #close()}.
 */
public final class TcpProxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
    private static final AtomicInteger PROXIES = new AtomicInteger();
    private static final Duration HOLD_LIMIT = Duration.ofMinutes(5);
    private static final long END_MILLIS = 5_000;
    private static final int BACKLOG = 500;

    private final int id = PROXIES.incrementAndGet();
    private final Server upstream;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final Traffic traffic = new Traffic();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Rule> rules = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<StatementLog> logs = new CopyOnWriteArrayList<>();

    private TcpProxy(Server upstream) throws IOException {
        this.upstream = upstream;
        listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        acceptor = thread("accept", this::accept);
    }

    /** Opens a proxy on a free loopback port. */
    public static TcpProxy inFrontOf(Server server) throws IOException {
        TcpProxy proxy = new TcpProxy(server);
        proxy.acceptor.start();
        return proxy;
    }

    /** Where it listens. */
    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** As {@link Server#jdbcUrl(String)}, through this proxy. */
    public String jdbcUrl(String schema) {
        return upstream.jdbcUrlVia(host(), port(), schema);
    }

    /** As {@link #jdbcUrl(String)}, for a user with limited grants. */
    public String jdbcUrl(String schema, User user) {
        return user.jdbcUrlVia(host(), port(), schema);
    }

    /**
     * Passes everything on again, without delay or limit. Connections of which a black hole has swallowed something are cut,
     * for nothing sensible can follow on them.
     */
    public void pass() {
        traffic.delay(Duration.ZERO);
        traffic.throttle(0);
        traffic.become(Traffic.Mode.PASS);
        connections.stream().filter(ProxyConnection::broken).forEach(ProxyConnection::close);
    }

    /** Turns new connections away with a reset. Existing ones are left alone. */
    public void refuse() {
        traffic.become(Traffic.Mode.REFUSE);
    }

    /** Cuts all existing connections. New ones are treated as before. */
    public void cut() {
        connections.forEach(ProxyConnection::close);
    }

    /** As if the server's machine were switched off and its address known: {@link #refuse()} and {@link #cut()}. */
    public void down() {
        refuse();
        cut();
    }

    /** Accepts and swallows everything, in both directions, of existing and new connections. Nothing is answered. */
    public void blackHole() {
        traffic.become(Traffic.Mode.BLACK_HOLE);
    }

    /** Keeps everything back, in both directions, of existing and new connections. {@link #pass()} lets it go on. */
    public void stall() {
        traffic.become(Traffic.Mode.STALL);
    }

    /** Keeps each packet from a client back for so long, which makes every round trip longer by as much. */
    public void delay(Duration each) {
        traffic.delay(each);
    }

    /**
     * Lets so many bytes through in a second, each way, over all connections together. A packet goes on as a whole, when its
     * time is over. {@link #pass()} ends it.
     *
     * @param bytesPerSecond at least 1
     */
    public void throttle(int bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    bytesPerSecond + " bytes a second are not allowed: it must be at least 1");
        }
        traffic.throttle(bytesPerSecond);
    }

    /** Cuts the connection that sends the next {@code COMMIT}. */
    public Cut cutNextCommit(Moment moment) {
        return cutNext(moment, Statement.isCommit());
    }

    /** Cuts every connection that sends a {@code COMMIT}, until the cut is closed. */
    public Cut cutEveryCommit(Moment moment) {
        return arm(new Cut(moment, Statement.isCommit(), Integer.MAX_VALUE));
    }

    /** Cuts the connection that sends the next statement like this. An autocommitted write is one with its commit. */
    public Cut cutNext(Moment moment, Predicate<Statement> which) {
        return arm(new Cut(moment, which, 1));
    }

    /** Holds the next {@code COMMIT} until it is released, at most five minutes. */
    public Hold holdNextCommit() {
        return arm(new Hold(HOLD_LIMIT, Statement.isCommit(), 1));
    }

    /** Holds every {@code COMMIT} for so long, until the hold is closed. */
    public Hold holdEveryCommit(Duration each) {
        return arm(new Hold(each, Statement.isCommit(), Integer.MAX_VALUE));
    }

    /** Holds the next statement like this until it is released, at most five minutes. */
    public Hold holdNext(Predicate<Statement> which) {
        return arm(new Hold(HOLD_LIMIT, which, 1));
    }

    /** Begins to write down what clients ask. Costs memory for each statement until it is closed. */
    public StatementLog record() {
        return new StatementLog(logs);
    }

    /** How many connections are open through it. */
    public int connections() {
        return connections.size();
    }

    /** How many connections clients have opened since the start, refused ones not counted. */
    public int accepted() {
        return accepted.get();
    }

    /**
     * Cuts all connections, stops listening and waits for its threads. Closing twice is closing once.
     *
     * @throws IllegalStateException if a thread does not end within seconds
     */
    @Override
    public void close() {
        traffic.become(Traffic.Mode.REFUSE);
        try {
            listener.close();
        } catch (IOException already) {
            LOG.debug("Closing {}: {}", this, already.getMessage());
        }
        rules.forEach(Rule::disarm);
        await(List.of(acceptor));
        cut();
        await(new ArrayList<>(threads));
    }

    /** For people: where it listens and what stands behind it. */
    @Override
    public String toString() {
        return "proxy " + id + " on port " + port() + " in front of " + upstream;
    }

    InetSocketAddress upstream() {
        return new InetSocketAddress(upstream.host(), upstream.port());
    }

    Traffic traffic() {
        return traffic;
    }

    void forget(ProxyConnection connection) {
        connections.remove(connection);
    }

    void record(Statement statement) {
        logs.forEach(log -> log.add(statement));
    }

    @Nullable Rule ruleFor(Statement statement) {
        for (Rule rule : rules) {
            if (rule.takes(statement)) {
                return rule;
            }
        }
        return null;
    }

    /** A thread of this proxy, known to it while it runs. */
    Thread thread(String role, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    threads.add(Thread.currentThread());
                    try {
                        task.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                "dualwrite-proxy-" + id + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private <R extends Rule> R arm(R rule) {
        rules.removeIf(Rule::usedUp);
        rules.add(rule);
        return rule;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (traffic.mode() == Traffic.Mode.REFUSE) {
                    ProxyConnection.refuse(client);
                } else {
                    client.setTcpNoDelay(true);
                    ProxyConnection connection = new ProxyConnection(accepted.incrementAndGet(), this, client);
                    connections.add(connection);
                    connection.start();
                }
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    LOG.warn("{} could not accept a connection: {}", this, ended.getMessage());
                }
            }
        }
    }

    private static void await(List<Thread> ending) {
        boolean interrupted = Thread.interrupted();
        for (Thread thread : ending) {
            try {
                thread.join(END_MILLIS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
