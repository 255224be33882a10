package dev.dualwrite.samples.iot.operate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/** The figures over time, for the report. Thread-safe. */
public final class Timeline {
    @GuardedBy("this") private final List<Point> points = new ArrayList<>();

    /**
     * Half a second or so.
     *
     * @param at its end, in milliseconds since 1970
     * @param writes a second
     * @param p50 latency in milliseconds; negative if nothing was written
     * @param p99 latency in milliseconds; negative if nothing was written
     * @param lag of the follower in milliseconds; negative if nothing is copied
     * @param queued keys that are not converged; negative if nothing is copied
     */
    public record Point(long at, double writes, double p50, double p99, double lag, double queued) {}

    /** One more point. */
    public synchronized void add(Point point) {
        points.add(point);
    }

    /** At most so many points; where there are more, neighbours become one, of which the worst is kept. */
    public synchronized List<Point> points(int most) {
        int together = Math.max(1, (points.size() + most - 1) / most);
        List<Point> fewer = new ArrayList<>();
        for (int i = 0; i < points.size(); i += together) {
            fewer.add(points.subList(i, Math.min(points.size(), i + together)).stream()
                    .reduce(Timeline::worse)
                    .orElseThrow());
        }
        return fewer;
    }

    private static Point worse(Point one, Point other) {
        return new Point(
                other.at(),
                Math.min(one.writes(), other.writes()),
                Math.max(one.p50(), other.p50()),
                Math.max(one.p99(), other.p99()),
                Math.max(one.lag(), other.lag()),
                Math.max(one.queued(), other.queued()));
    }
}
