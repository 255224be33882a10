package dev.dualwrite.converge;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Callers in SYNC mode who wait until their own intents are converged. They wait on a latch, never on a
 * connection, and for a bounded time. Thread-safe.
 */
public final class Waiters {
    private final Map<ByteBuffer, Waiter> waiting = new ConcurrentHashMap<>();

    private record Waiter(CountDownLatch latch, long since) {}

    /** Registers a caller; to be called before the converger is woken. */
    public Ticket register(List<byte[]> intents) {
        CountDownLatch latch = new CountDownLatch(intents.size());
        Waiter waiter = new Waiter(latch, System.nanoTime());
        List<ByteBuffer> ids = intents.stream().map(ByteBuffer::wrap).toList();
        ids.forEach(id -> waiting.put(id, waiter));
        return new Ticket(ids, latch);
    }

    /** These intents are converged. */
    public void done(Collection<byte[]> intents) {
        if (!waiting.isEmpty()) {
            intents.forEach(id -> release(ByteBuffer.wrap(id)));
        }
    }

    /**
     * The whole queue was read: who waits for an intent that is not in it, and did so before the reading
     * began, waits for something that another instance has converged.
     */
    public void seen(Set<ByteBuffer> queue, long readBegan) {
        for (Iterator<Map.Entry<ByteBuffer, Waiter>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<ByteBuffer, Waiter> entry = all.next();
            if (entry.getValue().since() < readBegan && !queue.contains(entry.getKey())) {
                release(entry.getKey());
            }
        }
    }

    /** Nothing is converged any more: all who wait go on without. */
    public void giveUp() {
        waiting.keySet().forEach(this::release);
    }

    /** How many intents are waited for. */
    public int size() {
        return waiting.size();
    }

    private void release(ByteBuffer id) {
        Waiter waiter = waiting.remove(id);
        if (waiter != null) {
            waiter.latch().countDown();
        }
    }

    /** A caller's claim. */
    public final class Ticket {
        private final List<ByteBuffer> ids;
        private final CountDownLatch latch;

        private Ticket(List<ByteBuffer> ids, CountDownLatch latch) {
            this.ids = ids;
            this.latch = latch;
        }

        /** Waits for at most the budget; whether everything was converged by then. An interrupt ends the wait and stays set. */
        public boolean await(Duration budget) {
            try {
                return latch.await(budget.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                ids.forEach(waiting::remove);
            }
        }
    }
}
