package dev.dualwrite.benchmarks;

import java.time.Duration;

/**
 * One measurement.
 *
 * @param perSecond transactions that ended in the time, per second
 * @param p50 median latency in µs, from asking for a connection to having given it back
 * @param p99 99th percentile of the same
 * @param queued what was not yet on the target when the clients stopped
 * @param drain from then until nothing was queued
 * @param sourceStatements statements that the source received per transaction, from the first client to the drained
 *     queue, whoever sent them
 * @param targetStatements the same of the target
 */
record Sample(
        double perSecond,
        double p50,
        double p99,
        long queued,
        Duration drain,
        double sourceStatements,
        double targetStatements) {}
