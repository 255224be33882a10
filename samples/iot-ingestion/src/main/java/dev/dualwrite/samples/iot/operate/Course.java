package dev.dualwrite.samples.iot.operate;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.DualWrite.VerificationReport;
import dev.dualwrite.samples.iot.Plant;
import dev.dualwrite.samples.iot.verdict.Comparison;
import dev.dualwrite.samples.iot.verdict.LiveComparison;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the operator does, from the first phase to the last, and what breaks meanwhile. The application is never asked
 * to stop. Used once, by one thread.
 */
public final class Course {
    private static final int TRIES = 10;
    private static final Duration A_STOP = Duration.ofSeconds(5);
    private static final Duration A_SHORT_STOP = Duration.ofSeconds(2);

    private static final Duration BACKFILL = Duration.ofSeconds(8);
    private static final Duration VERIFY = Duration.ofSeconds(4);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration DRAINED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration VERDICT = Duration.ofSeconds(5);

    private final DualWrite console;
    private final Stage stage;
    private final List<AppInstance> instances;
    private final Monitor monitor;
    private final Journal journal;
    private final Plant plant;
    private final Pacing pacing;
    private final Duration stop;
    private final Duration outage;
    private final Flips flips;
    private Optional<VerificationReport> verification = Optional.empty();
    private Optional<Comparison> comparison = Optional.empty();

    /**
     * @param duration of the whole job
     * @param deadline of the whole job, on the clock of {@link System#nanoTime()}
     */
    public Course(
            DualWrite console,
            Stage stage,
            List<AppInstance> instances,
            Monitor monitor,
            Journal journal,
            Plant plant,
            Duration duration,
            long deadline) {
        this.console = console;
        this.stage = stage;
        this.instances = List.copyOf(instances);
        this.monitor = monitor;
        this.journal = journal;
        this.plant = plant;
        boolean brief = duration.toSeconds() < 60;
        this.stop = brief ? A_SHORT_STOP : A_STOP;
        this.outage = brief ? A_SHORT_STOP : Duration.ofSeconds(Math.min(15, 4 + duration.toSeconds() / 60));
        this.pacing = new Pacing(deadline, 17, expected());
        this.flips = new Flips(console, instances, journal);
    }

    /** What came of it. */
    public record Outcome(
            List<FlipRecord> flips,
            Optional<VerificationReport> verification,
            Optional<Comparison> comparison,
            Optional<String> unfinished) {}

    /** What the steps take, about; the last second belongs to the verdict. */
    private Duration expected() {
        return BACKFILL.plus(VERIFY.multipliedBy(2))
                .plus(outage)
                .plus(DRAIN)
                .plus(stop.multipliedBy(2))
                .plus(VERDICT);
    }

    /** Goes through everything, or as far as it gets. */
    public Outcome run() throws InterruptedException {
        Optional<String> unfinished = Optional.empty();
        try {
            steps();
        } catch (StoppedException | IOException | SQLException | RuntimeException e) {
            journal.tell(Event.Kind.ERROR, "the course ends here: " + e.getMessage());
            unfinished = Optional.of(e instanceof StoppedException ? String.valueOf(e.getMessage()) : e.toString());
        }
        return new Outcome(flips.done(), verification, comparison, unfinished);
    }

    private void steps() throws StoppedException, IOException, SQLException, InterruptedException {
        journal.tell(Event.Kind.PHASE, "SOURCE_ONLY: the source owns, nothing is copied yet");
        write(2);
        enter(Phase.DUAL_WRITE);
        backfill();
        verify();
        write(3);
        outage();
        write(2);
        stopped(instances.get(0));
        write(2);
        flips.flip();
        write(3);
        rollBackWhileStopped(instances.get(1));
        write(2);
        flips.flip();
        write(2);
        prove();
        enter(Phase.TARGET_ONLY);
        write(1);
        journal.step("the devices fall silent");
    }

