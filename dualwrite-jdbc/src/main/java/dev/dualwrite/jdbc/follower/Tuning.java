package dev.dualwrite.jdbc.follower;

import java.time.Duration;

/**
 * How hard backfill and verification work.
 *
 * @param workers threads of this instance
 * @param chunkRows rows of the owner in one chunk of a backfill, about
 * @param step for how long one step holds its chunk, about
 * @param maxLatency p99 of the application's commits above which a backfill holds back
 * @param maxLag age of the oldest intent above which a backfill holds back
 */
public record Tuning(int workers, int chunkRows, Duration step, Duration maxLatency, Duration maxLag) {}
