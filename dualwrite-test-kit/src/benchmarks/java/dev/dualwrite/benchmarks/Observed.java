package dev.dualwrite.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the same question again and again, in a thread of its own, until it is closed. Thread-safe. */
final class Observed<T> implements AutoCloseable {
    private final List<T> values = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable RuntimeException failure;

    private Observed(Duration every, Supplier<T> question) {
        this.thread = new Thread(
                () -> {
                    try {
                        do {
                            values.add(question.get());
                        } while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        failure = e;
                    }
                },
                "observer");
        thread.setDaemon(true);
        thread.start();
    }

    static <T> Observed<T> every(Duration time, Supplier<T> question) {
        return new Observed<>(time, question);
    }

    /** What was answered so far; throws what an answer threw. */
    List<T> values() {
        if (failure != null) {
            throw new IllegalStateException("nothing was observed any more from some time on", failure);
        }
        return new ArrayList<>(values);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
