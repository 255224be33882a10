package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps back by itself when something that the host watches goes wrong: reads to the owner, ownership to the source. Beyond the
 * rollback boundary there is nothing to step back to: then it holds, and says what remains. Each step goes through the gate that
 * an operator's would.
 */
final class Alarms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** A rollback that gave up has held writers up. */
    private static final Duration AFTER_GIVING_UP = Duration.ofSeconds(30);

    private final Migration migration;
    private final Map<String, Supplier<Optional<String>>> alarms;
    private final Thread thread;
    private volatile boolean closed;

    // only touched by the thread
    private final Set<Told> told = new HashSet<>();
    private final Set<String> broken = new HashSet<>();
    private long notBefore = System.nanoTime();
    private @Nullable Phase seen;

    private record Told(String alarm, Phase phase) {}

    Alarms(Migration migration, Map<String, Supplier<Optional<String>>> alarms) {
        this.migration = migration;
        this.alarms = alarms;
        this.thread = new Thread(this::run, "dualwrite-" + migration.settings().name() + "-alarms");
        this.thread.setDaemon(true);
    }

    void start() {
        if (!alarms.isEmpty()) {
            thread.start();
        }
    }

    private void run() {
        while (!closed) {
            look();
            alarms.forEach((name, alarm) -> {
                try {
                    ask(name, alarm);
                } catch (RuntimeException | Error e) { // the others are asked all the same, and this one again
                    LOG.error(
                            "{}: answering the alarm {} failed",
                            migration.settings().name(),
                            name,
                            e);
                }
            });
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                if (closed) {
                    return;
                }
            }
        }
    }

    /** After a step, also one that another instance or an operator has taken, an alarm is to see what it comes to. */
    private void look() {
        Phase now = migration.ownership().phase();
        if (seen != null && seen != now) {
            pause(BETWEEN);
        }
        seen = now;
    }

    private void pause(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        notBefore = until - notBefore > 0 ? until : notBefore;
    }

    private void ask(String name, Supplier<Optional<String>> alarm) {
        Optional<String> wrong;
        try {
            wrong = Objects.requireNonNull(alarm.get(), "an alarm answers Optional.empty() and not null");
            broken.remove(name);
        } catch (RuntimeException e) {
            if (broken.add(name)) {
                LOG.warn(
                        "DW-5032 {}: the alarm {} could not be asked",
                        migration.settings().name(),
                        name,
                        e);
            }
            return;
        }
        if (wrong.isEmpty()) {
            told.removeIf(one -> one.alarm().equals(name));
            return;
        }
        look(); // of a step that was taken while it was asked it says nothing
        if (System.nanoTime() - notBefore >= 0 && !closed) {
            act(name, wrong.get());
        }
    }

    private void act(String name, String wrong) {
        Phase now = migration.ownership().phase();
        boolean first = told.add(new Told(name, now));
        switch (now) {
            case TARGET_READ, SHADOW_READ ->
                say(
                        name,
                        wrong,
                        migration.transitions().enter(now.back().orElseThrow()).toString());
            case REVERSE_WINDOW -> {
                FlipOutcome outcome = migration.transitions().flip(Phase.DUAL_WRITE);
                say(name, wrong, outcome.toString());
                if (outcome instanceof FlipOutcome.GaveUp) {
                    pause(AFTER_GIVING_UP);
                }
            }
            case TARGET_ONLY -> {
                if (first) {
                    say(
                            name,
                            wrong,
                            "the rollback boundary is passed, nothing is rolled back: roll forward with repair. "
                                    + held());
                }
            }
            case SOURCE_ONLY, DUAL_WRITE -> {
                if (first) {
                    say(name, wrong, "in " + now + " there is nothing to step back from");
                }
            }
        }
    }

    private String held() {
        try {
            migration.hold(true);
            return "Changes of phase are held";
        } catch (SQLException e) {
            return "Changes of phase could not be held: " + e.getMessage();
        }
    }

    private void say(String name, String wrong, String outcome) {
        pause(BETWEEN);
        LOG.error("DW-5031 {}: alarm {}: {}: {}", migration.settings().name(), name, wrong, outcome);
        Side owner = migration.beliefs().owner();
        migration.recordAlarm(owner, name + ": " + wrong + ": " + outcome);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(15_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
