package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.ReadShapeTable.Scope;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One read that is being compared. What the caller was answered and what the other side answers are only a first look: if these
 * differ, both sides are asked by the library itself, in rounds. A round is the owner, a wait until nothing is left of what had
 * been on its way to the read tables by then, the follower, and both once more. Only if in two rounds in a row nothing was on its
 * way, neither side changed, and both answered as in the round before, it is a difference. Of one worker at a time.
 */
final class Case<A> implements Delayed {
    /** Rounds that may go wrong. */
    private static final int ROUNDS = 8;

    /** For so long the follower may be behind. */
    private static final Duration BEHIND = Duration.ofSeconds(30);

    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(100);

    private final Ground ground;
    private final Question<A> question;
    private final Scope scope;
    private final CircuitBreaker breaker;
    private final BiConsumer<Shape, List<Differing>> found;
    private final @Nullable A noted;
    private final Side notedOn;
    private final long began = System.nanoTime();
    private boolean suspected;
    private int rounds;
    private @Nullable Object before;
    private volatile long due = began;

    /**
     * @param noted what the caller was answered; null if that is not known
     * @param notedOn where
     * @param breaker of the follower
     * @param found is told what differs
     */
    Case(
            Ground ground,
            Question<A> question,
            Scope scope,
            CircuitBreaker breaker,
            BiConsumer<Shape, List<Differing>> found,
            @Nullable A noted,
            Side notedOn) {
        this.ground = ground;
        this.question = question;
        this.scope = scope;
        this.breaker = breaker;
        this.found = found;
        this.noted = noted;
        this.notedOn = notedOn;
    }

    Shape shape() {
        return question.shape();
    }

    /** Not a difference, and not a match: told by name. */
    private static final class Over extends Exception {
        private static final long serialVersionUID = 1L;

        private final @Nullable Skip skip;
        private final List<Count> counts;

        Over(@Nullable Skip skip, Count... counts) {
            super(String.valueOf(skip));
            this.skip = skip;
            this.counts = List.of(counts);
        }
    }

    /** Goes one step; after how long the next one is due, or empty if it is decided. */
    Optional<Duration> step() {
        try {
            return suspected ? round() : first();
        } catch (Over over) {
            if (over.skip != null) {
                shape().skipped(over.skip);
            }
            over.counts.forEach(shape()::count);
            return Optional.empty();
        }
    }

    private Optional<Duration> first() throws Over {
        Side owner = owner();
        if (noted != null) {
            A other = ask(notedOn.other());
            Likeness likeness = notedOn == owner ? question.compare(noted, other) : question.compare(other, noted);
            if (likeness.equal() && question.answers(other)) {
                return matched(likeness, true);
            }
        }
        suspected = true;
        return round();
    }

    private Optional<Duration> round() throws Over {
        Side owner = owner();
        A here = ask(owner);
        if (behind(owner)) {
            if (System.nanoTime() - began > BEHIND.toNanos()) {
                throw new Over(null, Count.UNSETTLED);
            }
            return Optional.of(BETWEEN_ROUNDS.multipliedBy(3));
        }
        A there = ask(owner.other());
        Likeness likeness = question.compare(here, there);
        if (likeness.equal()) {
            return matched(likeness, noted == null && rounds == 0);
        }
        A hereAgain = ask(owner);
        if (!question.compare(here, hereAgain).equal()) {
            shape().count(Count.NOISE);
            return another(null);
        }
        A thereAgain = ask(owner.other());
        if (!question.compare(there, thereAgain).equal()) {
            return another(null);
        }
        Object print = question.print(hereAgain, thereAgain);
        if (!print.equals(before)) {
            return another(print);
        }
        if (!Objects.equals(owner(), owner)) {
            throw new Over(Skip.PHASE_OVER);
        }
        found.accept(shape(), question.differences(hereAgain, thereAgain));
        shape().different();
        return Optional.empty();
    }

    private Optional<Duration> another(@Nullable Object print) throws Over {
        before = print;
        rounds++;
        if (rounds >= ROUNDS) {
            throw new Over(null, Count.UNSETTLED);
        }
        return Optional.of(BETWEEN_ROUNDS.multipliedBy(rounds));
    }

    private Optional<Duration> matched(Likeness likeness, boolean atFirstSight) throws Over {
        if (shape().matched(likeness.rules(), atFirstSight)) {
            Side owner = owner();
            A once = ask(owner);
            A twice = ask(owner);
            shape().count(Count.NOISE_CHECKS);
            if (!question.compare(once, twice).equal()) {
                shape().count(Count.NOISE);
            }
        }
        return Optional.empty();
    }

    /** The owner, as long as reads are compared and it is the same that the comparison began with. */
    private Side owner() throws Over {
        FenceRow row = ground.owner().orElseThrow(() -> new Over(Skip.PHASE_OVER));
        if (row.phase().reads() == Phase.Reads.OWNER || row.captureEpoch() != scope.captureEpoch()) {
            throw new Over(Skip.PHASE_OVER);
        }
        return row.side();
    }

    private A ask(Side side) throws Over {
        boolean candidate = side != owner();
        if (candidate && !breaker.tryAcquirePermission()) {
            throw new Over(null, Count.DROPPED, Count.CANDIDATE_ERRORS);
        }
        long start = System.nanoTime();
        boolean answered = false;
        try {
            A answer = question.ask(side);
            answered = true;
            if (!candidate && !question.answers(answer)) {
                throw new Over(Skip.OWNER_ERROR);
            }
            return answer;
        } catch (Unanswered e) {
            if (e.why() == Unanswered.Why.TOO_LARGE) {
                answered = true;
                throw new Over(Skip.TOO_LARGE);
            }
            throw candidate ? new Over(null, Count.DROPPED, Count.CANDIDATE_ERRORS) : new Over(Skip.OWNER_ERROR);
        } finally {
            if (candidate) {
                tell(answered, System.nanoTime() - start);
            }
        }
    }

    private void tell(boolean answered, long nanos) {
        if (answered) {
            breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        } else {
            breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException("no answer"));
        }
    }

    /** Whether something is left of what is on its way to the read tables at this moment; looked at a few times. */
    private boolean behind(Side owner) throws Over {
        try {
            ControlSide control = ground.control(owner);
            try (Connection connection = control.connection();
                    Statement statement = connection.createStatement()) {
                String now;
                try (ResultSet row = statement.executeQuery("SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)")) {
                    row.next();
                    now = row.getString(1);
                }
                boolean pending = control.queue().pending(connection, question.tables(), now);
                for (int i = 0; pending && i < 5; i++) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    pending = control.queue().pending(connection, question.tables(), now);
                }
                return pending;
            }
        } catch (SQLException e) {
            throw new Over(Skip.OWNER_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Over(Skip.PHASE_OVER);
        }
    }

    /** The next step is not to be gone before so long. */
    void delay(Duration by) {
        due = System.nanoTime() + by.toNanos();
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
