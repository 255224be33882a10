package dev.dualwrite.converge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WaitersTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Waiters waiters = new Waiters();

    private static byte[] id(int number) {
        return new byte[] {0, (byte) number};
    }

    private static ByteBuffer in(int number) {
        return ByteBuffer.wrap(id(number));
    }

    /** A time that is surely after everything registered so far. */
    private static long later() {
        return System.nanoTime() + 1;
    }

    @Test
    void aCallerIsReleasedWhenAllItsIntentsAreDone() {
        Waiters.Ticket ticket = waiters.register(List.of(id(1), id(2)), List.of());

        waiters.done(List.of(id(1)));
        assertThat(ticket.await(Duration.ZERO)).isFalse();

        Waiters.Ticket other = waiters.register(List.of(id(3), id(4)), List.of());
        waiters.done(List.of(id(4), id(3), id(9)));
        assertThat(other.await(LONG)).isTrue();
        assertThat(waiters.size()).isZero();
    }

    @Test
    void theSameIntentDoneTwiceCountsOnce() {
        Waiters.Ticket ticket = waiters.register(List.of(id(1), id(2)), List.of());

        waiters.done(List.of(id(1)));
        waiters.done(List.of(id(1)));

        assertThat(ticket.await(Duration.ZERO)).isFalse();
    }

    @Test
    void anIntentThatIsGoneFromTheQueueWasConvergedByAnotherInstance() {
        Waiters.Ticket ticket = waiters.register(List.of(id(1), id(2)), List.of());

        waiters.seen(Set.of(in(2)), later());
        assertThat(waiters.size()).isEqualTo(1);
        waiters.seen(Set.of(), later());

        assertThat(ticket.await(LONG)).isTrue();
        assertThat(waiters.size()).isZero();
    }

    @Test
    void anIntentThatStandsInTheQueueIsNotConverged() {
        Waiters.Ticket ticket = waiters.register(List.of(id(1)), List.of());

        waiters.seen(Set.of(in(1), in(2)), later());

        assertThat(ticket.await(Duration.ZERO)).isFalse();
    }

    @Test
    void aReadingThatBeganBeforeTheCallerCameSaysNothingAboutIt() {
        long began = System.nanoTime();
        Waiters.Ticket ticket = waiters.register(List.of(id(1)), List.of());

        waiters.seen(Set.of(), began);

        assertThat(waiters.size()).isEqualTo(1);
        assertThat(ticket.await(Duration.ZERO)).isFalse();
    }

    @Test
    void whoHasWaitedLeavesNothingBehind() {
        Waiters.Ticket ticket = waiters.register(List.of(id(1), id(2)), List.of());
        Waiters.Ticket stays = waiters.register(List.of(id(3)), List.of());

        assertThat(ticket.await(Duration.ofNanos(1))).isFalse();

        assertThat(waiters.size()).isEqualTo(1);
        waiters.done(List.of(id(1), id(2), id(3)));
        assertThat(stays.await(LONG)).isTrue();
        assertThat(waiters.size()).isZero();
    }

    @Test
    void aMarkIsReleasedOnceTheWholeQueueHasNoIdThatBeginsWithIt() {
        byte[] mark = {7};
        Waiters.Ticket ticket = waiters.register(List.of(id(1)), List.of(mark));

        waiters.done(List.of(id(1), new byte[] {7, 1}));
        waiters.seen(Set.of(ByteBuffer.wrap(new byte[] {7, 2}), in(5)), later());
        assertThat(waiters.size()).isEqualTo(1);
        waiters.seen(Set.of(in(7)), 0);
        assertThat(waiters.size()).as("read before it was registered").isEqualTo(1);
        waiters.seen(Set.of(in(7)), later());
        assertThat(ticket.await(LONG)).isTrue();
    }

    @Test
    void whoWaitsForIntentsAndMarksWaitsForBoth() {
        Waiters.Ticket ticket = waiters.register(List.of(id(1)), List.of(new byte[] {7}));
        waiters.done(List.of(id(1)));
        assertThat(ticket.await(Duration.ZERO)).as("the mark is open").isFalse();

        Waiters.Ticket marks = waiters.register(List.of(), List.of(new byte[] {8}, new byte[] {9}));
        waiters.seen(Set.of(ByteBuffer.wrap(new byte[] {9, 1})), later());
        assertThat(waiters.size()).isEqualTo(1);
        waiters.seen(Set.of(), later());
        assertThat(marks.await(LONG)).isTrue();
    }

    @Test
    void whenNothingIsConvergedAnyMoreNobodyIsKeptWaiting() {
        Waiters.Ticket one = waiters.register(List.of(id(1), id(2)), List.of());
        Waiters.Ticket other = waiters.register(List.of(), List.of(new byte[] {7}));

        waiters.giveUp();

        assertThat(waiters.size()).isZero();
        assertThat(one.await(Duration.ZERO)).isTrue();
        assertThat(other.await(Duration.ZERO)).isTrue();
    }

    @Test
    void nothingToWaitForIsDone() {
        assertThat(waiters.register(List.of(), List.of()).await(Duration.ZERO)).isTrue();
    }

    @Test
    void aWaitingThreadIsReleasedByAnother() throws InterruptedException {
        Waiters.Ticket ticket = waiters.register(List.of(id(1)), List.of());
        AtomicBoolean released = new AtomicBoolean();
        Thread caller = new Thread(() -> released.set(ticket.await(LONG)));
        caller.start();

        waiters.done(List.of(id(1)));
        caller.join();

        assertThat(released).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() throws InterruptedException {
        Waiters.Ticket ticket = waiters.register(List.of(id(1)), List.of());
        AtomicBoolean converged = new AtomicBoolean(true);
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            converged.set(ticket.await(LONG));
            interrupted.set(Thread.currentThread().isInterrupted());
            ended.countDown();
        });
        caller.start();

        caller.interrupt();
        ended.await();

        assertThat(converged).isFalse();
        assertThat(interrupted).isTrue();
        assertThat(waiters.size()).isZero();
    }
}
