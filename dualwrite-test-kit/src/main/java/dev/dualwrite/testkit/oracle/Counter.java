package dev.dualwrite.testkit.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A number that any client reads, raises by one and writes back, in one transaction. Thread-safe. */
public final class Counter {
    private final String what;
    private final String query;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    Counter(String what, String query) {
        this.what = what;
        this.query = query;
    }

    /** Somebody has raised it, or has tried to. */
    public void told(Answer answer) {
        switch (answer) {
            case COMMITTED -> acknowledged.incrementAndGet();
            case UNKNOWN -> unknown.incrementAndGet();
            case ROLLED_BACK -> {
                // adds nothing
            }
        }
    }

    String query() {
        return query;
    }

    List<String> broken(long found) {
        List<String> broken = new ArrayList<>();
        long least = acknowledged.get();
        long most = least + unknown.get();
        if (found < least) {
            broken.add("LOST: " + what + " is " + found + ", and was raised " + least + " times, acknowledged");
        }
        if (found > most) {
            broken.add("DOUBLED: " + what + " is " + found + ", and was raised " + most + " times at the most");
        }
        return broken;
    }
}
