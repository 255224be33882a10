package dev.dualwrite.samples.iot.operate;

import java.time.Duration;

/**
 * A flip that was done.
 *
 * @param what flip or rollback
 * @param epoch of the new owner
 * @param stall how long writers were held, by the library
 * @param seen the longest time around it in which a process was acknowledged nothing; zero if too short to be told
 * @param attempts that it took
 */
public record FlipRecord(String what, long epoch, Duration stall, Duration seen, int attempts) {}
