package dev.dualwrite.samples.iot.operate;

import java.time.Duration;
import java.util.Optional;

/**
 * A backfill or a verification that runs.
 *
 * @param what it is called
 * @param rows done
 * @param estimate of all rows, at least {@code rows}
 * @param perSecond rows
 * @param eta what is left, if it can be told
 */
public record Activity(String what, long rows, long estimate, double perSecond, Optional<Duration> eta) {
    /** From 0 to 1. */
    public double part() {
        return estimate <= 0 ? 0 : Math.min(1, (double) rows / estimate);
    }
}
