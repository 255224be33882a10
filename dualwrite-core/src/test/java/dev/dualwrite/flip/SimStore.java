package dev.dualwrite.flip;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimActor.Point;
import dev.dualwrite.flip.SimWorld.Bug;
import dev.dualwrite.flip.SimWorld.Late;
import dev.dualwrite.flip.SimWorld.Lock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One actor's connection to one side: it stops before and after each statement, and fails when it is told to. */
final class SimStore implements FenceStore {
    private final SimWorld world;
    private final SimActor actor;
    private final Side side;
    private final boolean faultless;
    private boolean broken;
    private @Nullable SimOpening opening;
    private @Nullable SimHold hold;

    /** @param faultless whether every call is done at once, without a stop */
    SimStore(SimWorld world, SimActor actor, Side side, boolean faultless) {
        this.world = world;
        this.actor = actor;
        this.side = side;
        this.faultless = faultless;
        actor.stores().add(this);
    }

    @Override
    public Side side() {
        return side;
    }

    boolean ready(Lock lock) {
        return broken || world.ready(side, lock, hold == null ? opening : hold);
    }

    /** Whether it has an opening or a hold that nobody has ended. */
    boolean holds() {
        return opening != null || hold != null;
    }

    /** The server ends the session: what is not committed is undone, and every later call fails. */
    void lose() {
        broken = true;
        if (opening != null && !opening.sent) {
            opening.rollBack();
        }
        if (hold != null) {
            hold.end();
        }
    }

    /** The process is gone; its locks stay until the server notices. */
    void lingers() {
        broken = true;
    }

    private <T> T call(String what, Lock lock, Supplier<T> effect, @Nullable T late) throws StoreException {
        if (faultless) {
            if (!ready(lock)) {
                throw new StoreException(what + " on " + side + " waits for a lock", null);
            }
            return effect.get();
        }
        Directive how = actor.stop(new Point(what + ' ' + side, false, this, lock));
        if (broken) {
            throw new StoreException(what + ": the connection to " + side + " is gone", null);
        }
        if (how == Directive.LATE && late != null) {
            world.late().add(new Late(side, lock, null, () -> consume(effect), () -> {}));
        }
        if (how == Directive.BREAK) {
            lose();
        }
        if (how != Directive.GO) {
            throw new StoreException(what + " on " + side + " failed", null);
        }
        T result = effect.get();
        how = actor.stop(new Point(what + ' ' + side, true, this, lock));
        if (how == Directive.BREAK) {
            lose();
        }
        if (how != Directive.GO || broken) {
            throw new StoreException(what + " on " + side + ": the answer was lost", null);
        }
        return result;
    }

    private static <T> void consume(Supplier<T> effect) {
        T unused = effect.get();
    }

    @Override
    public FenceRow read() throws StoreException {
        return call("read", Lock.NONE, () -> world.row(side), null);
    }

    @Override
    public FenceRow readLocked(Duration patience) throws StoreException {
        return call("readLocked", Lock.SHARED, () -> world.row(side), null);
    }

    @Override
    public Hold hold(Duration patience) throws StoreException {
        try {
            return call(
                    "hold",
                    Lock.EXCLUSIVE,
                    () -> {
                        SimHold begun = new SimHold(world.row(side));
                        hold = begun;
                        if (world.bug() != Bug.HOLDS_NOTHING) {
                            world.lock(side, begun);
                        }
                        return begun;
                    },
                    null);
        } catch (StoreException e) {
            if (hold != null) {
                hold.end();
            }
            throw e;
        }
    }

    @Override
    public boolean freeze(FenceRow seen, String attempt, Duration budget, Duration patience) throws StoreException {
        return change("freeze", () -> world.freeze(seen, attempt, budget, actor.name()));
    }

    @Override
    public boolean reopen(FenceRow seen, String attempt, Duration patience) throws StoreException {
        return change("reopen", () -> world.reopen(seen, attempt, actor.name()));
    }

    @Override
    public boolean reopenIfOverdue(FenceRow seen, String attempt, Duration patience) throws StoreException {
        return change("reopenIfOverdue", () -> world.reopen(seen, attempt, actor.name()));
    }

    @Override
    public boolean stamp(FenceRow frozen, Duration patience) throws StoreException {
        return change("stamp", () -> world.stamp(side, frozen, actor.name()));
    }

