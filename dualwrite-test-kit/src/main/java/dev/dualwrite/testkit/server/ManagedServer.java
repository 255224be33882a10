package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that is a process of our own, so that a test may do to it what machines do: kill, stop, restart, restore.
 *
 * <p>It keeps its port and its data for as long as it is not closed. It ends with this JVM, also if the JVM is killed.
 * Safe for use by any number of threads; what changes the process is done one after the other.
 */
public final class ManagedServer extends Server implements AutoCloseable {

    /** The file in which MySQL keeps its {@code server_uuid}. */
    static final String IDENTITY = "auto.cnf";

    private static final AtomicInteger SERVER_IDS = new AtomicInteger();
    private static final int PORT_ATTEMPTS = 3;

    private final Installation installation;
    private final Workspace workspace;
    private final Path home;
    private final int serverId = SERVER_IDS.incrementAndGet();
    private final List<String> options;
    private final Endpoint endpoint;

    // All guarded by this.
    private int starts;
    private Path data;
    private ServerProcess process;

    private ManagedServer(Installation installation, Path home, int port, List<String> options) throws IOException {
        this.installation = installation;
        this.workspace = installation.workspace();
        this.home = home;
        this.options = List.copyOf(options);
        this.endpoint = Endpoint.plain("127.0.0.1", port, "root", "");
        this.starts = 1;
        this.data = home.resolve("data");
        this.process = launch(this.options);
    }

    static ManagedServer onData(Installation installation, FillOnce.Filler data, List<String> options)
            throws IOException {
        Path home = installation.workspace().newHome();
        try {
            Files.createDirectory(home.resolve("tmp"));
            data.fill(home.resolve("data"));
            return onFreePort(installation, home, options);
        } catch (IOException | RuntimeException failed) {
            Trees.delete(home);
            throw failed;
        }
    }

