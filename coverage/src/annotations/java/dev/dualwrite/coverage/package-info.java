/** What tests say of themselves: {@link dev.dualwrite.coverage.Scenario} and {@link dev.dualwrite.coverage.Requirement}. */
@NullMarked
package dev.dualwrite.coverage;

import org.jspecify.annotations.NullMarked;
