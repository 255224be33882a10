package dev.dualwrite.samples.iot.operate;

import dev.dualwrite.Ownership;
import dev.dualwrite.samples.iot.stats.Sample;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything the view shows at one moment.
 *
 * @param elapsed since the start of the job
 * @param ownership as the operator's instance knows it
 * @param writes a second, over the last second or so
 * @param p50 of the latencies; empty if nothing was written
 * @param p99 of the latencies
 * @param queued keys that are not converged
 * @param lag age of the oldest of them
 * @param breaker in front of the follower, as the operator's instance sees it
 * @param activity backfill or verification
 * @param total what the devices saw since the start
 */
public record Snapshot(
        Duration elapsed,
        Ownership ownership,
        double writes,
        Optional<Duration> p50,
        Optional<Duration> p99,
        long queued,
        Duration lag,
        String breaker,
        Optional<Activity> activity,
        Sample total) {}
