package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A directory of things that cost time to make and never change: unpacked binaries, fresh data directories.
 *
 * <p>An entry appears under its name complete or not at all, by an atomic rename. Any number of threads and JVMs may
 * ask for the same entry; one makes it while the others wait.
 */
final class FillOnce {

    private static final Object IN_THIS_JVM = new Object();

    private final Path directory;

    FillOnce(Path directory) {
        this.directory = directory;
    }

    /** The entry of this name, made if it is not there. */
    Path entry(String name, Filler filler) throws IOException {
        Path entry = directory.resolve(name);
        if (Files.isDirectory(entry)) {
            return entry;
        }
        Files.createDirectories(directory);
        // A file lock is held by the JVM, not by the thread.
        synchronized (IN_THIS_JVM) {
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(entry)) {
                    Path unfinished = directory.resolve(name + ".unfinished");
                    Trees.delete(unfinished);
                    Files.createDirectories(unfinished);
                    filler.fill(unfinished);
                    Files.move(unfinished, entry, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return entry;
    }

    @FunctionalInterface
    interface Filler {
        void fill(Path directory) throws IOException;
    }
}
