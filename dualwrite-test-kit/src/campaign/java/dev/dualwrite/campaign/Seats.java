package dev.dualwrite.campaign;

import dev.dualwrite.FlipStep;
import dev.dualwrite.jdbc.runtime.Seams;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Seams at which something happens to the nth thread that comes by, once. Thread-safe. */
final class Seats implements Seams {
    private final List<Armed> armed = new CopyOnWriteArrayList<>();

    private record Armed(String seam, AtomicInteger left, Runnable action) {}

    void arm(String seam, int nth, Runnable action) {
        armed.add(new Armed(seam, new AtomicInteger(nth), action));
    }

    void disarm() {
        armed.clear();
    }

    private void pass(String seam) {
        for (Armed one : armed) {
            if (one.seam().equals(seam) && one.left().decrementAndGet() == 0) {
                one.action().run();
            }
        }
    }

    @Override
    public void afterOwnerCommit() {
        pass("afterOwnerCommit");
    }

    @Override
    public void afterPeek() {
        pass("afterPeek");
    }

    @Override
    public void afterLanesLocked() {
        pass("afterLanesLocked");
    }

    @Override
    public void afterOwnerRead() {
        pass("afterOwnerRead");
    }

    @Override
    public void betweenFollowerStatements() {
        pass("betweenFollowerStatements");
    }

    @Override
    public void afterClash() {
        pass("afterClash");
    }

    @Override
    public void beforeFollowerCommit() {
        pass("beforeFollowerCommit");
    }

    @Override
    public void afterFollowerCommit() {
        pass("afterFollowerCommit");
    }

    @Override
    public void afterChunkRead() {
        pass("afterChunkRead");
    }

    @Override
    public void afterChunk() {
        pass("afterChunk");
    }

    @Override
    public void afterVerifiedPage() {
        pass("afterVerifiedPage");
    }

    @Override
    public void afterFlipStep(FlipStep step) {
        pass(step.name());
    }
}
