/**
 * The test kit as a suite uses it. Entry type: {@link dev.dualwrite.testkit.DualWriteTest}, which gives each test two
 * databases, a running migration between them, and a {@link dev.dualwrite.testkit.DualWriteHarness}; without JUnit {@link
 * dev.dualwrite.testkit.DualWriteHarness#isolated()} or {@link
 * dev.dualwrite.testkit.DualWriteHarness#between(String, String)}.
 */
@NullMarked
package dev.dualwrite.testkit;

import org.jspecify.annotations.NullMarked;
