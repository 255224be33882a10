/**
 * Rows that have everything in them which a server can hold. Entry type: {@link dev.dualwrite.testkit.data.EveryType}.
 */
@NullMarked
package dev.dualwrite.testkit.data;

import org.jspecify.annotations.NullMarked;
