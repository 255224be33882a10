/** The control tables: one class per table, each holding that table's SQL. */
@NullMarked
package dev.dualwrite.jdbc.control;

import org.jspecify.annotations.NullMarked;
