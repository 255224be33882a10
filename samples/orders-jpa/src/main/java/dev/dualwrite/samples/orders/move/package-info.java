/** Moves the application's database to another server and back while customers order: {@link dev.dualwrite.samples.orders.move.OrdersMove}. */
@NullMarked
package dev.dualwrite.samples.orders.move;

import org.jspecify.annotations.NullMarked;
