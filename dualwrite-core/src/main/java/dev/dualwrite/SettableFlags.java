package dev.dualwrite;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A {@link FlagSource} that the host sets by calls: for an admin endpoint, a command, or a test. Thread-safe. */
public final class SettableFlags implements FlagSource {
    // Each is written by any thread and read by the library's; a stale value is a late wish.
    private volatile Optional<Phase> phase = Optional.empty();
    private volatile boolean held;
    private volatile boolean killed;
    private volatile OptionalDouble percent = OptionalDouble.empty();
    private volatile Map<String, Set<String>> members = Map.of();
    private volatile OptionalDouble sampling = OptionalDouble.empty();
    private volatile boolean paused;

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

    /** Wishes for a share of all readers, 0 to 100; 0 after more takes everybody out of the cohort. */
    public void readPercent(double percent) {
        this.percent = OptionalDouble.of(percent);
    }

    /** Has no opinion about the share of readers any more. */
    public void withdrawReadPercent() {
        this.percent = OptionalDouble.empty();
    }

    /** Wishes for members of the cohort by attribute: these and no others from now on. */
    public void readCohort(Map<String, Set<String>> members) {
        this.members = Map.copyOf(members);
    }

    /** Sets the share of reads that are compared, 0 to 100. */
    public void sampling(double percent) {
        this.sampling = OptionalDouble.of(percent);
    }

    /** Has no opinion about the share of reads that are compared any more. */
    public void withdrawSampling() {
        this.sampling = OptionalDouble.empty();
    }

    /** Lets backfills stand still, or go on. */
    public void pause(boolean on) {
        this.paused = on;
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

    @Override
    public OptionalDouble readPercent() {
        return percent;
    }

    @Override
    public Map<String, Set<String>> readCohort() {
        return members;
    }

    @Override
    public OptionalDouble sampling() {
        return sampling;
    }

    @Override
    public boolean paused() {
        return paused;
    }
}
