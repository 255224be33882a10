/**
 * Two real database servers for tests, samples and benchmarks, from one place.
 *
 * <p>Start at {@link dev.dualwrite.testkit.server.TwoServers#get()} for the pair a whole JVM shares, and at
 * {@link dev.dualwrite.testkit.server.PrivateServers} for servers that a test may kill.
 */
@NullMarked
package dev.dualwrite.testkit.server;

import org.jspecify.annotations.NullMarked;
