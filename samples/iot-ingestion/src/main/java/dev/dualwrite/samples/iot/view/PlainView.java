package dev.dualwrite.samples.iot.view;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.samples.iot.operate.Activity;
import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Snapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Lines, for a file, a pipe or a program that reads them: one for each event, and one a second. Thread-safe. */
public final class PlainView implements View {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final PrintStream out;
    private final long began;

    @GuardedBy("this") private Duration next = Duration.ZERO;

    public PlainView(PrintStream out, long began) {
        this.out = out;
        this.began = began;
    }

    @Override
    public synchronized void show(Snapshot snapshot) {
        if (snapshot.elapsed().compareTo(next) >= 0) {
            next = snapshot.elapsed().plus(EVERY).minusMillis(50);
            out.println(line(snapshot));
        }
    }

    static String line(Snapshot snapshot) {
        return Words.clock(snapshot.elapsed()) + "  " + snapshot.ownership().phase() + ", "
                + snapshot.ownership().owner() + " owns, epoch "
                + snapshot.ownership().epoch() + " | " + Words.number(Math.round(snapshot.writes())) + " writes/s, p50 "
                + Words.time(snapshot.p50())
                + ", p99 " + Words.time(snapshot.p99()) + " | lag " + Words.time(snapshot.lag()) + ", queue "
                + snapshot.queued()
                + snapshot.activity()
                        .map(activity -> " | " + activity(activity))
                        .orElse("");
    }

    static String activity(Activity activity) {
        return activity.what() + " " + Math.round(activity.part() * 100) + " % of about "
                + Words.number(activity.estimate()) + " rows, " + Words.number(Math.round(activity.perSecond()))
                + " rows/s, "
                + Words.eta(activity.eta());
    }

    @Override
    public synchronized void tell(Event event) {
        out.println(Words.clock(Duration.ofMillis(event.at() - began)) + "  "
                + switch (event.kind()) {
                    case PHASE -> "== ";
                    case FAULT -> "!! ";
                    case STEP -> "-- ";
                    case ERROR -> "ERROR ";
                }
                + event.text());
    }

    @Override
    public synchronized void end(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }
}