    @Override
    public boolean handOver(FenceRow seen, Duration patience) throws StoreException {
        return change("handOver", () -> world.handOver(seen, actor.name()));
    }

    @Override
    public boolean close(FenceRow seen, Duration patience) throws StoreException {
        return change("close", () -> world.close(seen, actor.name()));
    }

    @Override
    public boolean changePhase(FenceRow seen, Phase phase, String attempt, Duration patience) throws StoreException {
        return change("changePhase", () -> world.changePhase(seen, phase, attempt, actor.name()));
    }

    @Override
    public boolean mark(FenceRow seen, boolean marking, Duration patience) {
        throw new UnsupportedOperationException("the coordinator leaves marking to its work");
    }

    private boolean change(String what, Supplier<Boolean> effect) throws StoreException {
        return call(what, Lock.EXCLUSIVE, effect, false);
    }

    @Override
    public Optional<Opening> open(FenceRow handingOver, Phase phase, long epoch, Duration patience)
            throws StoreException {
        try {
            return call("open", Lock.EXCLUSIVE, () -> begin(handingOver, phase, epoch), null);
        } catch (StoreException e) {
            if (opening != null) {
                opening.rollBack();
            }
            throw e;
        }
    }

    private Optional<Opening> begin(FenceRow handingOver, Phase phase, long epoch) {
        Optional<FenceRow> to = world.opened(side, handingOver, phase, epoch);
        if (to.isEmpty()) {
            return Optional.empty();
        }
        SimOpening begun = new SimOpening(to.get());
        opening = begun;
        world.lock(side, begun);
        if (world.bug() == Bug.OPENING_COMMITS_AT_ONCE) {
            world.put("open", to.get(), actor.name());
        }
        return Optional.of(begun);
    }

    @Override
    public List<String> holders(Duration age) throws StoreException {
        return call("holders", Lock.NONE, List::of, null);
    }

    @Override
    public void close() {
        if (actor.killed()) {
            return;
        }
        if (opening != null) {
            opening.rollBack();
        }
        if (hold != null) {
            hold.end();
        }
    }

    /** The exclusive lock on the row until it is closed. */
    final class SimHold implements Hold {
        private final FenceRow row;

        private SimHold(FenceRow row) {
            this.row = row;
        }

        @Override
        public FenceRow row() {
            return row;
        }

        @Override
        public boolean closeSide() throws StoreException {
            return change("closeSide", () -> {
                boolean closed = world.close(row, actor.name());
                end();
                return closed;
            });
        }

        @Override
        public void close() {
            if (!actor.killed()) {
                end();
            }
        }

        private void end() {
            hold = null;
            world.unlock(side, this);
        }
    }

    /** An uncommitted opening; it holds the row's exclusive lock. */
    final class SimOpening implements Opening {
        private final FenceRow to;
        private boolean ended;
        private boolean sent;

        private SimOpening(FenceRow to) {
            this.to = to;
        }

        @Override
        public void commit() throws StoreException {
            if (faultless) {
                write();
                return;
            }
            Directive how = actor.stop(new Point("commit " + side, false, SimStore.this, Lock.NONE));
            if (broken || ended) {
                throw new StoreException("the opening of " + side + " was lost", null);
            }
            if (how == Directive.LATE) {
                sent = true;
                opening = null; // what the caller does next is done in another session
                world.late().add(new Late(side, Lock.EXCLUSIVE, this, this::write, this::rollBack));
                throw new StoreException("no answer to the commit on " + side, null);
            }
            if (how == Directive.BREAK) {
                lose();
            }
            if (how != Directive.GO) {
                rollBack(); // a COMMIT that the server refuses has rolled back
                throw new StoreException("committing on " + side + " failed", null);
            }
            write();
            how = actor.stop(new Point("commit " + side, true, SimStore.this, Lock.NONE));
            if (how == Directive.BREAK) {
                lose();
            }
            if (how != Directive.GO || broken) {
                throw new StoreException("the answer to the commit on " + side + " was lost", null);
            }
        }

        @Override
        public void undo() {
            if (!actor.killed() && !sent) {
                rollBack();
            }
        }

        private void write() {
            if (!ended) {
                end();
                world.put("open", to, actor.name());
            }
        }

        private void rollBack() {
            if (!ended) {
                end();
            }
        }

        private void end() {
            ended = true;
            if (opening == this) {
                opening = null;
            }
            world.unlock(side, this);
        }
    }
}
