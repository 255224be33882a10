package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of a server program, which ends with this JVM whatever becomes of the JVM.
 *
 * <p>A shell holds the other end of a pipe to the JVM, puts a watcher beside itself and becomes the server. When the
 * JVM is gone the operating system closes the pipe, whereupon the watcher kills the server and deletes its data.
 */
final class ServerProcess {

    private static final String READY = "ready for connections";
    private static final Duration START = Duration.ofSeconds(60);

    /** $0 is the directory to delete, the rest is the command. {@code $$} stays the pid across {@code exec}. */
    private static final String UNDER_WATCH = """
            ulimit -n 32768 2>/dev/null || ulimit -n 8192 2>/dev/null
            exec 3<&0
            (
              cat <&3
              if kill -9 $$; then
                i=0
                while kill -0 $$ && [ $i -lt 50 ]; do sleep 0.1; i=$((i+1)); done
                rm -rf "$0"
              fi
            ) >/dev/null 2>&1 &
            exec "$@" 3<&- </dev/null
            """;

    private final Process process;
    private final Path home;
    private final Path log;

    // From the pid file once the server is ready: a start script need not have become the server itself.
    private volatile long pid;

    private ServerProcess(Process process, Path home, Path log) {
        this.process = process;
        this.home = home;
        this.log = log;
        this.pid = process.pid();
    }

    /**
     * Starts a server and waits until it takes connections.
     *
     * @throws IOException with the end of the server's log if it ends or is not ready within a minute
     */
    static ServerProcess start(Installation installation, Path home, Path log, List<String> options)
            throws IOException {
        Path pidFile = home.resolve("pid");
        Files.deleteIfExists(pidFile);
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNDER_WATCH, home.toString()));
        command.addAll(installation.command());
        command.addAll(options);
        command.add("--log-error=" + log);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("out").toFile()));
        builder.environment().putAll(installation.environment());
        ServerProcess server = new ServerProcess(builder.start(), home, log);
        try {
            server.awaitReady();
            server.pid = Long.parseLong(Files.readString(pidFile).strip());
            return server;
        } catch (IOException | RuntimeException failed) {
            server.kill();
            throw failed;
        }
    }

    long pid() {
        return pid;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Ends the server without giving it a chance, and waits until it is gone. Stopped processes end as well. */
    void kill() {
        // Not by Process, which closes the pipe at once: the watcher would take it for the end of this JVM.
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        try {
            awaitEnd(Duration.ofSeconds(30));
        } catch (IOException stuck) {
            throw new IllegalStateException("Server process " + pid + " survived being killed", stuck);
        }
    }

    /** Asks the server to end and waits until it has. */
    void stop() throws IOException {
        Signal.TERM.send(pid);
        awaitEnd(Duration.ofMinutes(1));
    }

    private void awaitReady() throws IOException {
        boolean ready = Poll.until(START, () -> {
            if (!process.isAlive()) {
                throw new IOException("The server ended with code " + process.exitValue() + ". " + lastWords());
            }
            return Files.exists(log) && Files.readString(log).contains(READY);
        });
        if (!ready) {
            throw new IOException("The server was not ready within " + START + ". " + lastWords());
        }
    }

    private void awaitEnd(Duration patience) throws IOException {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("Server process " + pid + " did not end within " + patience);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while server process " + pid + " was ending");
        }
    }

    private String lastWords() throws IOException {
        StringBuilder words = new StringBuilder();
        for (Path file : List.of(home.resolve("out"), log)) {
            if (Files.exists(file)) {
                String text = Files.readString(file);
                words.append(text, Math.max(0, text.length() - 3000), text.length());
            }
        }
        return words.isEmpty() ? "It said nothing." : "It said: " + words;
    }
}
