/**
 * A product catalogue on jOOQ. The application is {@link dev.dualwrite.samples.catalog.Catalog}, which knows a {@code
 * DataSource} and nothing of a migration; {@link dev.dualwrite.samples.catalog.CatalogOnJooq} moves it while it works.
 */
@NullMarked
package dev.dualwrite.samples.catalog;

import org.jspecify.annotations.NullMarked;
