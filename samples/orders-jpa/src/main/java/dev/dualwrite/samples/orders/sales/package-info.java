/** What the application is about. {@link dev.dualwrite.samples.orders.sales.Counter} is its entry; nothing here knows of a migration. */
@NullMarked
package dev.dualwrite.samples.orders.sales;

import org.jspecify.annotations.NullMarked;
