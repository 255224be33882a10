/** What was acknowledged, held against what the databases hold. Entry type: {@link dev.dualwrite.samples.iot.verdict.Verdict}. */
@NullMarked
package dev.dualwrite.samples.iot.verdict;

import org.jspecify.annotations.NullMarked;