    private static ManagedServer onFreePort(Installation installation, Path home, List<String> options)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return new ManagedServer(installation, home, freePort(), options);
            } catch (IOException failed) {
                // Between asking for a free port and taking it another process can be quicker.
                boolean portTaken = String.valueOf(failed.getMessage()).contains("Address already in use");
                if (!portTaken || attempt == PORT_ATTEMPTS) {
                    throw failed;
                }
            }
        }
    }

    /**
     * A server as a process of ours, to be stopped, killed, copied and restored.
     *
     * @throws IllegalStateException if it is none: it was given by URL, or runs in a container
     */
    public static ManagedServer of(Server server) {
        if (server instanceof ManagedServer managed) {
            return managed;
        }
        throw new IllegalStateException(
                server + " is no process that this kit has started: it was given by URL, or runs in a"
                        + " container. Its process and its data cannot be touched from here; use servers of the test's own, or a"
                        + " fault of the network");
    }

    @Override
    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    void release() {
        close();
    }

    @Override
    public ServerVersion version() {
        return installation.version();
    }

    /** The server's own process id, of its latest run. */
    public synchronized long pid() {
        return process.pid();
    }

    /** True while the process exists, stopped or not. */
    public synchronized boolean isAlive() {
        return process.alive();
    }

    /** Where its data is. Only to be looked into while it is not running. */
    public synchronized Path dataDirectory() {
        return data;
    }

    /** Ends it as a crash would and waits until it is gone. Does nothing if it is not running. */
    public synchronized void kill() {
        process.kill();
        workspace.ended(process);
    }

    /** Ends it in good order and waits until it is gone. Does nothing if it is not running. */
    public synchronized void stop() throws IOException {
        if (process.alive()) {
            Signal.CONT.send(process.pid());
            process.stop();
        }
        workspace.ended(process);
    }

    /**
     * Stops the process where it stands: it accepts connections, by the operating system's hand, and answers nothing.
     * When this returns it stands still.
     */
    public synchronized void pause() throws IOException {
        Signal.STOP.send(process.pid());
    }

    /** Lets a paused process go on. */
    public synchronized void resume() throws IOException {
        Signal.CONT.send(process.pid());
    }

    /**
     * Starts it again on its data after {@link #kill()} or {@link #stop()}, and waits until it takes connections.
     *
     * @param extraOptions server options for this run alone, added to the lasting ones
     * @throws IllegalStateException if it is running
     */
    public synchronized void start(String... extraOptions) throws IOException {
        if (process.alive()) {
            throw new IllegalStateException(this + " is running");
        }
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(extraOptions));
        starts++;
        process = launch(all);
    }

    /** {@link #stop()}, then {@link #start(String...)}. After {@link #kill()} it is a start with crash recovery. */
    public synchronized void restart(String... extraOptions) throws IOException {
        stop();
        start(extraOptions);
    }

    /**
     * Copies the data as it is at one moment. If the server runs it stands still meanwhile, so that the copy is what a
     * loss of power would have left: committed transactions are in it, and the copy recovers when started.
     *
     * @param to a directory that does not exist yet
     */
    public synchronized void copyDataDirectory(Path to) throws IOException {
        if (!process.alive()) {
            Trees.copy(dataDirectory(), to);
            return;
        }
        pause();
        try {
            Trees.copy(dataDirectory(), to);
        } finally {
            resume();
        }
    }

    /**
     * Starts another server on a copy of this one's data, as when a backup is restored: it has all rows and, on MySQL,
     * another {@code server_uuid}. MariaDB keeps no such identity with the data; there the copy differs by
     * {@code server_id} and port.
     *
     * @param extraOptions server options of the copy
     */
    public ManagedServer startCopy(String... extraOptions) throws IOException {
        return startOn(this::copyDataDirectory, extraOptions);
    }

    /** As {@link #startCopy(String...)}, on what {@link #copyDataDirectory(Path)} saved earlier, which is kept. */
    public ManagedServer startCopyOf(Path savedData, String... extraOptions) throws IOException {
        return startOn(data -> Trees.copy(savedData, data), extraOptions);
    }

    /**
     * Puts another server in this one's place, as when a backup is restored or a replica promoted: at the same port
     * with what {@link #copyDataDirectory(Path)} saved earlier, in a directory of its own, and on MySQL with another
     * {@code server_uuid}. Ends the running one as a crash would.
     */
    public synchronized void restore(Path savedData) throws IOException {
        kill();
        Path elsewhere = home.resolve("data-" + (starts + 1));
        Trees.copy(savedData, elsewhere);
        Files.deleteIfExists(elsewhere.resolve(IDENTITY));
        Trees.delete(data);
        data = elsewhere;
        start();
    }

    /**
     * Puts what {@link #copyDataDirectory(Path)} saved earlier back in place, as when a snapshot of the disk is
     * restored: the server is the same, and older. Ends the running one as a crash would.
     */
    public synchronized void rewind(Path savedData) throws IOException {
        kill();
        Trees.delete(data);
        Trees.copy(savedData, data);
        start();
    }

    /** Everything the latest run wrote into its log. */
    public synchronized String log() throws IOException {
        return Files.readString(logFile(starts));
    }

    /** Kills it and deletes its data. Closing twice is closing once. */
    @Override
    public synchronized void close() {
        kill();
        try {
            Trees.delete(home);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(leftBehind);
        }
    }

    private ManagedServer startOn(FillOnce.Filler filler, String... extraOptions) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(extraOptions));
        return onData(
                installation,
                data -> {
                    filler.fill(data);
                    Files.deleteIfExists(data.resolve(IDENTITY));
                },
                all);
    }

    private ServerProcess launch(List<String> chosen) throws IOException {
        List<String> all =
                new ArrayList<>(ServerOptions.running(installation.version().kind(), home, endpoint.port(), serverId));
        all.add("--datadir=" + data);
        all.addAll(chosen);
        ServerProcess started = ServerProcess.start(installation, home, logFile(starts), all);
        workspace.started(started);
        try {
            GivenServer.versionOf(endpoint);
        } catch (SQLException unreachable) {
            started.kill();
            throw new IOException("The server runs and cannot be entered: " + unreachable.getMessage(), unreachable);
        }
        return started;
    }

    private Path logFile(int start) {
        // MariaDB would add this ending by itself.
        return home.resolve("log-" + start + ".err");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
