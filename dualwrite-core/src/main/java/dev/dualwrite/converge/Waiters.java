package dev.dualwrite.converge;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Callers in SYNC mode who wait until their own intents are converged, one by one or all of a statement. They wait on a latch, never on a
 * connection, and for a bounded time. Thread-safe.
 */
public final class Waiters {
    private final Map<ByteBuffer, Waiter> waiting = new ConcurrentHashMap<>();

    /** @param many whether it is waited for all intents whose ids begin with the key */
    private record Waiter(CountDownLatch latch, long since, boolean many) {}

    /**
     * Registers a caller; to be called before the converger is woken.
     *
     * @param intents ids that are waited for
     * @param marks what the ids begin with of others that are waited for. These are known to be converged once the whole
     *     queue has been read without any of them
     */
    public Ticket register(List<byte[]> intents, List<byte[]> marks) {
        CountDownLatch latch = new CountDownLatch(intents.size() + marks.size());
        long now = System.nanoTime();
        List<ByteBuffer> keys = new ArrayList<>(intents.size() + marks.size());
        intents.forEach(id -> keys.add(registered(id, new Waiter(latch, now, false))));
        marks.forEach(mark -> keys.add(registered(mark, new Waiter(latch, now, true))));
        return new Ticket(keys, latch);
    }

    private ByteBuffer registered(byte[] key, Waiter waiter) {
        ByteBuffer wrapped = ByteBuffer.wrap(key);
        waiting.put(wrapped, waiter);
        return wrapped;
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
            ByteBuffer key = entry.getKey();
            boolean waits = entry.getValue().many()
                    ? queue.stream().anyMatch(id -> id.slice(0, key.capacity()).equals(key))
                    : queue.contains(key);
            if (entry.getValue().since() < readBegan && !waits) {
                release(key);
            }
        }
    }

    /** Nothing is converged any more: all who wait go on without. */
    public void giveUp() {
        waiting.keySet().forEach(this::release);
    }

    /** How many intents and marks are waited for. */
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
