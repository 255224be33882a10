package dev.dualwrite.converge;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Callers who wait, and those who release them, in every order that the model checker finds. It sees all that depends on
 * the order of what threads do, and nothing that depends on what one thread's processor has not shown to another.
 */
@Tag("orders")
class WaitersRaceTest {
    private static final int ORDERS = 100;

    private static byte[] id(int number) {
        return new byte[] {(byte) number};
    }

    private static void both(Runnable one, Runnable other) {
        Thread first = new Thread(one);
        Thread second = new Thread(other);
        first.start();
        second.start();
        join(first);
        join(second);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** A worker and a look at the queue release the same intent; the other one is still queued. */
    @Test
    void whoWaitsForTwoIsNotReleasedByOneThatIsDoneTwice() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Waiters waiters = new Waiters();
            Waiters.Ticket ticket = waiters.register(List.of(id(1), id(2)), List.of());
            both(
                    () -> waiters.done(List.of(id(1))),
                    () -> waiters.seen(Set.of(ByteBuffer.wrap(id(2))), Long.MAX_VALUE));
            check(!ticket.await(Duration.ZERO), "released although 2 is in the queue");
            check(waiters.size() == 0, "left behind");
        });
    }

    /** The kill switch: whoever registered before it goes on, at once. */
    @Test
    void givingUpReleasesEverybodyBesideAWorkerThatReleasesSome() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Waiters waiters = new Waiters();
            Waiters.Ticket ticket = waiters.register(List.of(id(1), id(2)), List.of());
            both(waiters::giveUp, () -> waiters.done(List.of(id(2))));
            check(ticket.await(Duration.ZERO), "released");
            check(waiters.size() == 0, "left behind");
        });
    }
}
