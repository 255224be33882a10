package dev.dualwrite.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and gives what it said. */
final class Commands {

    static final Duration SHORT = Duration.ofSeconds(10);

    private Commands() {}

    static String run(List<String> command, Duration patience) throws IOException {
        return run(command, Map.of(), patience);
    }

    /**
     * Runs a program.
     *
     * @return its output and error output, as one
     * @throws IOException if it cannot be started, ends with another code than zero, or takes longer
     */
    static String run(List<String> command, Map<String, String> environment, Duration patience) throws IOException {
        // Through a file: a pipe would have to be read while the time runs.
        Path output = Files.createTempFile("dualwrite-command", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException(
                        command.get(0) + " did not end within " + patience + ". It said: " + text(output));
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        command.get(0) + " ended with code " + process.exitValue() + ". It said: " + text(output));
            }
            return text(output);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for " + command.get(0));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String text(Path output) throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1).strip();
    }
}
