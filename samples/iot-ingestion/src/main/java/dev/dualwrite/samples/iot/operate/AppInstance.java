package dev.dualwrite.samples.iot.operate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.samples.iot.app.AppConfig;
import dev.dualwrite.samples.iot.app.AppProcess;
import dev.dualwrite.samples.iot.stats.Histogram;
import dev.dualwrite.samples.iot.stats.Sample;
import dev.dualwrite.testkit.fault.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One process of the application, seen from the operator's side. Thread-safe. */
public final class AppInstance implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final AppConfig config;
    private final ChildJvm child;
    private final Consumer<String> errors;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @GuardedBy("this") private Sample latest = Sample.none();

    @GuardedBy("this") private final Histogram sinceAsked = new Histogram();

    @GuardedBy("this") private final List<Span> gaps = new ArrayList<>();

    @GuardedBy("this") private final List<Span> stops = new ArrayList<>();

    private volatile boolean closing; // written by whoever closes, read by the reader

    private AppInstance(AppConfig config, ChildJvm child, Consumer<String> errors) {
        this.name = "process " + (config.index() + 1);
        this.config = config;
        this.child = child;
        this.errors = errors;
    }

    /** A time, in milliseconds since 1970. */
    public record Span(long begin, long end) {
        boolean overlaps(Span other) {
            return begin <= other.end && other.begin <= end;
        }

        Duration length() {
            return Duration.ofMillis(end - begin);
        }
    }

    /** Starts it; it writes as soon as it is ready. */
    public static AppInstance start(AppConfig config, Path log, Consumer<String> errors) throws IOException {
        ChildJvm child = ChildJvm.of(AppProcess.class)
                .jvmOptions("-cp", ClassPath.ofThisProgram(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4")
                .property("org.slf4j.simpleLogger.logFile", log.toString())
                .start();
        AppInstance instance = new AppInstance(config, child, errors);
        Thread reader = new Thread(instance::read, "reader-" + config.index());
        reader.setDaemon(true);
        reader.start();
        for (String line : config.lines()) {
            child.send(line);
        }
        child.send("go");
        return instance;
    }

    /** For people. */
    public String name() {
        return name;
    }

    /** Where it writes what it was told. */
    public Path log() {
        return config.log();
    }

    private void read() {
        try {
            while (ended.getCount() > 0) {
                hear(child.awaitLine(AppProcess.MARK, Duration.ofHours(1)));
            }
        } catch (AssertionError gone) {
            if (!closing && ended.getCount() > 0) {
                errors.accept(name + " ended before it was told to: " + lastWords(gone));
            }
            ready.countDown();
            ended.countDown();
        }
    }

    private static String lastWords(AssertionError gone) {
        String text = String.valueOf(gone.getMessage()).replaceAll("\\s+", " ");
        return text.substring(Math.max(0, text.length() - 300));
    }

    private void hear(String line) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1);
        switch (word) {
            case "sample" -> heard(Sample.decode(rest));
            case "gap" -> {
                int middle = rest.indexOf(' ');
                heard(new Span(Long.parseLong(rest.substring(0, middle)), Long.parseLong(rest.substring(middle + 1))));
            }
            case "error" -> errors.accept(name + ": " + rest);
            case "ready" -> ready.countDown();
            case "ended" -> ended.countDown();
            default -> errors.accept(name + " says " + line);
        }
    }

    private synchronized void heard(Sample sample) {
        latest = sample;
        sinceAsked.add(sample.latencies());
    }

    private synchronized void heard(Span gap) {
        gaps.add(gap);
    }

    /** What it said last; the latencies are those since this was asked last. */
    public synchronized Sample take() {
        Histogram latencies = new Histogram();
        latencies.add(sinceAsked);
        sinceAsked.clear();
        return Sample.none()
                .plus(new Sample(
                        latest.writes(),
                        latest.readings(),
                        latest.registered(),
                        latest.retired(),
                        latest.swaps(),
                        latest.again(),
                        latest.overtaken(),
                        latest.errors(),
                        latest.unknown(),
                        latest.stale(),
                        latencies));
    }

    /** The longest time in or around a span in which none of its devices was acknowledged anything, stops left out. */
    public synchronized Duration longestGap(Span span) {
        List<Span> excused = stops;
        return gaps.stream()
                .filter(gap -> gap.overlaps(span))
                .filter(gap -> excused.stream().noneMatch(gap::overlaps))
                .map(Span::length)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Waits until it writes. */
    public void awaitReady() throws InterruptedException {
        if (!ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) || !child.isAlive()) {
            throw new IllegalStateException(name + " does not start. " + child.output());
        }
    }

    /** SIGSTOP for so long, then SIGCONT. */
    public void stopFor(Duration time) throws IOException, InterruptedException {
        stopFor(time, new CountDownLatch(1));
    }

    /** As {@link #stopFor(Duration)}, and counts down when it stands. */
    void stopFor(Duration time, CountDownLatch stands) throws IOException, InterruptedException {
        long began = System.currentTimeMillis();
        child.pause();
        stands.countDown();
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } finally {
            child.resume();
            synchronized (this) {
                // What was due meanwhile is made up for afterwards; its first acknowledgement ends the gap.
                stops.add(new Span(began, System.currentTimeMillis() + 250));
            }
        }
    }

    /** Tells it to end. */
    public void end() throws IOException {
        child.send("end");
    }

    /** Waits until it has ended by itself. */
    public void awaitEnd() throws InterruptedException {
        if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " does not end within " + PATIENCE.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        closing = true;
        child.close();
    }
}
