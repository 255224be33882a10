package dev.dualwrite;

import java.util.Optional;

/** A {@link FlagSource} that the host sets by calls: for an admin endpoint, a command, or a test. Thread-safe. */
public final class SettableFlags implements FlagSource {
    // Each is written by any thread and read by the library's; a stale value is a late wish.
    private volatile Optional<Phase> phase = Optional.empty();
    private volatile boolean held;
    private volatile boolean killed;

    /** Wishes for nothing until it is told to. */
    public SettableFlags() {}

    /** Wishes for a phase; the gate and the fence decide. */
    public void request(Phase wished) {
        this.phase = Optional.of(wished);
    }

    /** Takes the wish back, if it was not fulfilled yet. */
    public void withdraw() {
        this.phase = Optional.empty();
    }

    /** Holds flips and changes of phase back, or releases them. */
    public void hold(boolean on) {
        this.held = on;
    }

    /** Stops converging, or lets it go on. */
    public void kill(boolean on) {
        this.killed = on;
    }

    @Override
    public Optional<Phase> requestedPhase() {
        return phase;
    }

    @Override
    public boolean hold() {
        return held;
    }

    @Override
    public boolean kill() {
        return killed;
    }
}
