package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.util.List;

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

    /**
     * Sends the signal.
     *
     * @throws IOException if there is no such process or it is not ours
     */
    public void send(long pid) throws IOException {
        // The shell's own kill: not every system has one as a program.
        Commands.run(List.of("/bin/sh", "-c", "kill -" + name() + " " + pid), Commands.SHORT);
    }
}
