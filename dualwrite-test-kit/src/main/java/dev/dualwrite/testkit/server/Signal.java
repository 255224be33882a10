package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the operating system can do to a process from outside. Unix only. */
public enum Signal {
    /** Ends it at once; it learns nothing. */
    KILL,
    /** Asks it to end. */
    TERM,
    /** Stops it where it stands, holding everything it holds. */
    STOP,
    /** Lets a stopped process go on. */
    CONT;

    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    /**
     * Sends the signal. After {@link #STOP} the process stands still when this returns: that a signal was sent does not
     * say that every thread has met it.
     *
     * @throws IOException if there is no such process or it is not ours, or if it does not stop within 10 s
     */
    public void send(long pid) throws IOException {
        // The shell's own kill: not every system has one as a program.
        Commands.run(List.of("/bin/sh", "-c", "kill -" + name() + " " + pid), Commands.SHORT);
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        // Where the system shows no threads there is nothing to look at; the signal alone must do.
        if (this == STOP && Files.isDirectory(threads) && !Poll.until(STANDSTILL, () -> standStill(threads))) {
            throw new IOException("Process " + pid + " did not stop within " + STANDSTILL);
        }
    }

    private static boolean standStill(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                // pid (name) state …; the name may hold anything but the last bracket ends it.
                String stat = Files.readString(thread.resolve("stat"));
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                if (state != 'T' && state != 't') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException threadEnded) {
            return false;
        }
    }
}
