package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where this JVM's servers keep their data, and the promise that nothing stays: at the JVM's end the servers are killed
 * and the data deleted. What a killed JVM left is deleted by the next one; a lock on a file tells the living from the
 * dead.
 */
final class Workspace {

    private static final String PREFIX = "dualwrite-servers-";
    private static final String LOCK = "lock";
    private static final Duration YOUNG = Duration.ofMinutes(1);
    private static final long ROOM = 1L << 30;
    private static final Map<Path, Workspace> OPEN = new HashMap<>();

    private final Path directory;
    private final AtomicInteger homes = new AtomicInteger();
    private final Set<ServerProcess> running = ConcurrentHashMap.newKeySet();

    // Held until the JVM ends; closing the channel would give the lock up.
    private final FileLock lock;

    private Workspace(Path base) throws IOException {
        Files.createDirectories(base);
        sweep(base);
        directory = Files.createTempDirectory(base, PREFIX);
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = channel.lock();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "dualwrite-servers-end"));
    }

    /** This JVM's workspace under a directory. */
    static Workspace under(Path base) throws IOException {
        synchronized (OPEN) {
            Workspace open = OPEN.get(base);
            if (open == null) {
                open = new Workspace(base);
                OPEN.put(base, open);
            }
            return open;
        }
    }

    /** Memory if there is plenty of it as a directory, for then a flush costs nothing; else the temporary directory. */
    static Path defaultBase() {
        Path memory = Path.of("/dev/shm");
        if (Files.isDirectory(memory)
                && Files.isWritable(memory)
                && memory.toFile().getUsableSpace() > ROOM) {
            return memory;
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** A new, empty directory for one server. */
    Path newHome() throws IOException {
        if (!lock.isValid()) {
            throw new IOException("The lock on " + directory + " was lost");
        }
        return Files.createDirectory(directory.resolve("s" + homes.incrementAndGet()));
    }

    void started(ServerProcess process) {
        running.add(process);
    }

    void ended(ServerProcess process) {
        running.remove(process);
    }

    private void end() {
        running.forEach(ServerProcess::kill);
        try {
            Trees.delete(directory);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(leftBehind);
        }
    }

    private static void sweep(Path base) throws IOException {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path candidate : candidates) {
                try {
                    sweepIfDead(candidate);
                } catch (IOException notOurs) {
                    // Another user's, or swept by another JVM at this moment: either way not ours to delete.
                }
            }
        }
    }

    private static void sweepIfDead(Path candidate) throws IOException {
        // A directory this young may be about to get its lock.
        if (Files.getLastModifiedTime(candidate)
                .toInstant()
                .isAfter(Instant.now().minus(YOUNG))) {
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(candidate.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock dead = channel.tryLock()) {
            if (dead != null) {
                Trees.delete(candidate);
            }
        }
    }
}
