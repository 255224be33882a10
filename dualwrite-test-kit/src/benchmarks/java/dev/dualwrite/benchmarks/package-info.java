/**
 * What dual writing costs, measured against a bare pool, naive dual writing and XA, in one run. Entry type: {@link
 * dev.dualwrite.benchmarks.Benchmarks}, started by {@code mvn -Pbenchmarks verify}.
 */
@NullMarked
package dev.dualwrite.benchmarks;

import org.jspecify.annotations.NullMarked;
