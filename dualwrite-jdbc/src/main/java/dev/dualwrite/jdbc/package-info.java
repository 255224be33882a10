/** The entry type {@link dev.dualwrite.jdbc.DualWrite} and what an application or an operator does with it. */
@NullMarked
package dev.dualwrite.jdbc;

import org.jspecify.annotations.NullMarked;
