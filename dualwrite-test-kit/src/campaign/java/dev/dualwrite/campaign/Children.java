package dev.dualwrite.campaign;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Children that stand ready: starting one takes longer than many a run. Thread-safe. */
final class Children implements AutoCloseable {
    /** What a child has printed is kept until it ends. */
    private static final int RUNS = 100;

    private final BlockingQueue<Child> ready = new LinkedBlockingQueue<>();
    private final ExecutorService starter = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "children");
        thread.setDaemon(true);
        return thread;
    });

    Children(int count) {
        for (int i = 0; i < count; i++) {
            startOne();
        }
    }

    private void startOne() {
        starter.execute(() -> {
            try {
                ready.add(Child.start());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    Child take() throws InterruptedException {
        Child child = ready.poll(60, TimeUnit.SECONDS);
        if (child == null) {
            throw new AssertionError("no child starts");
        }
        return child;
    }

    /** @param usable whether it has left its run in good order */
    void giveBack(Child child, boolean usable) {
        if (usable && child.alive() && child.runs() < RUNS) {
            ready.add(child);
        } else {
            child.close();
            startOne();
        }
    }

    @Override
    public void close() {
        starter.shutdownNow();
        ready.forEach(Child::close);
    }
}
