/**
 * Compares a sample of the reads with the other side, off the caller's path (design, section 6). The entry type is
 * {@link dev.dualwrite.jdbc.compare.ReadComparer}; {@link dev.dualwrite.jdbc.compare.Case} decides about one read.
 */
@NullMarked
package dev.dualwrite.jdbc.compare;

import org.jspecify.annotations.NullMarked;
