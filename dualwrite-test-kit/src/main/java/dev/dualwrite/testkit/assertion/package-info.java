/**
 * Assertions about two databases in the manner of AssertJ. Entry type: {@link
 * dev.dualwrite.testkit.assertion.DualWriteAssertions}.
 */
@NullMarked
package dev.dualwrite.testkit.assertion;

import org.jspecify.annotations.NullMarked;
