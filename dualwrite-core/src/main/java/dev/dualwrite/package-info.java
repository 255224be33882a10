/**
 * The words of a migration: sides, phases, ownership, the outcome of a flip, the verdict of a gate.
 *
 * <p>Start at {@code dev.dualwrite.jdbc.DualWrite}; what it answers is made of the types of this package.
 */
@NullMarked
package dev.dualwrite;

import org.jspecify.annotations.NullMarked;
