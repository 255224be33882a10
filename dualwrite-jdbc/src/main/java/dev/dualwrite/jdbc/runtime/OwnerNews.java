package dev.dualwrite.jdbc.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.FenceState;
import dev.dualwrite.Ownership;
import dev.dualwrite.jdbc.OwnerListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners who owns, in the order in which it was seen. Thread-safe; listeners are called without a lock, by one thread. */
final class OwnerNews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerNews.class);

    /** A flip raises the epoch by two: after so many unseen, ownership may have gone and come back. */
    private static final long THERE_AND_BACK = 4;

    private final String migration;
    private final Supplier<Ownership> ownership;
    private final Supplier<Set<String>> tables;
    private final ExecutorService teller;

    @GuardedBy("this") private final List<Ear> ears = new ArrayList<>();

    /** A listener, and what was seen last for it. */
    private static final class Ear {
        private final OwnerListener listener;
        private Ownership seen;

        Ear(OwnerListener listener, Ownership seen) {
            this.listener = listener;
            this.seen = seen;
        }
    }

    OwnerNews(String migration, Supplier<Ownership> ownership, Supplier<Set<String>> tables) {
        this.migration = migration;
        this.ownership = ownership;
        this.tables = tables;
        this.teller = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "dualwrite-" + migration + "-owner");
            thread.setDaemon(true);
            return thread;
        });
    }

    synchronized void add(OwnerListener listener) {
        Ownership now = ownership.get();
        ears.add(new Ear(listener, now));
        if (now.epoch() > 0) {
            tell(listener, now);
        }
    }

    /** Fences were looked at. */
    synchronized void looked() {
        if (ears.isEmpty()) {
            return;
        }
        Ownership now = ownership.get();
        if (now.state() != FenceState.OPEN) {
            return; // on the way from one to the other
        }
        for (Ear ear : ears) {
            if (ear.seen.owner() != now.owner()
                    || ear.seen.epoch() == 0
                    || now.epoch() - ear.seen.epoch() >= THERE_AND_BACK) {
                tell(ear.listener, now);
            }
            ear.seen = now;
        }
    }

    @GuardedBy("this") private void tell(OwnerListener listener, Ownership now) {
        if (teller.isShutdown()) {
            return;
        }
        teller.execute(() -> {
            try {
                listener.ownerChanged(tables.get(), now.owner(), now.epoch());
            } catch (RuntimeException e) {
                LOG.warn("DW-5029 {}: a listener failed when it was told that {} owns", migration, now.owner(), e);
            }
        });
    }

    /** Lets what is to be told be told for a while. */
    @Override
    public void close() {
        synchronized (this) {
            teller.shutdown();
        }
        try {
            if (!teller.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("{}: listeners take long, and are left to themselves", migration);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