    private void write(double weight) throws InterruptedException {
        pause(pacing.next(weight, System.nanoTime()));
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    private void enter(Phase phase) throws StoppedException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            PhaseOutcome outcome = console.enter(phase);
            if (outcome instanceof PhaseOutcome.Entered entered) {
                journal.tell(
                        Event.Kind.PHASE,
                        phase + " at epoch " + entered.epoch() + ": "
                                + (phase == Phase.DUAL_WRITE
                                        ? "from here on no change goes without a note"
                                        : "the end, no way back from here"));
                return;
            }
            journal.step("enter " + phase + ": " + Answers.words(outcome));
            pause(Duration.ofMillis(500));
            if (console.ownership().phase() == phase) {
                journal.tell(
                        Event.Kind.PHASE,
                        phase + " at epoch " + console.ownership().epoch());
                return;
            }
        }
        throw new StoppedException("the phase " + phase + " could not be entered in " + TRIES + " tries");
    }

    private void backfill() throws StoppedException, InterruptedException {
        journal.step("backfill: copies what was there before");
        monitor.doing(Monitor.What.BACKFILL);
        long began = System.nanoTime();
        try {
            for (int i = 0; i < TRIES; i++) {
                try {
                    DualWrite.BackfillReport report = console.backfill();
                    if (report.complete()) {
                        journal.step("backfill: " + number(report.rows()) + " rows in " + seconds(began));
                        pacing.done(BACKFILL);
                        return;
                    }
                    journal.step("backfill is not complete: " + report.done() + " of " + report.chunks() + " chunks");
                } catch (RuntimeException e) {
                    journal.step("backfill: " + e.getMessage());
                }
                pause(Duration.ofMillis(500));
            }
        } finally {
            monitor.doing(Monitor.What.NOTHING);
        }
        throw new StoppedException("the backfill was not complete after " + TRIES + " tries");
    }

    /** Compares everything. Divergences are told and left alone: they are for the verdict. */
    private void verify() throws StoppedException, InterruptedException {
        journal.step("verify: compares every row on both sides");
        monitor.doing(Monitor.What.VERIFICATION);
        long began = System.nanoTime();
        try {
            for (int i = 0; i < TRIES; i++) {
                try {
                    VerificationReport report = console.verify();
                    verification = Optional.of(report);
                    journal.step("verify: " + number(report.rows()) + " rows in " + seconds(began) + ", "
                            + (report.equal()
                                    ? "equal"
                                    : report.divergences().size() + " divergences, " + report.unsettled()
                                            + " undecided"));
                    if (report.complete()) {
                        pacing.done(VERIFY);
                        return;
                    }
                } catch (RuntimeException e) {
                    journal.step("verify: " + e.getMessage());
                }
                pause(Duration.ofMillis(500));
            }
        } finally {
            monitor.doing(Monitor.What.NOTHING);
        }
        throw new StoppedException("nothing could be verified in " + TRIES + " tries");
    }

    private void outage() throws StoppedException, InterruptedException {
        journal.tell(Event.Kind.FAULT, "the target is cut off for " + outage.toSeconds() + " s");
        stage.targetNetwork().down();
        try {
            pause(outage);
        } finally {
            stage.targetNetwork().pass();
        }
        journal.tell(Event.Kind.FAULT, "the target is back");
        pacing.done(outage);
        long began = System.nanoTime();
        long most = 0;
        while (System.nanoTime() - began < PATIENCE.toNanos()) {
            Optional<DualWrite.Status> status = status();
            most = Math.max(most, status.map(DualWrite.Status::queued).orElse(0L));
            if (status.isPresent() && status.orElseThrow().lag().compareTo(DRAINED) < 0) {
                journal.step("what waited for the target (" + number(most) + " keys) is there, " + seconds(began)
                        + " after it came back");
                pacing.done(DRAIN);
                return;
            }
            pause(Duration.ofMillis(100));
        }
        throw new StoppedException("the queue does not drain within two minutes after the outage");
    }

    private Optional<DualWrite.Status> status() {
        try {
            return Optional.of(console.status());
        } catch (DualWriteException notNow) {
            return Optional.empty(); // asked again
        }
    }

    private void stopped(AppInstance instance) throws IOException, InterruptedException {
        journal.tell(Event.Kind.FAULT, instance.name() + " is stopped (SIGSTOP) for " + stop.toSeconds() + " s");
        instance.stopFor(stop);
        journal.tell(Event.Kind.FAULT, instance.name() + " goes on");
        pacing.done(stop);
    }

    private void rollBackWhileStopped(AppInstance instance) throws StoppedException, IOException, InterruptedException {
        journal.tell(
                Event.Kind.FAULT,
                instance.name() + " is stopped (SIGSTOP) for " + stop.toSeconds() + " s, and a rollback begins");
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
            try {
                instance.stopFor(stop, begun);
                journal.tell(Event.Kind.FAULT, instance.name() + " goes on");
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            } finally {
                begun.countDown();
            }
        });
        begun.await();
        flips.rollBack();
        try {
            stopping.join();
        } catch (CompletionException e) {
            throw new StoppedException(instance.name() + " could not be stopped: " + e.getMessage());
        }
        pacing.done(stop);
    }

    /** Both sides, while the follower follows: by the library, and by somebody who does not trust it. */
    private void prove() throws StoppedException, SQLException, InterruptedException {
        plant();
        verify();
        journal.step("compares both sides once more, row by row, without the library");
        long began = System.nanoTime();
        try (Connection owner = stage.target();
                Connection follower = stage.source()) {
            Comparison found = new LiveComparison(owner, follower, Duration.ofSeconds(10)).run();
            comparison = Optional.of(found);
            journal.step("compared " + number(found.rows()) + " rows both ways in " + seconds(began) + ", "
                    + (found.differences().isEmpty()
                            ? "equal"
                            : found.differences().size() + " different"));
        }
    }

    private void plant() throws SQLException {
        Side owner = console.ownership().owner();
        switch (plant) {
            case NOTHING -> {}
            case LOST -> {
                try (Connection connection = owner == Side.TARGET ? stage.target() : stage.source()) {
                    // Not the newest: its device may not have been told yet.
                    long id = number(
                            connection, "SELECT MAX(id) FROM reading WHERE id <= (SELECT MAX(id) FROM reading) - 50");
                    execute(connection, "DELETE FROM reading WHERE id = " + id);
                    journal.tell(
                            Event.Kind.FAULT, "planted: reading " + id + " is deleted on the owner behind its back");
                }
            }
            case CHANGED -> {
                try (Connection connection = owner == Side.TARGET ? stage.source() : stage.target()) {
                    long id = number(connection, "SELECT MIN(id) FROM reading");
                    try (Statement statement = connection.createStatement()) {
                        // as damage would that passes the seal; a statement of somebody else is refused
                        statement.execute("SET @dualwrite_converges = 1");
                    }
                    execute(connection, "UPDATE reading SET value = value + 1 WHERE id = " + id);
                    journal.tell(
                            Event.Kind.FAULT,
                            "planted: reading " + id + " is changed on the follower behind the library's back");
                }
            }
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (statement.executeUpdate(sql) != 1) {
                throw new SQLException("nothing could be planted: " + sql);
            }
        }
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String seconds(long began) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - began) / 1e9);
    }
}
