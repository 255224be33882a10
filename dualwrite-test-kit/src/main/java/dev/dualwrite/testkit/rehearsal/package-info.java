/**
 * The whole way of a migration, there and back, under load and faults, with figures as evidence. Entry type: {@link
 * dev.dualwrite.testkit.rehearsal.Rehearsal}.
 */
@NullMarked
package dev.dualwrite.testkit.rehearsal;

import org.jspecify.annotations.NullMarked;
