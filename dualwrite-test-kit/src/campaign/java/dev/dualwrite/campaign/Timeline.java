package dev.dualwrite.campaign;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * From when till when it was certain who owns, and whether a follower may answer reads: from when a change was reported as done
 * until the next one was begun. Thread-safe.
 */
final class Timeline {
    /** Beyond that age, nothing is answered by what was before. */
    static final long AGE = TimeUnit.MILLISECONDS.toNanos(250);

    private final List<Span> spans = new ArrayList<>();
    private final Supplier<Long> clock;
    private Optional<State> now = Optional.empty();
    private long since;

    /**
     * What is certain.
     *
     * @param copies whether the phase lets a follower answer
     */
    record State(Side owner, boolean copies) {
        static State of(Phase phase) {
            return new State(phase.owner(), phase.reads() == Phase.Reads.COHORT);
        }
    }

    /** What was certain from then to then. */
    record Span(State state, long since, long until) {}

    /** Begins as a migration does. */
    Timeline(Supplier<Long> clock) {
        this.clock = clock;
        certain(State.of(Phase.SOURCE_ONLY));
    }

    /** Changes the phase. */
    PhaseOutcome phase(Supplier<PhaseOutcome> change) {
        Optional<State> before = uncertain();
        PhaseOutcome outcome = change.get();
        if (outcome instanceof PhaseOutcome.Entered entered) {
            certain(State.of(entered.phase()));
        } else if (!(outcome instanceof PhaseOutcome.Unknown)) {
            before.ifPresent(this::certain);
        }
        return outcome;
    }

    /** Moves ownership to a side. */
    FlipOutcome move(Side to, Supplier<FlipOutcome> change) {
        Optional<State> before = uncertain();
        FlipOutcome outcome = change.get();
        if (outcome instanceof FlipOutcome.Flipped) {
            certain(new State(to, false));
        } else if (!(outcome instanceof FlipOutcome.Unknown)) {
            before.ifPresent(this::certain);
        }
        return outcome;
    }

    /** From now on nothing is certain; what was. */
    synchronized Optional<State> uncertain() {
        Optional<State> before = now;
        long until = clock.get();
        now.ifPresent(state -> spans.add(new Span(state, since, until)));
        now = Optional.empty();
        return before;
    }

    synchronized void certain(State state) {
        since = clock.get();
        now = Optional.of(state);
    }

    /** When the last change was reported. */
    synchronized long since() {
        return since;
    }

    /** What was certain all the while. */
    synchronized Optional<Span> during(long began, long ended) {
        if (now.isPresent() && began - since >= 0) {
            return Optional.of(new Span(now.get(), since, Long.MAX_VALUE));
        }
        return spans.stream()
                .filter(span -> began - span.since() >= 0 && span.until() - ended >= 0)
                .findFirst();
    }
}
