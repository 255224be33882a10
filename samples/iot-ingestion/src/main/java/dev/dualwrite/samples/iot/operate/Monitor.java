package dev.dualwrite.samples.iot.operate;

import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.iot.stats.Histogram;
import dev.dualwrite.samples.iot.stats.Sample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches everything and shows it: the processes' figures four times a second, the library's status as often as it
 * answers. Two threads, so that a database that does not answer does not stop the view.
 */
public final class Monitor implements AutoCloseable {
    private static final long TICK_MILLIS = 250;
    private static final int TICKS_SHOWN = 4;

    private final DualWrite console;
    private final List<AppInstance> instances;
    private final Timeline timeline;
    private final Consumer<Snapshot> view;
    private final long began;
    private final ScheduledExecutorService ticks = scheduler("monitor");
    private final ScheduledExecutorService questions = scheduler("monitor-status");
    private final List<ScheduledFuture<?>> running = new ArrayList<>();
    private final Deque<Tick> recent = new ArrayDeque<>(); // only the ticking thread's

    // Each is written by one thread and read by the other; a figure that is one tick old is fine.
    private volatile DualWrite.@Nullable Status status;
    private volatile Optional<Activity> activity = Optional.empty();
    private volatile What doing = What.NOTHING;

    /** Which activity is to be shown. */
    public enum What {
        NOTHING,
        BACKFILL,
        VERIFICATION
    }

    private record Tick(long at, Sample sample, Histogram latencies) {}

    public Monitor(
            DualWrite console, List<AppInstance> instances, Timeline timeline, long began, Consumer<Snapshot> view) {
        this.console = console;
        this.instances = List.copyOf(instances);
        this.timeline = timeline;
        this.began = began;
        this.view = view;
    }

    private static ScheduledExecutorService scheduler(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to watch. */
    public void start() {
        running.add(questions.scheduleWithFixedDelay(this::ask, 0, TICK_MILLIS, TimeUnit.MILLISECONDS));
        running.add(ticks.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Which activity is to be shown from now on. */
    public void doing(What what) {
        doing = what;
        activity = Optional.empty();
    }

    /** What the library said last, if it has said anything. */
    public Optional<DualWrite.Status> status() {
        return Optional.ofNullable(status);
    }

    private void ask() {
        try {
            status = console.status();
            activity = switch (doing) {
                case NOTHING -> Optional.empty();
                case BACKFILL -> Optional.of(backfill(console.backfillProgress()));
                case VERIFICATION -> Optional.of(verification(console.verificationProgress()));
            };
        } catch (RuntimeException notNow) {
            activity = Optional.empty(); // a database does not answer; the next question may be answered
        }
    }

    private static Activity backfill(DualWrite.BackfillProgress progress) {
        return new Activity(
                progress.paused() ? "backfill (paused)" : "backfill",
                progress.rows(),
                Math.max(progress.rows(), progress.estimatedRows()),
                progress.rowsPerSecond(),
                progress.eta());
    }

    private static Activity verification(DualWrite.VerificationProgress progress) {
        return new Activity(
                "verification",
                progress.rows(),
                Math.max(progress.rows(), progress.estimatedRows()),
                progress.rowsPerSecond(),
                progress.eta());
    }

    private void tick() {
        long now = System.currentTimeMillis();
        Sample sample = instances.stream().map(AppInstance::take).reduce(Sample.none(), Sample::plus);
        Tick newest = new Tick(now, sample, sample.latencies());
        recent.addLast(newest);
        if (recent.size() > TICKS_SHOWN + 1) {
            recent.removeFirst();
        }
        Tick oldest = recent.getFirst();
        double seconds = Math.max(0.001, (newest.at() - oldest.at()) / 1e3);
        double writes =
                recent.size() < 2 ? 0 : (sample.writes() - oldest.sample().writes()) / seconds;
        Histogram latencies = new Histogram();
        recent.stream().skip(recent.size() > 1 ? 1 : 0).forEach(tick -> latencies.add(tick.latencies()));
        boolean any = latencies.count() > 0;
        Snapshot snapshot = new Snapshot(
                Duration.ofMillis(now - began),
                console.ownership(),
                writes,
                any ? Optional.of(latencies.percentile(50)) : Optional.empty(),
                any ? Optional.of(latencies.percentile(99)) : Optional.empty(),
                status().map(DualWrite.Status::queued).orElse(0L),
                status().map(DualWrite.Status::lag).orElse(Duration.ZERO),
                status().map(DualWrite.Status::breaker).orElse("-"),
                activity,
                sample);
        record(now, snapshot);
        view.accept(snapshot);
    }

    private void record(long now, Snapshot snapshot) {
        boolean copies = snapshot.ownership().phase().capturing();
        timeline.add(new Timeline.Point(
                now,
                snapshot.writes(),
                snapshot.p50().map(Monitor::millis).orElse(-1.0),
                snapshot.p99().map(Monitor::millis).orElse(-1.0),
                copies ? snapshot.lag().toMillis() : -1,
                copies ? snapshot.queued() : -1));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Stops watching; what is being asked is answered first. */
    @Override
    public void close() {
        running.forEach(task -> task.cancel(false));
        ticks.shutdown();
        questions.shutdown();
        try {
            if (!ticks.awaitTermination(5, TimeUnit.SECONDS) || !questions.awaitTermination(20, TimeUnit.SECONDS)) {
                ticks.shutdownNow();
                questions.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
