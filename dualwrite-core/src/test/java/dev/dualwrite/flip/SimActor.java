package dev.dualwrite.flip;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs real code and stops before and after each thing that it does, until it is told how to go
 * on. While it runs, whoever told it waits; so at any time one thread runs, and what it wrote is seen by the
 * next one.
 */
final class SimActor {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "simulated-instance");
        thread.setDaemon(true);
        return thread;
    });

    /** How an actor goes on from where it stands. */
    enum Directive {
        GO,
        /** The call fails; before its effect: it is not done; after it: the answer is lost. */
        FAIL,
        /** As FAIL, and the connection is gone with all that was not committed. */
        BREAK,
        /** The call fails, and the statement arrives later, or never. */
        LATE,
        /** The process is killed. */
        KILL
    }

    /**
     * Where an actor stands.
     *
     * @param what the call
     * @param done whether it has had its effect
     * @param store whose call it is, if it is one of a store
     * @param lock what it needs before it can have its effect
     */
    record Point(String what, boolean done, @Nullable SimStore store, SimWorld.Lock lock) {
        boolean ready() {
            return done || store == null || store.ready(lock);
        }
    }

    /** What an actor does. */
    @FunctionalInterface
    interface Body {
        void run(SimActor actor) throws StoreException;
    }

    /** Unwinds a killed actor. Nothing that it meets on its way has an effect any more. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private final String name;
    private final List<SimStore> stores = new ArrayList<>();
    private final Semaphore told = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private Directive directive = Directive.GO;
    private @Nullable Point point = new Point("start", true, null, SimWorld.Lock.NONE);
    private @Nullable Throwable failure;
    private boolean killed;

    SimActor(String name, Body body) {
        this.name = name;
        THREADS.execute(() -> {
            told.acquireUninterruptibly();
            try {
                if (directive != Directive.KILL) {
                    body.run(this);
                }
            } catch (Killed e) {
                killed = true;
            } catch (StoreException | RuntimeException | Error e) {
                failure = e;
            } finally {
                point = null;
                stopped.release();
            }
        });
    }

    String name() {
        return name;
    }

    List<SimStore> stores() {
        return stores;
    }

    boolean killed() {
        return killed;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    /** Where it stands; null if it has ended. */
    @Nullable Point point() {
        return point;
    }

    boolean live() {
        return point != null;
    }

    boolean ready() {
        return point != null && point.ready();
    }

    /** Lets it go on to its next stop. */
    void step(Directive how) {
        directive = how;
        if (how == Directive.KILL) {
            killed = true;
            stores.forEach(SimStore::lingers);
        }
        told.release();
        try {
            if (!stopped.tryAcquire(10, TimeUnit.MINUTES)) {
                throw new AssertionError(name + " does not come back from " + point);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Called by the actor: stops, and is told how to go on. */
    Directive stop(Point at) {
        if (killed) {
            throw new Killed();
        }
        point = at;
        stopped.release();
        told.acquireUninterruptibly();
        if (directive == Directive.KILL) {
            throw new Killed();
        }
        return directive;
    }
}
