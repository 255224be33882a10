package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.ReadReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints what happens, once a second. */
final class Watch implements AutoCloseable {
    private final DualWrite console;
    private final Counters counters;
    private final Log log;
    private final Thread thread = new Thread(this::run, "watch");
    private Step step;
    private long source;
    private long target;
    private long requests;

    Watch(DualWrite console, Counters counters, Log log) {
        this.console = console;
        this.counters = counters;
        this.log = log;
        this.step = counters.step();
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                log.figures(look());
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    private String look() {
        try {
            return line();
        } catch (DualWriteException notNow) {
            return "no figures: " + notNow.getMessage();
        }
    }

    private String line() {
        Phase phase = console.ownership().phase();
        DualWrite.Status status = console.status();
        List<Duration> latencies = counters.latencies();
        long answered = counters.requests();
        String text = "%s%s, %s owns | %d requests/s, p50 %s, p99 %s | reads/s %s | lag %d ms, queue %d"
                .formatted(
                        phase,
                        phase == Phase.TARGET_READ ? ", " + console.cohort() : "",
                        phase.owner(),
                        answered - requests,
                        at(latencies, 0.5),
                        at(latencies, 0.99),
                        reads(),
                        status.lag().toMillis(),
                        status.queued());
        requests = answered;
        return phase.reads() == Phase.Reads.OWNER ? text : text + " | " + compared(console.readReport());
    }

    private String reads() {
        Step now = counters.step();
        if (now != step) {
            step = now;
            source = 0;
            target = 0;
        }
        long atSource = now.at(Side.SOURCE);
        long atTarget = now.at(Side.TARGET);
        String text = "source " + (atSource - source) + ", target " + (atTarget - target);
        source = atSource;
        target = atTarget;
        return text;
    }

    private static String compared(ReadReport report) {
        return "compared %,d, different %d, undecided %d, dropped %d"
                .formatted(
                        Runbook.compared(report),
                        report.shapes().stream()
                                .mapToLong(ReadReport.Shape::different)
                                .sum(),
                        report.shapes().stream()
                                .mapToLong(ReadReport.Shape::unsettled)
                                .sum(),
                        report.shapes().stream()
                                .mapToLong(ReadReport.Shape::dropped)
                                .sum());
    }

    private static String at(List<Duration> sorted, double part) {
        return sorted.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.1f ms",
                        sorted.get((int) (part * (sorted.size() - 1))).toNanos() / 1e6);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
