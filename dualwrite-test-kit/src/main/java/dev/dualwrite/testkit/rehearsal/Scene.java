package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.testkit.fault.Eventually;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What a fault finds: the stage, and the load on it. Safe for use by any number of threads. */
public final class Scene {
    private static final Duration CALM_LAG = Duration.ofSeconds(1);

    private final Stage stage;
    private final Load load;
    private final Duration patience;

    Scene(Stage stage, Load load, Duration patience) {
        this.stage = stage;
        this.load = load;
        this.patience = patience;
    }

    /** The databases and the migration. */
    public Stage stage() {
        return stage;
    }

    /** How many transactions of the load were acknowledged so far. */
    public long committed() {
        return load.committed();
    }

    /**
     * Waits until so many more transactions are acknowledged.
     *
     * @throws AssertionError if they are not within the patience of the rehearsal
     */
    public void awaitCommits(int more) {
        long wanted = committed() + more;
        await("the application commits " + more + " transactions more", () -> committed() >= wanted);
    }

    /**
     * Waits for something.
     *
     * @throws AssertionError if it does not come within the patience of the rehearsal, or the load has ended
     */
    public void await(String what, Callable<Boolean> condition) {
        Eventually.within(patience).until(what, () -> load.ended() || condition.call());
        load.assertAlive();
    }

    /** Waits until both sides answer and the follower is at most a second behind. */
    void awaitCalm() {
        await(
                "both sides answer, and the follower is at most " + CALM_LAG + " behind",
                () -> stage.dualWrite().status().lag().compareTo(CALM_LAG) < 0
                        && stage
                                .dualWrite()
                                .gate(stage.dualWrite()
                                        .ownership()
                                        .phase()
                                        .flipsTo()
                                        .orElseThrow())
                                .failed()
                                .stream()
                                .noneMatch(check -> check.name().equals("both-reachable")));
    }
}
