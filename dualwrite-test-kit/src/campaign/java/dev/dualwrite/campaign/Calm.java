package dev.dualwrite.campaign;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Times in which the clients of an instance hardly write: who has written a moment ago reads from the owner, and who has no key
 * waits for everybody. Begun by chance, more often where reads may move. Thread-safe.
 */
final class Calm {
    private static final int ANSWERS = 60;

    private final AtomicInteger left = new AtomicInteger();

    boolean on(Draw draw, boolean readsMove) {
        if (left.getAndUpdate(now -> Math.max(0, now - 1)) > 0) {
            return true;
        }
        if (draw.chance(readsMove ? 10 : 1)) {
            left.set(ANSWERS);
        }
        return false;
    }
}
