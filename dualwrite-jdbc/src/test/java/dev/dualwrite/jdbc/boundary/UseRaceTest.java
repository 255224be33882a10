package dev.dualwrite.jdbc.boundary;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Calls on a connection, and others who close it, in every order that the model checker finds: it is given back once, by
 * somebody, and never while a call is under way.
 */
@Tag("orders")
class UseRaceTest {
    private static final int ORDERS = 200;

    /** What a connection does with its use. */
    private static final class Lent {
        private final Use use = new Use();
        private final AtomicBoolean called = new AtomicBoolean();
        private final AtomicInteger back = new AtomicInteger();

        /** A call, with one within. */
        void call() {
            try {
                boolean outermost = use.begin();
                called.set(true);
                boolean within = use.begin();
                check(!within, "a call within another is no outermost one");
                check(back.get() == 0, "given back while a call is under way");
                called.set(false);
                if (outermost && use.end()) {
                    giveBack();
                }
            } catch (SQLException closed) {
                check(use.closed(), "refused though it is not closed");
            }
        }

        void close() {
            if (use.close()) {
                giveBack();
            }
        }

        private void giveBack() {
            check(!called.get(), "given back while a call is under way");
            back.incrementAndGet();
        }
    }

    private static void all(Runnable... parts) {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread[] threads = new Thread[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Runnable part = parts[i];
            threads[i] = new Thread(() -> {
                try {
                    part.run();
                } catch (AssertionError e) {
                    thrown.set(e);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        Throwable first = thrown.get();
        if (first != null) {
            throw new AssertionError(first);
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Test
    void whoeverClosesDuringCallsItIsGivenBackOnceAndAfterThem() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Lent lent = new Lent();
            all(
                    () -> {
                        lent.call();
                        lent.call();
                    },
                    lent::close);
            check(lent.back.get() == 1, "given back " + lent.back.get() + " times");
        });
    }

    @Test
    void ofSeveralWhoCloseOneGivesItBack() {
        Lincheck.runConcurrentTest(ORDERS, () -> {
            Lent lent = new Lent();
            all(lent::call, lent::close, lent::close);
            lent.close();
            check(lent.back.get() == 1, "given back " + lent.back.get() + " times");
        });
    }
}
