package dev.dualwrite.campaign;

import dev.dualwrite.testkit.oracle.Answer;
import dev.dualwrite.testkit.oracle.ClientLog;
import dev.dualwrite.testkit.oracle.Counter;
import dev.dualwrite.testkit.oracle.OperationLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Enters what clients are told into the log that the oracle holds against the databases. Thread-safe. */
final class Book implements Ears {
    private final OperationLog log = new OperationLog();
    private final Map<String, ClientLog> clients = new ConcurrentHashMap<>();
    private final List<Counter> counters = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();

    Book(Plan plan) {
        for (Table table : plan.tables()) {
            log.trail(table.name(), table.key().expression(), "trail");
            log.claim(
                    "the last mark of a trail is that of the last change",
                    "SELECT COUNT(*) FROM " + table.name() + " WHERE RIGHT(trail, LENGTH(last)) <> last",
                    0);
        }
        for (int i = 0; i < Counters.COUNT; i++) {
            counters.add(log.counter("counter " + i, "SELECT n FROM counter WHERE id = " + i));
        }
        log.claim(
                "a counter is as high as it has tokens",
                "SELECT COUNT(*) FROM counter c" + " WHERE n <> (SELECT COUNT(*) FROM token t WHERE t.counter = c.id)",
                0);
        log.claim("nobody raised what another had raised", """
                SELECT COUNT(*) FROM (SELECT counter, n FROM token GROUP BY counter, n HAVING COUNT(*) > 1) twice""", 0);
    }

    OperationLog log() {
        return log;
    }

    @Override
    public void begun(String client, long number, Attempt attempt) {
        // every client of this JVM gets an answer
    }

    @Override
    public void told(String client, long number, Attempt attempt, Answer answer) {
        (switch (answer) {
                    case COMMITTED -> acknowledged;
                    case ROLLED_BACK -> retried;
                    case UNKNOWN -> unknown;
                })
                .incrementAndGet();
        clients.computeIfAbsent(client, log::client).told(attempt.writes(), answer);
        for (Attempt.Orphan orphan : attempt.orphans()) {
            if (answer == Answer.UNKNOWN) {
                clients.computeIfAbsent(client, log::client).mayBeThere(orphan.table(), orphan.marks());
            }
        }
        for (Attempt.Raised raised : attempt.raised()) {
            counters.get(raised.counter()).told(answer);
            switch (answer) {
                case COMMITTED -> log.present("token", "token", raised.token());
                case ROLLED_BACK -> log.absent("token", "token", raised.token());
                case UNKNOWN -> {
                    // its token tells
                }
            }
        }
    }

    @Override
    public void wrong(String client, String what) {
        log.contradiction("CONTRADICTION: client " + client + " " + what);
    }

    @Override
    public void read(Read read) {
        reads.add(read);
    }

    /** All reads that were answered, in no order. */
    List<Read> reads() {
        return List.copyOf(reads);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long retried() {
        return retried.get();
    }

    long unknown() {
        return unknown.get();
    }
}
