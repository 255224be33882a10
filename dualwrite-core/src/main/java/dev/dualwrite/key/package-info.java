/**
 * Primary keys as the owner's server sees equality: their canonical form, their unit and their lane.
 * Entry type: {@link dev.dualwrite.key.KeySpec}.
 */
@NullMarked
package dev.dualwrite.key;

import org.jspecify.annotations.NullMarked;
