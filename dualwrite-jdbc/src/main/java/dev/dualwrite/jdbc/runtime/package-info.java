/**
 * A running migration in this process: its two sides, what it believes of them, its threads, and the
 * work around a flip. Entry type: {@link dev.dualwrite.jdbc.runtime.Migration}.
 */
@NullMarked
package dev.dualwrite.jdbc.runtime;

import org.jspecify.annotations.NullMarked;
