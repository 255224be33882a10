package dev.dualwrite.testkit.fault;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for something to become true by looking at it again and again, so that no test sleeps for as long as somebody
 * once guessed.
 *
 * <p>A look that throws counts as "not yet"; what it threw last is the cause of the failure. An interrupt ends the
 * wait with an {@link AssertionError} and stays set. Immutable, safe for use by any number of threads.
 */
public final class Eventually {

    private static final Duration DEFAULT = Duration.ofSeconds(20);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private final Duration patience;

    private Eventually(Duration patience) {
        this.patience = patience;
    }

    /** Waits up to 20 seconds, which on a busy machine is not long. */
    public static Eventually eventually() {
        return new Eventually(DEFAULT);
    }

    /** Waits as long as this and no longer. */
    public static Eventually within(Duration patience) {
        return new Eventually(patience);
    }

    /**
     * Waits until the condition holds.
     *
     * @param what what is waited for, for the failure message
     * @throws AssertionError if it does not hold in time
     */
    public void until(String what, Callable<Boolean> condition) {
        until(condition, () -> what);
    }

    /**
     * Waits until the condition holds.
     *
     * @param message asked at the failure, so it can tell what is there instead
     * @throws AssertionError if it does not hold in time
     */
    public void until(Callable<Boolean> condition, Supplier<String> message) {
        value(() -> condition.call() ? Optional.of(true) : Optional.empty(), message);
    }

    /**
     * Waits until the assertions pass.
     *
     * @throws AssertionError if they still fail at the end; the cause is their last failure
     */
    public void untilAsserted(Assertions assertions) {
        value(
                () -> {
                    assertions.run();
                    return Optional.of(true);
                },
                () -> "assertions kept failing");
    }

    /**
     * Waits until there is a value.
     *
     * @return the value
     * @throws AssertionError if there is none in time
     */
    public <T> T value(Callable<Optional<T>> source, Supplier<String> message) {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            Throwable failure = null;
            try {
                Optional<T> value = source.call();
                if (value.isPresent()) {
                    return value.get();
                }
            } catch (Exception | AssertionError notYet) {
                failure = notYet;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw failed("Interrupted while waiting: ", message, failure);
            }
            if (System.nanoTime() - deadline >= 0) {
                throw failed("Not within " + patience + ": ", message, failure);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    private static AssertionError failed(String how, Supplier<String> message, @Nullable Throwable cause) {
        String last = cause == null ? "" : ". Last: " + cause.getMessage();
        return new AssertionError(how + message.get() + last, cause);
    }

    /** Assertions that may throw anything. */
    @FunctionalInterface
    public interface Assertions {
        /** Passes or throws. */
        void run() throws Exception;
    }
}
