package dev.dualwrite.testkit.fault;

import dev.dualwrite.testkit.server.Signal;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Another instance in a JVM of its own, on this JVM's class path, to be killed, stopped and talked to by lines: what
 * it prints is read with {@link #awaitLine}, what it is sent it reads from its standard input.
 *
 * <p>It ends with this JVM, also if this JVM is killed: a watcher beside it holds the other end of a pipe and kills it
 * when the pipe closes. Safe for use by any number of threads. Unix only.
 */
public final class ChildJvm implements AutoCloseable {

    /** $0 is the pipe's place. The watcher passes lines on; {@code $$} stays the pid across {@code exec}. */
    private static final String UNDER_WATCH = """
            exec 3<&0
            (
              exec >"$0"
              rm -rf "${0%/*}"
              cat <&3
              kill -9 $$
            ) 2>/dev/null &
            exec "$@" 3<&- <"$0"
            """;

    private static final Duration END = Duration.ofSeconds(30);

    private final Process process;
    private final Output output = new Output();
    private final BufferedWriter input;
    private final Thread reader;

    private ChildJvm(Process process) {
        this.process = process;
        input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        reader = new Thread(this::read, "dualwrite-child-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a main class with arguments. */
    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return of(main).arguments(arguments).start();
    }

    /** Begins to describe a child. */
    public static Builder of(Class<?> main) {
        return new Builder(main);
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** True while it exists, stopped or not. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for a line that starts so, among the lines after the one that was awaited last.
     *
     * @return what follows the prefix
     * @throws AssertionError with all it printed, if it ends or the line does not come in time
     */
    public String awaitLine(String prefix, Duration patience) {
        return output.await(prefix, patience, this);
    }

    /** Sends a line to its standard input. */
    public void send(String line) throws IOException {
        synchronized (input) {
            input.write(line);
            input.newLine();
            input.flush();
        }
    }

    /** Ends it as a crash would and waits until it is gone. */
    public void kill() {
        process.toHandle().destroyForcibly();
        exitCode(END);
    }

    /** Stops it where it stands. */
    public void pause() throws IOException {
        Signal.STOP.send(process.pid());
    }

    /** Lets it go on. */
    public void resume() throws IOException {
        Signal.CONT.send(process.pid());
    }

    /**
     * Waits for its end.
     *
     * @return its exit code; 137 after {@link #kill()}
     * @throws AssertionError with all it printed, if it does not end in time
     */
    public int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("The child did not end within " + patience + ". " + output());
            }
            reader.join(END.toMillis());
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while the child was ending", interrupted);
        }
    }

    /** All it printed so far, both streams, for failure messages. */
    public String output() {
        return "The child printed:\n" + output.all();
    }

    /** Kills it if it still runs. Closing twice is closing once. */
    @Override
    public void close() {
        kill();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                output.add(line);
                line = lines.readLine();
            }
        } catch (IOException closed) {
            output.add("(the output ended: " + closed.getMessage() + ")");
        } finally {
            output.end();
        }
    }

    /** What a child is started with. Not safe for several threads. */
    public static final class Builder {

        private final Class<?> main;
        private final Map<String, String> properties = new LinkedHashMap<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private final StringBuilder first = new StringBuilder();

        private Builder(Class<?> main) {
            this.main = main;
            // Which servers are meant is meant for children as well.
            System.getProperties().stringPropertyNames().stream()
                    .filter(name -> name.startsWith("dualwrite."))
                    .forEach(name -> properties.put(name, System.getProperty(name)));
        }

        /** Adds arguments of the main method. */
        public Builder arguments(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /** Sets a system property. Those that start with {@code dualwrite.} are handed down without being named. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** Adds options of the virtual machine. */
        public Builder jvmOptions(String... more) {
            jvmOptions.addAll(List.of(more));
            return this;
        }

        /** Puts a folder of classes in front of the class path: what is in it replaces what is behind it. */
        public Builder classPathFirst(Path folder) {
            first.append(folder).append(File.pathSeparatorChar);
            return this;
        }

        /** Starts it. */
        public ChildJvm start() throws IOException {
            Path pipe = Files.createTempDirectory("dualwrite-child").resolve("pipe");
            Process making = new ProcessBuilder("mkfifo", pipe.toString()).start();
            try {
                if (making.waitFor() != 0) {
                    throw new IOException("Cannot make a pipe at " + pipe);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while starting a child", interrupted);
            }
            List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNDER_WATCH, pipe.toString()));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
            command.add(main.getName());
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // By the environment: a class path can be longer than people like to read in a process list.
            builder.environment().put("CLASSPATH", first + System.getProperty("java.class.path"));
            return new ChildJvm(builder.start());
        }
    }

    /** The lines a child printed, and how far they have been looked at. */
    private static final class Output {

        private final List<String> lines = new ArrayList<>();
        private int looked;
        private boolean ended;

        synchronized void add(String line) {
            lines.add(line);
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized String all() {
            return String.join("\n", lines);
        }

        synchronized String await(String prefix, Duration patience, ChildJvm child) {
            long deadline = System.nanoTime() + patience.toNanos();
            try {
                while (true) {
                    while (looked < lines.size()) {
                        String line = lines.get(looked++);
                        if (line.startsWith(prefix)) {
                            return line.substring(prefix.length()).strip();
                        }
                    }
                    long left = deadline - System.nanoTime();
                    if (ended || left <= 0) {
                        throw new AssertionError((ended ? "The child ended" : "Not within " + patience) + ": no line \""
                                + prefix + "\". " + child.output());
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting for a line", interrupted);
            }
        }
    }
}
