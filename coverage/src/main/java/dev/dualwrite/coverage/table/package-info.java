/**
 * Makes {@code docs/scenarios.md} out of the annotations on the tests; {@link dev.dualwrite.coverage.table.Coverage} is
 * where to begin. A part of the build, not of the library.
 */
@NullMarked
package dev.dualwrite.coverage.table;

import org.jspecify.annotations.NullMarked;
