/**
 * What must hold after every test, whatever it did. Entry types: {@link dev.dualwrite.testkit.oracle.Oracle} for a migration,
 * {@link dev.dualwrite.testkit.oracle.Parity} for any two databases. Knows nothing of the library but its control tables.
 */
@NullMarked
package dev.dualwrite.testkit.oracle;

import org.jspecify.annotations.NullMarked;
