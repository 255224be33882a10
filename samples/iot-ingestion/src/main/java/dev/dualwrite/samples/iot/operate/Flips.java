package dev.dualwrite.samples.iot.operate;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Flips and rollbacks, each tried until it is done, each answer told. Used by one thread. */
final class Flips {
    private static final int TRIES = 40;
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final DualWrite console;
    private final List<AppInstance> instances;
    private final Journal journal;
    private final List<FlipRecord> done = new ArrayList<>();

    Flips(DualWrite console, List<AppInstance> instances, Journal journal) {
        this.console = console;
        this.instances = List.copyOf(instances);
        this.journal = journal;
    }

    List<FlipRecord> done() {
        return List.copyOf(done);
    }

    void flip() throws StoppedException, InterruptedException {
        until("flip", Phase.REVERSE_WINDOW);
    }

    void rollBack() throws StoppedException, InterruptedException {
        until("rollback", Phase.DUAL_WRITE);
    }

    private void until(String what, Phase wanted) throws StoppedException, InterruptedException {
        long first = System.currentTimeMillis();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            long began = System.currentTimeMillis();
            // One whose outcome was unknown may have been finished by another instance; a second call would undo it.
            if (console.ownership().phase() == wanted) {
                Duration seen = longestGap(new AppInstance.Span(first, began));
                done(
                        what,
                        wanted,
                        console.ownership().epoch(),
                        seen,
                        seen,
                        attempt - 1,
                        ", another instance finished it");
                return;
            }
            FlipOutcome outcome = wanted == Phase.REVERSE_WINDOW ? console.flip() : console.rollBack();
            if (outcome instanceof FlipOutcome.Flipped flipped) {
                AppInstance.Span around = new AppInstance.Span(began, System.currentTimeMillis());
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos()); // the processes tell of what they saw
                String late = flipped.unacknowledged().isEmpty()
                        ? ""
                        : "; not confirmed yet by " + String.join(", ", flipped.unacknowledged());
                done(what, wanted, flipped.epoch(), flipped.stall(), longestGap(around), attempt, late);
                return;
            }
            journal.step(what + ", attempt " + attempt + ": " + Answers.words(outcome));
            TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
        }
        throw new StoppedException("the " + what + " was not done in " + TRIES + " tries");
    }

    private void done(String what, Phase wanted, long epoch, Duration stall, Duration seen, int attempts, String more) {
        done.add(new FlipRecord(what, epoch, stall, seen, attempts));
        journal.tell(
                Event.Kind.PHASE,
                wanted + " at epoch " + epoch + ": the " + wanted.owner() + " owns; writers were held for "
                        + stall.toMillis() + " ms" + more);
    }

    private Duration longestGap(AppInstance.Span around) {
        return instances.stream()
                .map(instance -> instance.longestGap(around))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
