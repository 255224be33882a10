package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Side;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What the host computes of either side: the control of the source, the candidate of the target. */
final class ObjectQuestion<T extends @Nullable Object> implements Question<ObjectQuestion.Held<T>> {
    private final Shape shape;
    private final Set<String> tables;
    private final Callable<? extends T> control;
    private final Callable<? extends T> candidate;
    private final BiPredicate<? super T, ? super T> alike;

    /** An answer, which may be null. */
    record Held<T extends @Nullable Object>(T value) {}

    ObjectQuestion(
            Shape shape,
            Set<String> tables,
            Callable<? extends T> control,
            Callable<? extends T> candidate,
            BiPredicate<? super T, ? super T> alike) {
        this.shape = shape;
        this.tables = tables;
        this.control = control;
        this.candidate = candidate;
        this.alike = alike;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Set<String> tables() {
        return tables;
    }

    @Override
    public Held<T> ask(Side side) throws Unanswered {
        try {
            return new Held<>(side == Side.SOURCE ? control.call() : candidate.call());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered(Unanswered.Why.FAILED, "interrupted");
        } catch (Exception | Error e) {
            throw new Unanswered(Unanswered.Why.FAILED, e.getClass().getName());
        }
    }

    @Override
    public Likeness compare(Held<T> owner, Held<T> other) {
        return new Likeness(alike.test(owner.value(), other.value()), Set.of(), List.of(), List.of(), "");
    }

    @Override
    public boolean answers(Held<T> answer) {
        return true;
    }

    @Override
    public Object print(Held<T> owner, Held<T> follower) {
        return "different";
    }

    @Override
    public List<Differing> differences(Held<T> owner, Held<T> follower) {
        return List.of(new Differing(null, null, "what the host has compared differs"));
    }
}
