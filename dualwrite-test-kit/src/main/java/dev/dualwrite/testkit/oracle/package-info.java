/**
 * What must hold after every test, whatever it did. Entry type: {@link dev.dualwrite.testkit.oracle.Oracle}.
 */
@NullMarked
package dev.dualwrite.testkit.oracle;

import org.jspecify.annotations.NullMarked;
